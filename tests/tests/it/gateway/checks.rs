//! What is missing, refused or wrong is told, and closes by itself once it is mended.

use ledger::fiscalization::Fiscalization;
use ledger::gateway::Progress;
use ledger::people::Reach;
use ledger::search::OrderFilter;
use reqwest::Method;
use sandbox::fondy::KktMode;
use serde_json::Value;
use tests::bed::{PATIENCE, on_each};
use tests::eventually;

use super::{World, alert, impatient, is_closed, is_open};

#[tokio::test]
async fn a_missing_receipt_is_a_warning_then_critical_and_closes_when_it_appears() {
    on_each(async |database| {
        let world = World::with(database, impatient()).await;
        world.bed.fondy.set_kkt_mode(KktMode::Missing);
        let order = world.pay("A-1", 26_750);
        let told = world
            .until_alert(alert::MISSING, |alert| is_open(alert) && alert.severity == "critical")
            .await;
        assert!(
            told.text.en.contains("A-1") && told.text.en.contains("0.00 of 267.50"),
            "{told:?}"
        );
        assert!(told.seen > 1, "it was a warning before: {told:?}");
        let missed = OrderFilter {
            status: Some(Fiscalization::Held),
            ..OrderFilter::default()
        };
        let listed = world
            .bed
            .ledger
            .search_orders(&Reach::Everything, &missed, None, 9)
            .await
            .unwrap();
        assert_eq!(listed.rows.len(), 1, "{listed:?}");
        let unmet = world
            .bed
            .ledger
            .unmet_expectations(&Reach::Everything, None, 9)
            .await
            .unwrap();
        assert_eq!(unmet.rows[0].order, "A-1");
        assert_eq!(unmet.rows[0].expectation.progress, Progress::Missed);

        assert_eq!(world.bed.fondy.make_owed_receipts(), 1);
        world.until(&order, &["sale registered"]).await;
        world.until_alert(alert::MISSING, is_closed).await;
        let unmet = world
            .bed
            .ledger
            .unmet_expectations(&Reach::Everything, None, 9)
            .await
            .unwrap();
        assert_eq!(unmet.rows, []);
        world.check_register().await;
    })
    .await;
}

#[tokio::test]
async fn a_refused_receipt_is_told_with_the_codes_words_and_closes_when_it_is_made_again() {
    on_each(async |database| {
        let world = World::with(database, impatient()).await;
        world.bed.fondy.set_kkt_mode(KktMode::Refuses("12".to_owned()));
        let order = world.pay("A-1", 26_750);
        let told = world.until_alert(alert::REFUSED, is_open).await;
        assert_eq!(told.severity, "critical");
        assert!(told.text.en.contains("code 12: the cashier's key"), "{told:?}");
        assert!(told.next_step.uk.contains("кабінеті платіжної системи"), "{told:?}");
        assert_eq!(world.bed.documents(&order).await.len(), 0);
        world.bed.fondy.make_owed_receipts();
        world.until(&order, &["sale registered"]).await;
        world.until_alert(alert::REFUSED, is_closed).await;
    })
    .await;
}

#[tokio::test]
async fn another_sum_than_the_payments_is_told() {
    on_each(async |database| {
        let world = World::with(database, impatient()).await;
        world.bed.fondy.set_kkt_mode(KktMode::Short(750));
        let order = world.pay("A-1", 26_750);
        let told = world.until_alert(alert::DIFFERS, is_open).await;
        assert!(told.text.en.contains("260.00 of 267.50 sold"), "{told:?}");
        assert_eq!(world.until(&order, &["sale registered"]).await[0].amount, 26_000);

        world.bed.fondy.set_kkt_mode(KktMode::Registers);
        let refunded = world.pay("A-2", 10_000);
        world.until(&refunded, &["sale registered"]).await;
        world.bed.fondy.set_kkt_mode(KktMode::Short(500));
        world.bed.give_back(&refunded, 4_000);
        world
            .until_alert(alert::DIFFERS, |alert| {
                alert.text.en.contains("35.00 of 40.00 given back")
            })
            .await;
    })
    .await;
}

#[tokio::test]
async fn a_person_who_settles_it_another_way_ends_the_looks_and_the_alert() {
    on_each(async |database| {
        let world = World::with(database, impatient()).await;
        world.bed.fondy.set_kkt_mode(KktMode::Missing);
        let order = world.pay("A-1", 26_750);
        world.until_alert(alert::MISSING, is_open).await;
        let id = world.expectation(&order).await.unwrap().id;
        let (reach, now) = (Reach::Everything, world.bed.ledger.now());
        let other = Reach::Merchants(vec![domain::ids::MerchantId::parse("bakery").unwrap()]);
        let ledger = &world.bed.ledger;
        assert!(
            !ledger
                .close_expectation(&other, &id, "чуже", "the test", now)
                .await
                .unwrap()
        );
        assert!(!ledger.look_for_receipt_now(&other, &id, now).await.unwrap());
        assert_eq!(ledger.unmet_expectations(&other, None, 9).await.unwrap().rows, []);
        let close = world
            .bed
            .ledger
            .close_expectation(&reach, &id, "зроблено вручну", "the test", now);
        assert!(close.await.unwrap());
        world.until_alert(alert::MISSING, is_closed).await;
        let view = world.expectation(&order).await.unwrap();
        assert_eq!((view.progress, view.look_at), (Progress::Closed, None));
        // More money is news again.
        world.bed.fondy.set_kkt_mode(KktMode::Registers);
        world.bed.give_back(&order, 100);
        eventually(PATIENCE, async || {
            let view = world.expectation(&order).await.unwrap();
            view.progress != Progress::Closed
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn a_first_payment_with_two_receipts_is_critical() {
    on_each(async |database| {
        let mut bed = tests::bed::TestBed::start(database).await;
        let shop = bed.shop().await;
        bed.fondy.add_merchant(sandbox::fondy::Merchant {
            own_prro: true,
            ..sandbox::fondy::Merchant::new(shop.gateway, shop.gateway_key.as_str())
        });
        bed.start_ingress().await;
        let millis = std::time::Duration::from_millis;
        let mut times = tests::bed::short_times();
        times.gateway.probes = [millis(50), millis(200)];
        let worker = bed.start_worker(times).await;
        bed.keep(worker);
        bed.sell(&shop, "A-1", 10_000).await;
        let told = eventually(PATIENCE, async || {
            let alerts = bed.ledger.open_alerts(None).await.unwrap();
            alerts
                .into_iter()
                .find(|told| told.kind == alert::DOUBLE)
                .ok_or("no alert")
        })
        .await;
        assert_eq!(
            (told.subject.as_str(), told.severity.as_str()),
            ("flowers-fondy", "critical")
        );
        assert_eq!(bed.tape(&shop).await, ["sale 100.00"], "what is ours stays ours");
        let answer = bed.api(&shop, Method::GET, "/v1/orders/A-1", Value::Null).await.json();
        assert_eq!(answer["documents"][0]["made_by"], "kasyr");
    })
    .await;
}
