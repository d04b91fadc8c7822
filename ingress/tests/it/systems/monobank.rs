use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use ledger::settings::SourceKind;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::signing::Bank;
use super::{JSON, bed, post, said};
use crate::bed::Bed;

const TOKEN: &str = "token-canary";

/// The bank's API: only the public key.
#[derive(Clone)]
struct Api {
    bank: Arc<Bank>,
    asked: Arc<AtomicUsize>,
    away: bool,
}

async fn pubkey(State(api): State<Api>, headers: HeaderMap) -> Result<String, StatusCode> {
    assert_eq!(headers["x-token"], TOKEN);
    api.asked.fetch_add(1, Ordering::SeqCst);
    if api.away {
        return Err(StatusCode::INTERNAL_SERVER_ERROR);
    }
    Ok(api.bank.pubkey())
}

async fn started_with(away: bool) -> (Bed, Api) {
    let api = Api {
        bank: Arc::new(Bank::new()),
        asked: Arc::default(),
        away,
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new()
        .route("/api/merchant/pubkey", get(pubkey))
        .with_state(api.clone());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (bed(SourceKind::Monobank, "", TOKEN, &url).await, api)
}

async fn started() -> (Bed, Api) {
    started_with(false).await
}

fn paid() -> Value {
    json!({"invoiceId": "p2_9ZgpZVsl3", "status": "success", "amount": 26_750, "ccy": 980, "finalAmount": 26_750,
        "modifiedDate": "2025-03-05T12:04:10Z", "reference": "shop-1001", "cancelList": [],
        "paymentInfo": {"maskedPan": "444403******1902", "approvalCode": "662476", "rrn": "060189181768",
            "paymentSystem": "visa"}})
}

fn with(mut body: Value, name: &str, value: Value) -> String {
    body[name] = value;
    body.to_string()
}

#[tokio::test]
async fn a_sale_is_a_question_to_the_bank_stored_once() {
    let (bed, api) = started().await;
    let body = paid().to_string();
    for _ in 0..3 {
        let answer = post(&bed, JSON, Some(&api.bank.sign(&body)), body.clone()).await;
        assert_eq!((answer.verdict().as_str(), answer.body.as_str()), ("200", ""));
    }
    let events = bed.stored().await;
    assert_eq!((events.len(), bed.bells().await), (1, 1));
    let event = &events[0];
    assert_eq!(event.order.as_str(), "shop-1001");
    assert_eq!(event.payment_id.as_deref(), Some("p2_9ZgpZVsl3"));
    assert!(
        said(event).starts_with("ask a webhook of the bank names no merchant"),
        "{}",
        said(event)
    );
    assert_eq!(event.means.system.as_deref(), Some("monobank visa"));
    assert_eq!(event.means.masked_card.as_deref(), Some("444403******1902"));
    assert_eq!(api.asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn each_state_of_an_invoice_becomes_its_fact() {
    for (status, expected) in [
        ("hold", "nothing the money is held"),
        ("created", "nothing not paid yet"),
        ("processing", "nothing being paid"),
        ("failure", "nothing declined"),
        ("expired", "nothing expired"),
        ("reversed", "ask given back whole"),
        ("dancing", "ask a webhook"),
    ] {
        let (bed, api) = started().await;
        let body = with(paid(), "status", json!(status));
        assert_eq!(
            post(&bed, JSON, Some(&api.bank.sign(&body)), body).await.verdict(),
            "200"
        );
        let said = said(&bed.stored().await[0]);
        assert!(said.starts_with(expected), "{status}: {said}");
    }
}

#[tokio::test]
async fn what_is_not_to_be_believed_is_refused_and_the_bank_asked_once() {
    let (bed, api) = started().await;
    let good = paid().to_string();
    let stranger = Bank::new();
    for (body, x_sign, expected) in [
        (good.clone(), None, "400 missing_signature"),
        (good.clone(), Some(String::new()), "400 missing_signature"),
        (good.clone(), Some("%%%".to_owned()), "400 wrong_signature"),
        (good.clone(), Some(stranger.sign(&good)), "400 wrong_signature"),
        (
            good.replace("26750", "26751"),
            Some(api.bank.sign(&good)),
            "400 wrong_signature",
        ),
        (format!("{good}\n"), Some(api.bank.sign(&good)), "400 wrong_signature"),
        ("[]".to_owned(), Some(api.bank.sign("[]")), "400 not_an_object"),
        ("{".to_owned(), Some(api.bank.sign("{")), "400 broken_json"),
    ] {
        let answer = post(&bed, JSON, x_sign.as_deref(), body.clone()).await;
        assert_eq!(answer.verdict(), expected, "{body}");
        assert!(!answer.body.contains("canary"), "{}", answer.body);
    }
    let nameless = with(paid(), "invoiceId", json!(""));
    let answer = post(&bed, JSON, Some(&api.bank.sign(&nameless)), nameless).await;
    assert_eq!(answer.verdict(), "400 missing_field");
    for _ in 0..50 {
        let verdict = post(&bed, JSON, Some(&stranger.sign(&good)), good.clone())
            .await
            .verdict();
        assert_eq!(verdict, "400 wrong_signature");
    }
    assert_eq!(api.asked.load(Ordering::SeqCst), 1);
    assert_eq!((bed.stored().await.len(), bed.bells().await), (0, 0));
}

#[tokio::test]
async fn without_the_banks_key_a_webhook_is_to_come_again() {
    let (bed, api) = started_with(true).await;
    let body = paid().to_string();
    for _ in 0..5 {
        let answer = post(&bed, JSON, Some(&api.bank.sign(&body)), body.clone()).await;
        assert_eq!(answer.verdict(), "503 bank_key_unavailable");
        assert_eq!(answer.headers["retry-after"], "30");
        assert!(!answer.body.contains("canary"), "{}", answer.body);
    }
    assert_eq!(api.asked.load(Ordering::SeqCst), 1);
    assert_eq!(bed.stored().await.len(), 0);
}
