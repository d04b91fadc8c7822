//! A register's day: its shifts close in time and once, its reports agree with our documents, what
//! goes wrong is told, and the alert closes by itself.

mod closing;
mod faults;

use std::time::Duration;

use ledger::Ledger;
use ledger::alerts::AlertView;
use ledger::shifts::Shift;
use sandbox::cashalot::{DocClass, DocType, RecordedDocument};
use tests::bed::{PATIENCE, Shop, TestBed, short_times};
use tests::eventually;
use worker::WorkerTimes;

/// Times of a register's day for tests that live in real time.
fn busy_times() -> WorkerTimes {
    WorkerTimes {
        watch: Duration::from_millis(150),
        watch_soon: Duration::from_millis(60),
        ..short_times()
    }
}

/// Ingress and one worker that looks often.
async fn working(bed: &mut TestBed) {
    bed.start_ingress().await;
    let worker = bed.start_worker(busy_times()).await;
    bed.keep(worker);
}

/// Closings and Z-reports on the provider's tape.
fn ends(bed: &TestBed, shop: &Shop) -> (usize, usize) {
    let tape = bed.cashalot.documents(shop.number);
    let closings = tape.iter().filter(|document| is_closing(document)).count();
    let reports = tape.iter().filter(|document| document.class == DocClass::ZRep).count();
    (closings, reports)
}

fn is_closing(document: &RecordedDocument) -> bool {
    document.doc_type == Some(DocType::CloseShift)
}

/// The register's shifts, newest first, once `enough` of them is true.
#[track_caller]
fn shifts<'a>(
    ledger: &'a Ledger,
    shop: &'a Shop,
    enough: impl Fn(&[Shift]) -> bool + 'a,
) -> impl Future<Output = Vec<Shift>> + 'a {
    eventually(PATIENCE, async move || {
        let shifts = ledger.recent_shifts(&shop.register, 100).await.unwrap();
        if enough(&shifts) {
            Ok(shifts)
        } else {
            Err(format!("{shifts:?}"))
        }
    })
}

/// The newest shift is closed and its report compared.
fn compared(shifts: &[Shift]) -> bool {
    shifts.first().is_some_and(|shift| shift.compared_at.is_some())
}

/// The open alert of this kind, once there is one.
#[track_caller]
fn alert<'a>(bed: &'a TestBed, kind: &'a str) -> impl Future<Output = AlertView> + 'a {
    eventually(PATIENCE, async move || {
        let open = bed.ledger.open_alerts(None).await.unwrap();
        let kinds: Vec<String> = open.iter().map(|alert| alert.kind.clone()).collect();
        open.into_iter()
            .find(|alert| alert.kind == kind)
            .ok_or_else(|| format!("{kinds:?} and no {kind}"))
    })
}

/// Waits until no alert of this kind is open.
#[track_caller]
fn no_alert<'a>(bed: &'a TestBed, kind: &'a str) -> impl Future<Output = ()> + 'a {
    let gone = eventually(PATIENCE, async move || {
        let open = bed.ledger.open_alerts(None).await.unwrap();
        match open.into_iter().find(|alert| alert.kind == kind) {
            None => Ok(()),
            Some(alert) => Err(format!("{alert:?}")),
        }
    });
    async {
        gone.await;
    }
}

/// Was an alert of this kind open, and is it closed?
async fn came_and_went(bed: &TestBed, kind: &str) -> bool {
    let all = bed.ledger.recent_alerts(None, 200).await.unwrap();
    all.iter()
        .any(|alert| alert.kind == kind && alert.resolved_at.is_some())
}
