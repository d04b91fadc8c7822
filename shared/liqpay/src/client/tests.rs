use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use url::Url;
use wire::AskError;

use super::Client;
use crate::Snapshot;
use crate::callback::messages::{Message, credentials};
use crate::signature::sign;
use crate::status::Status;

fn client(api_url: &str) -> Client {
    // A second test finds it installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    Client::new(
        http,
        Url::parse(api_url).unwrap(),
        credentials(),
        Duration::from_secs(20),
    )
}

/// Asks a peer that answers this, and gives back what it was asked.
async fn asked(status: u16, body: String) -> (Result<Snapshot, AskError>, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = client(&format!("http://{}/", listener.local_addr().unwrap()));
    let serve = async {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut request = String::new();
        let mut chunk = [0; 4096];
        while !request.contains("signature=") {
            let read = socket.read(&mut chunk).await.unwrap();
            request.push_str(std::str::from_utf8(&chunk[..read]).unwrap());
        }
        let head = format!(
            "HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            body.len()
        );
        socket.write_all((head + &body).as_bytes()).await.unwrap();
        request
    };
    tokio::join!(client.status("shop-1001"), serve)
}

#[tokio::test]
async fn a_status_is_asked_with_a_signed_question_and_its_answer_read() {
    let body = Message::paid()
        .with("result", "ok")
        .with("status", "wait_accept")
        .0
        .to_string();
    let (answer, request) = asked(200, body).await;
    assert_eq!(answer.unwrap().status, Status::WaitAccept);
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /api/request HTTP/1.1\r\n"), "{head}");
    let form: Vec<(String, String)> = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    let [(data_name, data), (signature_name, signature)] = form.as_slice() else {
        panic!("{form:?}");
    };
    assert_eq!((data_name.as_str(), signature_name.as_str()), ("data", "signature"));
    assert_eq!(*signature, sign(&credentials().private_key, data));
    let question: serde_json::Value = serde_json::from_slice(&STANDARD.decode(data).unwrap()).unwrap();
    assert_eq!(
        question,
        serde_json::json!({"action": "status", "version": 3, "public_key": "i12345678901", "order_id": "shop-1001"})
    );
}

#[tokio::test]
async fn answers_that_cannot_be_believed_are_classed() {
    let paid = Message::paid();
    for (name, status, body, expected, retryable) in [
        (
            "unknown order",
            200,
            r#"{"result":"error","action":"status","err_code":"payment_not_found"}"#.to_owned(),
            "Refused { code: \"payment_not_found\", meaning: UnknownOrder }",
            false,
        ),
        (
            "a wrong key",
            200,
            r#"{"status":"error","err_code":"invalid_signature","err_description":"canary"}"#.to_owned(),
            "Refused { code: \"invalid_signature\", meaning: Ours }",
            false,
        ),
        (
            "their trouble",
            200,
            r#"{"result":"error","err_code":"err_cache"}"#.to_owned(),
            "Refused { code: \"err_cache\", meaning: Trouble }",
            true,
        ),
        (
            "another order",
            200,
            paid.clone().with("order_id", "shop-9").0.to_string(),
            "OtherOrder",
            false,
        ),
        (
            "another shop",
            200,
            paid.clone().with("public_key", "i9").0.to_string(),
            "OtherOrder",
            false,
        ),
        (
            "a page",
            200,
            "<html>".to_owned(),
            "BadAnswer { http_status: 200, source: Some(Malformed(BrokenJson)) }",
            true,
        ),
        (
            "no status",
            200,
            paid.clone().with("status", None::<u8>).0.to_string(),
            "BadAnswer { http_status: 200, source: Some(MissingField(\"status\")) }",
            true,
        ),
        (
            "429",
            429,
            "<html>".to_owned(),
            "BadAnswer { http_status: 429, source: None }",
            true,
        ),
        (
            "403",
            403,
            String::new(),
            "BadAnswer { http_status: 403, source: None }",
            false,
        ),
    ] {
        let error = asked(status, body).await.0.unwrap_err();
        assert_eq!(format!("{error:?}"), expected, "{name}");
        assert_eq!(error.is_retryable(), retryable, "{name}");
        assert_eq!(error.is_unknown_order(), name == "unknown order", "{name}");
    }
}

#[tokio::test]
async fn a_failed_payment_is_an_answer_and_not_a_refusal() {
    let body = Message::paid()
        .with("status", "failure")
        .with("err_code", "limit")
        .0
        .to_string();
    let snapshot = asked(200, body).await.0.unwrap();
    assert_eq!(
        (snapshot.status, snapshot.err_code.as_deref()),
        (Status::Failure, Some("limit"))
    );
}

#[test]
fn debug_shows_no_key() {
    assert!(!format!("{:?}", client("http://localhost:1")).contains("canary"));
}
