//! What providers tell by themselves: whose document it is about, and what follows.

use domain::document::{Kind, Registration};
use domain::hold::HoldReason;
use domain::ids::{DocumentId, SourceId};
use domain::reconcile::FindingKind;
use domain::time::UnixMillis;
use ledger::leases::Lease;
use ledger::notices::{Confirmed, DueNotice, NewNotice, NoticeRecorded, Sorted, Told};
use ledger::reconcile::{Night, Stranger};
use ledger::settings::{Settings, Source, SourceKind};
use ledger::tape::{Due, Intent, Outcome};

use super::bed::{Bed, MINUTE, NOW, doubt, intent, merchant, on_each, receipt, registration, till};

const QUIET: NoticeRecorded = NoticeRecorded::New { ring: false };
const RUNG: NoticeRecorded = NoticeRecorded::New { ring: true };
const DAY: &str = "2027-01-15";

async fn source(bed: &Bed, kind: SourceKind) -> Source {
    let source = Source {
        secret: "0123456789abcdef".into(),
        ..Source::new(kind, SourceId::parse(kind.as_str()).unwrap(), merchant(), till())
    };
    let settings = Settings {
        sources: vec![source.clone()],
        ..Settings::default()
    };
    bed.ledger.apply(&settings, "the test", NOW).await.unwrap();
    source
}

fn check(uuid: &str, number: Option<i64>, fiscal_number: &str) -> NewNotice {
    NewNotice {
        provider_id: format!("uuid:{uuid}"),
        number: number.map(|number| number.to_string()),
        matter: format!("{uuid} {number:?}"),
        told: Told {
            uuid: Some(uuid.to_owned()),
            word: "Z_SALE".to_owned(),
            kind: Some("sale".to_owned()),
            fiscal_number: Some(fiscal_number.to_owned()),
            written_at: None,
            amount: Some(100),
        },
    }
}

fn result(uuid: &str, external_id: &str, word: &str) -> NewNotice {
    NewNotice {
        provider_id: format!("uuid:{uuid}"),
        number: Some(external_id.to_owned()),
        matter: format!("{uuid} {external_id} {word}"),
        told: Told {
            uuid: Some(uuid.to_owned()),
            word: word.to_owned(),
            ..Told::default()
        },
    }
}

fn accepted(provider_id: Option<&str>) -> Outcome {
    Outcome::Accepted {
        provider_id: provider_id.map(str::to_owned),
        ask_at: NOW.plus(MINUTE),
    }
}

async fn tell(bed: &Bed, source: &Source, notice: &NewNotice) -> NoticeRecorded {
    bed.ledger.record_notice(source, notice, NOW).await.unwrap()
}

/// The document's request leaves with this text.
async fn begin(bed: &Bed, lease: &Lease, id: DocumentId, sent: &str) {
    let intent = Intent {
        sent: sent.to_owned(),
        ..intent(Kind::Sale, Some(receipt(100)))
    };
    assert!(bed.ledger.begin_sending(lease, id, &intent, MINUTE, NOW).await.unwrap());
}

async fn waiting(bed: &Bed) -> Vec<DueNotice> {
    bed.ledger.due_notices(&till(), NOW, 100).await.unwrap()
}

/// A look at the register is due.
async fn look_due(bed: &Bed) -> bool {
    bed.ledger.register_rest(&till()).await.unwrap().look_at <= NOW
}

async fn alerts(bed: &Bed) -> Vec<String> {
    let open = bed.ledger.open_alerts(None).await.unwrap();
    open.into_iter().map(|alert| alert.kind).collect()
}

