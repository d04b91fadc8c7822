//! One-time links.

use std::time::Duration;

use ledger::people::{INVITATION_LASTS, Reach, Role};
use tests::bed::{Person, TestBed};
use tests::db::Database;

const PASSWORD: &str = "пароль за посиланням";
const FIELDS: [(&str, &str); 2] = [("password", PASSWORD), ("again", PASSWORD)];

async fn bed() -> (TestBed, Person) {
    let mut bed = TestBed::start_at(Database::Sqlite, "2026-11-19T12:00:00+02:00").await;
    bed.start_ingress_with_admin().await;
    let (boss, _, _) = super::world::visitor(&bed, Role::Administrator, Reach::Everything).await;
    (bed, boss)
}

/// Invites somebody by the page; their link's path.
async fn invite(boss: &mut Person, login: &str) -> String {
    let fields = [
        ("login", login),
        ("name", "Ірина"),
        ("role", "operator"),
        ("everything", "yes"),
        ("language", "uk"),
    ];
    let shown = boss.post("/settings/users/new", &fields).await;
    link(&shown.is(200).body)
}

fn link(body: &str) -> String {
    let (_, rest) = body.split_once("/welcome/").unwrap();
    let token = rest.split(['"', '<']).next().unwrap();
    assert!(token.len() >= 40, "{token}");
    format!("/welcome/{token}")
}

async fn id_of(bed: &TestBed, login: &str) -> String {
    let all = bed.ledger.users(&Reach::Everything).await.unwrap();
    all.into_iter().find(|user| user.login == login).unwrap().id
}

#[tokio::test]
async fn a_link_works_once_also_when_it_is_used_twice_at_the_same_time() {
    let (bed, mut boss) = bed().await;
    let link = invite(&mut boss, "iryna").await;
    let mut two = [Person::stranger(&bed), Person::stranger(&bed)];
    for person in &mut two {
        person.get(&link).await.is(200);
    }
    // A password that will not do does not use it up.
    two[0]
        .post(&link, &[("password", "short"), ("again", "short")])
        .await
        .is(422);
    two[0]
        .post(&link, &[("password", PASSWORD), ("again", "another")])
        .await
        .is(422);
    let [first, second] = &mut two;
    let (one, other) = tokio::join!(first.post(&link, &FIELDS), second.post(&link, &FIELDS));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    let signed_in = two.iter().filter(|person| person.cookies.contains_key("kasyr_session"));
    assert_eq!(signed_in.count(), 1);
    let mut late = Person::stranger(&bed);
    late.get(&link).await.is(409);
    late.get("/sign-in").await.is(200);
    late.post(&link, &FIELDS).await.is(409);
    late.sign_in("iryna", PASSWORD, "").await.is(303);
}

#[tokio::test]
async fn a_link_that_is_too_old_is_told() {
    let (bed, mut boss) = bed().await;
    let link = invite(&mut boss, "iryna").await;
    let mut person = Person::stranger(&bed);
    bed.later(INVITATION_LASTS - Duration::from_secs(60));
    person.get(&link).await.is(200);
    bed.later(Duration::from_secs(61));
    person.post(&link, &FIELDS).await.is(409);
    person.get(&link).await.is(409).says("kasyr admin reset");
    person.sign_in("iryna", PASSWORD, "").await.is(422);
}

#[tokio::test]
async fn another_link_takes_the_place_of_the_one_before() {
    let (bed, mut boss) = bed().await;
    let first = invite(&mut boss, "iryna").await;
    let user = id_of(&bed, "iryna").await;
    let shown = boss.post(&format!("/settings/users/{user}/link"), &[]).await;
    let second = link(&shown.is(200).body);
    assert_ne!(first, second);
    let mut person = Person::stranger(&bed);
    person.get(&first).await.is(409);
    person.get(&second).await.is(200);
    person.post(&first, &FIELDS).await.is(409);
    person.post(&second, &FIELDS).await.is(303);
    // One more: their session ends at once, and a password chosen by themselves makes it void.
    let shown = boss.post(&format!("/settings/users/{user}/link"), &[]).await;
    let third = link(&shown.is(200).body);
    person.get("/account").await.is(303);
    person.sign_in("iryna", PASSWORD, "").await.is(303);
    person.get("/account").await.is(200);
    let new = "власний новий пароль";
    let fields = [("current", PASSWORD), ("password", new), ("again", new)];
    person.post("/account/password", &fields).await.is(303);
    Person::stranger(&bed).get(&third).await.is(409);
    // Of somebody who is switched off there is no link, and theirs does not work.
    let link = invite(&mut boss, "petro").await;
    let user = id_of(&bed, "petro").await;
    let off = [
        ("name", "П"),
        ("role", "operator"),
        ("everything", "yes"),
        ("disabled", "yes"),
    ];
    boss.post(&format!("/settings/users/{user}"), &off).await.is(303);
    Person::stranger(&bed).get(&link).await.is(409);
    boss.post(&format!("/settings/users/{user}/link"), &[]).await.is(409);
}

#[tokio::test]
async fn whoever_has_signed_in_can_use_somebody_s_link_and_leaves_their_own_session() {
    let (bed, mut boss) = bed().await;
    let link = invite(&mut boss, "iryna").await;
    let mut before = Person::stranger(&bed);
    before.cookies.clone_from(&boss.cookies);
    boss.get(&link).await.is(200);
    boss.post(&link, &[("password", "short"), ("again", "short")])
        .await
        .is(422);
    boss.post(&link, &FIELDS).await.is(303);
    boss.get("/account").await.is(200).says("iryna");
    before.get("/account").await.is(303);
    // And signing in again from an open page of the session does the same.
    let mut copy = Person::stranger(&bed);
    copy.cookies.clone_from(&boss.cookies);
    let fields = [("login", "iryna"), ("password", PASSWORD)];
    boss.post("/sign-in", &fields).await.is(303);
    boss.get("/account").await.is(200);
    copy.get("/account").await.is(303);
}
