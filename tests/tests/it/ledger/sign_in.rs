//! What a sign-in is decided by.

use std::time::Duration;

use ledger::people::{Locked, Reach, Role};
use secrecy::ExposeSecret;

use super::bed::{MINUTE, NOW, on_each};
use super::people::{HERE, secret, settled};

#[tokio::test]
async fn five_wrong_passwords_lock_and_each_that_follows_doubles_it() {
    on_each(async |bed| {
        let ledger = &bed.ledger;
        let user = settled(ledger, "olena", Role::Operator, Reach::Everything).await;
        let wrong = async |now| ledger.note_wrong_password(&user.id, HERE, now).await.unwrap();
        for _ in 0..4 {
            assert_eq!(wrong(NOW).await, None);
        }
        let mut now = NOW;
        for minutes in [1, 2, 4, 8, 16, 32, 60, 60] {
            let until = now.plus(MINUTE * minutes);
            assert_eq!(wrong(now).await, Some(Locked { until }), "{minutes} minutes");
            assert_eq!(
                wrong(now).await,
                Some(Locked { until }),
                "while locked nothing is counted"
            );
            let facts = ledger.sign_in_facts("olena", now).await.unwrap().unwrap();
            assert_eq!(facts.locked, Some(Locked { until }));
            assert!(!ledger.note_right_password(&user.id, now).await.unwrap(), "locked out");
            now = until;
            let facts = ledger.sign_in_facts("olena", now).await.unwrap().unwrap();
            assert_eq!(facts.locked, None, "the time is over");
        }
        assert!(ledger.note_right_password(&user.id, now).await.unwrap());
        for _ in 0..4 {
            assert_eq!(wrong(now).await, None, "counted anew");
        }
        let unknown = ledger.note_wrong_password("nobody", HERE, NOW).await.unwrap();
        assert_eq!(unknown, None);
        for login in ["nobody", "", "a b", "nul\0"] {
            assert!(ledger.sign_in_facts(login, NOW).await.unwrap().is_none(), "{login:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_of_guesses_locks_once_and_no_longer_than_one() {
    on_each(async |bed| {
        let user = settled(&bed.ledger, "olena", Role::Operator, Reach::Everything).await;
        let guesses = super::opening::futures(20, async |_| {
            let (ledger, id) = (bed.ledger.clone(), user.id.clone());
            let run = async move { ledger.note_wrong_password(&id, HERE, NOW).await.unwrap() };
            tokio::spawn(run).await.unwrap()
        })
        .await;
        let until = NOW.plus(MINUTE);
        assert_eq!(guesses.iter().filter(|guess| guess.is_none()).count(), 4);
        assert!(
            guesses.iter().flatten().all(|locked| locked.until == until),
            "{guesses:?}"
        );
        let facts = bed.ledger.sign_in_facts("olena", NOW).await.unwrap().unwrap();
        assert_eq!((facts.user.failures, facts.locked), (5, Some(Locked { until })));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_taken_once() {
    on_each(async |bed| {
        let ledger = &bed.ledger;
        let user = settled(ledger, "olena", Role::Operator, Reach::Everything).await;
        let code = secret("JBSWY3DPEHPK3PXP");
        assert!(
            !ledger.set_totp(&user.id, None, "olena", NOW).await.unwrap(),
            "none to remove"
        );
        assert!(ledger.set_totp(&user.id, Some(&code), "olena", NOW).await.unwrap());
        let facts = ledger.sign_in_facts("olena", NOW).await.unwrap().unwrap();
        assert!(facts.user.has_totp);
        assert_eq!(facts.totp.unwrap().expose_secret(), code.expose_secret());
        let step = NOW.0 / 30_000;
        let used = super::opening::futures(10, async |_| {
            let (ledger, id) = (bed.ledger.clone(), user.id.clone());
            tokio::spawn(async move { ledger.use_totp_step(&id, step).await.unwrap() })
                .await
                .unwrap()
        })
        .await;
        assert_eq!(used.iter().filter(|used| **used).count(), 1);
        assert!(
            !ledger.use_totp_step(&user.id, step - 1).await.unwrap(),
            "an earlier one"
        );
        assert!(ledger.use_totp_step(&user.id, step + 1).await.unwrap());
        assert!(ledger.set_totp(&user.id, None, "olena", NOW).await.unwrap());
        let later = NOW.plus(Duration::from_secs(30));
        let facts = ledger.sign_in_facts("olena", later).await.unwrap().unwrap();
        assert!(facts.totp.is_none() && !facts.user.has_totp);
    })
    .await;
}
