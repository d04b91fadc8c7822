//! The control channel and the page over their socket.

use serde_json::json;

use super::*;

async fn control(shop: &Shop) -> SocketAddr {
    let (listener, address) = listen().await;
    tokio::spawn(serve_control(listener, shop.clone(), pending()));
    address
}

async fn call(address: SocketAddr, request: &str, body: Value) -> Reply {
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    exchange(address, request, "Content-Type: application/json", &body).await
}

#[tokio::test]
async fn requests_can_be_read_and_faults_be_set_over_http() {
    let bed = Bed::new().await;
    let control = control(&bed.shop).await;
    let fault = json!({ "kind": "status", "status": 503, "retry_after": 5, "only": "/fiscal*", "times": null });
    for (request, body, status) in [
        ("POST /faults", fault.clone(), 204),
        (
            "POST /faults",
            json!({ "kind": "redirect", "status": 302, "to": "/x" }),
            204,
        ),
        ("POST /faults", json!({ "kind": "redirect" }), 422),
        (
            "POST /chaos",
            json!({ "seed": 1, "rates": [{ "kind": "hang", "per_mille": 1 }] }),
            204,
        ),
        ("DELETE /chaos", Value::Null, 204),
    ] {
        assert_eq!(
            call(control, request, body.clone()).await.status(),
            status,
            "{request} {body}"
        );
    }
    assert_eq!(call(control, "GET /faults", Value::Null).await.json()[0], fault);
    assert_eq!(bed.post("/other", "{\"a\":1}").await.status(), 302);
    assert_eq!(bed.post("/fiscal", "{\"a\":\"<b>\"}").await.status(), 503);
    assert_eq!(call(control, "DELETE /faults", Value::Null).await.status(), 204);
    assert_eq!(bed.post("/fiscal", "{\"a\":1}").await.status(), 200);

    let list = call(control, "GET /requests", Value::Null).await.json();
    let answers: Vec<&Value> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|request| &request["answer"])
        .collect();
    assert_eq!(answers, [302, 503, 200]);
    let one = call(control, "GET /requests/2", Value::Null).await.json();
    assert_eq!(
        (&one["path"], &one["body"]),
        (&json!("/fiscal"), &json!("{\"a\":\"<b>\"}"))
    );
    assert_eq!(
        call(control, "GET /requests/2/body", Value::Null).await.body(),
        "{\"a\":\"<b>\"}"
    );
    assert_eq!(call(control, "GET /requests/9", Value::Null).await.status(), 404);
    let page = call(control, "GET /", Value::Null).await.body();
    assert!(
        page.contains("POST /fiscal") && page.contains("&lt;b&gt;") && !page.contains("<b>"),
        "{page}"
    );
    assert_eq!(call(control, "DELETE /requests", Value::Null).await.status(), 204);
    assert!(bed.shop.requests().is_empty());
}

#[tokio::test]
async fn the_shop_can_be_shut_over_http() {
    let bed = Bed::new().await;
    let control = control(&bed.shop).await;
    assert_eq!(
        call(control, "POST /door", json!({ "open": false })).await.status(),
        204
    );
    assert!(TcpStream::connect(bed.address).await.is_err());
    assert_eq!(
        call(control, "GET /door", Value::Null).await.json(),
        json!({ "open": false })
    );
    assert_eq!(call(control, "POST /door", json!({ "open": true })).await.status(), 204);
    assert_eq!(bed.post("/", "").await.status(), 200);
}
