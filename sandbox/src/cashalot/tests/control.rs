//! The control channel over its socket.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::transport::Reply;
use super::{Bed, REGISTER, serve_control};
use crate::patience::soon;

async fn control(bed: &Bed) -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve_control(listener, bed.simulator.clone(), std::future::pending()));
    address
}

async fn call(address: std::net::SocketAddr, request: &str, body: Value) -> Reply {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    let head = "Host: sandbox\r\nContent-Type: application/json\r\nConnection: close";
    let text = format!(
        "{request} HTTP/1.1\r\n{head}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = String::new();
    soon(stream.read_to_string(&mut answer)).await.unwrap();
    Reply(answer)
}

#[tokio::test]
async fn every_change_can_be_made_over_http() {
    let bed = Bed::new();
    let address = control(&bed).await;
    let new = json!({ "num_fiscal": 7, "name": "Каса 7", "key_pin": "seven", "offline_supported": false });
    let rows = [
        ("POST /registers", new, 204),
        (
            "POST /faults",
            json!({ "kind": "delay", "ms": 5, "command": "RegisterCheck", "register": 7, "times": 3 }),
            204,
        ),
        (
            "POST /faults",
            json!({ "kind": "http", "status": 502, "registers": true }),
            204,
        ),
        ("POST /faults", json!({ "kind": "nonsense" }), 422),
        ("DELETE /faults", Value::Null, 204),
        (
            "POST /chaos",
            json!({ "seed": 1, "rates": [{ "kind": "close-before", "per_mille": 10 }], "delay_ms": [1, 2] }),
            204,
        ),
        ("DELETE /chaos", Value::Null, 204),
        (
            "POST /conditions",
            json!({ "kind": "package-refused", "refused": true, "register": REGISTER }),
            204,
        ),
        (
            "POST /conditions",
            json!({ "kind": "package-refused", "refused": false, "register": REGISTER }),
            204,
        ),
        (
            "POST /foreign-document",
            json!({ "register": REGISTER, "effect": "silent" }),
            204,
        ),
        ("POST /clean-needed", json!({ "register": REGISTER }), 204),
        ("POST /clean-needed", json!({ "register": 1 }), 409),
        (
            "POST /close-on-cleanup",
            json!({ "register": REGISTER, "closes": true }),
            204,
        ),
        (
            "POST /licence",
            json!({ "register": REGISTER, "expires": "2027-01-01T00:00:00Z" }),
            204,
        ),
        ("POST /licence", json!({ "register": REGISTER, "expires": "soon" }), 422),
        (
            "POST /certificate",
            json!({ "register": REGISTER, "expires": "2027-01-01T00:00:00Z" }),
            204,
        ),
        (
            "POST /certificate",
            json!({ "register": REGISTER, "expires": null }),
            204,
        ),
        (
            "POST /certificate",
            json!({ "register": REGISTER, "expires": "soon" }),
            422,
        ),
        ("POST /certificate", json!({ "register": 1 }), 409),
        ("POST /state-needs-fsko", json!({ "needed": true }), 204),
        ("POST /fsko", json!({ "up": false }), 204),
        ("POST /clock", json!({ "fixed": "2026-07-01T10:00:00Z" }), 204),
        ("POST /clock", json!({ "advance_seconds": 60 }), 204),
        ("POST /tick", Value::Null, 204),
    ];
    for (request, body, status) in rows {
        assert_eq!(
            call(address, request, body.clone()).await.status(),
            status,
            "{request} {body}"
        );
    }
    assert_eq!(
        call(address, "GET /clock", Value::Null).await.json()["now"],
        "2026-07-01T10:01:00Z"
    );
    assert_eq!(bed.ok("ServerState", json!({}))["Available"], false);
    assert_eq!(
        bed.code("TransactionsRegistrarState", json!({})),
        "FiscalServerNotAvailable"
    );
    call(address, "POST /clock", json!("real")).await;
    assert!(bed.simulator.now() > "2026-07-01T10:01:00Z".parse().unwrap());
}

#[tokio::test]
async fn the_ledger_can_be_read_over_http() {
    let bed = Bed::new();
    let address = control(&bed).await;
    let sold = bed.sell(25_000);
    let documents = call(address, &format!("GET /documents?register={REGISTER}"), Value::Null)
        .await
        .json();
    let document = &documents[1];
    assert_eq!(
        (&document["num_fiscal"], &document["sum_kopecks"]),
        (&sold["NumFiscal"], &json!(25_000))
    );
    assert_eq!(
        (&document["doc_sub_type"], &document["comment"]),
        (&json!("CheckGoods"), &json!("k25000"))
    );
    assert_eq!(document["check"]["CHECKTOTAL"]["SUM"], "250.00");
    assert_eq!(
        call(address, "GET /documents", Value::Null)
            .await
            .json()
            .as_array()
            .unwrap()
            .len(),
        2
    );
    let registers = call(address, "GET /registers", Value::Null).await.json();
    assert_eq!(
        (&registers[0]["num_fiscal"], &registers[0]["next_local"]),
        (&json!(REGISTER), &json!(3))
    );
    assert_eq!(
        call(address, "GET /overlaps", Value::Null).await.json(),
        json!({ "overlaps": 0 })
    );
    let send = json!({ "PhoneNumber": "+380501234567", "RegistrarNumFiscal": REGISTER, "OrderSum": "250.00",
        "OrderNumFiscal": sold["NumFiscal"], "OrderDateTime": sold["OrderDateTime"] });
    assert_eq!(bed.raw("SendCheckToConsumer", &send)["ErrorCode"], "Ok");
    for (path, count) in [
        ("GET /sent".to_owned(), 1),
        (format!("GET /sent?register={REGISTER}"), 1),
        ("GET /sent?register=7".to_owned(), 0),
    ] {
        let sent = call(address, &path, Value::Null).await.json();
        assert_eq!(sent.as_array().unwrap().len(), count, "{path}");
        let first = sent.as_array().unwrap().first();
        assert!(
            first.is_none_or(|first| first["num_fiscal"] == sold["NumFiscal"] && first["phone"] == "+380501234567")
        );
    }
    assert_eq!(call(address, "GET /lost", Value::Null).await.json(), json!([]));
    assert_eq!(call(address, "GET /requests", Value::Null).await.json(), json!([]));
}
