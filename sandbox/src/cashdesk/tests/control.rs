//! The control channel over its socket.

use std::net::SocketAddr;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::{Bed, OTHER, REGISTER, Reply, serve_control, soon};

async fn control(bed: &Bed) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve_control(listener, bed.simulator.clone(), std::future::pending()));
    address
}

async fn call(address: SocketAddr, request: &str, body: &Value) -> Reply {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    let head = "Host: sandbox\r\nContent-Type: application/json\r\nConnection: close";
    let length = body.len();
    let text = format!("{request} HTTP/1.1\r\n{head}\r\nContent-Length: {length}\r\n\r\n{body}");
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    soon(stream.read_to_end(&mut answer)).await.unwrap();
    Reply(answer)
}

#[tokio::test]
async fn every_change_can_be_made_over_http() {
    let bed = Bed::start().await;
    let address = control(&bed).await;
    let taxes = json!([{ "letter": "А", "prc": 20 }]);
    let new = json!({ "num_fiscal": OTHER, "mode": "smart-connect", "taxes": taxes, "cash_in_box_kopecks": 500 });
    let fault = json!({ "kind": "delay", "ms": 5, "command": "check/sale", "register": OTHER, "times": 3 });
    let chaos = json!({ "seed": 1, "rates": [{ "kind": "close-before", "per_mille": 10 }], "delay_ms": [1, 2] });
    let rows = [
        ("POST /registers", new, 204),
        ("POST /faults", fault, 204),
        (
            "POST /faults",
            json!({ "kind": "http", "status": 502, "registers": true }),
            204,
        ),
        ("POST /faults", json!({ "kind": "nonsense" }), 422),
        ("DELETE /faults", Value::Null, 204),
        ("POST /chaos", chaos, 204),
        ("DELETE /chaos", Value::Null, 204),
        (
            "POST /conditions",
            json!({ "kind": "foreign-check", "register": REGISTER }),
            204,
        ),
        (
            "POST /conditions",
            json!({ "kind": "foreign-shift", "register": REGISTER }),
            409,
        ),
        ("POST /conditions", json!({ "kind": "tax-service-down" }), 204),
        ("POST /tax-service", json!({ "up": true }), 204),
        ("POST /key", json!({ "register": OTHER, "ok": false }), 204),
        ("POST /key", json!({ "register": 1, "ok": false }), 409),
        (
            "POST /webhook",
            json!({ "register": OTHER, "url": "http://127.0.0.1:1/x" }),
            204,
        ),
        ("POST /webhook", json!({ "register": 1, "url": null }), 409),
        (
            "POST /switches",
            json!({ "local_numbers": "reject", "webhook_delay_ms": 5 }),
            204,
        ),
        ("POST /switches", json!({ "nonsense": 1 }), 422),
        ("POST /expire-tokens", Value::Null, 204),
        ("POST /deliver-offline", Value::Null, 204),
        ("POST /hurry", Value::Null, 204),
        ("POST /clock", json!({ "advance_seconds": 60 }), 204),
        ("POST /clock", json!({ "offset_seconds": -5 }), 204),
        ("POST /clock", json!("real"), 204),
        ("POST /clock", json!({ "fixed": "2026-11-22T00:00:00Z" }), 204),
        ("POST /clock", json!({ "fixed": "yesterday" }), 422),
        ("POST /shut", json!({ "shut": true }), 204),
        ("POST /shut", json!({ "shut": false }), 204),
    ];
    for (request, body, status) in rows {
        let reply = call(address, request, &body).await;
        assert_eq!(reply.status(), status, "{request} {body}: {}", reply.body());
    }
    let registers = call(address, "GET /registers", &Value::Null).await.json();
    let other = &registers[1];
    assert_eq!(
        (&other["mode"], &other["key_ok"]),
        (&json!("smart-connect"), &json!(false))
    );
    assert_eq!(
        (&other["webhook_url"], &other["cash_in_box_kopecks"]),
        (&json!("http://127.0.0.1:1/x"), &json!(500))
    );
    let switches = call(address, "GET /switches", &Value::Null).await.json();
    assert_eq!(
        (&switches["local_numbers"], &switches["webhook_delay_ms"]),
        (&json!("reject"), &json!(5))
    );
    assert_eq!(
        (&switches["latin_letters"], bed.simulator.faults_waiting()),
        (&json!(true), 0)
    );
    let now = call(address, "GET /clock", &Value::Null).await.json();
    assert_eq!(now["now"], "2026-11-22T00:00:00Z");
}

#[tokio::test]
async fn everything_that_happened_can_be_read() {
    let bed = Bed::start().await;
    let address = control(&bed).await;
    bed.simulator
        .set_webhook(REGISTER, Some("http://127.0.0.1:1/x".to_owned()));
    let made = bed.sell(5, 150).await.json();
    bed.close().await;
    let read = async |path: &str| call(address, &format!("GET {path}"), &Value::Null).await.json();
    let documents = read(&format!("/documents?register={REGISTER}")).await;
    let kinds: Vec<_> = documents
        .as_array()
        .unwrap()
        .iter()
        .map(|document| &document["kind"])
        .collect();
    assert_eq!(kinds, ["OPEN_SHIFT", "Z_SALE", "Z_REPORT"]);
    let sale = &documents[1];
    assert_eq!((&sale["ordernum"], &sale["uuid"]), (&made["ORDERNUM"], &made["uuid"]));
    assert_eq!(
        (&sale["sum_kopecks"], &sale["cashless_kopecks"]),
        (&json!(150), &json!(150))
    );
    assert_eq!(
        (&sale["local_number"], &sale["products"][0]["amount_thousandths"]),
        (&json!(5), &json!(1000))
    );
    assert_eq!(read("/documents").await, documents);
    let shifts = read("/shifts").await;
    assert_eq!(
        (&shifts[0]["totals"]["sales_kopecks"], &shifts[0]["documents"]),
        (&json!(150), &json!(3))
    );
    let requests = read(&format!("/requests?register={REGISTER}")).await;
    assert_eq!(
        (&requests[0]["command"], &requests[0]["status"]),
        (&json!("check/sale"), &json!(200))
    );
    assert_eq!(read("/overlaps").await["overlaps"], 0);
    assert_eq!(read("/faults").await, json!([]));
    let summary = call(address, "POST /deliver", &Value::Null).await.json();
    assert_eq!((&summary["tried"], &summary["failed"]), (&json!(1), &json!(1)));
    let deliveries = read(&format!("/deliveries?register={REGISTER}")).await;
    assert_eq!(
        (&deliveries[0]["uuid"], &deliveries[0]["state"]),
        (&made["uuid"], &json!("waiting"))
    );
    assert_eq!(deliveries[0]["attempts"][0]["status"], Value::Null);
}
