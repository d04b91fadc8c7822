use super::peer::bank;
use crate::pubkey::PublicKey;
use crate::status::Status;
use crate::webhook::messages::{Bank, paid, with};

#[tokio::test]
async fn a_status_is_asked_with_the_token_and_read() {
    let (client, asked) = bank(vec![(200, paid().to_string())]).await;
    let snapshot = client.status("p2_9ZgpZVsl3").await.unwrap();
    assert_eq!((snapshot.status, snapshot.needs_confirmation), (Status::Success, false));
    let request = asked.await.unwrap().remove(0);
    assert!(request.starts_with("GET /api/merchant/invoice/status?invoiceId=p2_9ZgpZVsl3 HTTP/1.1\r\n"));
    assert!(request.contains("x-token: token-canary\r\n"), "{request}");
}

#[tokio::test]
async fn answers_that_cannot_be_believed_are_classed() {
    for (name, status, body, expected, retryable) in [
        (
            "unknown",
            404,
            r#"{"errCode":"NOT_FOUND"}"#.to_owned(),
            "Refused { code: \"404\", meaning: UnknownOrder }",
            false,
        ),
        (
            "a wrong token",
            403,
            String::new(),
            "Refused { code: \"403\", meaning: Ours }",
            false,
        ),
        (
            "too often",
            429,
            String::new(),
            "Refused { code: \"429\", meaning: Trouble }",
            true,
        ),
        (
            "their trouble",
            500,
            String::new(),
            "BadAnswer { http_status: 500, source: None }",
            true,
        ),
        (
            "another invoice",
            200,
            with(paid(), "invoiceId", "p9").to_string(),
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
            with(paid(), "status", None::<u8>).to_string(),
            "BadAnswer { http_status: 200, source: Some(MissingField(\"status\")) }",
            true,
        ),
    ] {
        let (client, _asked) = bank(vec![(status, body)]).await;
        let error = client.status("p2_9ZgpZVsl3").await.unwrap_err();
        assert_eq!(format!("{error:?}"), expected, "{name}");
        assert_eq!(error.is_retryable(), retryable, "{name}");
        assert_eq!(error.is_unknown_order(), name == "unknown", "{name}");
    }
}

#[tokio::test]
async fn the_public_key_is_fetched_and_a_broken_one_refused() {
    let key = Bank::new().key();
    let (client, asked) = bank(vec![
        (200, format!(r#"{{"key":"{key}"}}"#)),
        (200, r#"{"key":"AAAA"}"#.to_owned()),
    ])
    .await;
    assert_eq!(client.public_key().await.unwrap(), PublicKey::parse(&key).unwrap());
    assert!(client.public_key().await.is_err());
    let requests = asked.await.unwrap();
    assert!(requests[0].starts_with("GET /api/merchant/pubkey HTTP/1.1\r\n"));
    assert!(!format!("{client:?}").contains("canary"));
}
