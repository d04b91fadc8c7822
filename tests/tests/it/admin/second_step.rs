//! The second step, enrolled and used by the pages.

use std::time::Duration;

use domain::time::UnixMillis;
use ledger::people::{Reach, Role};
use tests::bed::{Person, TestBed};
use tests::db::Database;
use totp_rs::{Builder, Secret};

/// The code of a secret in base32.
pub fn code(secret: &str, at: UnixMillis) -> String {
    let secret = Secret::try_from_base32(secret).unwrap();
    let totp = Builder::new().with_secret(secret).build().unwrap();
    totp.generate(u64::try_from(at.0).unwrap() / 1000).to_string()
}

/// Switches it on by the pages; the secret that was shown.
pub async fn enrol(bed: &TestBed, person: &mut Person, password: &str) -> String {
    let shown = person.get("/account/second-step").await;
    shown.is(200);
    let (_, rest) = shown.body.split_once("name=\"secret\" value=\"").unwrap();
    let secret = rest.split('"').next().unwrap().to_owned();
    let code = code(&secret, bed.now());
    for (password, code, status) in [
        ("wrong", code.as_str(), 200),
        (password, "000000", 200),
        (password, &code, 303),
    ] {
        let fields = [("secret", secret.as_str()), ("code", code), ("current", password)];
        person.post("/account/second-step/confirm", &fields).await.is(status);
    }
    secret
}

#[tokio::test]
async fn a_code_is_asked_counts_once_and_can_be_switched_off_with_the_password_only() {
    let mut bed = TestBed::start_at(Database::Sqlite, "2026-11-19T12:00:10+02:00").await;
    bed.start_ingress_with_admin().await;
    let (login, password) = bed.add_user(Role::Operator, Reach::Everything).await;
    let mut person = Person::stranger(&bed);
    person.sign_in(&login, &password, "").await.is(303);
    person.get("/account").await.is(200);
    let secret = enrol(&bed, &mut person, &password).await;
    let used = code(&secret, bed.now());

    let mut there = Person::stranger(&bed);
    there.sign_in(&login, &password, "").await.is(422);
    there.sign_in(&login, &password, &used).await.is(422);
    bed.later(Duration::from_secs(60));
    let fresh = code(&secret, bed.now());
    there.sign_in(&login, "not the password", &fresh).await.is(422);
    there.sign_in(&login, &password, &fresh).await.is(303);
    let mut again = Person::stranger(&bed);
    again.sign_in(&login, &password, &fresh).await.is(422);

    person.get("/account").await.is(200);
    person.post("/account/second-step/off", &[]).await.is(422);
    person
        .post("/account/second-step/off", &[("current", "wrong")])
        .await
        .is(422);
    again.sign_in(&login, &password, "").await.is(422);
    person
        .post("/account/second-step/off", &[("current", &password)])
        .await
        .is(303);
    again.sign_in(&login, &password, "").await.is(303);
}

#[tokio::test]
async fn a_wrong_code_counts_like_a_wrong_password() {
    let mut bed = TestBed::start_at(Database::Sqlite, "2026-11-19T12:00:10+02:00").await;
    bed.start_ingress_with_admin().await;
    let (login, password) = bed.add_user(Role::Operator, Reach::Everything).await;
    let mut person = Person::stranger(&bed);
    person.sign_in(&login, &password, "").await.is(303);
    person.get("/account").await.is(200);
    let secret = enrol(&bed, &mut person, &password).await;
    let mut there = Person::stranger(&bed);
    for _ in 0..5 {
        there.sign_in(&login, &password, "12345").await.is(422);
    }
    bed.later(Duration::from_secs(40));
    let right = code(&secret, bed.now());
    there.sign_in(&login, &password, &right).await.is(422);
    bed.later(Duration::from_secs(60));
    let right = code(&secret, bed.now());
    there.sign_in(&login, &password, &right).await.is(303);
}

#[tokio::test]
async fn a_second_step_is_not_switched_on_with_a_secret_that_is_none() {
    let mut bed = TestBed::start(Database::Sqlite).await;
    bed.start_ingress_with_admin().await;
    let (mut person, _, _) = super::world::visitor(&bed, Role::Accountant, Reach::Everything).await;
    for secret in ["", "A", "not base32!", "AAAA", &"A".repeat(100_000)] {
        let fields = [("secret", secret), ("code", "000000"), ("current", "x")];
        let shown = person.post("/account/second-step/confirm", &fields).await;
        assert!([200, 400].contains(&shown.status.as_u16()), "{secret:.20}: {shown:?}");
    }
    person
        .get("/account")
        .await
        .is(200)
        .says("href=\"/account/second-step\"");
}
