use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::api::{JSON, ask, served, signed};
use super::receiver::{call, exchange};
use super::*;

/// The sheet's two goods, 140.00 and 127.50.
fn basket() -> String {
    STANDARD.encode(
        r#"{"products":[{"id":1,"name":"Мигдаль","price":700.00,"total_amount":140.00,"quantity":0.2},
            {"id":2,"name":"Кешью","price":"850.00","total_amount":"127.50","quantity":0.15}]}"#,
    )
}

fn registering(id: u64) -> Merchant {
    Merchant {
        own_prro: true,
        ..Merchant::new(id, "test")
    }
}

fn envelope(order: Value) -> String {
    let data = STANDARD.encode(serde_json::json!({ "order": order }).to_string());
    let signature = signature::sign_data("test", &data);
    serde_json::json!({ "request": { "version": "2.0", "data": data, "signature": signature } }).to_string()
}

fn settlement(order_id: &str, parts: [u64; 2]) -> Value {
    serde_json::json!({
        "order_type": "settlement", "order_id": order_id, "operation_id": "shop-1", "merchant_id": 1_396_424,
        "amount": 26750, "currency": "UAH", "order_desc": "x",
        "receiver": [
            {"type": "merchant", "requisites": {"merchant_id": 500_001, "amount": parts[0], "reservation_data": basket()}},
            {"type": "merchant", "requisites": {"merchant_id": "600001", "amount": parts[1]}},
        ],
    })
}

#[tokio::test]
async fn a_settlement_splits_a_captured_payment_once() {
    let (sim, base) = served().await;
    sim.add_merchant(registering(500_001));
    sim.add_merchant(registering(600_001));
    let order = sim
        .create_order(NewOrder {
            preauth: true,
            ..sheet_order("shop-1", 26750, 1)
        })
        .unwrap();
    sim.pay(&order).unwrap();
    let settle = |order_id: &'static str, parts| {
        let base = base.clone();
        async move {
            let (_, body) = call(&base, "/api/settlement", JSON, &envelope(settlement(order_id, parts)))
                .await
                .unwrap();
            json(body.as_bytes())["response"].clone()
        }
    };
    assert_eq!(settle("s-1", [20000, 6750]).await["error_code"], 1114);
    sim.capture(&order, 26750).unwrap();
    assert_eq!(settle("s-1", [20000, 6751]).await["error_code"], 1120);
    let answer = settle("s-1", [20000, 6750]).await;
    assert_eq!(
        answer["signature"],
        signature::sign_data("test", answer["data"].as_str().unwrap()).as_str()
    );
    assert_eq!(decoded(&answer)["order_status"], "created");
    assert_eq!(settle("s-2", [20000, 6750]).await["error_code"], 1086);

    let callback = sim.take_callbacks().pop().unwrap();
    assert!(
        String::from_utf8(STANDARD.decode(json(&callback.body)["data"].as_str().unwrap()).unwrap())
            .unwrap()
            .contains("\"amount\":200.0,")
    );
    let order = decoded(&json(&callback.body));
    assert_eq!(
        (&order["order_id"], &order["order_status"]),
        (&"s-1".into(), &"approved".into())
    );
    assert_eq!(order["transaction"].as_array().unwrap().len(), 2);

    // Only the receiver with a basket has a receipt, and both merchants see it.
    for (merchant, order_id, receipts) in [
        ("1396424", "shop-1", 1),
        ("500001", "shop-1", 1),
        ("500001", "s-1", 1),
        ("1396424", "s-1", 1),
    ] {
        let logs = ask(
            &base,
            "/api/get_kkt_logs",
            &[("order_id", order_id), ("merchant_id", merchant)],
        )
        .await;
        let found = logs
            .as_object()
            .unwrap()
            .keys()
            .filter(|key| key.bytes().all(|byte| byte.is_ascii_digit()))
            .count();
        assert_eq!(found, receipts, "{merchant} {order_id}");
    }
    let none = ask(
        &base,
        "/api/get_kkt_logs",
        &[("order_id", "shop-1"), ("merchant_id", "600001")],
    )
    .await;
    assert_eq!(none["error_code"], 1018);
}

