//! The gateway's own cash register, asked with the signatures of fondy.md §14.2.

use secrecy::ExposeSecret;

use super::*;
use crate::credentials::Credentials;
use crate::link::FileKind;

/// Asks a peer that answers once; also what it was sent.
async fn asked<T>(credentials: Credentials, answer: &str, call: impl AsyncFnOnce(Client) -> T) -> (T, String, Value) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let client = Client {
        credentials,
        ..client(&format!("http://{address}"), Duration::from_secs(20))
    };
    let serve = async {
        let (mut socket, _) = listener.accept().await.unwrap();
        let request = read_request(&mut socket).await;
        let whole = format!(
            "HTTP/1.1 200 X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{answer}",
            answer.len()
        );
        socket.write_all(whole.as_bytes()).await.unwrap();
        request
    };
    let (result, request) = tokio::join!(call(client), serve);
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    (
        result,
        head.lines().next().unwrap().to_owned(),
        serde_json::from_str(body).unwrap(),
    )
}

fn credentials(key: &str) -> Credentials {
    Credentials {
        merchant_id: 1_396_424,
        key: SecretString::from(key),
    }
}

#[tokio::test]
async fn the_fiscal_log_is_asked_for_with_the_signatures_of_k1_and_k4() {
    for (key, signature) in [
        ("test", "b995b2f2992de6f16f47bff43bb2d2c3c7cca744"),
        ("Qw3rtyTestKey01", "6ca9810d2f705d8257cbf41a7dd158ef33fb1859"),
    ] {
        let answer = r#"{"response":{"response_status":"success"}}"#;
        let (logs, line, body) = asked(credentials(key), answer, async |client| {
            client.kkt_logs("13731336126512").await
        })
        .await;
        assert_eq!(logs.unwrap().entries, []);
        assert_eq!(line, "POST /api/get_kkt_logs HTTP/1.1");
        assert_eq!(
            body,
            serde_json::json!({"request": {
                "order_id": "13731336126512",
                "merchant_id": 1_396_424,
                "signature": signature,
            }})
        );
    }
}

#[tokio::test]
async fn transactions_are_asked_for_with_the_same_signature() {
    let (list, line, body) = asked(credentials("test"), r#"{"response":[]}"#, async |client| {
        client.transaction_list("13731336126512").await
    })
    .await;
    assert_eq!(list.unwrap(), []);
    assert_eq!(line, "POST /api/transaction_list HTTP/1.1");
    assert_eq!(body["request"]["signature"], "b995b2f2992de6f16f47bff43bb2d2c3c7cca744");
}

#[tokio::test]
async fn a_receipts_link_is_asked_for_with_the_signatures_of_k2_and_k3() {
    for (kind, path, word, signature) in [
        (
            FileKind::Receipt,
            "/api/receipt_link",
            "receipt",
            "c4c87ea08e13d939a049e793fc334d56f3a5b0de",
        ),
        (
            FileKind::ZReport,
            "receipt_link/",
            "zreport",
            "795425d8f9023044c59a7b1f595378511b497fe9",
        ),
    ] {
        let answer = r#"{"check_url":"https://files.example/check_1499968937.pdf?Expires=1"}"#;
        let (link, line, body) = asked(credentials("test"), answer, async |client| {
            client.receipt_link(path, "1499968937", kind).await
        })
        .await;
        let link = link.unwrap();
        assert!(link.expose().expose_secret().ends_with("?Expires=1"));
        assert_eq!(line, "POST /api/receipt_link HTTP/1.1");
        assert_eq!(
            body,
            serde_json::json!({"request": {
                "transaction_id": "1499968937",
                "merchant_id": 1_396_424,
                "receipt_type": word,
                "signature": signature,
            }})
        );
    }
}

#[tokio::test]
async fn refusals_of_unsigned_answers_are_told_from_answers() {
    let refused = failure(r#""error_code":1018,"error_message":"Order not found""#);
    let (logs, ..) = asked(credentials("test"), &refused, async |client| client.kkt_logs("x").await).await;
    assert!(logs.unwrap_err().is_unknown_order());
    let (list, ..) = asked(credentials("test"), &refused, async |client| {
        client.transaction_list("x").await
    })
    .await;
    assert!(list.unwrap_err().is_unknown_order());
    let (link, ..) = asked(credentials("test"), "<html>", async |client| {
        client.receipt_link("receipt_link", "1", FileKind::Receipt).await
    })
    .await;
    assert!(
        matches!(link, Err(Error::BadAnswer { http_status: 200, .. })),
        "{link:?}"
    );
}
