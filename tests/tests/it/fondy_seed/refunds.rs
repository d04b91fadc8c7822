use domain::refund::RefundPolicy;
use sandbox::fondy::Switches;
use serde_json::{Value, json};
use tests::bed::{Answer, Placed, on_each};

use super::{Market, ONE, OTHER, SOLD, receivers, told};

impl Market {
    /// A paid order of two receivers with their receipts.
    async fn sold(&self, id: &str) -> Placed {
        self.put(id, json!({ "receivers": told() })).await;
        let order = self.place_divided(id, receivers());
        self.pay(&order);
        self.bed.until(&order, &["sale registered", "sale registered"]).await;
        order
    }

    async fn tell_refund(&self, key: &str, order: &Placed, amount: &str, receiver: Option<u64>) -> Answer {
        let mut body = json!({
            "type": "refund", "order_id": order.id.as_str(), "amount": amount, "currency": "UAH", "register": "till-1",
        });
        if let Some(receiver) = receiver {
            body["receiver"] = receiver.to_string().into();
        }
        let answer = self.bed.tell_event(&self.shop, key, body).await;
        assert_eq!(answer.verdict(), "202", "{}", answer.body);
        answer
    }

    /// All snapshots of an order once more, the oldest last.
    async fn replay(&self, order: &Placed) {
        for callback in self.bed.fondy.callbacks(&order.at_gateway).unwrap().into_iter().rev() {
            self.bed.fondy.resend(callback.id);
        }
        self.bed.at_rest().await;
    }
}

#[tokio::test]
async fn a_full_refund_gives_back_each_part_as_its_register_does() {
    on_each(async |database| {
        let market = Market::with(database, |settings| {
            settings.registers[2].refund_policy = RefundPolicy::ReturnOnly;
        })
        .await;
        let order = market.sold("all").await;
        market.bed.fondy.reverse_all(&order.at_gateway).unwrap();
        market
            .bed
            .until(
                &order,
                &[
                    "sale registered",
                    "sale registered",
                    "storno registered",
                    "return registered",
                ],
            )
            .await;
        market.replay(&order).await;
        market
            .check_tapes(&[SOLD[0], "storno of 1"], &[SOLD[1], "return 4000.00 of 1"])
            .await;
        assert_eq!(market.shown(&order).await["parts"][1]["refunded"], "4000.00");
    })
    .await;
}

#[tokio::test]
async fn a_refund_that_says_its_receivers_lands_on_their_receipts() {
    on_each(async |database| {
        let market = Market::new(database).await;
        let order = market.sold("some").await;
        market
            .bed
            .fondy
            .reverse_from(&order.at_gateway, &[(OTHER, 100_000)])
            .unwrap();
        let mut documents = vec!["sale registered", "sale registered", "return registered"];
        market.bed.until(&order, &documents).await;
        market
            .bed
            .fondy
            .reverse_from(&order.at_gateway, &[(ONE, 50_000), (OTHER, 25_000)])
            .unwrap();
        documents.extend(["return registered", "return registered"]);
        market.bed.until(&order, &documents).await;
        market.replay(&order).await;
        market
            .check_tapes(
                &[SOLD[0], "return 500.00 of 1"],
                &[SOLD[1], "return 1000.00 of 1", "return 250.00 of 1"],
            )
            .await;
        // The rest of everything.
        market.bed.fondy.reverse_all(&order.at_gateway).unwrap();
        documents.extend(["return registered", "return registered"]);
        market.bed.until(&order, &documents).await;
        market
            .check_tapes(
                &[SOLD[0], "return 500.00 of 1", "return 5500.00 of 1"],
                &[
                    SOLD[1],
                    "return 1000.00 of 1",
                    "return 250.00 of 1",
                    "return 2750.00 of 1",
                ],
            )
            .await;
    })
    .await;
}

