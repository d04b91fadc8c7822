use std::time::Duration;

use secrecy::SecretString;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use url::Url;

use super::Client;
use crate::callback::messages::{Message, test_credentials};
use crate::error::Error;
use crate::signature::sign_v1;

/// What the peer does with the one request it gets.
enum Peer {
    Answers(u16, String),
    HangsUp,
    StopsHalfway,
    StaysSilent,
}

struct Asked {
    result: Result<crate::Snapshot, Error>,
    request: String,
}

fn client(api_url: &str, timeout: Duration) -> Client {
    // A second test finds it installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    Client::new(http, Url::parse(api_url).unwrap(), test_credentials(), timeout)
}

async fn ask(peer: Peer, order_id: &str) -> Asked {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let timeout = match peer {
        Peer::StaysSilent => Duration::from_millis(50),
        Peer::Answers(..) | Peer::HangsUp | Peer::StopsHalfway => Duration::from_secs(20),
    };
    let client = client(&format!("http://{address}"), timeout);
    let serve = async {
        let (mut socket, _) = listener.accept().await.unwrap();
        let request = read_request(&mut socket).await;
        match peer {
            Peer::Answers(status, body) => {
                let answer = format!(
                    "HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                    body.len()
                );
                // A client that has read enough may be gone already.
                let _ = socket.write_all(answer.as_bytes()).await;
            }
            Peer::HangsUp => {}
            Peer::StopsHalfway => {
                let half = b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"resp";
                socket.write_all(half).await.unwrap();
            }
            Peer::StaysSilent => return (request, Some(socket)),
        }
        (request, None)
    };
    let (result, (request, _socket)) = tokio::join!(client.status(order_id), serve);
    Asked { result, request }
}

async fn read_request(socket: &mut tokio::net::TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let read = socket.read(&mut chunk).await.unwrap();
        bytes.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((_, body)) = text.split_once("\r\n\r\n")
            && (read == 0 || serde_json::from_str::<Value>(body).is_ok())
        {
            return text;
        }
    }
}

