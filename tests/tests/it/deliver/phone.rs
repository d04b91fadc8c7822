//! The provider's own message to the buyer's phone.

use sandbox::cashalot::{Fault, FaultKind};
use serde_json::json;
use tests::bed::{TestBed, on_each};
use tests::db::Database;

use super::{World, mail};

const PHONE: &str = "+380501234567";

async fn with_phone(bed: TestBed) -> World {
    World::with(bed, |settings| mail(settings, |mail| mail.phone_buyers = true)).await
}

#[tokio::test]
async fn nobody_gets_a_message_that_costs_money_unless_the_merchant_wishes_it() {
    let world = World::new(Database::Sqlite).await;
    world.tell("A-1", json!({ "phone": PHONE })).await;
    world.bed.sell(&world.shop, "A-1", 10_000).await;
    world.bed.until_told("A-1", "webhook", &["registered done"]).await;
    assert!(world.bed.messages_of("A-1", "phone").await.is_empty());
    assert!(world.bed.cashalot.sent_receipts().is_empty());
}

#[tokio::test]
async fn a_sale_goes_to_the_buyers_phone_once() {
    on_each(async |database| {
        let world = with_phone(TestBed::start(database).await).await;
        world.tell("A-1", json!({ "phone": "+38 (050) 123-45-67" })).await;
        let order = world.bed.sell(&world.shop, "A-1", 10_000).await;
        world.bed.until_told("A-1", "phone", &["registered done"]).await;
        world.bed.give_back(&order, 2_500);
        world
            .bed
            .until_told("A-1", "webhook", &["registered done", "registered done"])
            .await;
        let sent = world.bed.cashalot.sent_receipts();
        assert_eq!(sent.len(), 1, "{sent:?}");
        let number = world.bed.documents(&order).await[0].fiscal_number.clone().unwrap();
        let of = (
            sent[0].register,
            sent[0].num_fiscal.clone(),
            sent[0].sum_kopecks,
            sent[0].phone.as_str(),
        );
        assert_eq!(of, (world.shop.number, number, 10_000, PHONE));
    })
    .await;
}

#[tokio::test]
async fn a_refusal_waits_for_a_person_and_touches_no_receipt() {
    let world = with_phone(TestBed::start(Database::Sqlite).await).await;
    let refused = FaultKind::ErrorCode {
        code: "DocumentValidationError".to_owned(),
    };
    world
        .bed
        .cashalot
        .inject(Fault::once(refused).on_command("SendCheckToConsumer"));
    world.tell("A-1", json!({ "phone": PHONE })).await;
    let order = world.bed.sell(&world.shop, "A-1", 10_000).await;
    let held = world
        .bed
        .until_told("A-1", "phone", &["registered held phone_refused"])
        .await
        .remove(0);
    assert_eq!(world.bed.lane_alerts(&held.lane).await, ["deliveries_held"]);
    let tries = world.bed.tries(&held).await;
    assert_eq!(tries.len(), 1);
    assert!(!format!("{tries:?}").contains("1234567"), "{tries:?}");
    assert_eq!(world.bed.states(&order).await, ["sale registered"]);
    assert_eq!(world.bed.tape(&world.shop).await, ["sale 100.00"]);
    world.bed.until_told("A-1", "webhook", &["registered done"]).await;
    assert!(
        world
            .bed
            .ledger
            .register_rest(&world.shop.register)
            .await
            .unwrap()
            .until
            <= world.bed.ledger.now()
    );
}

/// It may have been sent, and each message may cost money: a person decides.
#[tokio::test]
async fn an_answer_that_was_lost_sends_no_second_message() {
    let world = with_phone(TestBed::start(Database::Sqlite).await).await;
    let lost = Fault::once(FaultKind::RegisterThenClose).on_command("SendCheckToConsumer");
    world.bed.cashalot.inject(lost);
    world.tell("A-1", json!({ "phone": PHONE })).await;
    world.bed.sell(&world.shop, "A-1", 10_000).await;
    let held = world
        .bed
        .until_told("A-1", "phone", &["registered held phone_unclear"])
        .await
        .remove(0);
    assert_eq!(held.unclear, 1);
    assert_eq!(world.bed.cashalot.sent_receipts().len(), 1);
}
