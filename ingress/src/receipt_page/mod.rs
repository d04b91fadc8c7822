//! `/r/{token}`: a receipt for whoever has its address, which is the only key to it. No log line and no metric has the
//! address; every one that is nobody's is answered the same.

mod files;
mod gateway;
mod page;
mod provider;
mod style;
mod trouble;

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Uri};
use ledger::sheet::Sheet;
use receipts::language::Language;

use crate::error::ApiError;
use crate::route::{Route, get};
use crate::{AppState, drawing};

pub(crate) use page::{answer, buyers};
pub(crate) use trouble::show as show_trouble;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/r/{token}", page::show),
        get("/r/{token}/receipt.pdf", files::pdf),
        get("/r/{token}/qr.svg", files::svg),
        get("/r/{token}/qr.png", files::png),
        get("/r/{token}/provider.html", provider::html),
        get("/r/{token}/provider.txt", provider::text),
        get("/r/{token}/gateway.pdf", gateway::pdf),
        get("/assets/receipt.css", style::show),
    ]
}

type InPath = Result<Path<String>, PathRejection>;

/// Nothing but the style sheet; the QR code stands in the page itself.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// Shaped like an address and never one: the ledger makes version 4 UUIDs.
const NOBODYS: &str = "00000000000000000000000000000000";

/// The receipt at this address. What cannot be an address is looked up like one that might be.
async fn find(app: &AppState, path: InPath) -> Result<Sheet, ApiError> {
    let token = path.map(|Path(token)| token).unwrap_or_default();
    let shaped = token.len() == NOBODYS.len() && token.bytes().all(|byte| byte.is_ascii_hexdigit());
    let asked = if shaped { token.as_str() } else { NOBODYS };
    let found = app.ledger.sheet_at(asked).await?;
    found.ok_or(ApiError::NotFound("receipt"))
}

/// Every answer at these addresses: in no index, in no cache, in nobody's frame, told to no other site.
fn private() -> [(HeaderName, HeaderValue); 5] {
    [
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (
            HeaderName::from_static("x-robots-tag"),
            HeaderValue::from_static("noindex, nofollow, noarchive"),
        ),
        (CACHE_CONTROL, drawing::PRIVATE),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    ]
}

fn framed(policy: HeaderValue) -> [(HeaderName, HeaderValue); 1] {
    [(CONTENT_SECURITY_POLICY, policy)]
}

/// A parameter of the query, if it is there. Others are passed over: mail programs add some of their own.
fn wish(uri: &Uri, name: &str) -> Option<String> {
    let query = uri.query().unwrap_or_default();
    url::form_urlencoded::parse(query.as_bytes())
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.into_owned())
}

/// The language asked for, else the one that the buyer told the shop, else the browser's, else Ukrainian.
fn language(uri: &Uri, headers: &HeaderMap, sheet: &Sheet) -> Language {
    wish(uri, "lang")
        .and_then(|word| Language::parse(&word))
        .or_else(|| buyers(sheet))
        .or_else(|| browsers(headers))
        .unwrap_or(Language::Uk)
}

/// The first of a browser's wishes that is ours.
fn browsers(headers: &HeaderMap) -> Option<Language> {
    let wished = headers.get(axum::http::header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    wished
        .split(',')
        .filter_map(|wish| wish.trim().get(..2))
        .find_map(|word| Language::parse(&word.to_ascii_lowercase()))
}
