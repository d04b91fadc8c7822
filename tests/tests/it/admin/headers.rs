//! What every answer tells the browser.

use domain::ids::DocumentId;
use ledger::people::{Reach, Role};
use reqwest::Method;
use sea_orm::{ConnectionTrait as _, Statement};
use tests::bed::{Person, Shown};
use tests::db::Database;

use super::markup::is_harmless;
use super::world::{World, database, routes};

#[track_caller]
fn guarded(shown: &Shown, told: &str) {
    let header = |name: &str| {
        let all: Vec<&str> = shown
            .headers
            .get_all(name)
            .iter()
            .map(|value| value.to_str().unwrap())
            .collect();
        assert_eq!(all.len(), 1, "{told}: {name} {all:?}");
        all[0].to_owned()
    };
    let policy = header("content-security-policy");
    assert!(policy.contains("default-src 'none'"), "{told}: {policy}");
    assert!(
        !policy.contains("unsafe-eval") && !policy.contains('*') && !policy.contains("http"),
        "{told}: {policy}"
    );
    let script = policy.split(';').find(|part| part.trim().starts_with("script-src"));
    if told.ends_with("/receipt.html") && shown.status == 200 {
        assert!(policy.starts_with("sandbox;"), "{policy}");
        assert!(
            policy.contains("frame-ancestors 'self'") && script.is_none(),
            "{policy}"
        );
        assert_eq!(header("x-frame-options"), "SAMEORIGIN");
    } else {
        assert!(
            policy.contains("frame-ancestors 'none'") && policy.contains("form-action 'self'"),
            "{told}: {policy}"
        );
        assert!(
            policy.contains("base-uri 'none'") && !policy.contains("unsafe"),
            "{told}: {policy}"
        );
        assert_eq!(script.map(str::trim), Some("script-src 'self'"), "{told}");
        assert_eq!(header("x-frame-options"), "DENY", "{told}");
    }
    assert_eq!(header("x-content-type-options"), "nosniff", "{told}");
    assert_eq!(header("referrer-policy"), "same-origin", "{told}");
    assert_eq!(header("cross-origin-opener-policy"), "same-origin", "{told}");
    let cached = header("cache-control");
    if told.starts_with("/assets/") && shown.status == 200 {
        assert!(cached.contains("immutable"), "{told}: {cached}");
    } else if header_or_nothing(shown, "content-type") == "text/event-stream" {
        assert!(cached == "no-store" || cached == "no-cache", "{told}: {cached}");
    } else {
        assert_eq!(cached, "no-store", "{told}");
    }
}

fn header_or_nothing<'a>(shown: &'a Shown, name: &str) -> &'a str {
    shown.headers.get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn every_answer_says_what_the_browser_may_not_do() {
    let world = World::open(Database::Sqlite).await;
    let mut boss = world.administrator().await;
    let mut weak = world.visitor(Role::Accountant, Reach::Everything).await;
    let mut nobody = Person::stranger(&world.bed);
    let mut pages = 0;
    for (route, _) in routes(&Method::GET) {
        let path = world.flowers.path(route);
        for person in [&mut boss, &mut weak, &mut nobody] {
            let shown = person.get(&path).await;
            guarded(&shown, &path);
            let is_page = header_or_nothing(&shown, "content-type").starts_with("text/html");
            if is_page && !path.ends_with("/receipt.html") {
                is_harmless(&shown.body, &path);
                pages += 1;
            }
        }
    }
    assert!(pages > 40, "{pages} pages were looked at");
    for (route, _) in routes(&Method::POST) {
        let path = world.flowers.path(route);
        guarded(&weak.post_as_is(&path, &[], &[]).await, &path);
        guarded(&nobody.post(&path, &[]).await, &path);
        guarded(&boss.post(&path, &[]).await, &path);
        boss = world.administrator().await;
    }
    for path in ["/nothing", "/orders/", "//", "/assets/nothing", "/%FF"] {
        for method in [Method::GET, Method::POST, Method::DELETE, Method::HEAD] {
            let shown = boss.request(method, path, &[], Vec::new()).await;
            assert_eq!(shown.status, 404, "{path}");
            guarded(&shown, path);
        }
    }
}

#[tokio::test]
async fn a_failure_of_ours_is_told_in_plain_words_and_as_guarded() {
    let world = World::open(Database::Sqlite).await;
    let mut person = world.administrator().await;
    let db = database(&world.bed).await;
    for statement in [
        "ALTER TABLE alerts RENAME TO canary_table",
        "ALTER TABLE orders RENAME TO canary_orders",
    ] {
        let statement = Statement::from_string(db.get_database_backend(), statement);
        db.execute_raw(statement).await.unwrap();
    }
    for path in ["/", "/orders", "/attention"] {
        let shown = person.get(path).await;
        assert_eq!(shown.status, 500, "{path}: {}", shown.body);
        guarded(&shown, path);
        for told in ["canary", "no such table", "SELECT", "sqlite", "panicked"] {
            assert!(!shown.body.contains(told), "{told} in {path}: {}", shown.body);
        }
        shown.says("<h1>");
    }
}

#[tokio::test]
async fn a_provider_s_rendering_is_shut_in() {
    let world = World::open(Database::Sqlite).await;
    let id = DocumentId::parse(&world.flowers.document).unwrap();
    let page = "<script>alert(1)</script><form action=https://evil.example><p>Чек</p>";
    let (ledger, now) = (&world.bed.ledger, world.bed.now());
    ledger.keep_rendering(id, true, page, now).await.unwrap();
    let mut person = world.administrator().await;
    let path = format!("/documents/{id}/receipt.html");
    let shown = person.get(&path).await;
    shown.is(200);
    assert_eq!(shown.body, page, "it is shown as it came");
    guarded(&shown, &path);
    let policy = header_or_nothing(&shown, "content-security-policy");
    assert!(!policy.contains("allow-"), "{policy}");
    let around = person.get(&format!("/documents/{id}/receipt")).await;
    let frame = super::markup::tags(&around.is(200).body)
        .into_iter()
        .find(|tag| tag.name == "iframe")
        .expect("it is framed");
    assert!(frame.attributes.contains(&("sandbox".to_owned(), String::new())));
    assert!(!around.body.contains("evil.example"));
}
