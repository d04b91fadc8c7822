use sandbox::fondy::NewOrder;
use serde_json::{Value, json};
use tests::bed::{Placed, Shop, TestBed, on_each};

use super::body;

#[tokio::test]
async fn a_full_refund_of_the_last_sale_cancels_it() {
    on_each(async |database| {
        let bed = TestBed::working(database).await;
        let shop = bed.shop().await;
        let order = bed.sell(&shop, "A-1", 26_750).await;
        bed.give_all_back(&order);
        let documents = bed.until(&order, &["sale registered", "storno registered"]).await;
        assert_eq!(bed.tape(&shop).await, ["sale 267.50", "storno of 1"]);
        let [sale, storno] = &bed.receipts(&shop)[..] else {
            panic!("two documents")
        };
        assert!(sale.storned);
        assert_eq!(body(storno)["CHECKHEAD"]["ORDERSTORNUM"], sale.num_fiscal.as_str());
        let attempts = bed.attempts(&documents[1]).await;
        let sent = attempts
            .iter()
            .find(|attempt| attempt.command == "RegisterCheck")
            .unwrap();
        let request: Value = serde_json::from_str(&sent.request).unwrap();
        assert_eq!(
            request["StornedCheck"]["CHECKBODY"],
            body(sale)["CHECKBODY"],
            "the original goes beside it"
        );
    })
    .await;
}

#[tokio::test]
async fn a_full_refund_of_an_older_sale_is_a_return() {
    on_each(async |database| {
        let bed = TestBed::working(database).await;
        let shop = bed.shop().await;
        let older = bed.sell(&shop, "older", 26_750).await;
        bed.sell(&shop, "newer", 100).await;
        bed.give_all_back(&older);
        bed.until(&older, &["sale registered", "return registered"]).await;
        assert_eq!(
            bed.tape(&shop).await,
            ["sale 267.50", "sale 1.00", "return 267.50 of 1"]
        );
        let number = &bed.receipts(&shop)[0].num_fiscal;
        assert_eq!(
            body(&bed.receipts(&shop)[2])["CHECKHEAD"]["ORDERRETNUM"],
            number.as_str()
        );
    })
    .await;
}

#[tokio::test]
async fn several_partial_refunds_are_as_many_returns_however_often_they_are_told() {
    on_each(async |database| {
        let bed = TestBed::working(database).await;
        let shop = bed.shop().await;
        let order = bed.sell(&shop, "A-1", 10_000).await;
        let mut expected = vec!["sale registered"];
        for amount in [1_000, 2_500, 6_500] {
            bed.give_back(&order, amount);
            expected.push("return registered");
            bed.until(&order, &expected).await;
            for callback in bed.fondy.callbacks(&order.at_gateway).unwrap() {
                bed.fondy.resend(callback.id);
            }
            bed.at_rest().await;
        }
        let tape = [
            "sale 100.00",
            "return 10.00 of 1",
            "return 25.00 of 1",
            "return 65.00 of 1",
        ];
        assert_eq!(bed.tape(&shop).await, tape);
        assert_eq!(bed.documents(&order).await.len(), 4);
    })
    .await;
}

/// An order without a callback address: the test posts its callbacks itself.
pub(super) fn place_silent(bed: &TestBed, shop: &Shop, id: &str, amount: u64) -> Placed {
    let mut order = NewOrder {
        merchant_id: shop.gateway,
        order_id: id.to_owned(),
        amount,
        ..NewOrder::default()
    };
    order.callback_url = None;
    Placed {
        shop: shop.clone(),
        at_gateway: bed.fondy.create_order(order).unwrap(),
        id: domain::ids::ExternalOrderId::parse(id).unwrap(),
    }
}

#[tokio::test]
async fn a_refund_that_is_told_first_brings_its_sale_with_it() {
    on_each(async |database| {
        let bed = TestBed::working(database).await;
        let shop = bed.shop().await;
        for (id, back, gain) in [
            ("part", 2_500, ["sale 100.00", "return 25.00 of 1"]),
            ("all", 10_000, ["sale 100.00", "storno of 3"]),
        ] {
            let order = place_silent(&bed, &shop, id, 10_000);
            bed.fondy.pay(&order.at_gateway).unwrap();
            let paid = bed.fondy.callback_for(&order.at_gateway).unwrap();
            bed.give_back(&order, back);
            let returned = bed.fondy.callback_for(&order.at_gateway).unwrap();
            let before = bed.tape(&shop).await;
            for callback in [&returned, &paid, &returned] {
                assert_eq!(bed.post_callback(&shop, callback.clone()).await.verdict(), "200");
                bed.at_rest().await;
                assert_eq!(
                    bed.tape(&shop).await,
                    [&before[..], &gain.map(str::to_owned)].concat(),
                    "{id}"
                );
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_refund_told_by_the_shop_before_its_sale_waits_for_it() {
    on_each(async |database| {
        let bed = TestBed::working(database).await;
        let shop = bed.shop().await;
        let refund = json!({ "type": "refund", "order_id": "A-1", "amount": "40", "currency": "UAH" });
        let told = bed.tell_event(&shop, "refund-1", refund.clone()).await;
        assert_eq!(told.verdict(), "202", "{}", told.body);
        let order = Placed {
            shop: shop.clone(),
            at_gateway: sandbox::fondy::OrderRef::new(shop.gateway, "A-1"),
            id: domain::ids::ExternalOrderId::parse("A-1").unwrap(),
        };
        bed.until(&order, &["return waiting"]).await;
        assert_eq!(bed.tape(&shop).await, [""; 0]);
        let payment = json!({ "type": "payment", "order_id": "A-1", "amount": "100", "currency": "UAH" });
        for _ in 0..2 {
            assert_eq!(
                bed.tell_event(&shop, "payment-1", payment.clone()).await.verdict(),
                "202"
            );
            assert_eq!(bed.tell_event(&shop, "refund-1", refund.clone()).await.verdict(), "202");
            bed.until(&order, &["return registered", "sale registered"]).await;
        }
        assert_eq!(bed.tape(&shop).await, ["sale 100.00", "return 40.00 of 1"]);
    })
    .await;
}

#[tokio::test]
async fn no_more_is_given_back_than_was_sold() {
    on_each(async |database| {
        let bed = TestBed::working(database).await;
        let shop = bed.shop().await;
        let order = bed.sell(&shop, "A-1", 10_000).await;
        let refund = json!({ "type": "refund", "order_id": "A-1", "amount": "60", "currency": "UAH" });
        for key in ["refund-1", "refund-2"] {
            assert_eq!(bed.tell_event(&shop, key, refund.clone()).await.verdict(), "202");
            bed.at_rest().await;
        }
        let expected = [
            "sale registered",
            "return registered",
            "return held refund_exceeds_sale",
        ];
        bed.until(&order, &expected).await;
        assert_eq!(bed.tape(&shop).await, ["sale 100.00", "return 60.00 of 1"]);
    })
    .await;
}
