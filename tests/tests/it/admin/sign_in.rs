//! Guessing: a user is locked out, an address is slowed down, and nobody learns which logins exist.

use std::time::Duration;

use ledger::alerts::{NewAlert, Severity, Words};
use ledger::audit::{AuditEntry, AuditFilter};
use ledger::people::{Reach, Role};
use tests::bed::{Person, TestBed};
use tests::db::Database;

/// The wrong passwords in a row that lock a user out.
const MOST: usize = 5;
/// The tries of one address at once.
const AT_ONCE: usize = 20;

async fn bed() -> TestBed {
    let mut bed = TestBed::start_at(Database::Sqlite, "2026-11-19T12:00:00+02:00").await;
    bed.start_ingress_with_admin().await;
    bed
}

async fn deeds(bed: &TestBed, action: &str) -> Vec<AuditEntry> {
    let filter = AuditFilter {
        action: Some(action.to_owned()),
        ..AuditFilter::default()
    };
    let log = bed.ledger.audit_log(&Reach::Everything, &filter, None, 100).await;
    log.unwrap()
}

#[tokio::test]
async fn guessing_locks_a_user_out_and_does_not_tell_which_logins_exist() {
    let bed = bed().await;
    let (login, password) = bed.add_user(Role::Operator, Reach::Everything).await;
    let unknown = format!("{}x", &login[..login.len() - 1]);
    assert_eq!(unknown.len(), login.len());
    let mut person = Person::stranger(&bed);
    person.get("/sign-in").await.is(200);
    let mut answers = Vec::new();
    for _ in 0..=MOST {
        for login in [&login, &unknown] {
            let fields = [("login", login.as_str()), ("password", "a wrong password")];
            let shown = person.post("/sign-in", &fields).await;
            answers.push((shown.status.as_u16(), shown.body.replace(login.as_str(), "LOGIN")));
        }
    }
    // Locked out now: the right password is answered the same, too.
    let right = person
        .post("/sign-in", &[("login", &login), ("password", &password)])
        .await;
    answers.push((right.status.as_u16(), right.body.replace(&login, "LOGIN")));
    assert_eq!(answers[0].0, 422);
    assert!(answers[0].1.contains("name=\"password\""), "{}", answers[0].1);
    for answer in &answers {
        assert_eq!(*answer, answers[0]);
    }
    assert!(!person.cookies.contains_key("kasyr_session"));

    let wrong = deeds(&bed, "wrong_password").await;
    let locked = deeds(&bed, "locked_out").await;
    assert_eq!((wrong.len(), locked.len()), (MOST, 1), "{wrong:#?} {locked:#?}");
    for entry in wrong.iter().chain(&locked) {
        assert_eq!(entry.address.as_deref(), Some("127.0.0.1"), "{entry:?}");
        assert!(entry.subject.contains(&login), "{entry:?}");
    }
    // A minute later it opens again.
    bed.later(Duration::from_secs(61));
    person.sign_in(&login, &password, "").await.is(303);
}

#[tokio::test]
async fn a_locked_user_who_is_signed_in_cannot_guess_on_by_the_account_page() {
    let bed = bed().await;
    let (login, password) = bed.add_user(Role::Operator, Reach::Everything).await;
    let mut person = Person::stranger(&bed);
    person.sign_in(&login, &password, "").await.is(303);
    person.get("/account").await.is(200);
    let new = "новий довгий пароль";
    let change = |current| [("current", current), ("password", new), ("again", new)];
    for _ in 0..MOST {
        person.post("/account/password", &change("a wrong one")).await.is(422);
    }
    person.post("/account/password", &change(&password)).await.is(422);
    assert_eq!(deeds(&bed, "locked_out").await.len(), 1);
    assert!(deeds(&bed, "password_set").await.is_empty());
}

#[tokio::test]
async fn one_address_tries_a_few_times_at_once_and_no_more() {
    let bed = bed().await;
    let mut person = Person::stranger(&bed);
    person.get("/sign-in").await.is(200);
    let mut refused = None;
    // One more comes free every three seconds while we try.
    for _ in 0..AT_ONCE * 3 {
        // The link of an invitation and the sign-in share the limit.
        let shown = person.post("/welcome/no-such-token", &[]).await;
        if shown.status == 429 {
            refused = Some(shown);
            break;
        }
        shown.is(409);
    }
    let refused = refused.expect("an address is slowed down");
    assert!(refused.headers.contains_key("retry-after"), "{refused:?}");
    person
        .post("/sign-in", &[("login", "x"), ("password", "y")])
        .await
        .is(429);
    // The audit hears of it, once for all of these.
    let told = deeds(&bed, "too_many_tries").await;
    let [entry] = &told[..] else { panic!("{told:#?}") };
    assert_eq!(entry.address.as_deref(), Some("127.0.0.1"));
    assert_eq!(entry.merchant, None);
    // Whoever is signed in is not disturbed by it.
    let (mut other, _, _) = super::world::visitor(&bed, Role::Operator, Reach::Everything).await;
    other.get("/").await.is(200);
}

#[tokio::test]
async fn nobody_is_led_elsewhere_by_an_address_of_ours() {
    let bed = bed().await;
    let (login, password) = bed.add_user(Role::Operator, Reach::Everything).await;
    let elsewhere = [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "/%0d%0aset-cookie:x=y\r\nx: y",
        " //evil.example",
    ];
    let (mut inside, _, _) = super::world::visitor(&bed, Role::Operator, Reach::Everything).await;
    let alert = NewAlert {
        kind: "test",
        subject: "test".to_owned(),
        severity: Severity::Warning,
        merchant: None,
        register: None,
        text: Words::default(),
        next_step: Words::default(),
    };
    bed.ledger.raise_alert(&alert, bed.now()).await.unwrap();
    let alert = bed.ledger.open_alerts(None).await.unwrap().remove(0).id;
    for to in elsewhere {
        let escaped: String = url::form_urlencoded::byte_serialize(to.as_bytes()).collect();
        let mut person = Person::stranger(&bed);
        let shown = person.get(&format!("/sign-in?to={escaped}")).await;
        shown.is(200).says("name=\"to\" value=\"/\"");
        let chosen = person.post("/language", &[("language", "en"), ("to", to)]).await;
        assert_eq!(chosen.is(303).location(), "/", "{to:?}");
        let on = inside.get(&format!("/sign-in?to={escaped}")).await;
        assert_eq!(on.is(303).location(), "/", "{to:?}");
        let chosen = inside.post("/language", &[("language", "en"), ("to", to)]).await;
        assert_eq!(chosen.is(303).location(), "/", "{to:?}");
        let back = inside
            .post(&format!("/alerts/{alert}/acknowledge"), &[("back", to)])
            .await;
        assert!(back.is(303).location().starts_with("/?done="), "{to:?}: {back:?}");
    }
    let mut person = Person::stranger(&bed);
    for to in ["//evil.example", "/orders?text=1"] {
        person.cookies.remove("kasyr_session");
        person.get("/sign-in").await.is(200);
        let fields = [("login", login.as_str()), ("password", &password), ("to", to)];
        let shown = person.post("/sign-in", &fields).await;
        let target = if to.starts_with("//") { "/" } else { to };
        assert_eq!(shown.is(303).location(), target);
    }
}