#[tokio::test]
async fn told_again_it_changes_nothing_and_told_otherwise_it_is_a_conflict() {
    on_each(async |bed| {
        let source = source(&bed, SourceKind::CashDesk).await;
        let notice = check("u-1", Some(7), "F-1");
        assert_eq!(tell(&bed, &source, &notice).await, RUNG);
        assert_eq!(tell(&bed, &source, &notice).await, NoticeRecorded::Repeated);
        let other = NewNotice {
            matter: "another story".to_owned(),
            ..notice.clone()
        };
        assert_eq!(tell(&bed, &source, &other).await, NoticeRecorded::Conflict);
        assert_eq!(tell(&bed, &source, &other).await, NoticeRecorded::Repeated);
        assert_eq!(tell(&bed, &source, &notice).await, NoticeRecorded::Repeated);
        assert_eq!(alerts(&bed).await, ["notice_conflict"]);
        assert_eq!(waiting(&bed).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn of_many_that_tell_at_once_one_is_first() {
    on_each(async |bed| {
        let source = source(&bed, SourceKind::CashDesk).await;
        let notice = check("u-1", None, "F-1");
        let told = futures_util::future::join_all((0..8).map(|story| {
            let story = NewNotice {
                matter: format!("story {}", story % 2),
                ..notice.clone()
            };
            let (ledger, source) = (bed.ledger.clone(), source.clone());
            async move { ledger.record_notice(&source, &story, NOW).await.unwrap() }
        }))
        .await;
        let count = |what: NoticeRecorded| told.iter().filter(|one| **one == what).count();
        assert_eq!(
            (
                count(RUNG),
                count(NoticeRecorded::Conflict),
                count(NoticeRecorded::Repeated)
            ),
            (1, 1, 6),
            "{told:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_result_that_is_told_is_asked_for_at_once_and_not_believed() {
    on_each(async |bed| {
        let source = source(&bed, SourceKind::AtolOnline).await;
        let (id, lease) = (bed.sale("A-1", 100).await, bed.lease("a").await);
        let external = format!("{}-2", id.token());
        begin(&bed, &lease, id, &format!(r#"{{"external_id":"{external}"}}"#)).await;
        assert!(bed.finish(&lease, id, Due::Sending, &accepted(None)).await);
        assert!(bed.next_due().await.is_none());
        // Of an earlier attempt: the bell rings, and its uuid is not that of this one.
        let earlier = result("u-1", &format!("{}-1", id.token()), "fail");
        assert_eq!(tell(&bed, &source, &earlier).await, RUNG);
        let due = bed.next_due().await.unwrap();
        assert_eq!((due.id, due.due, due.provider_id), (id, Due::Pending, None));
        assert!(bed.finish(&lease, id, Due::Pending, &accepted(None)).await);
        assert_eq!(tell(&bed, &source, &result("u-2", &external, "done")).await, RUNG);
        let due = bed.next_due().await.unwrap();
        assert_eq!((due.due, due.provider_id.as_deref()), (Due::Pending, Some("u-2")));
        let done = Outcome::Registered(registration("F-1"));
        assert!(bed.finish(&lease, id, Due::Pending, &done).await);
        // By its uuid, too, and nothing follows any more.
        let late = NewNotice {
            number: None,
            ..result("u-2", "x", "fail")
        };
        let late = NewNotice {
            provider_id: "another".to_owned(),
            ..late
        };
        assert_eq!(tell(&bed, &source, &late).await, QUIET);
        assert_eq!(bed.state(id).await, "registered");
        assert_eq!(
            tell(&bed, &source, &result("u-9", "0000000000000-1", "done")).await,
            QUIET
        );
        assert!(waiting(&bed).await.is_empty() && !look_due(&bed).await && alerts(&bed).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_is_told_before_the_answer_waits_for_it() {
    on_each(async |bed| {
        let source = source(&bed, SourceKind::AtolOnline).await;
        let (id, lease) = (bed.sale("A-1", 100).await, bed.lease("a").await);
        let external = format!("{}-1", id.token());
        begin(&bed, &lease, id, &format!(r#"{{"external_id":"{external}"}}"#)).await;
        assert_eq!(tell(&bed, &source, &result("u-1", &external, "done")).await, QUIET);
        assert_eq!(
            (bed.state(id).await.as_str(), waiting(&bed).await.len()),
            ("sending", 1)
        );
        assert_eq!(
            bed.ledger.next_notice(&till()).await.unwrap(),
            None,
            "no look is planned for it"
        );
        assert!(bed.finish(&lease, id, Due::Sending, &accepted(Some("u-1"))).await);
        assert_eq!(bed.next_due().await.unwrap().id, id, "asked for at once");
        assert!(waiting(&bed).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_doubt_about_a_check_is_asked_about_at_once_by_its_number() {
    on_each(async |bed| {
        let source = source(&bed, SourceKind::CashDesk).await;
        let (id, lease) = (bed.sale("A-1", 100).await, bed.lease("a").await);
        let number = bed.ledger.number_document(&lease, id, NOW).await.unwrap().unwrap();
        begin(&bed, &lease, id, &format!(r#"{{"local_number":{number}}}"#)).await;
        assert!(bed.finish(&lease, id, Due::Sending, &doubt(NOW.plus(MINUTE))).await);
        assert!(bed.next_due().await.is_none());
        // A return may have its sale's number; it is somebody else's.
        let mut back = check("u-0", Some(number), "F-0");
        back.told.kind = Some("return".to_owned());
        assert_eq!(tell(&bed, &source, &back).await, RUNG);
        assert!(bed.next_due().await.is_none());
        assert_eq!(tell(&bed, &source, &check("u-1", Some(number), "F-1")).await, RUNG);
        let due = bed.next_due().await.unwrap();
        assert_eq!(
            (due.id, due.due, due.provider_id.as_deref()),
            (id, Due::InDoubt, Some("u-1"))
        );
        assert_eq!(waiting(&bed).await.len(), 1, "the return");
    })
    .await;
}

#[tokio::test]
async fn our_own_checks_are_known_whenever_they_are_told() {
    on_each(async |bed| {
        let source = source(&bed, SourceKind::CashDesk).await;
        let (id, lease) = (bed.sale("A-1", 100).await, bed.lease("a").await);
        let number = bed.ledger.number_document(&lease, id, NOW).await.unwrap().unwrap();
        begin(&bed, &lease, id, &format!(r#"{{"local_number":{number}}}"#)).await;
        // Before the answer, after it, and once more without a number.
        assert_eq!(tell(&bed, &source, &check("u-1", Some(number), "F-1")).await, QUIET);
        let done = Outcome::Registered(Registration {
            provider_id: Some("u-1".to_owned()),
            ..registration("F-1")
        });
        assert!(bed.finish(&lease, id, Due::Sending, &done).await);
        let named = |provider_id: &str, notice: NewNotice| NewNotice {
            provider_id: provider_id.to_owned(),
            ..notice
        };
        for again in [
            named("by-uuid", check("u-1", None, "F-9")),
            named("by-number", check("u-2", None, "F-1")),
        ] {
            assert_eq!(tell(&bed, &source, &again).await, QUIET, "{again:?}");
        }
        assert!(waiting(&bed).await.is_empty() && !look_due(&bed).await);
    })
    .await;
}

#[tokio::test]
async fn a_held_document_that_exists_is_a_persons_now() {
    on_each(async |bed| {
        let source = source(&bed, SourceKind::CashDesk).await;
        let (id, lease) = (bed.sale("A-1", 100).await, bed.lease("a").await);
        let number = bed.ledger.number_document(&lease, id, NOW).await.unwrap().unwrap();
        begin(&bed, &lease, id, "{}").await;
        let held = Outcome::Held(HoldReason::DoubtUnresolved, "чому".to_owned());
        assert!(bed.finish(&lease, id, Due::Sending, &held).await);
        assert_eq!(tell(&bed, &source, &check("u-1", Some(number), "F-1")).await, QUIET);
        let alerts = bed.ledger.open_alerts(None).await.unwrap();
        let told: Vec<_> = alerts
            .iter()
            .map(|alert| (alert.kind.as_str(), alert.subject.clone()))
            .collect();
        assert!(told.contains(&("notice_of_held", id.to_string())), "{told:?}");
    })
    .await;
}

fn stranger(number: &str) -> Stranger {
    Stranger {
        fiscal_number: number.to_owned(),
        local_number: 0,
        written_at: None,
        kind: "sale",
        amount: Some(100),
        of_number: None,
        token: None,
    }
}

async fn keep(bed: &Bed, lease: &Lease, notice: &DueNotice, number: Option<i64>) {
    let stranger = stranger(notice.told.fiscal_number.as_deref().unwrap());
    let found = Confirmed {
        stranger: &stranger,
        number,
        day: DAY,
        alert: None,
    };
    assert!(
        bed.ledger
            .keep_noticed(lease, notice, &found, MINUTE, NOW)
            .await
            .unwrap()
    );
}

async fn findings(bed: &Bed) -> Vec<FindingKind> {
    let judged = bed.ledger.judge_strangers(&till(), DAY).await.unwrap();
    let all = judged.into_iter().flat_map(|one| one.findings);
    all.map(|finding| finding.kind).collect()
}

#[tokio::test]
async fn a_check_made_elsewhere_is_asked_about_and_stands_in_the_reconciliation() {
    on_each(async |bed| {
        let source = source(&bed, SourceKind::CashDesk).await;
        assert!(!look_due(&bed).await);
        assert_eq!(tell(&bed, &source, &check("u-1", None, "F-1")).await, RUNG);
        assert!(look_due(&bed).await);
        let notice = waiting(&bed).await.remove(0);
        let sorted = bed.ledger.sort_notice(&till(), &notice, NOW).await.unwrap();
        assert_eq!(sorted, Sorted::Ask);
        let later = NOW.plus(MINUTE);
        bed.ledger.postpone_notice(&notice, later, "not now").await.unwrap();
        assert!(waiting(&bed).await.is_empty());
        assert_eq!(bed.ledger.next_notice(&till()).await.unwrap(), Some(later));
        let again = bed.ledger.due_notices(&till(), later, 100).await.unwrap().remove(0);
        assert_eq!(again.attempts, 1);
        let lease = bed.lease("a").await;
        keep(&bed, &lease, &again, None).await;
        assert_eq!(bed.ledger.next_notice(&till()).await.unwrap(), None);
        assert_eq!(findings(&bed).await, [FindingKind::ForeignDocument]);
        let lost = Lease {
            epoch: lease.epoch + 1,
            ..lease.clone()
        };
        let stranger = stranger("F-2");
        let found = Confirmed {
            stranger: &stranger,
            number: None,
            day: DAY,
            alert: None,
        };
        assert!(
            !bed.ledger
                .keep_noticed(&lost, &again, &found, MINUTE, NOW)
                .await
                .unwrap()
        );
        assert_eq!(findings(&bed).await, [FindingKind::ForeignDocument]);
    })
    .await;
}

#[tokio::test]
async fn a_second_check_with_our_number_is_a_second_copy_of_ours() {
    on_each(async |bed| {
        let source = source(&bed, SourceKind::CashDesk).await;
        let (id, lease) = (bed.sale("A-1", 100).await, bed.lease("a").await);
        let number = bed.ledger.number_document(&lease, id, NOW).await.unwrap().unwrap();
        begin(&bed, &lease, id, "{}").await;
        let done = Outcome::Registered(Registration {
            provider_id: Some("u-1".to_owned()),
            ..registration("F-1")
        });
        assert!(bed.finish(&lease, id, Due::Sending, &done).await);
        assert_eq!(tell(&bed, &source, &check("u-2", Some(number), "F-2")).await, RUNG);
        let notice = waiting(&bed).await.remove(0);
        keep(&bed, &lease, &notice, Some(number)).await;
        assert_eq!(findings(&bed).await, [FindingKind::DuplicateReceipt]);
    })
    .await;
}

#[tokio::test]
async fn what_is_no_receipt_or_cannot_be_asked_about_calls_nobody() {
    on_each(async |bed| {
        let source = source(&bed, SourceKind::CashDesk).await;
        let mut report = check("u-1", None, "F-1");
        report.told.kind = None;
        let mut nameless = check("u-2", None, "F-2");
        nameless.told.uuid = None;
        for notice in [report, nameless] {
            assert_eq!(tell(&bed, &source, &notice).await, QUIET, "{notice:?}");
        }
        assert!(waiting(&bed).await.is_empty() && !look_due(&bed).await);
    })
    .await;
}

#[tokio::test]
async fn a_providers_notices_are_not_reconciled_and_count_for_no_first_step() {
    on_each(async |bed| {
        let source = source(&bed, SourceKind::CashDesk).await;
        let night = Night {
            day: DAY,
            from: UnixMillis(NOW.0 - 86_400_000),
            to: NOW,
            take_in: true,
        };
        assert_eq!(bed.ledger.plan_night(night, NOW).await.unwrap(), 1, "Fondy's");
        let last = bed.ledger.last_reconciliations().await.unwrap();
        assert!(last.iter().all(|(id, _)| *id != source.id.as_str()), "{last:?}");
        assert_eq!(bed.ledger.sources().await.unwrap().len(), 2);
        let found = bed.ledger.notice_source(&till()).await.unwrap().unwrap();
        assert_eq!(found.id, source.id);
    })
    .await;
}
