use std::time::Duration;

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

    async fn request(&self, fields: Value) -> Value {
        self.post("POST /api/request", &liqpay_form(&fields)).await.json()
    }

    async fn post(&self, request: &str, form: &str) -> crate::acquirer::tests::Reply {
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        self.api.call(request, &headers, form).await.unwrap()
    }
}

#[tokio::test]
async fn a_status_is_what_the_callback_said() {
    let bed = Bed::new().await;
    let id = bed.sim.paid(order("http://127.0.0.1:1/")).unwrap();
    let told = bed
        .request(json!({ "action": "status", "order_id": "shop-1001" }))
        .await;
    assert_eq!(
        (&told["result"], &told["status"], &told["amount"]),
        (&json!("ok"), &json!("success"), &json!(267.5))
    );
    bed.sim.refund_all(id).unwrap();
    let told = bed
        .request(json!({ "action": "status", "order_id": "shop-1001" }))
        .await;
    assert_eq!(
        (&told["status"], &told["refund_amount"]),
        (&json!("reversed"), &json!(267.5))
    );
}

#[tokio::test]
async fn an_unpaid_payment_is_prepared_or_not_found() {
    let bed = Bed::new().await;
    bed.sim.create(order("http://127.0.0.1:1/")).unwrap();
    let ask = json!({ "action": "status", "order_id": "shop-1001" });
    assert_eq!(bed.request(ask.clone()).await["status"], "prepared");
    bed.sim.set_switches(Switches {
        unpaid: Unpaid::NotFound,
        ..Switches::default()
    });
    assert_eq!(bed.request(ask).await["err_code"], "payment_not_found");
}

#[tokio::test]
async fn wrong_requests_are_refused_in_liqpays_words() {
    let bed = Bed::new().await;
    bed.sim.paid(order("http://127.0.0.1:1/")).unwrap();
    let table = [
        (json!({ "action": "status", "order_id": "none" }), "payment_not_found"),
        (json!({ "action": "status" }), "order_id_empty"),
        (json!({ "action": "dance", "order_id": "shop-1001" }), "err_path"),
        (
            json!({ "action": "refund", "order_id": "shop-1001", "amount": "267.51" }),
            "amount_limit",
        ),
        (
            json!({ "action": "refund", "order_id": "shop-1001", "amount": 0 }),
            "amount_limit",
        ),
        (
            json!({ "action": "refund", "order_id": "shop-1001", "amount": "1.005" }),
            "amount_limit",
        ),
        (
            json!({ "action": "hold_completion", "order_id": "shop-1001" }),
            "payment_err_status",
        ),
        (json!({ "action": "reports", "date_from": 1 }), "err_path"),
        (
            json!({ "action": "reports", "date_from": 1, "date_to": 2, "resp_format": "csv" }),
            "err_path",
        ),
    ];
    for (fields, code) in table {
        let told = bed.request(fields.clone()).await;
        assert_eq!(
            (&told["err_code"], &told["status"]),
            (&json!(code), &json!("error")),
            "{fields}"
        );
    }
    let good = liqpay_form(&json!({ "action": "status", "order_id": "shop-1001" }));
    for form in ["", "data=e30=", "data=!&signature=x", &format!("{good}x")] {
        let told = bed.post("POST /api/request", form).await.json();
        assert_eq!(told["err_code"], "invalid_signature", "{form}");
    }
    bed.sim
        .add_merchant(Merchant::new("sandbox_i00000000001", "another-key"));
    assert_eq!(
        bed.post("POST /api/request", &good).await.json()["err_code"],
        "invalid_signature"
    );
}

#[tokio::test]
async fn a_stranger_is_told_that_the_key_is_unknown() {
    let bed = Bed::new().await;
    let data = base64::Engine::encode(
        &base64::engine::general_purpose::STANDARD,
        json!({ "action": "status", "public_key": "nobody" }).to_string(),
    );
    let signature = liqpay_signature("key", &data);
    let form = crate::acquirer::Form::written(&[("data", &data), ("signature", &signature)]);
    let told = bed.post("POST /api/request", &form).await.json();
    assert_eq!(told["err_code"], "public_key_not_found");
}

