use std::time::Duration;

use domain::document::{Kind, Presence, Registration};
use domain::event::PaymentMeans;
use domain::ids::{DocumentId, FiscalNumber};
use domain::money::Kopecks;

use super::*;

const SECOND: Duration = Duration::from_secs(1);

fn times() -> WorkerTimes {
    WorkerTimes {
        settle: 60 * SECOND,
        look_apart: 5 * SECOND,
        doubt_limit: 3600 * SECOND,
        ..WorkerTimes::default()
    }
}

fn at(seconds: i64) -> UnixMillis {
    UnixMillis(1_000_000 + seconds * 1000)
}

fn document(absent_since: Option<i64>) -> DueDocument {
    DueDocument::in_doubt(
        DocumentId::from_uuid(uuid::Uuid::from_u128(1)),
        Kind::Sale,
        Kopecks::from_minor(100).unwrap(),
        PaymentMeans::default(),
        at(0),
        absent_since.map(at),
    )
}

fn judged(absent_since: Option<i64>, finding: &Finding, now: i64) -> Outcome {
    judge(&document(absent_since), finding, &times(), at(now))
}

#[test]
fn one_look_that_finds_nothing_proves_nothing() {
    let Outcome::Doubt { ask_at, absent_since } = judged(None, &Finding::Absent, 70) else {
        panic!("decided on one look");
    };
    assert_eq!((ask_at, absent_since), (at(75), Some(at(70))));
}

#[test]
fn absence_is_not_believed_while_the_request_may_still_run() {
    let Outcome::Doubt { ask_at, .. } = judged(Some(2), &Finding::Absent, 30) else {
        panic!("believed too early");
    };
    assert_eq!(ask_at, at(60));
}

#[test]
fn two_looks_apart_after_that_time_prove_that_it_is_not_there() {
    assert!(matches!(
        judged(Some(2), &Finding::Absent, 61),
        Outcome::NotDone(Kind::Sale)
    ));
    assert!(matches!(judged(Some(60), &Finding::Absent, 64), Outcome::Doubt { .. }));
}

#[test]
fn an_unclear_look_begins_the_count_anew_and_ends_with_a_person() {
    let unclear = Finding::Unclear("not delivered".to_owned());
    let Outcome::Doubt { absent_since, ask_at } = judged(Some(2), &unclear, 100) else {
        panic!("decided on an unclear look");
    };
    assert_eq!((absent_since, ask_at), (None, at(125)));
    assert!(matches!(
        judged(None, &unclear, 3601),
        Outcome::Held(HoldReason::DoubtUnresolved, _)
    ));
}

#[test]
fn what_is_found_is_registered_at_once() {
    let registration = Registration {
        fiscal_number: FiscalNumber::parse("9000000120").unwrap(),
        local_number: 42,
        registered_at: String::new(),
        presence: Presence::Online,
        url: None,
        qr_code: None,
        rendering: None,
        provider_id: None,
    };
    assert!(matches!(
        judged(None, &Finding::Found(registration), 1),
        Outcome::Registered(_)
    ));
}
