//! A play server: answers by path, and remembers what it was asked.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use serde_json::Value;
use tokio::net::TcpListener;

#[derive(Clone, Default)]
pub struct Play(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    answers: HashMap<String, (StatusCode, String)>,
    asked: Vec<Asked>,
}

/// One request.
#[derive(Clone, Debug)]
pub struct Asked {
    pub path: String,
    pub query: String,
    pub headers: HeaderMap,
    pub body: String,
}

/// A server that knows no path yet, and where it is, with no slash at the end.
pub async fn play() -> (Play, String) {
    let play = Play::default();
    let shared = play.clone();
    let router = axum::Router::new().fallback(any(move |request: Request| answer(shared.clone(), request)));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let addr = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    (play, format!("http://{addr}"))
}

impl Play {
    pub fn answers(&self, path: &str, body: Value) {
        self.answers_with(path, StatusCode::OK, &body.to_string());
    }

    pub fn answers_with(&self, path: &str, status: StatusCode, body: &str) {
        let mut inner = self.0.lock().unwrap();
        inner.answers.insert(path.to_owned(), (status, body.to_owned()));
    }

    /// What it was asked since the last time.
    pub fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.0.lock().unwrap().asked)
    }

    /// The paths of it.
    pub fn paths(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.path).collect()
    }
}

async fn answer(play: Play, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let path = parts.uri.path().to_owned();
    let mut inner = play.0.lock().unwrap();
    let known = inner.answers.get(&path).cloned();
    inner.asked.push(Asked {
        path,
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers,
        body: String::from_utf8(body.to_vec()).unwrap(),
    });
    let known = known.unwrap_or((StatusCode::NOT_FOUND, String::new()));
    // Whether the shift is open stands above the body.
    (known.0, [("shift-state", "true")], known.1).into_response()
}
