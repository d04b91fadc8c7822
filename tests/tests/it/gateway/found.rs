//! Purchases, captures and reversals that the payment system fiscalizes.

use std::time::Duration;

use ledger::gateway::Progress;
use sandbox::fondy::{KktMode, NewOrder};
use tests::bed::{PATIENCE, on_each};
use tests::eventually;

use super::World;

/// The gateway's own example: 140.00 + 127.50.
const BASKET: &str = "eyJwcm9kdWN0cyI6W3siaWQiOjEsIm5hbWUiOiLQnNC40LPQtNCw0LvRjCDQttCw0YAuIiwicHJpY2UiOjcwMC4wLCJ0b3RhbF9hbW91bnQiOjE0MC4wLCJxdWFudGl0eSI6MC4yfSx7ImlkIjoyLCJuYW1lIjoi0JrQtdGI0YzRjiDQvtGH0LjRiS4iLCJwcmljZSI6ODUwLjAsInRvdGFsX2Ftb3VudCI6MTI3LjUsInF1YW50aXR5IjowLjE1fV19";

#[tokio::test]
async fn a_purchase_and_its_reversals_appear_and_no_register_of_ours_hears_of_them() {
    on_each(async |database| {
        let world = World::new(database).await;
        let order = world.bed.place_with(
            &world.shop,
            NewOrder {
                order_id: "A-1".to_owned(),
                amount: 26_750,
                reservation_data: Some(BASKET.to_owned()),
                ..NewOrder::default()
            },
        );
        world.bed.fondy.pay(&order.at_gateway).unwrap();
        let sale = world.until(&order, &["sale registered"]).await.remove(0);
        assert_eq!((sale.amount, sale.local_number), (26_750, Some(1)));
        assert_eq!(sale.fiscal_number.as_deref(), Some("7000000001"));
        assert!(sale.registered_at.is_some());
        world.bed.give_back(&order, 12_750);
        world.until(&order, &["sale registered", "return registered"]).await;
        world.bed.give_all_back(&order);
        let all = ["sale registered", "return registered", "return registered"];
        let documents = world.until(&order, &all).await;
        let sums: Vec<i64> = documents.iter().map(|document| document.amount).collect();
        assert_eq!(sums, [26_750, 12_750, 14_000]);
        for back in &documents[1..] {
            assert_eq!(back.parent.as_ref(), Some(&sale.id));
        }
        eventually(PATIENCE, async || {
            world
                .expectation(&order)
                .await
                .is_some_and(|view| view.progress == Progress::Met)
        })
        .await;
        world.check_register().await;
    })
    .await;
}

#[tokio::test]
async fn a_hold_expects_nothing_and_its_capture_a_receipt_of_what_was_charged() {
    on_each(async |database| {
        let world = World::new(database).await;
        let order = world.bed.place_with(
            &world.shop,
            NewOrder {
                order_id: "A-1".to_owned(),
                amount: 26_750,
                preauth: true,
                ..NewOrder::default()
            },
        );
        world.bed.fondy.pay(&order.at_gateway).unwrap();
        world.bed.at_rest().await;
        assert_eq!(world.expectation(&order).await, None);
        world.bed.fondy.capture(&order.at_gateway, 20_000).unwrap();
        let documents = world.until(&order, &["sale registered"]).await;
        assert_eq!(documents[0].amount, 20_000);
        world.check_register().await;
    })
    .await;
}

#[tokio::test]
async fn a_receipt_that_appears_late_is_found() {
    on_each(async |database| {
        let world = World::new(database).await;
        world.bed.fondy.set_kkt_mode(KktMode::Later(Duration::from_millis(700)));
        let order = world.pay("A-1", 10_000);
        eventually(PATIENCE, async || world.expectation(&order).await.is_some()).await;
        assert_eq!(world.bed.documents(&order).await.len(), 0);
        world.until(&order, &["sale registered"]).await;
        world.check_register().await;
    })
    .await;
}

#[tokio::test]
async fn two_refunds_told_as_one_are_two_returns() {
    on_each(async |database| {
        let world = World::new(database).await;
        let order = world.pay("A-1", 10_000);
        world.until(&order, &["sale registered"]).await;
        // Their messages are lost but for the last one, which tells of both.
        for amount in [1_000, 2_500] {
            world.bed.give_back(&order, amount);
        }
        let all = ["sale registered", "return registered", "return registered"];
        world.until(&order, &all).await;
        for callback in world.bed.fondy.callbacks(&order.at_gateway).unwrap() {
            world.bed.fondy.resend(callback.id);
        }
        world.bed.at_rest().await;
        assert_eq!(world.bed.documents(&order).await.len(), 3);
        let view = world.expectation(&order).await.unwrap();
        assert_eq!((view.expected, view.progress), (view.found, Progress::Met));
    })
    .await;
}

#[tokio::test]
async fn the_payment_systems_trouble_is_waited_out() {
    use sandbox::fondy::{ApiFault, Endpoint};
    on_each(async |database| {
        let world = World::new(database).await;
        for fault in [
            ApiFault::ServerError,
            ApiFault::ResponseLost,
            ApiFault::ServerErrorAfter,
        ] {
            world.bed.fondy.fault_next_call(Endpoint::KktLogs, fault);
        }
        let order = world.pay("A-1", 10_000);
        world.until(&order, &["sale registered"]).await;
    })
    .await;
}

#[tokio::test]
async fn two_workers_and_more_looks_make_one_document_each() {
    on_each(async |database| {
        let mut world = World::new(database).await;
        let second = world.bed.start_worker(tests::bed::short_times()).await;
        world.bed.keep(second);
        let orders: Vec<_> = (0..12)
            .map(|number| world.pay(&format!("A-{number}"), 1_000 + number))
            .collect();
        for order in &orders {
            world.until(order, &["sale registered"]).await;
            let view = world.expectation(order).await.unwrap();
            // Nothing is to be looked for, so a look asked for by a person finds nothing to do either.
            let reach = ledger::people::Reach::Everything;
            let again = world
                .bed
                .ledger
                .look_for_receipt_now(&reach, &view.id, world.bed.ledger.now());
            assert!(!again.await.unwrap() || view.progress != Progress::Met);
        }
        world.bed.at_rest().await;
        for order in &orders {
            assert_eq!(world.bed.documents(order).await.len(), 1);
        }
        world.check_register().await;
    })
    .await;
}
