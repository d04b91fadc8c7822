//! What is the same everywhere, tried on LiqPay, whose wire is the plainest; and the tools of the systems' own tests.

mod api_faults;
mod control;
mod delivery;
mod faults;
mod life;

use std::collections::VecDeque;
use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::clock::Clock;
use crate::fault::Fault;
use crate::liqpay;

/// On a virtual clock that starts at 05.03.2025 14:03:59, Kyiv time.
pub(crate) fn config() -> Config {
    Config {
        clock: Clock::virtual_time(),
        callback_timeout: Duration::from_secs(5),
        ..Config::default()
    }
}

fn simulator() -> liqpay::Simulator {
    liqpay::Simulator::new(config())
}

#[derive(Clone, Debug)]
pub(crate) struct Got {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Got {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The JSON inside LiqPay's form.
    pub(crate) fn data(&self) -> Value {
        let form = Form::read(&self.body);
        let json = STANDARD.decode(form.get("data").unwrap()).unwrap();
        serde_json::from_slice(&json).unwrap()
    }
}

type Usual = Arc<dyn Fn(&Got) -> (u16, String) + Send + Sync>;

/// A shop that remembers what it got.
#[derive(Clone)]
pub(crate) struct Shop {
    got: Arc<Mutex<Vec<Got>>>,
    answers: Arc<Mutex<VecDeque<(u16, String)>>>,
    usual: Usual,
    pub(crate) url: String,
}

impl Shop {
    /// Answers these statuses first, then 200.
    pub(crate) async fn start(statuses: &[u16]) -> Self {
        let shop = Self::answering(|_| (200, String::new())).await;
        let first = statuses.iter().map(|status| (*status, String::new()));
        shop.answers.lock().unwrap().extend(first);
        shop
    }

    pub(crate) async fn answering(usual: impl Fn(&Got) -> (u16, String) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let shop = Self {
            got: Arc::default(),
            answers: Arc::default(),
            usual: Arc::new(usual),
            url: format!("http://{}/callbacks?s=1", listener.local_addr().unwrap()),
        };
        let router = Router::new().fallback(receive).with_state(shop.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        shop
    }

    pub(crate) fn first_answers(&self, answers: &[(u16, String)]) {
        self.answers.lock().unwrap().extend(answers.iter().cloned());
    }

    pub(crate) fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }
}

async fn receive(State(shop): State<Shop>, headers: HeaderMap, body: Bytes) -> Response {
    let got = Got { headers, body };
    let first = shop.answers.lock().unwrap().pop_front();
    let (status, body) = first.unwrap_or_else(|| (shop.usual)(&got));
    shop.got.lock().unwrap().push(got);
    (
        StatusCode::from_u16(status).unwrap(),
        [("location", shop.url.clone())],
        body,
    )
        .into_response()
}

/// An answer as a client without patience for details reads it.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{} is not JSON", self.body))
    }
}

/// The API or the controls of a simulator on a socket.
#[derive(Clone)]
pub(crate) struct Door(String);

impl Door {
    pub(crate) async fn api<S: System>(sim: &Simulator<S>) -> Self {
        let (listener, door) = Self::bind().await;
        tokio::spawn(serve(listener, sim.clone(), pending()));
        door
    }

    pub(crate) async fn control<S: System>(sim: &Simulator<S>) -> Self {
        let (listener, door) = Self::bind().await;
        tokio::spawn(serve_control(listener, sim.clone(), pending()));
        door
    }

    async fn bind() -> (TcpListener, Self) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = listener.local_addr().unwrap().to_string();
        (listener, Self(host))
    }

    pub(crate) fn host(&self) -> &str {
        &self.0
    }

    /// `None` when the connection ended without an answer.
    pub(crate) async fn call(&self, request: &str, headers: &[(&str, &str)], body: &str) -> Option<Reply> {
        let mut stream = TcpStream::connect(&self.0).await.unwrap();
        let headers: String = headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        let length = body.len();
        let request = format!(
            "{request} HTTP/1.1\r\nhost: {}\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}",
            self.0
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.ok()?;
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n")?;
        Some(Reply {
            status: head.get(9..12)?.parse().ok()?,
            head: head.to_owned(),
            body: body.to_owned(),
        })
    }

    pub(crate) async fn json(&self, request: &str, body: &Value) -> Reply {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let headers = [("content-type", "application/json")];
        self.call(request, &headers, &body).await.unwrap()
    }
}

/// LiqPay's form of these fields, signed by the first merchant.
pub(crate) fn liqpay_form(fields: &Value) -> String {
    let merchant = liqpay::LiqPay::first_merchant();
    let mut fields = fields.clone();
    fields["public_key"] = merchant.account.as_str().into();
    fields["version"] = 3.into();
    let data = STANDARD.encode(fields.to_string());
    let signature = liqpay_signature(&merchant.secret, &data);
    Form::written(&[("data", &data), ("signature", &signature)])
}

/// Computed anew, not by the simulator's own hand.
pub(crate) fn liqpay_signature(key: &str, data: &str) -> String {
    use sha1::{Digest as _, Sha1};
    STANDARD.encode(Sha1::digest(format!("{key}{data}{key}")))
}

fn liqpay_verifies(got: &Got) -> bool {
    let form = Form::read(&got.body);
    let key = liqpay::LiqPay::first_merchant().secret;
    let data = form.get("data").unwrap_or_default();
    form.get("signature") == Some(&liqpay_signature(&key, data))
}
