use super::*;

struct Bed {
    sim: Simulator,
    api: Door,
}

impl Bed {
    async fn new() -> Self {
        let sim = simulator();
        let api = Door::api(&sim).await;
        Self { sim, api }
    }

    /// Sends a request whose signature is over these of its fields, under `key`.
    async fn signed(&self, mut fields: Value, order: &[&'static str], key: &str) -> Value {
        fields["apiVersion"] = 1.into();
        if fields.get("merchantAccount").is_none() {
            fields["merchantAccount"] = "sandbox_merchant".into();
        }
        let text = |name: &str| match &fields[name] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let values: Vec<String> = order.iter().map(|name| text(name)).collect();
        fields["merchantSignature"] = signature::sign(key, &values).into();
        self.api.json("POST /api", &fields).await.json()
    }

    async fn check(&self, order: &str) -> Value {
        let fields = json!({ "transactionType": "CHECK_STATUS", "orderReference": order });
        self.signed(fields, &signature::ORDER, "sandbox-secret-key").await
    }

    async fn movement(&self, kind: &str, order: &str, amount: Value) -> Value {
        let fields = json!({
            "transactionType": kind, "orderReference": order, "amount": amount, "currency": "UAH", "comment": "so",
        });
        self.signed(fields, &signature::MOVEMENT, "sandbox-secret-key").await
    }

    async fn list(&self, from: u64, to: u64) -> Vec<Value> {
        let fields = json!({ "transactionType": "TRANSACTION_LIST", "dateBegin": from, "dateEnd": to });
        let told = self.signed(fields, &signature::PERIOD, "sandbox-secret-key").await;
        assert_eq!((&told["reason"], &told["reasonCode"]), (&json!("Ok"), &json!(1100)));
        told["transactionList"].as_array().unwrap().clone()
    }
}

#[tokio::test]
async fn a_status_is_signed_and_says_what_went_back() {
    let bed = Bed::new().await;
    let id = bed.sim.paid(order("http://127.0.0.1:1/")).unwrap();
    let told = bed.check("shop-1001").await;
    assert_eq!(told["merchantSignature"], "65caa2aa4900b148677a0ea463ee07e3");
    assert_eq!(
        (&told["transactionStatus"], &told["reasonCode"]),
        (&json!("Approved"), &json!(1100))
    );
    assert!(told.get("refundAmount").is_none() && told.get("settlementDate").is_some());
    bed.sim.refund(id, 250).unwrap();
    let told = bed.check("shop-1001").await;
    assert_eq!(
        (&told["transactionStatus"], &told["refundAmount"]),
        (&json!("Refunded"), &json!(2.5))
    );
    bed.sim.set_switches(Switches {
        no_refund_amount: true,
        ..Switches::default()
    });
    assert!(bed.check("shop-1001").await.get("refundAmount").is_none());
    bed.sim
        .inject_api(Fault::once(ApiFault::WrongSignature).only("check_status"));
    let spoilt = bed.check("shop-1001").await;
    assert_ne!(
        spoilt["merchantSignature"],
        bed.check("shop-1001").await["merchantSignature"]
    );
}

#[tokio::test]
async fn wrong_requests_are_refused_with_their_codes() {
    let bed = Bed::new().await;
    bed.sim.paid(order("http://127.0.0.1:1/")).unwrap();
    bed.sim.create(NewPayment::new("unpaid", 100)).unwrap();
    bed.sim.paid(NewPayment::new("held", 100).two_stage()).unwrap();
    assert_eq!(bed.check("none").await["reasonCode"], 1127);
    assert_eq!(bed.check("none").await["orderReference"], "none");
    assert_eq!(bed.check("unpaid").await["reasonCode"], 1131);
    let table = [
        ("REFUND", "none", json!(1), 1127),
        ("REFUND", "shop-1001", json!("267.51"), 1128),
        ("REFUND", "shop-1001", json!("1.005"), 1130),
        ("REFUND", "unpaid", json!(1), 1126),
        ("REFUND", "held", json!("0.5"), 1141),
        ("SETTLE", "shop-1001", json!(1), 1126),
        ("SETTLE", "held", json!(2), 1137),
        ("DANCE", "held", json!(2), 1117),
    ];
    for (kind, order, amount, code) in table {
        let told = bed.movement(kind, order, amount.clone()).await;
        assert_eq!(told["reasonCode"], code, "{kind} {order} {amount}");
    }
    let ask = |fields: Value, key| bed.signed(fields, &signature::ORDER, key);
    let fields = json!({ "transactionType": "CHECK_STATUS", "orderReference": "shop-1001" });
    assert_eq!(ask(fields, "other").await["reasonCode"], 1113);
    let stranger =
        json!({ "transactionType": "CHECK_STATUS", "orderReference": "shop-1001", "merchantAccount": "nobody" });
    assert_eq!(ask(stranger, "key").await["reasonCode"], 1121);
    let unsigned = json!({ "transactionType": "CHECK_STATUS", "merchantAccount": "sandbox_merchant" });
    assert_eq!(bed.api.json("POST /api", &unsigned).await.json()["reasonCode"], 1115);
    let no_json = bed.api.call("POST /api", &[], "{").await.unwrap();
    assert_eq!(no_json.json()["reasonCode"], 1109);
    let dollars = json!({
        "transactionType": "REFUND", "orderReference": "shop-1001", "amount": 1, "currency": "USD", "comment": "so",
    });
    assert_eq!(
        bed.signed(dollars, &signature::MOVEMENT, "sandbox-secret-key").await["reasonCode"],
        1110
    );
}

#[tokio::test]
async fn money_goes_back_and_holds_are_settled() {
    let bed = Bed::new().await;
    let id = bed.sim.paid(order("http://127.0.0.1:1/")).unwrap();
    let told = bed.movement("REFUND", "shop-1001", json!(100)).await;
    assert_eq!(
        (&told["transactionStatus"], &told["reasonCode"]),
        (&json!("Refunded"), &json!(1100))
    );
    assert_eq!(told["merchantSignature"], "85dceec7caa82fa92ec89abdae16eaac");
    assert_eq!(bed.sim.payment(id).unwrap().refunded(), 10_000);
    bed.sim.inject_api(Fault::once(ApiFault::RefundFailed));
    let told = bed.movement("REFUND", "shop-1001", json!(1)).await;
    assert_eq!(told["transactionStatus"], "Declined");
    bed.sim.inject_api(Fault::once(ApiFault::RefundPending));
    let told = bed.movement("REFUND", "shop-1001", json!("167.50")).await;
    assert_eq!(
        (&told["transactionStatus"], &told["reasonCode"]),
        (&json!("RefundInProcessing"), &json!(1138))
    );
    assert_eq!(bed.check("shop-1001").await["transactionStatus"], "RefundInProcessing");
    bed.sim.finish_refunds(RefundState::Done);
    assert_eq!(bed.check("shop-1001").await["transactionStatus"], "Refunded");
    assert_eq!(bed.movement("REFUND", "shop-1001", json!(1)).await["reasonCode"], 1123);
    let held = bed.sim.paid(NewPayment::new("held", 1000).two_stage()).unwrap();
    assert_eq!(
        bed.movement("SETTLE", "held", json!(7)).await["transactionStatus"],
        "Approved"
    );
    assert_eq!(bed.sim.payment(held).unwrap().charged, 700);
    bed.sim.paid(NewPayment::new("released", 1000).two_stage()).unwrap();
    assert_eq!(
        bed.movement("REFUND", "released", json!(10)).await["transactionStatus"],
        "Voided"
    );
}

#[tokio::test]
async fn a_list_has_the_movements_of_its_time() {
    let bed = Bed::new().await;
    let start = bed.sim.clock().now_ms() / 1000;
    bed.sim.create(NewPayment::new("unpaid", 1)).unwrap();
    bed.sim.add_merchant(Merchant::new("other", "key"));
    bed.sim.paid(NewPayment::new("foreign", 1).of("other")).unwrap();
    let id = bed.sim.paid(order("http://127.0.0.1:1/")).unwrap();
    bed.sim.advance(Duration::from_secs(86_400));
    bed.sim.refund(id, 250).unwrap();
    let shown = |rows: Vec<Value>| {
        let of = |row: &Value| {
            format!(
                "{} {} {}",
                row["transactionType"], row["transactionStatus"], row["amount"]
            )
        };
        rows.iter().map(of).collect::<Vec<_>>().join(", ").replace('"', "")
    };
    let tomorrow = start + 86_400;
    assert_eq!(shown(bed.list(start, tomorrow - 1).await), "PURCHASE Approved 267.5");
    assert_eq!(shown(bed.list(start + 1, tomorrow).await), "REFUND Refunded 2.5");
    bed.sim.set_switches(Switches {
        refund_rows: RefundRows::OnPurchase,
        ..Switches::default()
    });
    assert_eq!(shown(bed.list(start, tomorrow).await), "PURCHASE Refunded 267.5");
}

#[tokio::test]
async fn not_found_and_too_many_are_said_on_purpose() {
    let bed = Bed::new().await;
    bed.sim.paid(order("http://127.0.0.1:1/")).unwrap();
    bed.sim.inject_api(Fault::once(ApiFault::NotFound));
    assert_eq!(bed.check("shop-1001").await["reasonCode"], 1127);
    bed.sim.inject_api(Fault::once(ApiFault::TooManyRequests));
    assert_eq!(bed.api.json("POST /api", &json!({})).await.status, 429);
}