#[tokio::test]
async fn refunds_and_captures_are_asked_for() {
    let bed = Bed::new().await;
    let held = bed.sim.paid(NewPayment::new("held", 1000).two_stage()).unwrap();
    let taken = json!({ "action": "hold_completion", "order_id": "held", "amount": "7.00" });
    assert_eq!(bed.request(taken).await["status"], "success");
    let part = json!({ "action": "refund", "order_id": "held", "amount": 2.5 });
    assert_eq!(bed.request(part).await["status"], "reversed");
    assert_eq!(bed.sim.payment(held).unwrap().refunded(), 250);
    let rest = json!({ "action": "refund", "order_id": "held" });
    assert_eq!(bed.request(rest.clone()).await["amount"], json!(4.5));
    assert_eq!(bed.request(rest).await["err_code"], "payment_err_status");
}

#[tokio::test]
async fn a_report_has_the_payments_of_its_time() {
    let bed = Bed::new().await;
    let start = bed.sim.clock().now_ms();
    bed.sim.create(NewPayment::new("unpaid", 1)).unwrap();
    let first = bed.sim.create(NewPayment::new("first", 100)).unwrap();
    bed.sim.add_merchant(Merchant::new("other", "key"));
    bed.sim.paid(NewPayment::new("foreign", 1).of("other")).unwrap();
    bed.sim.advance(Duration::from_secs(3600));
    bed.sim.pay(first).unwrap();
    bed.sim.paid(NewPayment::new("second", 200)).unwrap();
    let report = async |from: u64, to: u64| {
        let told = bed
            .request(json!({ "action": "reports", "date_from": from, "date_to": to.to_string() }))
            .await;
        assert_eq!(told["result"], "success");
        let rows = told["data"].as_array().unwrap().clone();
        rows.iter()
            .map(|row| row["order_id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let later = start + 3_600_000;
    assert_eq!(report(start, later).await, ["first", "second"]);
    assert_eq!(report(start, later - 1).await, ["first"]);
    bed.sim.set_switches(Switches {
        reports_by: ReportsBy::Ended,
        ..Switches::default()
    });
    assert!(report(start, later - 1).await.is_empty());
    assert_eq!(report(later, later).await, ["first", "second"]);
}

#[tokio::test]
async fn the_buyers_form_makes_a_payment_once() {
    let bed = Bed::new().await;
    let order = json!({
        "action": "hold", "order_id": "a", "amount": 267.5, "currency": "UAH", "description": "Книги",
        "server_url": "http://127.0.0.1:1/", "sandbox": "1",
    });
    let reply = bed.post("POST /api/3/checkout", &liqpay_form(&order)).await;
    assert_eq!(reply.status, 302);
    assert!(reply.head.contains("location: /pay/2400000001"), "{}", reply.head);
    let made = bed.sim.find("sandbox_i00000000001", "a").unwrap();
    assert_eq!(
        (made.amount, made.two_stage, made.test, made.description),
        (26_750, true, true, "Книги".to_owned())
    );
    let again = format!("GET /api/3/checkout?{}", liqpay_form(&order));
    assert_eq!(bed.post(&again, "").await.status, 302);
    bed.sim.pay(made.id).unwrap();
    let told = bed.post("POST /api/3/checkout", &liqpay_form(&order)).await.json();
    assert_eq!(told["err_code"], "payment_err_status");
    let nothing = json!({ "action": "pay", "order_id": "b", "currency": "UAH" });
    let told = bed.post("POST /api/3/checkout", &liqpay_form(&nothing)).await.json();
    assert_eq!(told["err_code"], "amount_limit");
}
