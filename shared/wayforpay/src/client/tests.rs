use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use url::Url;
use wire::{AskError, Goods};

use super::Client;
use crate::Snapshot;
use crate::callback::messages::{ACCOUNT, Message, credentials};
use crate::signature::sign;

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
    let client = client(&format!("http://{}", listener.local_addr().unwrap()));
    let serve = async {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut request = String::new();
        let mut chunk = [0; 4096];
        while !request.ends_with('}') {
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
async fn a_status_is_asked_with_a_signed_question_and_its_answer_believed() {
    let (answer, request) = asked(200, Message::paid().with("refundAmount", "0").json()).await;
    let answer = answer.unwrap();
    assert_eq!((answer.amount, answer.refund_amount), (Some(26_750), Some(0)));
    assert!(matches!(answer.goods, Goods::Lines(lines) if lines.len() == 1));
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /api HTTP/1.1\r\n"), "{head}");
    let question: Value = serde_json::from_str(body).unwrap();
    let signature = sign(&credentials().key, &[ACCOUNT, "shop-1001"]);
    assert_eq!(
        question,
        serde_json::json!({"transactionType": "CHECK_STATUS", "merchantAccount": ACCOUNT,
            "orderReference": "shop-1001", "merchantSignature": signature, "apiVersion": 1})
    );
}

#[tokio::test]
async fn answers_that_cannot_be_believed_are_classed() {
    let paid = Message::paid();
    for (name, status, body, expected, retryable) in [
        (
            "unknown order",
            200,
            r#"{"reason":"Order Not Found","reasonCode":1127}"#.to_owned(),
            "Refused { code: \"1127\", meaning: UnknownOrder }",
            false,
        ),
        (
            "a wrong key",
            200,
            r#"{"reason":"Invalid signature","reasonCode":1113}"#.to_owned(),
            "Refused { code: \"1113\", meaning: Ours }",
            false,
        ),
        (
            "their trouble",
            200,
            r#"{"reasonCode":"1129"}"#.to_owned(),
            "Refused { code: \"1129\", meaning: Trouble }",
            true,
        ),
        ("unsigned", 200, paid.0.to_string(), "WrongSignature", false),
        (
            "altered",
            200,
            paid.json().replace("267.5,", "2675,"),
            "WrongSignature",
            false,
        ),
        (
            "another order",
            200,
            paid.clone().with("orderReference", "shop-9").json(),
            "OtherOrder",
            false,
        ),
        (
            "another account",
            200,
            paid.with("merchantAccount", "other").json(),
            "BadAnswer { http_status: 200, source: Some(WrongMerchant) }",
            true,
        ),
        (
            "a page",
            200,
            "<html>".to_owned(),
            "BadAnswer { http_status: 200, source: Some(Malformed(BrokenJson)) }",
            true,
        ),
        (
            "502",
            502,
            String::new(),
            "BadAnswer { http_status: 502, source: None }",
            true,
        ),
    ] {
        let error = asked(status, body).await.0.unwrap_err();
        assert_eq!(format!("{error:?}"), expected, "{name}");
        assert_eq!(error.is_retryable(), retryable, "{name}");
        assert_eq!(error.is_unknown_order(), name == "unknown order", "{name}");
    }
}

#[test]
fn the_api_path_is_added_once() {
    for (api_url, expected) in [
        ("https://api.wayforpay.com", "https://api.wayforpay.com/api"),
        ("https://api.wayforpay.com/api/", "https://api.wayforpay.com/api"),
        ("http://localhost:1/wfp", "http://localhost:1/wfp/api"),
    ] {
        assert_eq!(client(api_url).endpoint().as_str(), expected);
    }
}