fn wrapped(message: &Message) -> String {
    format!(r#"{{"response":{}}}"#, message.json())
}

fn failure(fields: &str) -> String {
    format!(r#"{{"response":{{"response_status":"failure",{fields}}}}}"#)
}

#[tokio::test]
async fn a_status_is_asked_with_a_signed_request_and_its_answer_believed() {
    let asked = ask(Peer::Answers(200, wrapped(&Message::c1().signed())), "shop-1001").await;
    assert_eq!(asked.result.unwrap().amount, 26_750);

    let (head, body) = asked.request.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /api/status/order_id HTTP/1.1\r\n"), "{head}");
    let body: Value = serde_json::from_str(body).unwrap();
    let signature = sign_v1(
        &SecretString::from("test"),
        [
            ("merchant_id", "1396424"),
            ("order_id", "shop-1001"),
            ("version", "1.0.1"),
        ],
    );
    assert_eq!(
        body,
        serde_json::json!({"request": {
            "order_id": "shop-1001",
            "merchant_id": 1_396_424,
            "version": "1.0.1",
            "signature": signature,
        }})
    );
}

#[tokio::test]
async fn answers_that_cannot_be_believed_are_classed() {
    let signed = Message::c1().signed();
    let unsigned = Message::c1();
    let altered = signed.clone().with("reversal_amount", "26750");
    let other_merchant = Message::c1().with("merchant_id", 500_001).signed();
    for (name, peer, expected, retryable) in [
        (
            "unsigned",
            Peer::Answers(200, wrapped(&unsigned)),
            "WrongSignature",
            false,
        ),
        (
            "altered",
            Peer::Answers(200, wrapped(&altered)),
            "WrongSignature",
            false,
        ),
        (
            "other merchant",
            Peer::Answers(200, wrapped(&other_merchant)),
            "BadAnswer { http_status: 200, source: Some(WrongMerchant { got: 500001 }) }",
            true,
        ),
        (
            "a page",
            Peer::Answers(200, "<html>".into()),
            "BadAnswer { http_status: 200, source: Some(BrokenJson) }",
            true,
        ),
        (
            "a list",
            Peer::Answers(200, r#"{"response":[]}"#.into()),
            "BadAnswer { http_status: 200, source: Some(NotAnObject) }",
            true,
        ),
        (
            "too much",
            Peer::Answers(200, " ".repeat(super::MAX_ANSWER_BYTES + 1)),
            "TooLong { http_status: 200 }",
            true,
        ),
        (
            "502",
            Peer::Answers(502, wrapped(&signed)),
            "BadAnswer { http_status: 502, source: None }",
            true,
        ),
        (
            "429",
            Peer::Answers(429, String::new()),
            "BadAnswer { http_status: 429, source: None }",
            true,
        ),
        (
            "404",
            Peer::Answers(404, String::new()),
            "BadAnswer { http_status: 404, source: None }",
            false,
        ),
        (
            "gateway trouble",
            Peer::Answers(200, failure(r#""error_code":1002,"error_message":"Application error""#)),
            r#"Api { code: 1002, message: "Application error" }"#,
            true,
        ),
        (
            "another spelling",
            Peer::Answers(200, r#"{"err_code":"1016","error":"Merchant not found"}"#.into()),
            r#"Api { code: 1016, message: "Merchant not found" }"#,
            false,
        ),
        (
            "a hint at the signature",
            Peer::Answers(200, failure(r#""error_code":1014,"error_message":"expected canary""#)),
            r#"Api { code: 1014, message: "invalid signature" }"#,
            false,
        ),
    ] {
        let error = ask(peer, "shop-1001").await.result.unwrap_err();
        assert_eq!(format!("{error:?}"), expected, "{name}");
        assert_eq!(error.is_retryable(), retryable, "{name}");
    }
}

#[tokio::test]
async fn an_unknown_order_is_said_to_be_unknown() {
    let body = failure(r#""error_code":1018,"error_message":"Order not found""#);
    let error = ask(Peer::Answers(200, body), "shop-1001").await.result.unwrap_err();
    assert!(error.is_unknown_order());
    assert!(!error.is_retryable());
}

#[tokio::test]
async fn an_answer_about_another_order_is_refused() {
    let asked = ask(Peer::Answers(200, wrapped(&Message::c1().signed())), "shop-9").await;
    assert!(matches!(asked.result, Err(Error::OtherOrder)), "{:?}", asked.result);
}

#[tokio::test]
async fn lost_answers_are_told_from_requests_that_never_left() {
    for peer in [Peer::HangsUp, Peer::StopsHalfway, Peer::StaysSilent] {
        let error = ask(peer, "shop-1001").await.result.unwrap_err();
        assert!(matches!(error, Error::NoAnswer(_)), "{error:?}");
        assert!(error.is_retryable());
    }

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let client = client(&format!("http://{address}"), Duration::from_secs(20));
    let error = client.status("shop-1001").await.unwrap_err();
    assert!(matches!(error, Error::NotSent(_)), "{error:?}");
    assert!(error.is_retryable());
    assert!(!format!("{error:?}").contains("127.0.0.1/"), "{error:?}");
}

#[test]
fn the_api_path_is_added_once() {
    for (api_url, expected) in [
        ("https://pay.fondy.eu", "https://pay.fondy.eu/api/status/order_id"),
        ("https://pay.fondy.eu/", "https://pay.fondy.eu/api/status/order_id"),
        ("https://pay.fondy.eu/api/", "https://pay.fondy.eu/api/status/order_id"),
        (
            "http://localhost:1/fondy",
            "http://localhost:1/fondy/api/status/order_id",
        ),
    ] {
        let client = client(api_url, Duration::from_secs(1));
        assert_eq!(client.endpoint("status/order_id").as_str(), expected);
    }
}

#[test]
fn debug_shows_no_key() {
    let shown = format!("{:?}", client("http://localhost:1", Duration::from_secs(1)));
    assert!(!shown.contains("\"test\""), "{shown}");
}

mod fiscal;
