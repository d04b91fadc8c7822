//! The control channel and the page over their socket.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::*;

struct Control(SocketAddr);

impl Control {
    async fn of(mailbox: &Mailbox) -> Self {
        let (listener, address) = listen().await;
        tokio::spawn(serve_control(listener, mailbox.clone(), pending()));
        Self(address)
    }

    /// The head and the body of an answer.
    async fn call(&self, request: &str, body: Value) -> (String, String) {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let head = "Host: sandbox\r\nContent-Type: application/json\r\nConnection: close";
        let length = body.len();
        let text = format!("{request} HTTP/1.1\r\n{head}\r\nContent-Length: {length}\r\n\r\n{body}");
        let mut stream = TcpStream::connect(self.0).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        let mut answer = String::new();
        soon(stream.read_to_string(&mut answer)).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_owned(), body.to_owned())
    }

    async fn status(&self, request: &str, body: Value) -> u16 {
        self.call(request, body).await.0[9..12].parse().unwrap()
    }

    async fn json(&self, path: &str) -> Value {
        let (_, body) = self.call(&format!("GET {path}"), Value::Null).await;
        serde_json::from_str(&body).unwrap()
    }
}

async fn with_a_receipt() -> (Bed, Control) {
    let bed = Bed::new().await;
    let mut client = bed.client().await;
    assert_eq!(client.code("MAIL FROM:<shop@flowers.example>").await, 250);
    assert_eq!(client.code("RCPT TO:<buyer@example.com>").await, 250);
    assert_eq!(client.code("DATA").await, 354);
    assert_eq!(client.code(&format!("{RECEIPT}.")).await, 250);
    let control = Control::of(&bed.mailbox).await;
    (bed, control)
}

#[tokio::test]
async fn messages_can_be_read_as_json_as_sent_and_in_parts() {
    let (bed, control) = with_a_receipt().await;
    soon(
        bed.mailbox
            .wait_until(|messages| messages.iter().all(|message| message.answered)),
    )
    .await;
    let list = control.json("/messages").await;
    let first = &list[0];
    assert_eq!((&first["id"], &first["subject"]), (&json!(1), &json!("Ваш чек")));
    assert_eq!(
        (&first["to"], &first["answered"]),
        (&json!(["buyer@example.com"]), &json!(true))
    );
    let one = control.json("/messages/1").await;
    assert_eq!(one["message_id"], "doc-1@flowers.example");
    assert_eq!(one["decoded"]["parts"][3]["name"], "чек.pdf");
    assert_eq!(one["decoded"]["parts"][3]["size"], 4);

    let (head, raw) = control.call("GET /messages/1/message.eml", Value::Null).await;
    assert!(head.contains("message/rfc822"), "{head}");
    assert_eq!(raw, RECEIPT);
    let (head, file) = control.call("GET /messages/1/parts/3", Value::Null).await;
    assert!(
        head.contains("application/pdf") && head.contains("filename*=UTF-8''%D1%87"),
        "{head}"
    );
    assert_eq!(file, "%PDF");
    for absent in [
        "GET /messages/2",
        "GET /messages/1/parts/4",
        "GET /mail/2",
        "GET /certificate.pem",
    ] {
        assert_eq!(control.status(absent, Value::Null).await, 404, "{absent}");
    }
    assert_eq!(control.status("DELETE /messages", Value::Null).await, 204);
    assert_eq!(control.json("/messages").await, json!([]));
}

#[tokio::test]
async fn a_person_sees_the_mail_and_it_can_do_nothing() {
    let (_bed, control) = with_a_receipt().await;
    let (_, list) = control.call("GET /", Value::Null).await;
    assert!(list.contains("Ваш чек") && list.contains("href=\"/mail/1\""), "{list}");
    let (head, mail) = control.call("GET /mail/1", Value::Null).await;
    assert!(head.contains("default-src 'none'"), "{head}");
    for part in [
        "buyer@example.com",
        "чек.pdf",
        "/messages/1/parts/3",
        "<iframe",
        "<pre>Чек",
    ] {
        assert!(mail.contains(part), "{part} in {mail}");
    }
    assert!(!mail.contains("<script>"), "{mail}");
    let (head, html) = control.call("GET /mail/1/html", Value::Null).await;
    assert!(head.contains("content-security-policy: sandbox "), "{head}");
    assert!(html.contains("data:image/png;base64,iVBORw=="), "{html}");
}

#[tokio::test]
async fn faults_chance_and_door_can_be_set_over_http() {
    let (bed, control) = with_a_receipt().await;
    let refusal = json!({ "kind": "answer", "step": "rcpt", "code": 450, "only": "*@full.example", "times": null });
    let rows = [
        ("POST /faults", refusal.clone(), 204),
        ("POST /faults", json!({ "kind": "keep-then-drop" }), 204),
        ("POST /faults", json!({ "kind": "slow", "ms": 1, "times": 2 }), 204),
        ("POST /faults", json!({ "kind": "nonsense" }), 422),
        (
            "POST /chaos",
            json!({ "seed": 1, "rates": [{ "kind": "drop", "step": "data", "per_mille": 1 }] }),
            204,
        ),
        ("DELETE /chaos", Value::Null, 204),
    ];
    for (request, body, status) in rows {
        assert_eq!(control.status(request, body.clone()).await, status, "{request} {body}");
    }
    let expected =
        json!({ "kind": "answer", "step": "rcpt", "code": 450, "text": null, "only": "*@full.example", "times": null });
    assert_eq!(control.json("/faults").await[0], expected);
    let mut client = bed.client().await;
    assert_eq!(client.send(&["a@full.example"], "one").await, 450);
    client.code("RSET").await;
    assert_eq!(client.send(&["a@b.example"], "one").await, 0);
    assert_eq!(bed.mailbox.messages().len(), 2);
    assert_eq!(control.status("DELETE /faults", Value::Null).await, 204);
    assert_eq!(control.json("/faults").await, json!([]));
    assert_eq!(control.json("/dialogues").await[1]["lines"][1], "C: EHLO shop.example");

    assert_eq!(control.status("POST /door", json!({ "open": false })).await, 204);
    assert!(TcpStream::connect(bed.address).await.is_err());
    assert_eq!(control.json("/door").await, json!({ "open": false }));
    assert_eq!(control.status("POST /door", json!({ "open": true })).await, 204);
    assert_eq!(bed.client().await.send(&["a@full.example"], "one").await, 250);
}

#[tokio::test]
async fn a_browser_that_keeps_a_connection_does_not_keep_the_server() {
    let mailbox = Mailbox::new(Config::default());
    let (listener, address) = listen().await;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let stopped = async { drop(stopped.await) };
    let server = tokio::spawn(serve_control(listener, mailbox, stopped));
    let mut kept = TcpStream::connect(address).await.unwrap();
    kept.write_all(b"GET / HTTP/1.1\r\nHost: sandbox\r\nX-Half")
        .await
        .unwrap();
    stop.send(()).unwrap();
    soon(server).await.unwrap().unwrap();
}
