//! A source's mode changes while orders are under way: an order stays with whoever made its sale.

use ledger::settings::ReceiptMaker;
use tests::bed::{TestBed, on_each, short_times};

use super::World;

#[tokio::test]
async fn what_the_payment_system_began_it_goes_on_with() {
    on_each(async |database| {
        let mut world = World::quiet(TestBed::start(database).await, |_| {}).await;
        world.bed.start_ingress().await;
        let before = world.bed.start_worker(short_times()).await;
        let theirs = world.pay("theirs", 10_000);
        world.until(&theirs, &["sale registered"]).await;
        // From now on we make the receipts; the payment system's register is still on.
        before.stop().await;
        world.bed.apply(&world.bed.settings_of(&world.shop)).await;
        let after = world.bed.start_worker(short_times()).await;
        world.bed.keep(after);
        let ours = world.bed.pay(&world.shop, "ours", 5_000);
        world.bed.until(&ours, &["sale registered"]).await;
        world.bed.give_back(&theirs, 4_000);
        world.until(&theirs, &["sale registered", "return registered"]).await;
        assert_eq!(world.bed.tape(&world.shop).await, ["sale 50.00"]);
    })
    .await;
}

#[tokio::test]
async fn what_we_began_we_go_on_with() {
    on_each(async |database| {
        let bed = TestBed::start(database).await;
        let mut world = World::quiet(bed, |settings| {
            settings.sources[0].makes_receipts = ReceiptMaker::Kasyr;
        })
        .await;
        world.bed.start_ingress().await;
        let before = world.bed.start_worker(short_times()).await;
        let order = world.bed.sell(&world.shop, "ours", 10_000).await;
        world.bed.sell(&world.shop, "newer", 100).await;
        let mut settings = world.bed.settings_of(&world.shop);
        settings.sources[0].makes_receipts = ReceiptMaker::Gateway;
        before.stop().await;
        world.bed.apply(&settings).await;
        let after = world.bed.start_worker(short_times()).await;
        world.bed.keep(after);
        let theirs = world.pay("theirs", 5_000);
        world.until(&theirs, &["sale registered"]).await;
        world.bed.give_back(&order, 4_000);
        world.bed.until(&order, &["sale registered", "return registered"]).await;
        let tape = ["sale 100.00", "sale 1.00", "return 40.00 of 1"];
        assert_eq!(world.bed.tape(&world.shop).await, tape);
    })
    .await;
}
