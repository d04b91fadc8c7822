use serde_json::json;

use super::*;

#[tokio::test]
async fn a_payment_is_made_and_moved_over_http() {
    let (sim, shop) = (simulator(), Shop::start(&[]).await);
    let control = Door::control(&sim).await;
    let new = json!({ "order_id": "a-1", "amount": 26_750, "callback_url": shop.url, "two_stage": true });
    let made = control.json("POST /payments", &new).await.json();
    assert_eq!((&made["number"], &made["stage"]), (&json!(0), &json!("created")));
    let table = [
        ("pay", Value::Null, 200, "held"),
        ("capture", json!({ "amount": 20_000 }), 200, "paid"),
        ("refund", json!({ "amount": 5000 }), 200, "paid"),
        ("announce", Value::Null, 200, "paid"),
        ("refund", Value::Null, 200, "reversed"),
    ];
    for (step, body, status, stage) in table {
        let reply = control.json(&format!("POST /payments/0/{step}"), &body).await;
        assert_eq!(
            (reply.status, &reply.json()["stage"]),
            (status, &json!(stage)),
            "{step}"
        );
    }
    assert_eq!(control.json("POST /payments/0/pay", &Value::Null).await.status, 409);
    assert_eq!(control.json("POST /payments/9/pay", &Value::Null).await.status, 409);
    assert_eq!(control.json("POST /payments/0/dance", &Value::Null).await.status, 404);
    assert_eq!(
        control.json("POST /payments", &json!({ "order_id": 1 })).await.status,
        400
    );
    let delivered = control.json("POST /deliver", &Value::Null).await.json();
    assert_eq!(delivered["acknowledged"], 5);
    assert_eq!(
        control.json("GET /attempts", &Value::Null).await.json()[4]["outcome"],
        "taken"
    );
    let list = control.json("GET /payments", &Value::Null).await.json();
    assert_eq!(
        (&list[0]["refunded"], &list[0]["acknowledged"]),
        (&json!(20_000), &json!(5))
    );
    assert_eq!(
        control.json("POST /advance", &json!({ "seconds": 60 })).await.status,
        200
    );
}

#[tokio::test]
async fn faults_switches_and_merchants_are_set_over_http() {
    let sim = simulator();
    let control = Door::control(&sim).await;
    let delay = json!({ "kind": "delay", "ms": 5, "only": "a*", "times": null });
    let table = [
        ("POST /faults", delay.clone(), 204),
        (
            "POST /faults",
            json!({ "kind": "duplicate", "copies": 2, "times": 3 }),
            204,
        ),
        ("POST /faults", json!({ "kind": "nonsense" }), 400),
        (
            "POST /api-faults",
            json!({ "kind": "not-found", "only": "status" }),
            204,
        ),
        ("POST /switches", json!({ "partial_refund": "becomes-reversed" }), 204),
        ("POST /switches", json!({ "partial_refund": "nonsense" }), 400),
        ("POST /merchants", json!({ "account": "other", "secret": "key" }), 204),
    ];
    for (request, body, status) in table {
        assert_eq!(control.json(request, &body).await.status, status, "{request} {body}");
    }
    let faults = control.json("GET /faults", &Value::Null).await.json();
    assert_eq!(
        (&faults["callbacks"][0], &faults["api"][0]["kind"]),
        (&delay, &json!("not-found"))
    );
    assert_eq!(control.json("DELETE /faults", &Value::Null).await.status, 204);
    assert_eq!(sim.faults(), (Vec::new(), Vec::new()));
    let rates = json!({ "seed": 1, "rates": [{ "kind": "drop", "per_mille": 1000 }] });
    assert_eq!(control.json("POST /chaos", &rates).await.status, 204);
    let broken = json!({ "seed": 1, "rates": [{ "kind": "not-json", "per_mille": 1000 }] });
    assert_eq!(control.json("POST /api-chaos", &broken).await.status, 204);
    let api = Door::api(&sim).await;
    let form = liqpay_form(&json!({ "action": "status", "order_id": "none" }));
    let ask = async || api.call("POST /api/request", &[], &form).await.unwrap().body;
    assert!(ask().await.contains("<html>"));
    assert_eq!(control.json("DELETE /api-chaos", &Value::Null).await.status, 204);
    assert!(ask().await.contains("payment_not_found"));
    assert_eq!(control.json("DELETE /chaos", &Value::Null).await.status, 204);
    let switches = control.json("GET /switches", &Value::Null).await.json();
    assert_eq!(switches["partial_refund"], "becomes-reversed");
    assert_eq!(sim.switches().partial_refund, liqpay::PartialRefund::BecomesReversed);
    sim.create(NewPayment::new("a", 1).of("other")).unwrap();
    let id = sim.paid(NewPayment::new("b", 100)).unwrap();
    sim.change(|books| books.refund(id, 100, None, true)).unwrap();
    let ended = control.json("POST /refunds/finish", &json!({ "state": "done" })).await;
    assert_eq!(ended.body, "1");
}

#[tokio::test]
async fn a_person_sees_everything_and_a_buyer_pays_on_a_page() {
    let sim = simulator();
    let (api, control) = (Door::api(&sim).await, Door::control(&sim).await);
    let id = sim.create(NewPayment::new("<b>", 26_750)).unwrap();
    let page = format!("/pay/{}", sim.payment(id).unwrap().public_id);
    let seen = control.json("GET /", &Value::Null).await;
    assert!(seen.body.contains("&lt;b&gt;") && seen.body.contains(&format!("http://{}{page}", api.host())));
    let shown = api.json(&format!("GET {page}"), &Value::Null).await;
    assert!(shown.body.contains("267.50 UAH") && shown.head.contains("form-action 'self'"));
    for (deed, status) in [("decline", 303), ("pay", 303), ("pay", 409)] {
        let reply = api.json(&format!("POST {page}/{deed}"), &Value::Null).await;
        assert_eq!(reply.status, status, "{deed}");
    }
    assert_eq!(sim.payment(id).unwrap().stage, Stage::Paid);
    for nowhere in ["GET /pay/none", "GET /elsewhere", "DELETE /pay/none"] {
        assert_eq!(api.json(nowhere, &Value::Null).await.status, 404);
    }
}
