//! Somebody at a browser without a browser: pages as text, forms with their tokens, cookies kept.

use std::collections::BTreeMap;

use ledger::people::{NewUser, Reach, Role};
use reqwest::header::{CONTENT_TYPE, COOKIE, HeaderMap, LOCATION, SET_COOKIE};
use reqwest::{Client, Method, StatusCode, redirect};
use secrecy::ExposeSecret as _;

use super::TestBed;
use crate::unique;

/// Long enough for everybody.
const PASSWORD: &str = "довгий пароль для тестів";

/// Somebody who looks at the admin pages.
pub struct Person {
    http: Client,
    home: String,
    /// Cookies by name; an emptied one is gone.
    pub cookies: BTreeMap<String, String>,
    /// The token of the last page that had a form.
    pub token: String,
}

/// What a page answered.
#[derive(Debug)]
pub struct Shown {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: String,
}

impl Shown {
    /// Where a redirect leads.
    pub fn location(&self) -> &str {
        let location = self.headers.get(LOCATION);
        location.map_or("", |location| location.to_str().expect("an ASCII location"))
    }

    /// Panics unless the status is this one.
    #[track_caller]
    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self
    }

    /// Panics unless the text is there.
    #[track_caller]
    pub fn says(&self, text: &str) -> &Self {
        assert!(self.body.contains(text), "{text:?} is not in: {}", self.body);
        self
    }
}

impl Person {
    /// Somebody who has not signed in.
    pub fn stranger(bed: &TestBed) -> Self {
        let http = Client::builder().no_proxy().redirect(redirect::Policy::none());
        Self {
            http: http.build().expect("an HTTP client"),
            home: bed.admin_url(""),
            cookies: BTreeMap::new(),
            token: String::new(),
        }
    }

    /// Opens a page.
    pub async fn get(&mut self, path: &str) -> Shown {
        let request = self.http.get(format!("{}{path}", self.home));
        self.send(request).await
    }

    /// Sends a form with the token of the last page.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Shown {
        let token = self.token.clone();
        let mut all = vec![("csrf", token.as_str())];
        all.extend(fields);
        self.post_as_is(path, &all, &[]).await
    }

    /// Sends a form as it is, with further headers.
    pub async fn post_as_is(&mut self, path: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Shown {
        let body = url_encoded(fields);
        let mut request = self
            .http
            .post(format!("{}{path}", self.home))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request).await
    }

    /// Sends anything, with these headers and the cookies.
    pub async fn request(&mut self, method: Method, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Shown {
        let mut request = self.http.request(method, format!("{}{path}", self.home)).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request).await
    }

    /// Signs in by the page; what it answered.
    pub async fn sign_in(&mut self, login: &str, password: &str, code: &str) -> Shown {
        self.get("/sign-in").await.is(200);
        let fields = [("login", login), ("password", password), ("code", code), ("to", "/")];
        self.post("/sign-in", &fields).await
    }

    async fn send(&mut self, request: reqwest::RequestBuilder) -> Shown {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let response = request
            .header(COOKIE, cookies.join("; "))
            .send()
            .await
            .expect("the admin pages answer");
        for set in response.headers().get_all(SET_COOKIE) {
            let text = set.to_str().expect("an ASCII cookie");
            let pair = text.split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').expect("a cookie has a value");
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let (status, headers) = (response.status(), response.headers().clone());
        // A stream of events has no end.
        let streams = headers
            .get(CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"));
        let body = match streams {
            true => String::new(),
            false => response.text().await.expect("a page is text"),
        };
        if let Some(token) = token(&body) {
            self.token = token;
        }
        Shown { status, headers, body }
    }
}

impl TestBed {
    /// Somebody new with this role, who sees so much: their login and password.
    pub async fn add_user(&self, role: Role, reach: Reach) -> (String, String) {
        let login = unique(role.as_str());
        let new = NewUser {
            login: login.clone(),
            name: format!("Олена Приклад ({})", role.as_str()),
            role,
            reach,
            language: "uk".to_owned(),
        };
        let invited = self
            .ledger
            .invite(&Reach::Everything, &new, "the test", self.ledger.now())
            .await;
        let invited = invited.expect("the user is invited");
        let mut person = Person::stranger(self);
        let link = format!("/welcome/{}", invited.token.expose_secret());
        person.get(&link).await.is(200);
        person
            .post(&link, &[("password", PASSWORD), ("again", PASSWORD)])
            .await
            .is(303);
        (login, PASSWORD.to_owned())
    }

    /// Somebody new who has signed in.
    pub async fn person(&self, role: Role, reach: Reach) -> Person {
        let (login, password) = self.add_user(role, reach).await;
        let mut person = Person::stranger(self);
        person.sign_in(&login, &password, "").await.is(303);
        person.get("/account").await.is(200);
        person
    }
}

fn token(body: &str) -> Option<String> {
    let (_, rest) = body.split_once("name=\"csrf\" value=\"")?;
    Some(rest.split('"').next()?.to_owned())
}

fn url_encoded(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}
