//! The control channel over its socket.

use std::net::SocketAddr;

use tokio::net::TcpListener;

use super::*;

async fn control(bed: &Bed) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = bed.over.clone().cancelled_owned();
    tokio::spawn(serve_control(listener, bed.simulator.clone(), stop));
    address
}

async fn call(address: SocketAddr, request: &str, body: &Value) -> transport::Reply {
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    transport::exchange(address, request, "Content-Type: application/json\r\n", &body).await
}

async fn get(address: SocketAddr, path: &str) -> Value {
    call(address, &format!("GET {path}"), &Value::Null).await.json()
}

#[tokio::test]
async fn every_change_can_be_made_over_http() {
    let bed = Bed::start().await;
    let address = control(&bed).await;
    let uuid = bed.sell(V4, "shop-1").await;
    let rows = [
        (
            "POST /groups",
            json!({ "group_code": "new_v5", "version": "v5", "registers": 3, "pass": "p" }),
            204,
        ),
        ("POST /groups", json!({ "group_code": "new_v6", "version": "v6" }), 422),
        (
            "POST /faults",
            json!({ "kind": "delay", "ms": 5, "only": "sell", "times": 3 }),
            204,
        ),
        (
            "POST /faults",
            json!({ "kind": "http", "status": 502, "stores": true }),
            204,
        ),
        (
            "POST /faults",
            json!({ "kind": "error", "status": 500, "code": 50, "stores": false }),
            204,
        ),
        (
            "POST /faults",
            json!({ "kind": "token-refused", "because": "blocked" }),
            204,
        ),
        (
            "POST /faults",
            json!({ "kind": "fails", "type": "agent", "code": 2004 }),
            204,
        ),
        (
            "POST /faults",
            json!({ "kind": "repeated-callback", "copies": 2, "ms": 0, "times": 3 }),
            204,
        ),
        (
            "POST /faults",
            json!({ "kind": "forged-callback", "status": "done", "total": 1 }),
            204,
        ),
        ("POST /faults", json!({ "kind": "nonsense" }), 422),
        ("DELETE /faults", Value::Null, 204),
        ("POST /faults", json!({ "kind": "no-callback", "times": null }), 204),
        (
            "POST /chaos",
            json!({ "seed": 1, "rates": [{ "kind": "store-then-close", "per_mille": 10 }] }),
            204,
        ),
        ("DELETE /chaos", Value::Null, 204),
        ("POST /registers", json!({ "group": "new_v5", "on": 1 }), 204),
        ("POST /registers", json!({ "group": "nowhere", "on": 1 }), 409),
        ("POST /latency", json!({ "from_ms": 1000, "to_ms": 10_000 }), 204),
        ("POST /strict-polling", json!({ "strict": true }), 204),
        (
            "POST /callbacks",
            json!({ "group": V4, "uuid": uuid, "status": "done" }),
            409,
        ),
        ("POST /clock", json!({ "advance_seconds": 60 }), 204),
        ("DELETE /tokens", Value::Null, 204),
        ("POST /door", json!({ "open": false }), 204),
        ("POST /door", json!({ "open": true }), 204),
    ];
    for (request, body, status) in rows {
        assert_eq!(call(address, request, &body).await.status(), status, "{request} {body}");
    }
    assert_eq!(get(address, "/clock").await["now"], "2025-03-05T12:04:59Z");
    assert_eq!(get(address, "/tokens").await["alive"], 0);
    let faults = get(address, "/faults").await;
    assert_eq!(faults, json!([{ "kind": "no-callback", "only": null, "times": null }]));
    let groups = get(address, "/groups").await;
    let new = groups
        .as_array()
        .unwrap()
        .iter()
        .find(|group| group["group_code"] == "new_v5")
        .unwrap();
    assert_eq!(
        (&new["registers"], &new["registers_on"], &new["version"]),
        (&json!(3), &json!(1), &json!("v5"))
    );
    assert_eq!(bed.login(Version::V5, "new_v5-login", "p").await.status(), 200);
    assert_eq!(call(address, "POST /reset", &Value::Null).await.status(), 204);
    assert_eq!(get(address, "/documents").await, json!([]));
}

#[tokio::test]
async fn what_was_printed_can_be_read_over_http() {
    let bed = Bed::start().await;
    let address = control(&bed).await;
    let uuid = bed.sell(V4, "shop-1").await;
    bed.sell(V5, "shop-2").await;
    bed.advance(SECOND);
    let documents = get(address, &format!("/documents?group={V4}")).await;
    let document = &documents[0];
    assert_eq!((&document["uuid"], &document["total"]), (&json!(uuid), &json!(30_000)));
    assert_eq!(
        (&document["operation"], &document["fiscal"]["shift_number"]),
        (&json!("sell"), &json!(1))
    );
    assert_eq!(
        (&document["payments"], &document["at"]),
        (
            &json!([{ "type": 1, "sum": 30_000 }]),
            &json!("2025-03-05T12:03:59.05Z")
        )
    );
    assert_eq!(document["body"]["total"], 300.0);
    for (path, count) in [
        ("/documents".to_owned(), 2),
        ("/documents?external_id=shop-2".to_owned(), 1),
        (format!("/documents?group={V4}&external_id=shop-2"), 0),
        ("/accepted".to_owned(), 2),
        ("/callbacks".to_owned(), 0),
        ("/requests".to_owned(), 4),
        (format!("/requests?group={V5}"), 1),
    ] {
        assert_eq!(get(address, &path).await.as_array().unwrap().len(), count, "{path}");
    }
    let accepted = get(address, "/accepted?external_id=shop-1").await;
    assert_eq!(
        (&accepted[0]["status"], &accepted[0]["version"]),
        (&json!("done"), &json!("v4"))
    );
}
