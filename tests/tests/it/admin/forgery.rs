//! A form counts only if one of our pages sent it, in the session it was shown to.

use reqwest::Method;
use tests::bed::Person;
use tests::db::Database;

use super::world::{World, everything, routes, unchanged};

#[tokio::test]
async fn no_form_counts_that_another_site_or_another_session_made() {
    let world = World::open(Database::Sqlite).await;
    let other = world.administrator().await.token;
    let mut stranger = Person::stranger(&world.bed);
    stranger.get("/sign-in").await.is(200);
    let mut person = world.administrator().await;
    // As if they had looked at the sign-in page before.
    person.cookies.extend(stranger.cookies.clone());
    let (own, visit) = (person.token.clone(), stranger.token.clone());
    assert!(own != other && own != visit && other != visit && visit.len() > 20 && own.len() > 20);
    let home = world.bed.admin_url("");
    let elsewhere = "https://evil.example";
    let (near, longer) = (format!("{home}0"), format!("http://evil.example/{home}"));
    let before = everything(&world.bed).await;
    let cut = &own[..own.len() - 1];
    for (route, _) in routes(&Method::POST) {
        let path = world.flowers.path(route);
        let fields: [&[(&str, &str)]; 7] = [
            &[],
            &[("csrf", "")],
            &[("csrf", &other)],
            &[("csrf", &visit)],
            &[("csrf", cut)],
            &[("CSRF", &own)],
            &[("csrf", &own), ("csrf", &other)],
        ];
        for sent in fields {
            person.post_as_is(&path, sent, &[]).await.is(403);
        }
        let in_query = format!("{path}?csrf={own}");
        person.post_as_is(&in_query, &[], &[]).await.is(403);
        let right = [("csrf", own.as_str())];
        for origin in [elsewhere, "null", near.as_str(), longer.as_str(), "", "file://"] {
            person.post_as_is(&path, &right, &[("origin", origin)]).await.is(403);
        }
    }
    unchanged(&before, &everything(&world.bed).await, "by forged forms");
    person
        .post_as_is(
            "/language",
            &[("csrf", &own), ("language", "uk")],
            &[("origin", home.as_str())],
        )
        .await
        .is(303);
}

#[tokio::test]
async fn who_has_not_signed_in_needs_the_token_of_their_own_browser() {
    let world = World::open(Database::Sqlite).await;
    let before = everything(&world.bed).await;
    for path in ["/sign-in", "/welcome/no-such-token", "/language"] {
        let mut person = Person::stranger(&world.bed);
        let mut other = Person::stranger(&world.bed);
        person.get("/sign-in").await.is(200);
        other.get("/sign-in").await.is(200);
        let (own, wrong) = (person.token.clone(), other.token.clone());
        person.post_as_is(path, &[("csrf", &wrong)], &[]).await.is(403);
        person.post_as_is(path, &[], &[]).await.is(403);
        let right = [("csrf", own.as_str())];
        person.post_as_is(path, &right, &[("origin", "null")]).await.is(403);
        person.cookies.clear();
        person.post_as_is(path, &right, &[]).await.is(403);
    }
    unchanged(&before, &everything(&world.bed).await, "by strangers");
}

#[tokio::test]
async fn a_changed_session_makes_an_open_page_s_form_void() {
    let world = World::open(Database::Sqlite).await;
    let mut first = world.administrator().await;
    let second = world.administrator().await;
    first.cookies.clone_from(&second.cookies);
    first.post("/account/sessions/end", &[]).await.is(403);
    first.get("/account").await.is(200);
    first.post("/account/sessions/end", &[]).await.is(303);
}
