use std::time::Duration;

use base64::Engine as _;
use reqwest::Method;
use sandbox::fondy::{ApiFault, Endpoint, OrderRef, Switches};
use serde_json::{Value, json};
use tests::bed::{PATIENCE, Placed, on_each, short_times};
use tests::eventually;

use super::{Market, PAID, SOLD, STANDARD, pieces, receivers, to, told};

/// The purchases of a merchant that only collects make no receipt themselves.
async fn market(database: tests::db::Database) -> Market {
    Market::with(database, |settings| settings.sources[0].technical = true).await
}

impl Market {
    /// The settlement as a shop sends it by itself; its result comes as a callback.
    async fn settle_by_the_shop(&self, order: &Placed, settlement_id: &str) -> Value {
        let part = |receiver: &sandbox::fondy::Receiver| {
            json!({
                "type": "merchant",
                "requisites": {
                    "merchant_id": receiver.merchant_id,
                    "amount": receiver.amount,
                    "settlement_description": receiver.description,
                    "reservation_data": receiver.reservation_data,
                },
            })
        };
        let callback_url = format!(
            "http://{}/callbacks/{}",
            self.bed.ingress_addr.unwrap(),
            self.shop.source
        );
        let body = json!({ "order": {
            "order_type": "settlement",
            "order_id": settlement_id,
            "operation_id": order.id.as_str(),
            "merchant_id": self.shop.gateway,
            "amount": PAID,
            "currency": "UAH",
            "order_desc": "test order",
            "server_callback_url": callback_url,
            "receiver": receivers().iter().map(part).collect::<Vec<_>>(),
        }});
        let data = STANDARD.encode(body.to_string());
        let signature = fondy::sign_v2(&self.shop.gateway_key.as_str().into(), &data);
        let request = json!({ "request": { "version": "2.0", "data": data, "signature": signature } });
        let answer = reqwest::Client::builder()
            .no_proxy()
            .build()
            .unwrap()
            .post(format!("http://{}/api/settlement", self.bed.fondy_addr))
            .json(&request)
            .send()
            .await
            .unwrap();
        serde_json::from_str(&answer.text().await.unwrap()).unwrap()
    }

    /// Asks Kasyr to divide the payment.
    async fn ask(&self, order: &Placed, key: &str, body: Value) -> tests::bed::Answer {
        let path = format!("/v1/orders/{}/settlement", order.id);
        self.bed.api_with_key(&self.shop, Method::POST, &path, key, body).await
    }

    /// Waits until the order's only settlement is in this state.
    async fn until_settled(&self, order: &Placed, state: &str) -> Value {
        eventually(PATIENCE, async || {
            let shown = self.shown(order).await;
            let found = shown["settlements"].clone();
            match found[0]["state"] == state && found[1].is_null() {
                true => Ok(found[0].clone()),
                false => Err(format!("{found}")),
            }
        })
        .await
    }

    /// The payment is known and waits for its receivers.
    async fn until_waiting(&self, order: &Placed) {
        eventually(PATIENCE, async || {
            let events = self.bed.view(order).await.map(|view| view.events).unwrap_or_default();
            let waits = |note: &String| note.contains("not known yet");
            events.iter().any(|event| event.note.as_ref().is_some_and(waits))
        })
        .await;
    }
}

fn echoing() -> Switches {
    Switches {
        echo_receivers: true,
        echo_operation: true,
        ..Switches::default()
    }
}

#[tokio::test]
async fn the_documentations_settlement_is_two_receipts_on_two_registers_and_two_letters() {
    on_each(async |database| {
        let market = market(database).await;
        market.bed.fondy.set_switches(echoing());
        let order = market.place_plain("shop-2001");
        market.pay(&order);
        market.until_waiting(&order).await;
        assert!(market.bed.documents(&order).await.is_empty(), "no receipt of the whole");
        let answer = market.settle_by_the_shop(&order, "shop-2001_split1").await;
        assert!(answer["response"]["data"].is_string(), "{answer}");
        market.bed.until(&order, &["sale registered", "sale registered"]).await;
        market.check_tapes(&[SOLD[0]], &[SOLD[1]]).await;
        market
            .bed
            .until_told("shop-2001", "mail", &["registered done", "registered done"])
            .await;
        assert_eq!(market.mailbox.messages_to(&to("shop-2001")).len(), 2);
        market.bed.at_rest().await;
        let states: Vec<Value> = market.shown(&order).await["events"]
            .as_array()
            .unwrap()
            .iter()
            .map(|event| event["kind"].clone())
            .collect();
        assert_eq!(states, ["paid", "split"], "the settlement's event is the paid order's");
        let own = domain::ids::ExternalOrderId::parse("shop-2001_split1").unwrap();
        let found = market.bed.ledger.order_view(&market.shop.merchant, &own).await.unwrap();
        assert!(found.is_none(), "a settlement is no order");
    })
    .await;
}

