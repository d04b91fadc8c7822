use std::time::Duration;

use domain::document::Kind;
use ledger::tape::{Due, Health, Outcome};

use super::bed::{LIMIT, MINUTE, NOW, doubt, intent, on_each, receipt, register_id, registration, till};
use super::opening::futures;

#[tokio::test(flavor = "multi_thread")]
async fn one_of_many_gets_the_lease() {
    on_each(async |bed| {
        let taken = futures(12, async |hand| {
            bed.ledger.acquire_lease(&till(), &format!("w{hand}"), MINUTE).await
        })
        .await;
        let holders: Vec<_> = taken.into_iter().filter_map(Result::unwrap).collect();
        let [holder] = &holders[..] else { panic!("{holders:?}") };
        assert_eq!(holder.epoch, 1);
        assert!(bed.ledger.renew_lease(holder, MINUTE).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn not_even_its_holder_takes_a_lease_twice() {
    on_each(async |bed| {
        bed.lease("a").await;
        let again = bed.ledger.acquire_lease(&till(), "a", MINUTE).await.unwrap();
        assert!(again.is_none(), "two tasks of one process are two hands");
    })
    .await;
}

#[tokio::test]
async fn an_expired_lease_is_taken_over_with_a_higher_epoch() {
    on_each(async |bed| {
        let (lost, taken) = bed.lost_lease("a", "b").await;
        assert_eq!((lost.epoch, taken.epoch), (1, 2));
        assert!(!bed.ledger.renew_lease(&lost, MINUTE).await.unwrap());
        assert!(bed.ledger.renew_lease(&taken, MINUTE).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_lease_that_expired_cannot_be_renewed_even_if_nobody_took_it() {
    on_each(async |bed| {
        let lease = bed
            .ledger
            .acquire_lease(&till(), "a", Duration::ZERO)
            .await
            .unwrap()
            .unwrap();
        tests::eventually(LIMIT, async || {
            !bed.ledger.renew_lease(&lease, Duration::ZERO).await.unwrap()
        })
        .await;
        assert!(!bed.ledger.renew_lease(&lease, MINUTE).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_lease_given_back_is_free_at_once_and_still_counts() {
    on_each(async |bed| {
        let first = bed.lease("a").await;
        bed.ledger.release_lease(&first).await.unwrap();
        assert!(!bed.ledger.renew_lease(&first, MINUTE).await.unwrap());
        let second = bed.lease("a").await;
        assert_eq!(second.epoch, 2);
        // The same owner's older lease gives nothing back.
        bed.ledger.release_lease(&first).await.unwrap();
        assert!(bed.ledger.renew_lease(&second, MINUTE).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn each_register_has_its_own_lease() {
    on_each(async |bed| {
        let mut settings = super::bed::shop();
        settings
            .registers
            .push(super::bed::register("flowers-2", 4_000_999_002));
        bed.ledger.apply(&settings, "the test", NOW).await.unwrap();
        bed.lease("a").await;
        let other = bed.ledger.acquire_lease(&register_id("flowers-2"), "b", MINUTE).await;
        assert_eq!(other.unwrap().unwrap().epoch, 1);
    })
    .await;
}

#[tokio::test]
async fn a_paused_holder_that_wakes_late_changes_nothing() {
    on_each(async |bed| {
        let sent = bed.sale("A-1", 100).await;
        let ready = bed.sale("A-2", 100).await;
        let zombie = bed.lease("a").await;
        assert!(bed.begin(&zombie, sent).await);
        // It gives its lease no further length and is overtaken.
        assert!(bed.ledger.renew_lease(&zombie, Duration::ZERO).await.unwrap());
        let holder = bed.take_over("b").await;
        assert!(!bed.begin(&zombie, ready).await, "cannot begin");
        let registered = Outcome::Registered(registration("1"));
        for outcome in [&registered, &Outcome::NotDone(Kind::Sale), &doubt(NOW)] {
            assert!(!bed.finish(&zombie, sent, Due::Sending, outcome).await, "{outcome:?}");
        }
        assert!(!bed.ledger.doubt_abandoned(&zombie, sent, NOW).await.unwrap());
        assert_eq!(
            (bed.state(sent).await, bed.state(ready).await),
            ("sending".into(), "ready".into())
        );
        // The one who took over meets a request of an earlier epoch: it is in doubt, never ready.
        for outcome in [&registered, &Outcome::NotDone(Kind::Sale)] {
            assert!(!bed.finish(&holder, sent, Due::Sending, outcome).await, "{outcome:?}");
        }
        assert!(bed.ledger.doubt_abandoned(&holder, sent, NOW).await.unwrap());
        assert_eq!(bed.state(sent).await, "in_doubt");
        assert!(bed.finish(&holder, sent, Due::InDoubt, &registered).await);
    })
    .await;
}

#[tokio::test]
async fn beginning_to_send_sets_the_lease_to_the_length_of_the_call() {
    on_each(async |bed| {
        let document = bed.sale("A-1", 100).await;
        let lease = bed.lease("a").await;
        let intent = intent(Kind::Sale, Some(receipt(100)));
        // Shorter than it was, so that the effect is seen without waiting.
        let begun = bed
            .ledger
            .begin_sending(&lease, document, &intent, Duration::ZERO, NOW)
            .await;
        assert!(begun.unwrap());
        assert_eq!(bed.take_over("b").await.epoch, 2);
    })
    .await;
}

#[tokio::test]
async fn a_lease_of_one_register_is_no_good_for_another() {
    on_each(async |bed| {
        let mut settings = super::bed::shop();
        settings
            .registers
            .push(super::bed::register("flowers-2", 4_000_999_002));
        bed.ledger.apply(&settings, "the test", NOW).await.unwrap();
        let document = bed.sale("A-1", 100).await;
        let other = bed.ledger.acquire_lease(&register_id("flowers-2"), "a", MINUTE).await;
        let other = other.unwrap().unwrap();
        assert!(!bed.begin(&other, document).await);
        assert!(
            !bed.finish(
                &other,
                document,
                Due::Ready,
                &Outcome::Held(domain::hold::HoldReason::BasketUnusable, String::new())
            )
            .await
        );
        // Its register's health is nobody else's.
        let trouble = Health::Trouble {
            until: NOW.plus(MINUTE),
            word: "down".into(),
            alert: None,
        };
        bed.ledger
            .note_register(&other, None, &[], &trouble, NOW)
            .await
            .unwrap();
        assert_eq!(bed.rest(NOW).await, None);
    })
    .await;
}