#[tokio::test]
async fn a_refund_of_nobody_in_particular_waits_until_its_receiver_is_told() {
    on_each(async |database| {
        let market = Market::new(database).await;
        let order = market.sold("whose").await;
        market.bed.fondy.reverse(&order.at_gateway, 100_000).unwrap();
        let held = ["sale registered", "sale registered", "return held receiver_unknown"];
        market.bed.until(&order, &held).await;
        market.replay(&order).await;
        assert_eq!(market.bed.states(&order).await, held);
        market.tell_refund("r-1", &order, "1000.00", Some(OTHER)).await;
        let settled = [
            "sale registered",
            "sale registered",
            "return closed receiver_unknown",
            "return registered",
        ];
        market.bed.until(&order, &settled).await;
        market.replay(&order).await;
        market.tell_refund("r-1", &order, "1000.00", Some(OTHER)).await;
        market.bed.at_rest().await;
        assert_eq!(market.bed.states(&order).await, settled);
        market.check_tapes(&[SOLD[0]], &[SOLD[1], "return 1000.00 of 1"]).await;
    })
    .await;
}

#[tokio::test]
async fn what_the_shop_tells_of_a_divided_order_is_asked_for_its_receiver() {
    on_each(async |database| {
        let market = Market::new(database).await;
        let order = market.sold("shop").await;
        market.tell_refund("r-1", &order, "1000.00", None).await;
        let mut documents = vec!["sale registered", "sale registered", "return held receiver_unknown"];
        market.bed.until(&order, &documents).await;
        market.tell_refund("r-2", &order, "1000.00", Some(7)).await;
        documents.push("return held receiver_unknown");
        market.bed.until(&order, &documents).await;
        market.tell_refund("r-3", &order, "6000.01", Some(ONE)).await;
        documents.push("return held refund_exceeds_sale");
        market.bed.until(&order, &documents).await;
        // All of it needs no receiver.
        market.tell_refund("r-4", &order, "10000.00", None).await;
        documents.extend(["storno registered", "storno registered"]);
        market.bed.until(&order, &documents).await;
        market
            .check_tapes(&[SOLD[0], "storno of 1"], &[SOLD[1], "storno of 1"])
            .await;
    })
    .await;
}

#[tokio::test]
async fn a_refund_of_a_part_that_is_told_before_the_payment_waits_for_that_part() {
    on_each(async |database| {
        let market = Market::new(database).await;
        market.put("first", json!({ "receivers": told() })).await;
        let order = market.place_plain("first");
        market.tell_refund("r-1", &order, "1000.00", Some(OTHER)).await;
        market.bed.until(&order, &["return waiting"]).await;
        market.pay(&order);
        let documents = ["return registered", "sale registered", "sale registered"];
        market.bed.until(&order, &documents).await;
        market.check_tapes(&[SOLD[0]], &[SOLD[1], "return 1000.00 of 1"]).await;
        // The first snapshot that is seen says that everything came back.
        let lost = market.place_divided("lost", receivers());
        market.put("lost", json!({ "receivers": told() })).await;
        market.bed.fondy.pay(&lost.at_gateway).unwrap();
        market.bed.fondy.reverse_all(&lost.at_gateway).unwrap();
        market
            .bed
            .until(
                &lost,
                &[
                    "sale registered",
                    "sale registered",
                    "storno registered",
                    "storno registered",
                ],
            )
            .await;
    })
    .await;
}

#[tokio::test]
async fn a_refund_of_a_part_without_a_receipt_needs_none() {
    on_each(async |database| {
        let market = Market::new(database).await;
        market.bed.fondy.set_switches(Switches {
            echo_receivers: true,
            ..Switches::default()
        });
        let mut parts = receivers();
        parts[1].reservation_data = None;
        let order = market.place_divided("quiet", parts);
        market.pay(&order);
        market.bed.until(&order, &["sale registered"]).await;
        market
            .bed
            .fondy
            .reverse_from(&order.at_gateway, &[(OTHER, 100_000)])
            .unwrap();
        market.bed.at_rest().await;
        let shown: Value = market.shown(&order).await;
        assert_eq!(shown["parts"][1]["refunded"], "1000.00");
        assert_eq!(market.bed.states(&order).await, ["sale registered"]);
        market.bed.fondy.reverse_all(&order.at_gateway).unwrap();
        market
            .bed
            .until(&order, &["sale registered", "storno registered"])
            .await;
        market.check_tapes(&[SOLD[0], "storno of 1"], &[]).await;
    })
    .await;
}
