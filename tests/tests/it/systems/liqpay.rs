use std::time::Duration;

use ledger::settings::SourceKind;
use serde_json::{Value, json};
use tests::bed::on_each;
use tests::db::Database;

use super::{ACCOUNT, World};

const FORM: &str = "application/x-www-form-urlencoded";

fn message(changes: &[(&str, Value)]) -> Value {
    let mut message = json!({"public_key": ACCOUNT, "order_id": "shop-1001", "payment_id": 1_656_290,
        "action": "pay", "status": "success", "amount": 267.5, "currency": "UAH", "version": 7,
        "sender_card_mask2": "424242*42", "sender_card_type": "visa"});
    for (name, value) in changes {
        message[*name] = value.clone();
    }
    message
}

impl World {
    async fn liqpay_tells(&self, message: &Value) {
        let body = self.api.liqpay(message);
        assert_eq!(self.post(FORM, "", body).await.0, 200);
    }
}

async fn start(database: Database) -> World {
    World::start(database, SourceKind::LiqPay).await
}

#[tokio::test]
async fn a_confirmed_payment_is_one_receipt_and_its_refunds_are_returns() {
    on_each(async |database| {
        let world = start(database).await;
        let paid = message(&[]);
        world.api.says("shop-1001", &paid);
        world.liqpay_tells(&paid).await;
        world.liqpay_tells(&paid).await;
        world.until("shop-1001", &["sale registered"]).await;
        // The status answer is documented without refunds: it says "success" all along.
        let part = message(&[("refund_amount", json!(100)), ("refund_date_last", json!(1))]);
        world.liqpay_tells(&part).await;
        world
            .until("shop-1001", &["sale registered", "return registered"])
            .await;
        // Out of order: the sale's callback again.
        world.liqpay_tells(&paid).await;
        let rest = message(&[
            ("status", json!("reversed")),
            ("refund_amount", json!(267.5)),
            ("refund_date_last", json!(2)),
        ]);
        world.api.says("shop-1001", &message(&[("status", json!("reversed"))]));
        world.liqpay_tells(&rest).await;
        let all = ["sale registered", "return registered", "return registered"];
        world.until("shop-1001", &all).await;
        assert_eq!(
            world.tape().await,
            ["sale 267.50", "return 100.00 of 1", "return 167.50 of 1"]
        );
    })
    .await;
}

#[tokio::test]
async fn a_hold_is_no_receipt_until_it_is_charged_and_none_when_it_is_released() {
    on_each(async |database| {
        let world = start(database).await;
        let hold = |order: &str, changes: &[(&str, Value)]| {
            let mut message = message(changes);
            message["action"] = json!("hold");
            message["order_id"] = json!(order);
            message
        };
        let held = [("status", json!("hold_wait"))];
        for order in ["charged", "released"] {
            world.liqpay_tells(&hold(order, &held)).await;
        }
        let charged = hold("charged", &[]);
        world.api.says("charged", &charged);
        world.liqpay_tells(&charged).await;
        world.until("charged", &["sale registered"]).await;
        let back = [("status", json!("reversed")), ("refund_amount", json!(267.5))];
        for order in ["released", "charged"] {
            let reversed = hold(order, &back);
            world.api.says(order, &reversed);
            world.liqpay_tells(&reversed).await;
        }
        world.until("charged", &["sale registered", "storno registered"]).await;
        assert_eq!(world.tape().await, ["sale 267.50", "storno of 1"]);
        assert!(world.states("released").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_payment_the_api_denies_waits_for_a_person() {
    on_each(async |database| {
        let limit = Duration::from_millis(600);
        let world = World::with_limit(database, SourceKind::LiqPay, limit).await;
        world.liqpay_tells(&message(&[])).await;
        world.until("shop-1001", &["sale held not_confirmed"]).await;
        world.api.says(
            "denied",
            &message(&[("order_id", json!("denied")), ("status", json!("failure"))]),
        );
        world.liqpay_tells(&message(&[("order_id", json!("denied"))])).await;
        world.until("denied", &["sale held not_confirmed"]).await;
        assert_eq!(world.tape().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_receipt_waits_while_the_api_is_away() {
    on_each(async |database| {
        let world = start(database).await;
        world.api.is_away(true);
        world.api.says("shop-1001", &message(&[]));
        world.liqpay_tells(&message(&[])).await;
        world.until_asked(3).await;
        assert!(world.states("shop-1001").await.is_empty());
        world.api.is_away(false);
        world.until("shop-1001", &["sale registered"]).await;
        assert_eq!(world.tape().await, ["sale 267.50"]);
    })
    .await;
}

#[tokio::test]
async fn what_no_rule_covers_waits_for_a_person() {
    on_each(async |database| {
        let world = start(database).await;
        let dollars = message(&[("currency", json!("USD"))]);
        world.api.says("shop-1001", &dollars);
        world.liqpay_tells(&dollars).await;
        world.until("shop-1001", &["sale held strange_event"]).await;
        let unknown = message(&[("order_id", json!("dancing")), ("status", json!("dancing"))]);
        world.liqpay_tells(&unknown).await;
        assert_eq!(world.tape().await, [""; 0]);
        assert!(world.states("dancing").await.is_empty());
    })
    .await;
}
