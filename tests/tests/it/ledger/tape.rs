use std::time::Duration;

use domain::document::Kind;
use domain::hold::HoldReason;
use domain::ids::DocumentId;
use ledger::LedgerError;
use ledger::alerts::{NewAlert, Severity, Words};
use ledger::leases::Lease;
use ledger::tape::{Due, Follow, Health, NewAttempt, Outcome, REGISTER_TROUBLE, Settled};

use super::bed::{Bed, MINUTE, NOW, doubt, intent, merchant, on_each, registration, till};

#[tokio::test]
async fn ready_documents_come_in_the_order_they_were_made() {
    on_each(async |bed| {
        let mut made = Vec::new();
        for number in 0..5 {
            made.push(bed.sale(&format!("A-{number}"), 100).await);
        }
        let lease = bed.lease("a").await;
        let mut seen = Vec::new();
        while let Some(due) = bed.next_due().await {
            bed.register(&lease, due.id, &format!("{}", seen.len())).await;
            seen.push(due.id);
        }
        assert_eq!(seen, made);
    })
    .await;
}

#[tokio::test]
async fn doubts_come_first_and_those_that_wait_stop_nobody() {
    on_each(async |bed| {
        let (first, second, third) = (
            bed.sale("A-1", 100).await,
            bed.sale("A-2", 100).await,
            bed.sale("A-3", 100).await,
        );
        let lease = bed.lease("a").await;
        assert!(bed.begin(&lease, second).await);
        let due = bed.next_due().await.unwrap();
        assert_eq!(
            (due.id, due.due),
            (second, Due::Sending),
            "what is open comes before the oldest"
        );
        let later = NOW.plus(MINUTE);
        assert!(bed.finish(&lease, second, Due::Sending, &doubt(later)).await);
        assert_eq!(
            bed.next_due().await.unwrap().id,
            first,
            "the doubt is not to be asked about yet"
        );
        let due = bed.ledger.next_due(&till(), later).await.unwrap().unwrap();
        assert_eq!((due.id, due.due, due.attempts), (second, Due::InDoubt, 1));
        assert!(bed.ledger.has_due(&till(), NOW).await.unwrap());
        // A document proved absent is ready at once, in its old place.
        assert!(
            bed.finish(&lease, second, Due::InDoubt, &Outcome::NotDone(Kind::Sale))
                .await
        );
        bed.register(&lease, first, "1").await;
        assert_eq!(bed.next_due().await.unwrap().id, second);
        bed.register(&lease, second, "2").await;
        assert_eq!(bed.next_due().await.unwrap().id, third);
    })
    .await;
}

#[tokio::test]
async fn a_resting_register_keeps_its_order_of_documents() {
    on_each(async |bed| {
        let document = bed.sale("A-1", 100).await;
        let lease = bed.lease("a").await;
        let until = NOW.plus(MINUTE);
        let trouble = Health::Trouble {
            until,
            word: "down".to_owned(),
            alert: None,
        };
        bed.ledger
            .note_register(&lease, None, &[], &trouble, NOW)
            .await
            .unwrap();
        assert_eq!(bed.rest(NOW).await, Some(until));
        assert_eq!(bed.rest(until).await, None);
        assert_eq!(
            bed.next_due().await.unwrap().id,
            document,
            "backoff is the register's, not the document's"
        );
    })
    .await;
}

#[tokio::test]
async fn only_doubts_that_may_be_asked_about_are_due_when_nothing_is_ready() {
    on_each(async |bed| {
        let document = bed.sale("A-1", 100).await;
        let lease = bed.lease("a").await;
        assert!(bed.begin(&lease, document).await);
        let later = NOW.plus(MINUTE);
        assert!(bed.finish(&lease, document, Due::Sending, &doubt(later)).await);
        for (now, due) in [(NOW, false), (later, true)] {
            assert_eq!(bed.ledger.has_due(&till(), now).await.unwrap(), due);
            assert_eq!(bed.ledger.next_due(&till(), now).await.unwrap().is_some(), due);
        }
    })
    .await;
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    Waiting,
    Ready,
    Sending,
    InDoubt,
    Registered,
    Held,
}

