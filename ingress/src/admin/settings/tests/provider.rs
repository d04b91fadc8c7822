//! A play Cashälot: answers by command, and remembers what it was asked.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::super::probe::TroubleKind;
use super::super::probe::cashalot::Probe;
use ledger::settings::Credentials;

pub const PIN: &str = "canary-pin-0001";

#[derive(Clone, Default)]
pub struct Provider(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    answers: HashMap<String, (StatusCode, String)>,
    asked: Vec<Value>,
}

/// A provider with these registers for the right PIN, and where it is.
pub async fn provider(registers: &[u64]) -> (Provider, String) {
    let provider = Provider::default();
    provider.answers(
        "ServerState",
        json!({"Available": true, "Version": "2.0", "ErrorCode": "Ok"}),
    );
    let listed: Vec<Value> = registers
        .iter()
        .map(|number| json!({"NumFiscal": number, "Name": "Каса", "Closed": false}))
        .collect();
    let unit = json!({"Name": "Shop", "Address": "Kyiv", "OrgName": "ФОП Приклад", "Ipn": null,
        "TransactionsRegistrars": listed});
    provider.answers("Objects", json!({"TaxObjects": [unit], "ErrorCode": "Ok"}));
    provider.answers(
        "TransactionsRegistrarState",
        json!({"ShiftState": 1, "Name": "Касир", "ErrorCode": "Ok"}),
    );
    let shared = provider.clone();
    let router = axum::Router::new().fallback(any(move |body: String| answer(shared.clone(), body)));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let addr: SocketAddr = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    (provider, format!("http://{addr}/"))
}

impl Provider {
    pub fn answers(&self, command: &str, body: Value) {
        self.answers_with(command, StatusCode::OK, &body.to_string());
    }

    pub fn answers_with(&self, command: &str, status: StatusCode, body: &str) {
        let mut inner = self.0.lock().unwrap();
        inner.answers.insert(command.to_owned(), (status, body.to_owned()));
    }

    pub fn refuses(&self, command: &str, code: &str) {
        self.answers(
            command,
            json!({"ErrorCode": code, "ErrorMessage": format!("слова про {code}")}),
        );
    }

    /// The commands it was asked since the last time.
    pub fn asked(&self) -> Vec<String> {
        let asked = std::mem::take(&mut self.0.lock().unwrap().asked);
        asked
            .iter()
            .map(|body| body["Command"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Did it ever see this text?
    pub fn saw(&self, text: &str) -> bool {
        self.0
            .lock()
            .unwrap()
            .asked
            .iter()
            .any(|body| body.to_string().contains(text))
    }
}

async fn answer(provider: Provider, body: String) -> Response {
    let asked: Value = serde_json::from_str(&body).unwrap();
    let command = asked["Command"].as_str().unwrap().to_owned();
    let mut inner = provider.0.lock().unwrap();
    let known = inner.answers.get(&command).cloned();
    let right = asked.get("KeyPin").is_none_or(|pin| pin == PIN);
    inner.asked.push(asked);
    drop(inner);
    let refused = json!({"ErrorCode": "CryptographyError", "ErrorMessage": "Невірний PIN"}).to_string();
    match known {
        Some((status, body)) if right => (status, body).into_response(),
        Some(_) | None => refused.into_response(),
    }
}

fn probe(url: &str, credentials: &Credentials) -> Probe {
    Probe::new(url.parse().unwrap(), credentials).unwrap()
}

#[tokio::test]
async fn every_refusal_is_told_apart() {
    let table = [
        ("TransactionsRegistrarAbsent", TroubleKind::UnknownRegister),
        (
            "OperatorAccessToTransactionsRegistrarNotGranted",
            TroubleKind::NotGranted,
        ),
        ("InvalidTin", TroubleKind::OtherOwner),
        ("CryptographyError", TroubleKind::WrongKey),
        ("LicenseViolation", TroubleKind::NoLicence),
        ("FiscalServerNotAvailable", TroubleKind::TaxServiceAway),
        ("InconsistentRegistrarState", TroubleKind::OutOfStep),
        ("SomethingNew", TroubleKind::Refused),
    ];
    let (provider, url) = provider(&[]).await;
    let probe = probe(&url, &Credentials::KeyPin(PIN.into()));
    let number = domain::ids::RegisterNumber::parse("4000999001").unwrap();
    for (code, kind) in table {
        provider.refuses("TransactionsRegistrarState", code);
        let trouble = probe.register(&number).await.unwrap_err();
        assert_eq!((trouble.kind, trouble.said), (kind, format!("слова про {code}")));
    }
}

#[tokio::test]
async fn what_is_not_cashalot_is_not_taken_for_an_outage() {
    let table = [
        (StatusCode::OK, "<html>Welcome</html>", TroubleKind::NotTheProvider),
        (StatusCode::OK, "{}", TroubleKind::NotTheProvider),
        (StatusCode::FOUND, "", TroubleKind::NotTheProvider),
        (StatusCode::NOT_FOUND, "no", TroubleKind::NotTheProvider),
        (StatusCode::BAD_GATEWAY, "no", TroubleKind::NoAnswer),
        (StatusCode::OK, "", TroubleKind::NoAnswer),
        (StatusCode::TOO_MANY_REQUESTS, "", TroubleKind::NoAnswer),
    ];
    let (provider, url) = provider(&[]).await;
    for (status, body, kind) in table {
        provider.answers_with("ServerState", status, body);
        let trouble = probe(&url, &Credentials::Stored).key().await.unwrap_err();
        assert_eq!(trouble.kind, kind, "{status} {body:?}");
    }
    let trouble = probe("http://127.0.0.1:1/", &Credentials::Stored)
        .key()
        .await
        .unwrap_err();
    assert_eq!(trouble.kind, TroubleKind::NotReached);
}
