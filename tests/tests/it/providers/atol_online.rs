//! A register at ATOL Online: taken at once, told later. Its own cases (`atol-online.md` §6, §7, §9).

use std::time::Duration;

use ledger::settings::{Provider, SourceKind};
use sandbox::atol::{Fault, FaultKind, Forgery};
use tests::bed::{PATIENCE, Shop, TOLD_SECRET, TestBed, listen_to, on_each, short_times};
use tests::db::Database;
use tests::eventually;
use worker::WorkerTimes;
use worker::backoff::Schedule;

const NUMBER: u64 = 4_000_999_001;
const MINUTE: Duration = Duration::from_secs(60);

/// Results are asked for after so long at the earliest.
fn asking_after(first: Duration) -> WorkerTimes {
    WorkerTimes {
        result_ask: Schedule { first, cap: first },
        ..short_times()
    }
}

/// A world at work with one such register, which tells of results if `told`.
async fn world(mut bed: TestBed, times: WorkerTimes, told: bool) -> (TestBed, Shop) {
    bed.start_ingress().await;
    bed.delivery.public_url = format!("http://{}", bed.ingress_addr.unwrap());
    let worker = bed.start_worker(times).await;
    bed.keep(worker);
    let shop = bed
        .open_shop_at(Provider::AtolOnline, "flowers", NUMBER, |settings| {
            if told {
                listen_to(SourceKind::AtolOnline, settings);
            }
        })
        .await;
    (bed, shop)
}

fn group(shop: &Shop) -> String {
    format!("group-{}", shop.number)
}

#[tokio::test]
async fn a_document_is_taken_its_uuid_is_kept_and_the_poll_brings_its_result() {
    on_each(async |database: Database| {
        let (bed, shop) = world(TestBed::start(database).await, short_times(), false).await;
        bed.atol.set_latency(Duration::from_secs(600), Duration::from_secs(600));
        let order = bed.pay(&shop, "1", 26_750);
        bed.until(&order, &["sale pending"]).await;
        let taken = bed.atol.accepted(&group(&shop));
        assert_eq!(taken.len(), 1);
        assert!(shop.till.papers().is_empty(), "nothing fiscal exists yet");
        // Nothing is sent again while it waits, and a refund waits for its sale.
        bed.give_back(&order, 10_000);
        bed.until(&order, &["sale pending", "return waiting"]).await;
        bed.atol.advance(Duration::from_secs(601));
        bed.atol
            .set_latency(Duration::from_millis(20), Duration::from_millis(20));
        bed.until(&order, &["sale registered", "return registered"]).await;
        assert_eq!(bed.tape(&shop).await, ["sale 267.50", "return 100.00"]);
        assert_eq!(bed.atol.accepted(&group(&shop)).len(), 2);
        assert_eq!(
            bed.documents(&order).await[0]
                .fiscal_number
                .as_deref()
                .map(|number| number.split('-').count()),
            Some(3)
        );
    })
    .await;
}

#[tokio::test]
async fn a_callback_brings_the_result_before_any_poll_is_due() {
    let patient = asking_after(MINUTE * 60);
    let (bed, shop) = world(TestBed::start(Database::Sqlite).await, patient, true).await;
    let order = bed.pay(&shop, "1", 10_000);
    bed.until(&order, &["sale registered"]).await;
    assert_eq!(bed.tape(&shop).await, ["sale 100.00"]);
    let told = bed.atol.callbacks(&group(&shop));
    assert_eq!(told.len(), 1);
    // What a stranger tells changes nothing: the report is asked.
    let uuid = bed.atol.accepted(&group(&shop))[0].uuid.clone();
    assert!(bed.atol.forge_callback(&group(&shop), &uuid, Forgery::default()));
    bed.at_rest().await;
    assert_eq!(bed.states(&order).await, ["sale registered"]);
    // The address with its secret is kept nowhere.
    let document = bed.documents(&order).await.remove(0);
    for attempt in bed.attempts(&document).await {
        let text = format!("{attempt:?}");
        assert!(!text.contains(TOLD_SECRET), "{text}");
    }
}

