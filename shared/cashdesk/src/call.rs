//! One request before it is signed: where it goes, what it carries, what a refusal of it would mean.

use reqwest::Method;
use secrecy::ExposeSecret as _;
use serde::Serialize;
use serde_json::{Value, json};
use url::Url;

use crate::credentials::Credentials;
use crate::record::{Mask, keep};
use crate::refusal::Asks;

/// Where a permanent key goes, as documented for each method: the vendor shows it in the body of the shift methods, and
/// in the address of `/check/sale` and `/tax_objects`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyIn {
    Body,
    Query,
}

/// What is asked, in general.
#[derive(Clone, Copy)]
pub(crate) struct Route<'a> {
    pub command: &'static str,
    pub path: &'a [&'a str],
    pub asks: Asks,
    pub key: KeyIn,
}

/// A request ready for its headers. No `Debug`: the address may hold the permanent key.
pub(crate) struct Call {
    pub command: &'static str,
    pub method: Method,
    pub url: Url,
    pub body: Option<Vec<u8>>,
    pub asks: Asks,
    /// For the record.
    pub kept: Value,
    /// `/authenticate` goes without a token.
    pub signed: bool,
}

#[derive(Serialize)]
struct Envelope<'a, R> {
    #[serde(flatten)]
    request: &'a R,
    #[serde(skip_serializing_if = "Option::is_none")]
    api_token: Option<&'a str>,
}

impl Call {
    pub(crate) fn post<R: Serialize>(
        base: &Url,
        credentials: &Credentials,
        route: Route<'_>,
        request: &R,
    ) -> serde_json::Result<Self> {
        let api_token = permanent(credentials);
        let body = serde_json::to_vec(&Envelope {
            request,
            api_token: api_token.filter(|_| route.key == KeyIn::Body),
        })?;
        let kept = serde_json::from_slice(&serde_json::to_vec(request)?)?;
        let mut url = address(base, route.path);
        if let Some(token) = api_token.filter(|_| route.key == KeyIn::Query) {
            url.query_pairs_mut().append_pair("api_token", token);
        }
        Ok(Self {
            command: route.command,
            method: Method::POST,
            url,
            body: Some(body),
            asks: route.asks,
            kept: keep(kept, &Mask::new(credentials, None)),
            signed: true,
        })
    }

    pub(crate) fn get(base: &Url, credentials: &Credentials, route: Route<'_>, query: &[(&str, &str)]) -> Self {
        let mut url = address(base, route.path);
        let key = permanent(credentials).map(|token| ("api_token", token));
        let pairs = query.iter().copied().chain(key);
        for (name, value) in pairs {
            url.query_pairs_mut().append_pair(name, value);
        }
        let mut kept = json!({ "path": route.path.join("/") });
        for (name, value) in query {
            kept[*name] = (*value).into();
        }
        Self {
            command: route.command,
            method: Method::GET,
            url,
            body: None,
            asks: route.asks,
            kept: keep(kept, &Mask::new(credentials, None)),
            signed: true,
        }
    }

    pub(crate) fn unsigned(self) -> Self {
        Self { signed: false, ..self }
    }
}

fn permanent(credentials: &Credentials) -> Option<&str> {
    match credentials {
        Credentials::ApiToken { token, .. } => Some(token.expose_secret()),
        Credentials::Login { .. } => None,
    }
}

/// The base is taken as it is, but for slashes at its end.
fn address(base: &Url, path: &[&str]) -> Url {
    let mut url = base.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(path);
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_address_is_taken_as_it_is_but_for_its_last_slash() {
        for (base, expected) in [
            (
                "https://api.till.example/api/v2",
                "https://api.till.example/api/v2/check/sale",
            ),
            (
                "https://api.till.example/api/v2/",
                "https://api.till.example/api/v2/check/sale",
            ),
            (
                "http://192.0.2.7:8001/api/v2",
                "http://192.0.2.7:8001/api/v2/check/sale",
            ),
            ("http://till.example:8000", "http://till.example:8000/check/sale"),
            ("http://till.example/else/", "http://till.example/else/check/sale"),
        ] {
            let base = Url::parse(base).unwrap();
            assert_eq!(address(&base, &["check", "sale"]).as_str(), expected);
        }
    }

    #[test]
    fn an_id_cannot_leave_its_place_in_the_address() {
        let base = Url::parse("https://api.till.example/api/v2").unwrap();
        assert_eq!(
            address(&base, &["checks", "../a?b#c", "text"]).as_str(),
            "https://api.till.example/api/v2/checks/..%2Fa%3Fb%23c/text"
        );
    }
}
