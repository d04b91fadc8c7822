use std::time::Duration;

use ledger::settings::SourceKind;
use serde_json::{Value, json};
use tests::bed::on_each;
use tests::db::Database;

use super::World;

fn invoice(changes: &[(&str, Value)]) -> Value {
    let mut invoice = json!({"invoiceId": "p2_9ZgpZVsl3", "status": "success", "amount": 26_750, "ccy": 980,
        "finalAmount": 26_750, "modifiedDate": "2025-03-05T12:04:10Z", "reference": "shop-1001", "cancelList": [],
        "paymentInfo": {"maskedPan": "444403******1902", "approvalCode": "662476", "rrn": "060189181768",
            "paymentSystem": "visa"}});
    for (name, value) in changes {
        invoice[*name] = value.clone();
    }
    invoice
}

fn back(amount: u64) -> Value {
    json!({"status": "success", "amount": amount, "ccy": 980})
}

impl World {
    async fn monobank_tells(&self, invoice: &Value) -> u16 {
        let body = invoice.to_string();
        let x_sign = self.api.x_sign(&body);
        self.post("application/json", &x_sign, body).await.0
    }

    /// The webhook, and the status API says the same.
    async fn monobank_says(&self, invoice: &Value) {
        self.api.says(invoice["invoiceId"].as_str().unwrap(), invoice);
        assert_eq!(self.monobank_tells(invoice).await, 200);
    }
}

async fn start(database: Database) -> World {
    World::start(database, SourceKind::Monobank).await
}

#[tokio::test]
async fn a_confirmed_invoice_is_one_receipt_and_its_refunds_are_returns() {
    on_each(async |database| {
        let world = start(database).await;
        let paid = invoice(&[]);
        world.monobank_says(&paid).await;
        world.monobank_says(&paid).await;
        world.until("shop-1001", &["sale registered"]).await;
        let part = [("finalAmount", json!(16_750)), ("cancelList", json!([back(10_000)]))];
        world.monobank_says(&invoice(&part)).await;
        world
            .until("shop-1001", &["sale registered", "return registered"])
            .await;
        // Out of order: what was true before.
        assert_eq!(
            world.monobank_tells(&invoice(&[("status", json!("processing"))])).await,
            200
        );
        assert_eq!(world.monobank_tells(&paid).await, 200);
        let rest = [
            ("status", json!("reversed")),
            ("finalAmount", json!(0)),
            ("cancelList", json!([back(10_000), back(16_750)])),
        ];
        world.monobank_says(&invoice(&rest)).await;
        let all = ["sale registered", "return registered", "return registered"];
        world.until("shop-1001", &all).await;
        let tape = world.tape().await;
        assert_eq!(tape, ["sale 267.50", "return 100.00 of 1", "return 167.50 of 1"]);
    })
    .await;
}

#[tokio::test]
async fn a_part_of_a_hold_is_what_the_receipt_is_for_and_a_released_one_is_none() {
    on_each(async |database| {
        let world = start(database).await;
        let of = |id: &str, changes: &[(&str, Value)]| {
            let mut invoice = invoice(changes);
            invoice["invoiceId"] = json!(id);
            invoice["reference"] = json!(id);
            invoice
        };
        for id in ["charged", "released"] {
            world.monobank_says(&of(id, &[("status", json!("hold"))])).await;
        }
        world
            .monobank_says(&of("charged", &[("finalAmount", json!(20_000))]))
            .await;
        world.until("charged", &["sale registered"]).await;
        let ended = [("status", json!("reversed")), ("finalAmount", json!(0))];
        world.monobank_says(&of("released", &ended)).await;
        assert_eq!(world.tape().await, ["sale 200.00"]);
        assert!(world.states("released").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_invoice_of_somebody_else_makes_no_receipt() {
    on_each(async |database| {
        let limit = Duration::from_millis(600);
        let world = World::with_limit(database, SourceKind::Monobank, limit).await;
        // Well signed by the bank, and our token does not know it.
        assert_eq!(world.monobank_tells(&invoice(&[])).await, 200);
        world.until("shop-1001", &["sale held strange_event"]).await;
        // Ours, about another order than the webhook names.
        world.api.says(
            "p7",
            &invoice(&[("invoiceId", json!("p7")), ("reference", json!("other"))]),
        );
        let renamed = invoice(&[("invoiceId", json!("p7")), ("reference", json!("shop-1002"))]);
        assert_eq!(world.monobank_tells(&renamed).await, 200);
        world.until("shop-1002", &["sale held strange_event"]).await;
        assert_eq!(world.tape().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn wrong_signatures_store_nothing() {
    on_each(async |database| {
        let world = start(database).await;
        let body = invoice(&[]).to_string();
        let x_sign = world.api.x_sign("another body");
        let (status, _) = world.post("application/json", &x_sign, body).await;
        assert_eq!(status, 400);
        assert!(world.order("shop-1001").await.is_none());
    })
    .await;
}
