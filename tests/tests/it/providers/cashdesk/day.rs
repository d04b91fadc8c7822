//! A register's day: shifts that are closed, by whomever, and compared; the time without the tax service.

use std::time::Duration;

use ledger::actions::Ask;
use sandbox::cashdesk::{Fault, FaultKind, Mode};
use tests::bed::{PATIENCE, on_each};
use tests::eventually;

use super::{MORNING, Stall};

async fn closes_at(database: tests::db::Database, close_at: &'static str) -> Stall {
    Stall::with(database, Mode::Cloud, |settings| {
        settings.registers[0].close_at = Some(close_at.to_owned());
    })
    .await
}

/// A register's only shift was seen open.
async fn opened(stall: &Stall) {
    eventually(PATIENCE, async || {
        let shifts = stall.bed.ledger.recent_shifts(&stall.shop.register, 10).await.unwrap();
        if shifts.is_empty() {
            Err("no shift was seen".to_owned())
        } else {
            Ok(())
        }
    })
    .await;
}

#[tokio::test]
async fn a_shift_closes_at_its_hour_and_its_report_agrees() {
    on_each(async |database| {
        let stall = closes_at(database, "23:30").await;
        let order = stall.bed.sell(&stall.shop, "A-1", 26_750).await;
        stall.bed.give_back(&order, 1_000);
        stall.bed.until(&order, &["sale registered", "return registered"]).await;
        opened(&stall).await;
        // As long as it is open its cloud is told that we are alive.
        eventually(PATIENCE, async || match stall.asked("shift/ping") {
            0 => Err("no sign of life".to_owned()),
            _ => Ok(()),
        })
        .await;
        stall.bed.later(Duration::from_secs(13 * 3600 + 31 * 60));
        let shifts = stall.compared().await;
        let shift = &shifts[0];
        assert_eq!((shifts.len(), shift.difference.as_deref()), (1, None));
        let totals = shift.totals.as_ref().unwrap();
        assert_eq!((totals.sales.sum.minor(), totals.sales.count), (26_750, 1));
        assert_eq!((totals.returns.sum.minor(), totals.returns.count), (1_000, 1));
        // One document is the closing and the Z-report.
        let z = stall.bed.cashdesk.shifts(stall.shop.number)[0].z_ordernum.clone();
        assert!(z.is_some());
        assert_eq!((&shift.closing_number, &shift.z_number), (&z, &z));
        assert_eq!(shift.opened_at.0 / 60_000, at(MORNING) / 60_000);
        let tape = stall.tape();
        assert_eq!(tape, ["OPEN_SHIFT", "Z_SALE 267.50", "Z_RETURN 10.00", "Z_REPORT"]);
        // The next receipt opens the next shift, whose day is another one.
        stall.bed.sell(&stall.shop, "A-2", 100).await;
        assert_eq!(stall.tape()[4..], ["OPEN_SHIFT", "Z_SALE 1.00"]);
    })
    .await;
}

/// Nobody tells the number of a Z-report but the answer to it.
#[tokio::test]
async fn a_closing_whose_answer_is_lost_is_registered_all_the_same() {
    on_each(async |database| {
        let stall = closes_at(database, "12:00").await;
        stall.bed.sell(&stall.shop, "A-1", 26_750).await;
        opened(&stall).await;
        let lost = Fault::once(FaultKind::RegisterThenClose).on_command("Z_REPORT");
        stall.bed.cashdesk.inject(lost);
        stall.bed.later(Duration::from_secs(3 * 3600));
        let shifts = stall.compared().await;
        let shift = &shifts[0];
        assert_eq!(shift.difference, None);
        assert_eq!(shift.totals.as_ref().unwrap().sales.sum.minor(), 26_750);
        assert_eq!(shift.closing_number, Some(format!("Z-{}", shift.reference)));
        let closing = stall
            .bed
            .ledger
            .document_of_shift(&shift.id, domain::document::Kind::Closing)
            .await
            .unwrap();
        assert_eq!(closing.map(|(_, state)| state).as_deref(), Some("registered"));
        assert_eq!(stall.tape(), ["OPEN_SHIFT", "Z_SALE 267.50", "Z_REPORT"]);
    })
    .await;
}

#[tokio::test]
async fn a_closing_that_never_arrived_is_sent_once_more() {
    on_each(async |database| {
        let stall = closes_at(database, "12:00").await;
        stall.bed.sell(&stall.shop, "A-1", 100).await;
        opened(&stall).await;
        let lost = Fault::once(FaultKind::CloseBefore).on_command("Z_REPORT");
        stall.bed.cashdesk.inject(lost);
        stall.bed.later(Duration::from_secs(3 * 3600));
        let shifts = stall.compared().await;
        let z = stall.bed.cashdesk.shifts(stall.shop.number)[0].z_ordernum.clone();
        assert_eq!((shifts[0].difference.as_deref(), &shifts[0].z_number), (None, &z));
        assert_eq!(stall.tape(), ["OPEN_SHIFT", "Z_SALE 1.00", "Z_REPORT"]);
    })
    .await;
}