const PLACES: [Place; 6] = [
    Place::Waiting,
    Place::Ready,
    Place::Sending,
    Place::InDoubt,
    Place::Registered,
    Place::Held,
];

/// A document in this state; `number` keeps orders apart.
async fn put(bed: &Bed, lease: &Lease, place: Place, number: usize) -> DocumentId {
    let order = format!("A-{number}");
    match place {
        Place::Waiting => return bed.refund(&order, 100).await,
        Place::Held => {
            return bed
                .held(&order, super::bed::sale(100), HoldReason::BasketMismatch)
                .await;
        }
        Place::Ready | Place::Sending | Place::InDoubt | Place::Registered => {}
    }
    let document = bed.sale(&order, 100).await;
    if place != Place::Ready {
        assert!(bed.begin(lease, document).await);
    }
    let outcome = match place {
        Place::InDoubt => doubt(NOW),
        Place::Registered => Outcome::Registered(registration(&number.to_string())),
        Place::Waiting | Place::Ready | Place::Sending | Place::Held => return document,
    };
    assert!(bed.finish(lease, document, Due::Sending, &outcome).await);
    document
}

#[tokio::test]
async fn each_write_names_the_state_it_expects() {
    on_each(async |bed| {
        let lease = bed.lease("a").await;
        for (number, place) in PLACES.into_iter().enumerate() {
            let document = put(&bed, &lease, place, number).await;
            let before = bed.document(document).await;
            if place != Place::Ready {
                assert!(!bed.begin(&lease, document).await, "begin a {place:?}");
            }
            if place != Place::Sending {
                let doubted = bed.ledger.doubt_abandoned(&lease, document, NOW).await.unwrap();
                assert!(!doubted, "doubt a {place:?}");
            }
            let held = Outcome::Held(HoldReason::RefusedByProvider, "ні".to_owned());
            let other = Outcome::Registered(registration("999"));
            let wrong: &[(Place, Due, &Outcome)] = &[
                (Place::Ready, Due::Ready, &held),
                (Place::Sending, Due::Sending, &other),
                (Place::Sending, Due::Sending, &Outcome::NotDone(Kind::Sale)),
                (Place::Sending, Due::Sending, &doubt(NOW)),
                (Place::Sending, Due::Sending, &held),
                (Place::InDoubt, Due::InDoubt, &other),
                (Place::InDoubt, Due::InDoubt, &Outcome::NotDone(Kind::Sale)),
                (Place::InDoubt, Due::InDoubt, &doubt(NOW)),
                (Place::InDoubt, Due::InDoubt, &held),
            ];
            for (right, from, outcome) in wrong {
                if *right != place {
                    assert!(
                        !bed.finish(&lease, document, *from, outcome).await,
                        "{place:?} from {from:?}: {outcome:?}"
                    );
                }
            }
            let after = bed.document(document).await;
            assert_eq!(
                format!("{before:?}"),
                format!("{after:?}"),
                "nothing changed a {place:?}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn an_outcome_that_no_state_allows_is_an_error() {
    on_each(async |bed| {
        let document = bed.sale("A-1", 100).await;
        let lease = bed.lease("a").await;
        for outcome in [
            Outcome::Registered(registration("1")),
            Outcome::NotDone(Kind::Sale),
            doubt(NOW),
        ] {
            let settled = Settled {
                document,
                from: Due::Ready,
                outcome: &outcome,
                attempts: &[],
                health: &Health::Unchanged,
                follow: Follow::Nothing,
            };
            assert!(bed.ledger.finish(&lease, &settled, NOW).await.is_err(), "{outcome:?}");
        }
        assert_eq!(bed.state(document).await, "ready");
    })
    .await;
}

#[tokio::test]
async fn each_move_is_taken_once() {
    on_each(async |bed| {
        let document = bed.sale("A-1", 100).await;
        let lease = bed.lease("a").await;
        assert!(bed.begin(&lease, document).await);
        assert!(!bed.begin(&lease, document).await);
        let unclear = doubt(NOW);
        assert!(bed.finish(&lease, document, Due::Sending, &unclear).await);
        assert!(!bed.finish(&lease, document, Due::Sending, &unclear).await);
        assert!(
            bed.finish(&lease, document, Due::InDoubt, &unclear).await,
            "asked again, still unclear"
        );
        let done = Outcome::Registered(registration("1001"));
        assert!(bed.finish(&lease, document, Due::InDoubt, &done).await);
        assert!(!bed.finish(&lease, document, Due::InDoubt, &done).await);
        let found = bed.document(document).await;
        assert_eq!(
            (
                found.state.as_str(),
                found.fiscal_number.as_deref(),
                found.local_number,
                found.presence.as_deref()
            ),
            ("registered", Some("1001"), Some(12), Some("online"))
        );
    })
    .await;
}

#[tokio::test]
async fn what_was_meant_to_be_sent_is_found_again() {
    on_each(async |bed| {
        let document = bed.sale("A-1", 100).await;
        let lease = bed.lease("a").await;
        let content = super::bed::receipt(100);
        let intent = intent(Kind::Sale, Some(content.clone()));
        assert!(
            bed.ledger
                .begin_sending(&lease, document, &intent, MINUTE, NOW.plus(MINUTE))
                .await
                .unwrap()
        );
        let due = bed.next_due().await.unwrap();
        assert_eq!(
            (due.due, due.intent, due.content),
            (Due::Sending, Some(intent.before), Some(content))
        );
        assert_eq!(
            (due.sent_at, due.token, due.attempts),
            (Some(NOW.plus(MINUTE)), document.token(), 1)
        );
    })
    .await;
}

#[tokio::test]
async fn waiting_refunds_become_ready_with_their_sale_and_only_with_it() {
    on_each(async |bed| {
        let sale = bed.sale("A-1", 100).await;
        let other = bed.sale("A-2", 100).await;
        let (one, two) = (bed.refund("A-1", 40).await, bed.refund("A-1", 60).await);
        let stranger = bed.refund("A-2", 100).await;
        let lease = bed.lease("a").await;
        assert!(bed.begin(&lease, sale).await);
        assert!(
            bed.finish(&lease, sale, Due::Sending, &Outcome::NotDone(Kind::Sale))
                .await
        );
        assert_eq!(bed.state(one).await, "waiting");
        bed.register(&lease, sale, "1001").await;
        for (document, state) in [(one, "ready"), (two, "ready"), (stranger, "waiting"), (other, "ready")] {
            assert_eq!(bed.state(document).await, state);
        }
    })
    .await;
}

#[tokio::test]
async fn what_other_refunds_gave_back_or_may_have_is_told() {
    on_each(async |bed| {
        let sale = bed.sale("A-1", 100).await;
        let lease = bed.lease("a").await;
        bed.register(&lease, sale, "1001").await;
        let mut refunds = Vec::new();
        for amount in [10, 20, 30] {
            refunds.push(bed.refund("A-1", amount).await);
        }
        let part = |amount| intent(Kind::Return, Some(super::bed::receipt(amount)));
        let begin = async |document, amount| {
            let begun = bed
                .ledger
                .begin_sending(&lease, document, &part(amount), MINUTE, NOW)
                .await;
            assert!(begun.unwrap());
        };
        begin(refunds[0], 10).await;
        assert!(
            bed.finish(
                &lease,
                refunds[0],
                Due::Sending,
                &Outcome::Registered(registration("1002"))
            )
            .await
        );
        begin(refunds[1], 20).await;
        assert!(
            bed.finish(&lease, refunds[1], Due::Sending, &doubt(NOW.plus(MINUTE)))
                .await
        );
        let due = bed.next_due().await.unwrap();
        assert_eq!(due.id, refunds[2]);
        let mut returned: Vec<u64> = due
            .parent
            .unwrap()
            .returned
            .iter()
            .map(|basket| basket.total().minor())
            .collect();
        returned.sort_unstable();
        assert_eq!(returned, [10, 20]);
    })
    .await;
}

#[tokio::test]
async fn a_fiscal_number_belongs_to_one_document() {
    on_each(async |bed| {
        let (one, two) = (bed.sale("A-1", 100).await, bed.sale("A-2", 100).await);
        let lease = bed.lease("a").await;
        bed.register(&lease, one, "1001").await;
        assert!(bed.begin(&lease, two).await);
        let outcome = Outcome::Registered(registration("1001"));
        let settled = Settled {
            document: two,
            from: Due::Sending,
            outcome: &outcome,
            attempts: &[],
            health: &Health::Unchanged,
            follow: Follow::Nothing,
        };
        let error = bed.ledger.finish(&lease, &settled, NOW).await.err().unwrap();
        assert!(matches!(error, LedgerError::DocumentNumberTaken), "{error:?}");
        assert!(!error.is_outage());
        assert_eq!(bed.state(two).await, "sending", "nothing of it is written");
        let asked = ["1001", "1002"].map(str::to_owned);
        assert_eq!(bed.ledger.known_numbers(&till(), &asked).await.unwrap(), ["1001"]);
    })
    .await;
}

#[tokio::test]
async fn attempts_and_health_are_committed_with_the_outcome() {
    on_each(async |bed| {
        let document = bed.sale("A-1", 100).await;
        let lease = bed.lease("a").await;
        let attempt = |command: &str, after: u64| NewAttempt {
            command: command.to_owned(),
            request: "{\"Опис\":\"запит\"}".to_owned(),
            response: None,
            http_status: Some(502),
            outcome: "unknown",
            code: None,
            message: Some("шлюз мовчить".to_owned()),
            started_at: NOW.plus(Duration::from_millis(after)),
            duration: Duration::from_millis(15),
        };
        let alert = NewAlert {
            kind: REGISTER_TROUBLE,
            subject: till().to_string(),
            severity: Severity::Warning,
            merchant: Some(merchant()),
            register: Some(till()),
            text: Words::new("the provider does not answer", "провайдер не відповідає"),
            next_step: Words::default(),
        };
        assert!(bed.begin(&lease, document).await);
        let settled = Settled {
            document,
            from: Due::Sending,
            outcome: &doubt(NOW),
            attempts: &[attempt("RegisterCheck", 0), attempt("Documents", 1)],
            health: &Health::Trouble {
                until: NOW.plus(MINUTE),
                word: "silent".to_owned(),
                alert: Some(Box::new(alert)),
            },
            follow: Follow::Nothing,
        };
        assert!(bed.ledger.finish(&lease, &settled, NOW).await.unwrap().is_some());
        assert!(
            bed.ledger.finish(&lease, &settled, NOW).await.unwrap().is_none(),
            "a second time: nothing at all"
        );
        let (_, attempts) = bed
            .ledger
            .document_view(Some(&merchant()), document)
            .await
            .unwrap()
            .unwrap();
        let commands: Vec<_> = attempts
            .iter()
            .map(|kept| (kept.command.as_str(), kept.http_status))
            .collect();
        assert_eq!(commands, [("RegisterCheck", Some(502)), ("Documents", Some(502))]);
        assert_eq!(bed.ledger.register(&till()).await.unwrap().unwrap().failures, 1);
        assert_eq!(bed.ledger.open_alerts(None).await.unwrap().len(), 1);
        let settled = Settled {
            from: Due::InDoubt,
            outcome: &Outcome::Registered(registration("1001")),
            attempts: &[],
            health: &Health::Good,
            ..settled
        };
        assert!(bed.ledger.finish(&lease, &settled, NOW).await.unwrap().is_some());
        assert_eq!(bed.ledger.register(&till()).await.unwrap().unwrap().failures, 0);
        assert_eq!(bed.rest(NOW).await, None);
        assert!(
            bed.ledger.open_alerts(None).await.unwrap().is_empty(),
            "it closed by itself"
        );
    })
    .await;
}

#[tokio::test]
async fn a_hold_keeps_its_reason_and_is_due_no_more() {
    on_each(async |bed| {
        let document = bed.sale("A-1", 100).await;
        let lease = bed.lease("a").await;
        let held = Outcome::Held(HoldReason::BasketUnusable, "назва порожня".to_owned());
        assert!(bed.finish(&lease, document, Due::Ready, &held).await);
        let found = bed.document(document).await;
        let hold = Some(("basket_unusable".to_owned(), "назва порожня".to_owned()));
        assert_eq!((found.state.as_str(), found.hold), ("held", hold));
        assert!(bed.next_due().await.is_none());
        let stats = bed.ledger.stats().await.unwrap();
        assert_eq!(stats.documents, [("held".to_owned(), 1)]);
    })
    .await;
}

#[tokio::test]
async fn a_document_is_remembered_as_absent_until_it_is_sent_again() {
    on_each(async |bed| {
        let document = bed.sale("A-1", 100).await;
        let lease = bed.lease("a").await;
        assert!(bed.begin(&lease, document).await);
        let absent = |since| Outcome::Doubt {
            ask_at: NOW,
            absent_since: since,
        };
        let mut from = Due::Sending;
        for since in [None, Some(NOW), None, Some(NOW.plus(MINUTE))] {
            assert!(bed.finish(&lease, document, from, &absent(since)).await);
            assert_eq!(bed.next_due().await.unwrap().absent_since, since);
            from = Due::InDoubt;
        }
        assert!(bed.finish(&lease, document, from, &Outcome::NotDone(Kind::Sale)).await);
        assert_eq!(bed.next_due().await.unwrap().absent_since, None);
    })
    .await;
}

#[tokio::test]
async fn a_number_is_given_once_grows_and_never_falls_behind_the_clock() {
    on_each(async |bed| {
        let (first, second, third) = (
            bed.sale("A-1", 100).await,
            bed.sale("A-2", 100).await,
            bed.sale("A-3", 100).await,
        );
        let lease = bed.lease("a").await;
        let number = async |document, now| bed.ledger.number_document(&lease, document, now).await.unwrap();
        let seconds = NOW.0 / 1000;
        assert_eq!(number(first, NOW).await, Some(seconds));
        assert_eq!(number(first, NOW.plus(MINUTE)).await, Some(seconds), "it stays");
        assert_eq!(number(second, NOW).await, Some(seconds + 1), "two in one second");
        // The ledger was restored from an hour ago: what was given since is behind the clock.
        assert_eq!(number(third, NOW.plus(MINUTE * 60)).await, Some(seconds + 3600));
        // What is sent, found absent and ready again is found by the same number.
        assert!(bed.begin(&lease, first).await);
        assert_eq!(
            number(first, NOW).await,
            None,
            "a document that is being sent gets none"
        );
        assert!(
            bed.finish(&lease, first, Due::Sending, &Outcome::NotDone(Kind::Sale))
                .await
        );
        assert_eq!(number(first, NOW.plus(MINUTE)).await, Some(seconds));
        assert_eq!(bed.next_due().await.unwrap().number, Some(seconds));
    })
    .await;
}

#[tokio::test]
async fn who_lost_the_lease_gives_no_number() {
    on_each(async |bed| {
        let document = bed.sale("A-1", 100).await;
        let lost = bed.lease("a").await;
        bed.ledger.release_lease(&lost).await.unwrap();
        let lease = bed.lease("b").await;
        assert_eq!(bed.ledger.number_document(&lost, document, NOW).await.unwrap(), None);
        let given = bed.ledger.number_document(&lease, document, NOW).await.unwrap();
        assert!(given.is_some(), "the new holder does");
        let told = bed.ledger.number_document(&lost, document, NOW).await.unwrap();
        assert_eq!(told, None, "nor is it told the one that was given");
    })
    .await;
}
