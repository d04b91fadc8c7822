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

/// Of a document that the provider has taken.
fn judged_pending(finding: &Finding, now: i64) -> Outcome {
    let mut taken = document(None);
    taken.due = Due::Pending;
    let times = WorkerTimes {
        result_limit: 7200 * SECOND,
        ..times()
    };
    judge(&taken, finding, &times, at(now))
}

#[test]
fn a_result_is_awaited_as_long_as_its_provider_keeps_it() {
    let waits = Finding::Accepted {
        provider_id: None,
        ask_in: 20 * SECOND,
    };
    let unclear = Finding::Unclear("no answer".to_owned());
    // Long after a doubt would have become a hold.
    for (finding, ask_at) in [(&waits, at(7020)), (&unclear, at(7300))] {
        let Outcome::Accepted { ask_at: next, .. } = judged_pending(finding, 7000) else {
            panic!("decided on silence");
        };
        assert_eq!(next, ask_at);
    }
    for finding in [&waits, &unclear] {
        let outcome = judged_pending(finding, 7201);
        assert!(
            matches!(outcome, Outcome::Held(HoldReason::DoubtUnresolved, _)),
            "{outcome:?}"
        );
    }
}

#[test]
fn what_came_to_nothing_is_sent_anew_and_what_a_person_must_look_at_is_not() {
    let dropped = Finding::Dropped {
        why: "no register in time".to_owned(),
        again_in: SECOND,
    };
    let doubtful = Finding::Doubtful("it broke".to_owned());
    let refused = Finding::Refused("wrong".to_owned());
    assert!(matches!(judged_pending(&dropped, 10), Outcome::NotDone(Kind::Sale)));
    assert!(matches!(
        judged_pending(&doubtful, 10),
        Outcome::Held(HoldReason::DoubtUnresolved, _)
    ));
    assert!(matches!(
        judged_pending(&refused, 10),
        Outcome::Held(HoldReason::RefusedByProvider, _)
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
