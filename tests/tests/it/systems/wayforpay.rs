use domain::ids::ExternalOrderId;
use domain::money::Kopecks;
use ledger::refunds::{RefundAsked, RefundWish};
use ledger::settings::SourceKind;
use serde_json::{Value, json};
use tests::bed::on_each;
use tests::db::Database;

use super::{ACCOUNT, World};

const JSON: &str = "application/json";

fn message(changes: &[(&str, Value)]) -> Value {
    let mut message = json!({"merchantAccount": ACCOUNT, "orderReference": "shop-1001", "amount": 267.5,
        "currency": "UAH", "authCode": "541963", "cardPan": "42****4242", "cardType": "Visa",
        "transactionStatus": "Approved", "reasonCode": 1100, "processingDate": 1});
    for (name, value) in changes {
        message[*name] = value.clone();
    }
    message
}

impl World {
    async fn wayforpay_tells(&self, message: &Value) {
        let (status, body) = self.post(JSON, "", self.api.wayforpay(message)).await;
        assert_eq!(status, 200);
        let reply: Value = serde_json::from_str(&body).unwrap();
        let order = message["orderReference"].as_str().unwrap();
        let signature = self.api.wayforpay_accept(order, reply["time"].as_i64().unwrap());
        assert_eq!(
            (&reply["status"], &reply["signature"]),
            (&json!("accept"), &json!(signature))
        );
    }
}

async fn start(database: Database) -> World {
    World::start(database, SourceKind::WayForPay).await
}

#[tokio::test]
async fn a_confirmed_payment_is_one_receipt_and_the_status_says_how_much_came_back() {
    on_each(async |database| {
        let world = start(database).await;
        let goods = json!([{"name": "Троянда", "price": 133.75, "count": 2}]);
        let paid = message(&[]);
        world.api.says("shop-1001", &message(&[("products", goods)]));
        world.wayforpay_tells(&paid).await;
        world.wayforpay_tells(&paid).await;
        world.until("shop-1001", &["sale registered"]).await;
        // Its money goes back in its own cabinet, so nobody asks us in vain.
        let order = ExternalOrderId::parse("shop-1001").unwrap();
        let wish = RefundWish {
            merchant: &world.shop.merchant,
            order: &order,
            key: "k-1",
            amount: Kopecks::from_minor(5_000).unwrap(),
            comment: None,
        };
        let asked = world.bed.ledger.ask_refund(wish, "the test", world.bed.now()).await;
        assert!(matches!(asked, Ok(RefundAsked::NotPaid)), "{asked:?}");
        // Two refunds of 50.00, whose callbacks carry the refund's own amount.
        for (date, total) in [(2, 50), (3, 100)] {
            let status = json!("Refunded");
            let answer = message(&[("transactionStatus", status.clone()), ("refundAmount", json!(total))]);
            world.api.says("shop-1001", &answer);
            let callback = message(&[
                ("transactionStatus", status),
                ("amount", json!(50)),
                ("processingDate", json!(date)),
            ]);
            world.wayforpay_tells(&callback).await;
            let mut expected = vec!["sale registered"];
            expected.resize(date, "return registered");
            world.until("shop-1001", &expected).await;
        }
        let tape = world.tape().await;
        assert_eq!(tape, ["sale 267.50", "return 50.00 of 1", "return 50.00 of 1"]);
        let receipt = world.bed.receipts(&world.shop).remove(0);
        let body = format!("{receipt:?}");
        assert!(body.contains("Троянда"), "{body}");
    })
    .await;
}

#[tokio::test]
async fn a_void_is_a_refund_of_a_sale_and_nothing_of_a_hold() {
    on_each(async |database| {
        let world = start(database).await;
        let of = |order: &str, status: &str| {
            message(&[("orderReference", json!(order)), ("transactionStatus", json!(status))])
        };
        for order in ["charged", "released"] {
            world.wayforpay_tells(&of(order, "WaitingAuthComplete")).await;
        }
        world.api.says("charged", &of("charged", "Approved"));
        world.wayforpay_tells(&of("charged", "Approved")).await;
        world.until("charged", &["sale registered"]).await;
        for order in ["released", "charged"] {
            world.api.says(order, &of(order, "Voided"));
            world.wayforpay_tells(&of(order, "Voided")).await;
        }
        world.until("charged", &["sale registered", "storno registered"]).await;
        assert_eq!(world.tape().await, ["sale 267.50", "storno of 1"]);
        assert!(world.states("released").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn out_of_order_and_replayed_callbacks_change_nothing() {
    on_each(async |database| {
        let world = start(database).await;
        let refunded = message(&[("transactionStatus", json!("Refunded"))]);
        world.api.says(
            "shop-1001",
            &message(&[("transactionStatus", json!("Refunded")), ("refundAmount", json!(267.5))]),
        );
        world.wayforpay_tells(&refunded).await;
        world
            .until("shop-1001", &["sale registered", "storno registered"])
            .await;
        world.wayforpay_tells(&message(&[])).await;
        world.wayforpay_tells(&refunded).await;
        world
            .wayforpay_tells(&message(&[("transactionStatus", json!("Pending"))]))
            .await;
        assert_eq!(world.tape().await, ["sale 267.50", "storno of 1"]);
    })
    .await;
}