#[tokio::test]
async fn a_settlement_that_is_told_before_its_payment_divides_it_all_the_same() {
    on_each(async |database| {
        let market = market(database).await;
        market.bed.fondy.set_switches(echoing());
        let order = market.place_plain("reordered");
        market.pay(&order);
        let paid = market.bed.fondy.callback_for(&order.at_gateway).unwrap();
        // Nothing of the payment came; a refund is told first of all.
        market.settle_by_the_shop(&order, "reordered-s").await;
        market.bed.until(&order, &["sale registered", "sale registered"]).await;
        for _ in 0..2 {
            assert_eq!(
                market.bed.post_callback(&market.shop, paid.clone()).await.verdict(),
                "200"
            );
            market.bed.at_rest().await;
        }
        market.check_tapes(&[SOLD[0]], &[SOLD[1]]).await;
    })
    .await;
}

#[tokio::test]
async fn a_settlement_of_an_order_nobody_names_waits_with_an_alert_until_the_shop_says_it() {
    on_each(async |database| {
        let market = market(database).await;
        market.bed.fondy.set_switches(Switches {
            echo_operation: false,
            ..echoing()
        });
        let order = market.place_plain("silent");
        market.pay(&order);
        market.until_waiting(&order).await;
        market.settle_by_the_shop(&order, "S-77").await;
        eventually(PATIENCE, async || {
            let open = market.bed.ledger.open_alerts(None).await.unwrap();
            open.iter()
                .any(|alert| alert.kind == "event_waits" && alert.text.en.contains("which order this settlement"))
        })
        .await;
        assert!(
            market.bed.documents(&order).await.is_empty(),
            "nothing is made on a guess"
        );
        market.put("silent", json!({ "settlement_id": "S-77" })).await;
        market.bed.until(&order, &["sale registered", "sale registered"]).await;
        market.check_tapes(&[SOLD[0]], &[SOLD[1]]).await;
        eventually(PATIENCE, async || {
            let open = market.bed.ledger.open_alerts(None).await.unwrap();
            open.iter().all(|alert| alert.kind != "event_waits")
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn a_payment_that_nobody_divides_is_an_alert_and_never_a_whole_receipt() {
    on_each(async |database| {
        let mut market = market(database).await;
        let worker = market
            .bed
            .start_worker(worker::WorkerTimes {
                split_limit: Duration::ZERO,
                ..short_times()
            })
            .await;
        market.bed.keep(worker);
        let order = market.place_plain("undivided");
        market.pay(&order);
        eventually(PATIENCE, async || {
            let open = market.bed.ledger.open_alerts(None).await.unwrap();
            open.iter().any(|alert| alert.kind == "split_waits")
        })
        .await;
        assert!(market.bed.documents(&order).await.is_empty());
        market.put("undivided", json!({ "receivers": told() })).await;
        market.bed.until(&order, &["sale registered", "sale registered"]).await;
        eventually(PATIENCE, async || {
            let open = market.bed.ledger.open_alerts(None).await.unwrap();
            open.iter().all(|alert| alert.kind != "split_waits")
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn a_split_that_is_told_after_the_whole_receipt_doubles_nothing() {
    on_each(async |database| {
        let market = Market::new(database).await;
        market.bed.fondy.set_switches(echoing());
        let order = market.place_plain("late");
        market.pay(&order);
        market.bed.until(&order, &["sale registered"]).await;
        market.settle_by_the_shop(&order, "late-s").await;
        market
            .bed
            .until(&order, &["sale registered", "sale held split_too_late"])
            .await;
        assert_eq!(market.bed.tape(&market.shop).await, ["sale 10000.00"]);
        // What comes back comes back of the one receipt there is.
        market.bed.fondy.reverse_all(&order.at_gateway).unwrap();
        market
            .bed
            .until(
                &order,
                &["sale registered", "sale held split_too_late", "storno registered"],
            )
            .await;
    })
    .await;
}

#[tokio::test]
async fn a_settlement_that_kasyr_sends_is_what_the_receipts_follow_from() {
    on_each(async |database| {
        let market = market(database).await;
        let order = market.place_plain("ours");
        let early = market.ask(&order, "s-1", json!({ "receivers": told() })).await;
        assert_eq!(early.verdict(), "404 order_not_found");
        market.put("ours", json!({ "description": "Кошик на двох" })).await;
        let early = market.ask(&order, "s-1", json!({ "receivers": told() })).await;
        assert_eq!(early.verdict(), "409 order_not_paid");
        market.pay(&order);
        market.until_waiting(&order).await;
        let answer = market.ask(&order, "s-1", json!({ "receivers": told() })).await;
        assert_eq!(answer.verdict(), "202", "{}", answer.body);
        assert_eq!(answer.json()["settlement_id"], "ours_split1");
        assert_eq!(answer.json()["order_id"], "ours");
        let same = market.ask(&order, "s-1", json!({ "receivers": told() })).await;
        assert_eq!(
            (same.verdict().as_str(), &same.json()["id"]),
            ("202", &answer.json()["id"])
        );
        market.until_settled(&order, "done").await;
        market.bed.until(&order, &["sale registered", "sale registered"]).await;
        market.check_tapes(&[SOLD[0]], &[SOLD[1]]).await;
        let again = market.ask(&order, "s-2", json!({ "receivers": told() })).await;
        assert_eq!(again.verdict(), "409 already_divided");
        let other = market
            .ask(&order, "s-1", json!({ "description": "інше", "receivers": told() }))
            .await;
        assert_eq!(other.verdict(), "422 repeated_key_different_body");
        // What the gateway got: the receivers with their baskets.
        let own = OrderRef::new(market.shop.gateway, "ours_split1");
        let at_gateway = market.bed.fondy.order(own.merchant_id, &own.order_id).unwrap();
        assert_eq!(at_gateway.amount, PAID);
        market.bed.at_rest().await;
        assert_eq!(market.bed.documents(&order).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_divided_is_refused_before_anything_is_sent() {
    on_each(async |database| {
        let market = market(database).await;
        let order = market.place_plain("refused");
        market.pay(&order);
        market.until_waiting(&order).await;
        let less = json!([{ "receiver": "500001", "amount": "6000" }]);
        let bank = json!([{ "receiver": "bank_account", "amount": "10000" }]);
        let mut cheap = told();
        cheap[0]["basket"][0]["quantity"] = json!(5);
        for (body, expected) in [
            (json!({}), "422 missing_field"),
            (json!({ "receivers": less }), "422 sum_mismatch"),
            (json!({ "receivers": bank }), "422 bad_field"),
            (json!({ "receivers": cheap }), "422 sum_mismatch"),
            (json!({ "recipients": [] }), "422 unknown_field"),
        ] {
            let answer = market.ask(&order, "s-1", body.clone()).await;
            assert_eq!(answer.verdict(), expected, "{body}: {}", answer.body);
        }
        assert!(market.shown(&order).await["settlements"].as_array().unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_settlement_whose_answer_is_lost_is_asked_about_and_not_sent_again() {
    on_each(async |database| {
        let market = market(database).await;
        for (place, fault) in [
            ApiFault::ResponseLost,
            ApiFault::ServerErrorAfter,
            ApiFault::ServerError,
            ApiFault::Delay(short_times().call_timeout * 2),
        ]
        .into_iter()
        .enumerate()
        {
            let order = market.place_plain(&format!("lost-{place}"));
            market.pay(&order);
            market.until_waiting(&order).await;
            market.bed.fondy.fault_next_call(Endpoint::Settlement, fault);
            let answer = market
                .ask(&order, &format!("s-{place}"), json!({ "receivers": told() }))
                .await;
            assert_eq!(answer.verdict(), "202", "{}", answer.body);
            market.until_settled(&order, "done").await;
            market.bed.until(&order, &["sale registered", "sale registered"]).await;
        }
        let tapes = market.tapes().await;
        assert_eq!((tapes[0].len(), tapes[1].len(), tapes[2].len()), (4, 4, 0));
    })
    .await;
}

#[tokio::test]
async fn a_payment_that_somebody_else_divided_is_refused_with_an_alert() {
    on_each(async |database| {
        let market = market(database).await;
        let order = market.place_plain("taken");
        market.pay(&order);
        market.until_waiting(&order).await;
        market.settle_by_the_shop(&order, "somebody-elses").await;
        let answer = market.ask(&order, "s-1", json!({ "receivers": told() })).await;
        assert_eq!(answer.verdict(), "202", "{}", answer.body);
        let refused = market.until_settled(&order, "refused").await;
        assert_eq!(
            refused["note"],
            "the payment was divided already, not by this settlement"
        );
        let open = market.bed.ledger.open_alerts(None).await.unwrap();
        assert!(open.iter().any(|alert| alert.kind == "settlement_stuck"), "{open:?}");
        assert!(pieces(1).len() > 10);
    })
    .await;
}
