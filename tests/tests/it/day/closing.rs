use std::time::Duration;

use ledger::actions::Ask;
use sandbox::cashalot::{Fault, FaultKind};
use tests::bed::{PATIENCE, TestBed, on_each};
use tests::db::Database;
use tests::eventually;
use worker::WorkerConfig;

use super::{alert, busy_times, came_and_went, compared, ends, no_alert, shifts, working};

const EVENING: &str = "2026-03-05T21:00:00+02:00";

#[tokio::test]
async fn a_shift_closes_at_its_hour_and_its_report_agrees() {
    on_each(async |database| {
        let mut bed = TestBed::start_at(database, EVENING).await;
        working(&mut bed).await;
        let change =
            |settings: &mut ledger::settings::Settings| settings.registers[0].close_at = Some("23:30".to_owned());
        let shop = bed.open_shop("flowers", 4_000_999_001, change).await;
        let order = bed.sell(&shop, "A-1", 26_750).await;
        bed.give_back(&order, 1_000);
        bed.until(&order, &["sale registered", "return registered"]).await;
        let open = shifts(&bed.ledger, &shop, |shifts| !shifts.is_empty()).await;
        assert!(open[0].closed_at.is_none());
        assert_eq!(open[0].close_due, at("2026-03-05T23:30:00+02:00"));
        bed.later(Duration::from_secs(2 * 3600 + 31 * 60));
        let closed = shifts(&bed.ledger, &shop, compared).await;
        let shift = &closed[0];
        assert_eq!((closed.len(), ends(&bed, &shop)), (1, (1, 1)));
        assert_eq!(shift.difference, None);
        let totals = shift.totals.as_ref().unwrap();
        assert_eq!((totals.sales.sum.minor(), totals.sales.count), (26_750, 1));
        assert_eq!((totals.returns.sum.minor(), totals.returns.count), (1_000, 1));
        // The report is kept as a person reads it.
        let (report, _) = bed
            .ledger
            .document_of_shift(&shift.id, domain::document::Kind::ZReport)
            .await
            .unwrap()
            .unwrap();
        eventually(PATIENCE, async || bed.ledger.rendering(report, true).await.unwrap()).await;
        // The next receipt opens the next shift.
        bed.sell(&shop, "A-2", 100).await;
        let open = shifts(&bed.ledger, &shop, |shifts| shifts.len() == 2).await;
        assert!(open[0].closed_at.is_none());
        assert_eq!(bed.cashalot.overlaps(shop.number), 0);
    })
    .await;
}

#[tokio::test]
async fn without_an_hour_a_shift_closes_before_it_is_23_and_a_half_hours_old() {
    on_each(async |database| {
        let mut bed = TestBed::start_at(database, EVENING).await;
        working(&mut bed).await;
        let shop = bed.shop().await;
        bed.sell(&shop, "A-1", 100).await;
        shifts(&bed.ledger, &shop, |shifts| !shifts.is_empty()).await;
        bed.later(Duration::from_secs(22 * 3600 + 59 * 60));
        bed.sell(&shop, "A-2", 100).await;
        assert_eq!(ends(&bed, &shop), (0, 0));
        bed.later(Duration::from_secs(2 * 60));
        shifts(&bed.ledger, &shop, compared).await;
        assert_eq!(ends(&bed, &shop), (1, 1));
    })
    .await;
}

/// Whoever asks, however often and from wherever: one closing.
#[tokio::test]
async fn a_closing_that_everybody_wants_happens_once() {
    let mut bed = TestBed::start_at(Database::Postgres, EVENING).await;
    bed.start_ingress().await;
    for _ in 0..3 {
        let worker = bed.start_worker(busy_times()).await;
        bed.keep(worker);
    }
    let change = |settings: &mut ledger::settings::Settings| settings.registers[0].close_at = Some("21:30".to_owned());
    let shop = bed.open_shop("flowers", 4_000_999_001, change).await;
    bed.sell(&shop, "A-1", 100).await;
    shifts(&bed.ledger, &shop, |shifts| !shifts.is_empty()).await;
    // The schedule is due, twenty API calls come at once, and a cron job works the register itself.
    bed.later(Duration::from_secs(31 * 60));
    let path = format!("/v1/registers/{}/close-shift", shop.register);
    let calls = (0..20).map(|_| bed.api(&shop, reqwest::Method::POST, &path, serde_json::Value::Null));
    let cron = async {
        let ledger = bed.open_ledger().await;
        let state = worker::WorkerState::new(
            &WorkerConfig::new(busy_times()),
            ledger.clone(),
            queue::Doorbell::connect(memory("memory:".parse().unwrap())),
            tokio_util::sync::CancellationToken::new(),
        )
        .unwrap();
        let action = ledger
            .ask(&shop.register, Ask::Close, "", "cron", ledger.now())
            .await
            .unwrap();
        eventually(PATIENCE, async || {
            worker::work_register::work_register(&state, &shop.register)
                .await
                .unwrap();
            ledger.action(&action.id).await.unwrap().unwrap().end
        })
        .await
    };
    let (answers, end) = tokio::join!(futures_util::future::join_all(calls), cron);
    assert!(end.done, "{end:?}");
    for answer in answers {
        assert_eq!(answer.status, 202, "{answer:?}");
    }
    shifts(&bed.ledger, &shop, compared).await;
    eventually(PATIENCE, async || {
        let open = bed.ledger.open_actions(&shop.register).await.unwrap();
        if open.is_empty() {
            Ok(())
        } else {
            Err(format!("{open:?}"))
        }
    })
    .await;
    assert_eq!(ends(&bed, &shop), (1, 1));
    assert_eq!(bed.cashalot.overlaps(shop.number), 0);
}