/// The cabinet closes shifts by itself, where it is set so.
#[tokio::test]
async fn a_shift_that_somebody_else_closed_is_noticed_and_compared() {
    on_each(async |database| {
        let stall = Stall::open(database).await;
        stall.bed.sell(&stall.shop, "A-1", 26_750).await;
        opened(&stall).await;
        stall.bed.later(Duration::from_secs(3600));
        assert!(stall.bed.cashdesk.apply(&FaultKind::AutoClose, Some(stall.shop.number)));
        let shifts = stall.compared().await;
        assert_eq!((shifts.len(), shifts[0].difference.as_deref()), (1, None));
        assert_eq!(shifts[0].totals.as_ref().unwrap().sales.sum.minor(), 26_750);
        assert!(shifts[0].z_number.is_some());
        assert_eq!(stall.tape(), ["OPEN_SHIFT", "Z_SALE 267.50", "Z_REPORT"]);
    })
    .await;
}

#[tokio::test]
async fn a_check_that_is_not_ours_is_a_difference() {
    on_each(async |database| {
        let stall = Stall::open(database).await;
        stall.bed.sell(&stall.shop, "A-1", 26_750).await;
        opened(&stall).await;
        assert!(
            stall
                .bed
                .cashdesk
                .apply(&FaultKind::ForeignCheck, Some(stall.shop.number))
        );
        let foreign = stall.documents().pop().unwrap().ordernum;
        let asked = stall
            .bed
            .ledger
            .ask(&stall.shop.register, Ask::Close, "", "test", stall.bed.now());
        asked.await.unwrap();
        stall
            .bed
            .doorbell()
            .ring(queue::Kind::WorkRegister, stall.shop.register.as_str(), queue::Due::Now);
        let shifts = stall.compared().await;
        assert_eq!(shifts[0].foreign_documents, std::slice::from_ref(&foreign));
        let difference = shifts[0].difference.as_deref().unwrap();
        assert!(difference.contains(&foreign), "{difference}");
        assert!(difference.contains("sales.sum"), "{difference}");
    })
    .await;
}

#[tokio::test]
async fn what_is_made_offline_is_delivered_later() {
    on_each(async |database| {
        let stall = Stall::with(database, Mode::SmartConnect, |_| {}).await;
        stall.bed.cashdesk.set_tax_service(false);
        let order = stall.bed.sell(&stall.shop, "A-1", 26_750).await;
        let made = stall.bed.documents(&order).await.remove(0);
        let theirs = stall.documents().pop().unwrap();
        assert_eq!(made.presence.as_deref(), Some("offline"));
        assert_eq!((made.fiscal_number, theirs.uploaded), (theirs.offline_id, false));
        // Asked about, and not delivered yet.
        let asked = stall.asked("shift/zReport/period");
        eventually(PATIENCE, async || match stall.asked("shift/zReport/period") {
            now if now > asked + 1 => Ok(()),
            now => Err(format!("asked {now} times")),
        })
        .await;
        assert_eq!(
            stall.bed.documents(&order).await[0].presence.as_deref(),
            Some("offline")
        );
        // A lost answer is found offline, too.
        let lost = Fault::once(FaultKind::RegisterThenClose).on_command("check/sale");
        stall.bed.cashdesk.inject(lost);
        let other = stall.bed.sell(&stall.shop, "A-2", 100).await;
        assert_eq!(
            stall.bed.documents(&other).await[0].presence.as_deref(),
            Some("offline")
        );
        stall.bed.cashdesk.set_tax_service(true);
        stall.bed.cashdesk.deliver_offline();
        for order in [&order, &other] {
            eventually(PATIENCE, async || {
                let document = stall.bed.documents(order).await.remove(0);
                let delivered = document.presence.as_deref() == Some("delivered");
                if delivered {
                    Ok(())
                } else {
                    Err(format!("{document:?}"))
                }
            })
            .await;
        }
        assert_eq!(stall.tape(), ["OPEN_SHIFT", "Z_SALE 267.50", "Z_SALE 1.00"]);
        assert_eq!(
            stall.asked("shift/ping"),
            0,
            "a SmartConnect gives signs of life itself"
        );
    })
    .await;
}

#[tokio::test]
async fn a_check_is_fetched_as_a_person_reads_it() {
    on_each(async |database| {
        let stall = Stall::open(database).await;
        let order = stall.bed.sell(&stall.shop, "A-1", 26_750).await;
        let subject = stall.bed.documents(&order).await.remove(0).id;
        let id = domain::ids::DocumentId::parse(&subject).unwrap();
        let ledger = &stall.bed.ledger;
        let asked = ledger.ask(&stall.shop.register, Ask::Fetch, &subject, "test", stall.bed.now());
        let action = asked.await.unwrap();
        let end = eventually(PATIENCE, async || ledger.action(&action.id).await.unwrap().unwrap().end).await;
        assert!(end.done, "{end:?}");
        let text = ledger.rendering(id, false).await.unwrap().unwrap();
        assert!(text.body.contains("267.50"), "{}", text.body);
    })
    .await;
}

fn at(text: &str) -> i64 {
    let at: jiff::Timestamp = text.parse().unwrap();
    at.as_millisecond()
}