#[tokio::test]
async fn a_purchase_of_protocol_2_is_answered_in_kind() {
    let (sim, base) = served().await;
    let order = serde_json::json!({
        "order_id": "p-1", "merchant_id": 1_396_424, "order_desc": "x", "amount": 100, "currency": "UAH",
        "receiver": [{"type": "merchant", "requisites": {"merchant_id": 500_001, "amount": 100}}],
    });
    let (_, body) = call(&base, "/api/checkout/url", JSON, &envelope(order)).await.unwrap();
    assert!(decoded(&json(body.as_bytes())["response"])["checkout_url"].is_string());
    sim.pay(&OrderRef::new(TEST_MERCHANT, "p-1")).unwrap();
    let callback = sim.take_callbacks().pop().unwrap();
    assert_eq!(decoded(&json(&callback.body))["transaction"][0]["merchant_id"], 500_001);
    let (_, broken) = call(
        &base,
        "/api/settlement",
        JSON,
        &signed(&[("order_id", "a"), ("merchant_id", "1396424")]),
    )
    .await
    .unwrap();
    assert!(broken.contains("1007"), "settlement is 2.0 only: {broken}");
}

#[tokio::test]
async fn what_went_back_of_each_part_is_shown_by_both_orders() {
    let (sim, base) = served().await;
    sim.set_switches(Switches {
        echo_receivers: true,
        echo_operation: true,
        ..Switches::default()
    });
    let order = sim.create_order(sheet_order("shop-1", 26750, 1)).unwrap();
    sim.pay(&order).unwrap();
    let (_, body) = call(
        &base,
        "/api/settlement",
        JSON,
        &envelope(settlement("s-1", [20000, 6750])),
    )
    .await
    .unwrap();
    assert_eq!(decoded(&json(body.as_bytes())["response"])["order_status"], "created");
    let callback = sim.take_callbacks().pop().unwrap();
    let told = decoded(&json(&callback.body));
    assert_eq!(
        (&told["order_type"], &told["operation_id"], &told["masked_card"]),
        (&"settlement".into(), &"shop-1".into(), &"".into())
    );
    assert_eq!(told["receiver"][0]["requisites"]["reservation_data"], basket().as_str());
    // The settlement's parts belong to the purchase.
    let status = async |order_id: &str| {
        let order = serde_json::json!({ "order_id": order_id, "merchant_id": 1_396_424 });
        let (_, body) = call(&base, "/api/status/order_id", JSON, &envelope(order))
            .await
            .unwrap();
        decoded(&json(body.as_bytes())["response"])
    };
    let paid = status("shop-1").await;
    assert_eq!(
        told["transaction"][0]["parent_tran_id"],
        paid["transaction"][0]["parent_tran_id"]
    );
    sim.reverse_from(&order, &[(600_001, 750)]).unwrap();
    for order_id in ["shop-1", "s-1"] {
        let parts = &status(order_id).await["transaction"];
        assert_eq!(
            (&parts[0]["reversal_amount"], &parts[1]["reversal_amount"]),
            (&0.0.into(), &7.5.into()),
            "{order_id}"
        );
    }
    sim.reverse_all(&order).unwrap();
    assert_eq!(status("s-1").await["transaction"][0]["reversal_amount"], 200.0);
}

fn logs_of(text: &str) -> Value {
    json(text.as_bytes())["response"].clone()
}