fn at(text: &str) -> domain::time::UnixMillis {
    let at: jiff::Timestamp = text.parse().unwrap();
    domain::time::UnixMillis(at.as_millisecond())
}

fn memory(url: queue::QueueUrl) -> queue::QueueConfig {
    queue::QueueConfig {
        url,
        prefix: "cron".to_owned(),
    }
}

#[tokio::test]
async fn a_report_without_its_closing_is_followed_by_the_closing_alone() {
    on_each(async |database| {
        let mut bed = TestBed::start_at(database, EVENING).await;
        working(&mut bed).await;
        let shop = bed.shop().await;
        bed.sell(&shop, "A-1", 100).await;
        assert!(bed.cashalot.apply(&FaultKind::ZThenCloseFails, Some(shop.number)));
        bed.ledger
            .ask(&shop.register, Ask::Close, "", "test", bed.now())
            .await
            .unwrap();
        let closed = shifts(&bed.ledger, &shop, compared).await;
        assert_eq!(ends(&bed, &shop), (1, 1));
        assert_eq!(
            (closed[0].difference.as_deref(), closed[0].z_number.is_some()),
            (None, true)
        );
        bed.sell(&shop, "A-2", 100).await;
    })
    .await;
}

#[tokio::test]
async fn a_closing_whose_answer_was_lost_is_found_and_not_repeated() {
    on_each(async |database| {
        let mut bed = TestBed::start_at(database, EVENING).await;
        working(&mut bed).await;
        let shop = bed.shop().await;
        bed.sell(&shop, "A-1", 100).await;
        bed.cashalot
            .inject(Fault::once(FaultKind::RegisterThenClose).on_command("CloseShift"));
        bed.ledger
            .ask(&shop.register, Ask::Close, "", "test", bed.now())
            .await
            .unwrap();
        let paid = bed.pay(&shop, "A-2", 100);
        let closed = shifts(&bed.ledger, &shop, |shifts| {
            shifts.iter().any(|shift| shift.compared_at.is_some())
        })
        .await;
        assert_eq!(closed.last().unwrap().difference, None);
        bed.until(&paid, &["sale registered"]).await;
        assert_eq!(ends(&bed, &shop), (1, 1));
        assert_eq!(bed.tape(&shop).await, ["sale 1.00", "sale 1.00"]);
    })
    .await;
}

#[tokio::test]
async fn a_report_on_request_leaves_the_shift_open_until_the_next_receipt() {
    on_each(async |database| {
        let mut bed = TestBed::start_at(database, EVENING).await;
        working(&mut bed).await;
        let shop = bed.shop().await;
        bed.sell(&shop, "A-1", 100).await;
        let action = bed
            .ledger
            .ask(&shop.register, Ask::ZReport, "", "test", bed.now())
            .await
            .unwrap();
        let end = eventually(PATIENCE, async || {
            bed.ledger.action(&action.id).await.unwrap().unwrap().end
        })
        .await;
        assert!(end.done && end.result.starts_with("Z-report "), "{end:?}");
        assert_eq!(ends(&bed, &shop), (0, 1));
        bed.sell(&shop, "A-2", 200).await;
        assert_eq!(ends(&bed, &shop), (1, 1));
        let shifts = shifts(&bed.ledger, &shop, |shifts| {
            shifts.iter().any(|shift| shift.compared_at.is_some())
        })
        .await;
        assert_eq!(shifts.last().unwrap().difference, None);
    })
    .await;
}

#[tokio::test]
async fn a_closing_that_fails_is_told_before_the_law_is_broken_and_made_when_it_can_be() {
    on_each(async |database| {
        let mut bed = TestBed::start_at(database, EVENING).await;
        working(&mut bed).await;
        let shop = bed.shop().await;
        bed.sell(&shop, "A-1", 100).await;
        shifts(&bed.ledger, &shop, |shifts| !shifts.is_empty()).await;
        let refuse = Fault {
            times: 1_000_000,
            ..Fault::once(FaultKind::ErrorCode {
                code: "DocumentValidationError".to_owned(),
            })
        };
        bed.cashalot.inject(refuse.on_command("CloseShift"));
        bed.later(Duration::from_secs(23 * 3600 + 5 * 60));
        let told = alert(&bed, "shift_closing").await;
        assert_eq!(told.severity, "warning", "{told:?}");
        assert!(!told.text.uk.is_empty() && !told.next_step.en.is_empty());
        bed.later(Duration::from_secs(45 * 60));
        eventually(PATIENCE, async || {
            let told = alert(&bed, "shift_closing").await;
            (told.severity == "critical").then_some(())
        })
        .await;
        bed.later(Duration::from_secs(30 * 60));
        eventually(PATIENCE, async || {
            let told = alert(&bed, "shift_closing").await;
            told.text.en.contains("older than 24 hours").then_some(())
        })
        .await;
        bed.cashalot.clear_faults();
        shifts(&bed.ledger, &shop, compared).await;
        no_alert(&bed, "shift_closing").await;
        no_alert(&bed, "register_trouble").await;
        assert!(came_and_went(&bed, "shift_closing").await);
        assert_eq!(ends(&bed, &shop), (1, 1));
    })
    .await;
}