#[tokio::test]
async fn without_a_callback_the_result_is_asked_for_after_300_seconds() {
    let bed = TestBed::start_at(Database::Sqlite, "2026-11-22T10:00:00Z").await;
    let (bed, shop) = world(bed, asking_after(Duration::from_secs(300)), true).await;
    bed.atol.inject(Fault::lasting(FaultKind::NoCallback));
    let order = bed.pay(&shop, "1", 10_000);
    bed.until(&order, &["sale pending"]).await;
    eventually(PATIENCE, async || shop.till.papers().len() == 1).await;
    bed.later(Duration::from_secs(310));
    bed.until(&order, &["sale registered"]).await;
    let taken = bed.atol.accepted(&group(&shop)).remove(0).accepted_at;
    let asked = bed.atol.requests().into_iter().find(|request| request.what == "report");
    let waited = asked.unwrap().at.duration_since(taken).as_secs();
    assert!((299..=400).contains(&waited), "{waited} s");
    assert_eq!(bed.atol.polls_too_fast(&group(&shop)), 0);
}

#[tokio::test]
async fn callbacks_that_are_lost_doubled_early_late_or_forged_make_one_receipt_each() {
    on_each(async |database: Database| {
        let (bed, shop) = world(
            TestBed::start(database).await,
            asking_after(Duration::from_millis(700)),
            true,
        )
        .await;
        let soon = Duration::from_millis(100);
        let ways = [
            FaultKind::NoCallback,
            FaultKind::RepeatedCallback { copies: 3, every: soon },
            FaultKind::CallbackFirst,
            // After the poll.
            FaultKind::LateCallback {
                by: Duration::from_secs(3),
            },
            FaultKind::ForgedCallback {
                forgery: Forgery::default(),
            },
        ];
        for (number, way) in ways.into_iter().enumerate() {
            bed.atol.inject(Fault::once(way.clone()));
            let order = bed.pay(
                &shop,
                &format!("order-{number}"),
                10_000 + u64::try_from(number).unwrap(),
            );
            bed.until(&order, &["sale registered"]).await;
            bed.atol.clear_faults();
            assert_eq!(shop.till.papers().len(), number + 1, "{way:?}");
        }
        eventually(PATIENCE, async || bed.atol.callbacks_waiting() == 0).await;
        bed.at_rest().await;
        assert_eq!(bed.tape(&shop).await.len(), 5);
    })
    .await;
}

#[tokio::test]
async fn the_same_external_id_again_brings_the_first_uuid_and_no_second_document() {
    on_each(async |database: Database| {
        let (bed, shop) = world(TestBed::start(database).await, short_times(), false).await;
        for fault in [
            FaultKind::StoreThenClose,
            FaultKind::TruncatedJson,
            FaultKind::bad_gateway(true),
        ] {
            bed.atol.inject(Fault::once(fault).only("sell*"));
        }
        let order = bed.pay(&shop, "1", 10_000);
        bed.until(&order, &["sale registered"]).await;
        let taken = bed.atol.accepted(&group(&shop));
        assert_eq!(taken.len(), 1, "one document, however often it came");
        assert_eq!(
            (taken[0].changed_repeats, taken[0].repeats > 0),
            (0, true),
            "to the last byte"
        );
        assert_eq!(bed.atol.printed(&group(&shop), &taken[0].external_id), 1);
    })
    .await;
}

#[tokio::test]
async fn what_the_queue_gave_up_is_registered_anew_under_another_name() {
    let (bed, shop) = world(TestBed::start(Database::Sqlite).await, short_times(), false).await;
    bed.atol.inject(Fault::once(FaultKind::Fails {
        error_type: sandbox::atol::ErrorType::Timeout,
        code: 1,
        prints: false,
    }));
    let order = bed.pay(&shop, "1", 10_000);
    bed.until(&order, &["sale registered"]).await;
    let names: Vec<String> = bed
        .atol
        .accepted(&group(&shop))
        .into_iter()
        .map(|taken| taken.external_id)
        .collect();
    assert_eq!(names.len(), 2);
    assert_ne!(names[0], names[1]);
    assert_eq!(bed.tape(&shop).await, ["sale 100.00"]);
}

#[tokio::test]
async fn a_result_that_nobody_fetched_for_32_days_is_a_persons_matter() {
    let bed = TestBed::start_at(Database::Sqlite, "2026-11-22T10:00:00Z").await;
    let (bed, shop) = world(bed, asking_after(MINUTE), false).await;
    bed.atol
        .inject(Fault::lasting(FaultKind::bad_gateway(false)).only("report*"));
    let order = bed.pay(&shop, "1", 10_000);
    bed.until(&order, &["sale pending"]).await;
    bed.later(Duration::from_secs(33 * 24 * 3600));
    bed.until(&order, &["sale held doubt_unresolved"]).await;
    assert_eq!(
        bed.atol.accepted(&group(&shop)).len(),
        1,
        "it is never sent anew on silence"
    );
}