#[tokio::test]
async fn fiscal_logs_mix_types_as_the_real_ones() {
    let (sim, base) = served().await;
    sim.add_merchant(registering(TEST_MERCHANT));
    let request = signed(&[("order_id", "shop-1"), ("merchant_id", "1396424")]);
    let terms = NewOrder {
        reservation_data: Some(basket()),
        order_desc: "Замовлення".into(),
        ..sheet_order("shop-1", 26750, 1)
    };
    let order = sim.create_order(terms).unwrap();
    sim.pay(&order).unwrap();
    sim.reverse(&order, 8000).unwrap();
    let (_, text) = call(&base, "/api/get_kkt_logs", JSON, &request).await.unwrap();
    let logs = logs_of(&text);
    assert_eq!(logs["response_status"], "success");
    assert!(logs.get("signature").is_none());
    let entries: Vec<&Value> = logs
        .as_object()
        .unwrap()
        .values()
        .filter(|value| value.is_object())
        .collect();
    let of = |kind: &str| entries.iter().find(|entry| entry["type"] == kind).unwrap();
    let (sale, back) = (of("purchase"), of("reverse"));
    assert_eq!(sale["request"]["CHECKBODY"].as_array().unwrap().len(), 2);
    assert_eq!(sale["request"]["CHECKBODY"][0]["COST"], "140.00");
    assert!(text.contains(r#""AMOUNT":0.2"#) && text.contains(r#""SUM":267.5,"#) && text.contains(r#""SUM":80,"#));
    assert_eq!(back["request"]["CHECKPAY"][0]["SUM"], "80.00");
    assert_eq!(back["request"]["CHECKHEAD"]["DOCSUBTYPE"], 1);
    assert_eq!(sale["request"]["CHECKHEAD"]["OFFLINE"], "false");
    assert_eq!(
        (&sale["request"]["CHECKHEAD"]["VER"], &sale["response"]["VER"]),
        (&1.into(), &"1".into())
    );
    assert_eq!(sale["request"]["CHECKHEAD"]["ORDERDATE"], "05032025");
    assert_eq!(sale["request"]["CHECKHEAD"]["UID"], sale["response"]["UID"]);
    assert_ne!(sale["response"]["UID"], back["response"]["UID"]);
    assert_eq!(
        (&sale["response"]["ERRORCODE"], &sale["response"]["ORDERNUM"]),
        (&"0".into(), &"1".into())
    );
    assert_eq!(back["request"]["CHECKHEAD"]["ORDERNUM"], 2);
    assert_eq!(back["request"]["CHECKBODY"][0]["NAME"], "Замовлення");
}

#[tokio::test]
async fn receipts_may_be_missing_refused_or_late() {
    let table = [
        (KktMode::Missing, 0, None, 0),
        (KktMode::Refuses("7".into()), 1, Some("7"), 1),
        (KktMode::Later(Duration::from_secs(60)), 0, None, 1),
    ];
    for (mode, now, error_code, later) in table {
        let (sim, base) = served().await;
        sim.add_merchant(registering(TEST_MERCHANT));
        sim.set_kkt_mode(mode);
        let order = sim.create_order(sheet_order("shop-1", 100, 1)).unwrap();
        sim.pay(&order).unwrap();
        let fields = [("order_id", "shop-1"), ("merchant_id", "1396424")];
        let logs = ask(&base, "/api/get_kkt_logs", &fields).await;
        let entries: Vec<Value> = logs
            .as_object()
            .unwrap()
            .values()
            .filter(|value| value.is_object())
            .cloned()
            .collect();
        assert_eq!(entries.len(), now);
        if let Some(code) = error_code {
            assert_eq!(
                (
                    &entries[0]["response"]["ERRORCODE"],
                    &entries[0]["response"]["ORDERTAXNUM"]
                ),
                (&code.into(), &"".into())
            );
        }
        sim.advance(Duration::from_secs(60));
        let logs = ask(&base, "/api/get_kkt_logs", &fields).await;
        assert_eq!(logs.as_object().unwrap().len() - 1, later);
    }
}

#[tokio::test]
async fn an_owed_receipt_is_another_attempt_of_the_same_transaction() {
    let (sim, base) = served().await;
    sim.add_merchant(registering(TEST_MERCHANT));
    sim.set_kkt_mode(KktMode::Refuses("9".into()));
    let order = sim.create_order(sheet_order("shop-1", 100, 1)).unwrap();
    sim.pay(&order).unwrap();
    sim.set_kkt_mode(KktMode::Short(30));
    sim.reverse(&order, 80).unwrap();
    assert_eq!(sim.make_owed_receipts(), 1);
    assert_eq!(sim.make_owed_receipts(), 0);
    let request = signed(&[("order_id", "shop-1"), ("merchant_id", "1396424")]);
    let (_, text) = call(&base, "/api/get_kkt_logs", JSON, &request).await.unwrap();
    for (part, times) in [
        (r#""type":"purchase""#, 2),
        (r#""ERRORCODE":"9""#, 1),
        (r#""ERRORCODE":"0""#, 2),
        (r#""type":"reverse""#, 1),
        (r#""SUM":0.5,"#, 1),
    ] {
        assert_eq!(text.matches(part).count(), times, "{part} in {text}");
    }
}

#[tokio::test]
async fn a_receipt_link_opens_until_it_expires() {
    let (sim, base) = served().await;
    let order = sim.create_order(sheet_order("shop-1", 100, 1)).unwrap();
    sim.pay(&order).unwrap();
    let list = ask(
        &base,
        "/api/transaction_list",
        &[("order_id", "shop-1"), ("merchant_id", "1396424")],
    )
    .await;
    let id = list[0]["id"].to_string();
    let request = |id: &str| {
        signed(&[
            ("transaction_id", id),
            ("merchant_id", "1396424"),
            ("receipt_type", "receipt"),
        ])
    };
    let (_, body) = call(&base, "/api/receipt_link", JSON, &request(&id)).await.unwrap();
    let url = json(body.as_bytes())["check_url"].as_str().unwrap().to_owned();
    let path = url.strip_prefix(&base).unwrap();
    assert_eq!(exchange(&base, "GET", path, JSON, "").await.unwrap().0, 200);
    sim.advance(Duration::from_secs(3600));
    assert_eq!(exchange(&base, "GET", path, JSON, "").await.unwrap().0, 403);
    let (_, body) = call(&base, "/api/receipt_link", JSON, &request("1")).await.unwrap();
    assert!(body.contains("1018"));
}
