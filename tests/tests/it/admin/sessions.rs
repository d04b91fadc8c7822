//! Sessions: made by the server at each sign-in, ended on the server.

use ingress::Listeners;
use ledger::alerts::{NewAlert, Severity, Words};
use ledger::people::{Reach, Role, UserChange};
use reqwest::header::SET_COOKIE;
use tests::bed::{Person, Running, Shown, TestBed, ingress_config};
use tests::db::Database;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::world::visitor;

const NEW_PASSWORD: &str = "ще один довгий пароль";

async fn bed() -> TestBed {
    let mut bed = TestBed::start(Database::Sqlite).await;
    bed.start_ingress_with_admin().await;
    bed
}

fn session(person: &Person) -> String {
    person.cookies.get("kasyr_session").cloned().unwrap_or_default()
}

#[tokio::test]
async fn a_session_that_was_there_before_the_sign_in_is_worth_nothing_after_it() {
    let bed = bed().await;
    let (login, password) = bed.add_user(Role::Operator, Reach::Everything).await;
    let planted = "planted-by-somebody-else-0123456789abcdefghij";
    let mut person = Person::stranger(&bed);
    person.cookies.insert("kasyr_session".to_owned(), planted.to_owned());
    person.sign_in(&login, &password, "").await.is(303);
    let first = session(&person);
    assert_ne!(first, planted);
    let mut attacker = Person::stranger(&bed);
    attacker.cookies.insert("kasyr_session".to_owned(), planted.to_owned());
    attacker.get("/account").await.is(303);
    // The next sign-in is another session with another token.
    person.get("/account").await.is(200);
    let token = person.token.clone();
    let mut again = Person::stranger(&bed);
    again.sign_in(&login, &password, "").await.is(303);
    again.get("/account").await.is(200);
    assert_ne!(session(&again), first);
    assert_ne!(again.token, token);
    assert!(first.len() >= 40, "{}", first.len());
}

#[tokio::test]
async fn signing_out_ends_the_session_on_the_server() {
    let bed = bed().await;
    let (mut person, _, _) = visitor(&bed, Role::Operator, Reach::Everything).await;
    let mut copy = Person::stranger(&bed);
    copy.cookies.clone_from(&person.cookies);
    copy.get("/account").await.is(200);
    let out = person.post("/sign-out", &[]).await;
    out.is(303);
    assert_eq!(session(&person), "", "the browser forgets it");
    copy.get("/account").await.is(303);
    copy.post("/account/sessions/end", &[]).await.is(401);
}

#[tokio::test]
async fn signing_out_everywhere_else_leaves_this_session_alone() {
    let bed = bed().await;
    let (mut here, user, _) = visitor(&bed, Role::Operator, Reach::Everything).await;
    let (mut colleague, _, _) = visitor(&bed, Role::Operator, Reach::Everything).await;
    let mut there = another(&bed, &user).await;
    here.post("/account/sessions/end", &[]).await.is(303);
    here.get("/account").await.is(200);
    there.get("/account").await.is(303);
    colleague.get("/account").await.is(200);
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions_and_the_old_password() {
    let bed = bed().await;
    let (login, password) = bed.add_user(Role::Operator, Reach::Everything).await;
    let mut here = Person::stranger(&bed);
    here.sign_in(&login, &password, "").await.is(303);
    let mut there = Person::stranger(&bed);
    there.sign_in(&login, &password, "").await.is(303);
    here.get("/account").await.is(200);
    let change = |current| {
        [
            ("current", current),
            ("password", NEW_PASSWORD),
            ("again", NEW_PASSWORD),
        ]
    };
    here.post("/account/password", &change("not the password"))
        .await
        .is(422);
    there.get("/account").await.is(200);
    here.post("/account/password", &change(&password)).await.is(303);
    here.get("/account").await.is(200);
    there.get("/account").await.is(303);
    let mut person = Person::stranger(&bed);
    person.sign_in(&login, &password, "").await.is(422);
    person.sign_in(&login, NEW_PASSWORD, "").await.is(303);
}

#[tokio::test]
async fn whoever_is_switched_off_or_made_less_is_out_at_once() {
    let bed = bed().await;
    let (mut boss, _, _) = visitor(&bed, Role::Administrator, Reach::Everything).await;
    for fields in [
        &[
            ("name", "П"),
            ("role", "operator"),
            ("everything", "yes"),
            ("disabled", "yes"),
        ][..],
        &[("name", "П"), ("role", "accountant"), ("everything", "yes")],
    ] {
        let (mut person, user, _) = visitor(&bed, Role::Operator, Reach::Everything).await;
        boss.post(&format!("/settings/users/{user}"), fields).await.is(303);
        person.get("/account").await.is(303);
        person.post("/attention/resend", &[]).await.is(401);
    }
    // Nor does a switched-off user get in again, by password or by a link made before.
    let (login, password) = bed.add_user(Role::Operator, Reach::Everything).await;
    let all = bed.ledger.users(&Reach::Everything).await.unwrap();
    let user = all.iter().find(|user| user.login == login).unwrap();
    let off = UserChange {
        name: user.name.clone(),
        role: user.role,
        reach: user.reach.clone(),
        enabled: false,
    };
    let (ledger, now) = (&bed.ledger, bed.ledger.now());
    ledger
        .change_user(&Reach::Everything, &user.id, &off, "the test", now)
        .await
        .unwrap();
    Person::stranger(&bed).sign_in(&login, &password, "").await.is(422);
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used_and_in_any_case_after_some_hours() {
    let mut bed = TestBed::start_at(Database::Sqlite, "2026-11-19T08:00:00+02:00").await;
    bed.start_ingress_with_admin().await;
    let (mut idle, user, _) = visitor(&bed, Role::Operator, Reach::Everything).await;
    let mut busy = another(&bed, &user).await;
    for _ in 0..11 {
        bed.later(std::time::Duration::from_secs(3600));
        busy.get("/account").await.is(200);
    }
    idle.get("/account").await.is(303);
    bed.later(std::time::Duration::from_secs(3601));
    busy.get("/account").await.is(303);
}

#[tokio::test]
async fn a_stream_of_news_ends_with_its_session() {
    let bed = bed().await;
    let (mut person, user, _) = visitor(&bed, Role::Accountant, Reach::Everything).await;
    let cookie = format!("kasyr_session={}", session(&person));
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = client.get(bed.admin_url("/live")).header("cookie", &cookie);
    let mut stream = request.send().await.unwrap();
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    // Something happens until the page has heard of it.
    let heard = async {
        for number in 1.. {
            bed.ledger.raise_alert(&news(number), bed.ledger.now()).await.unwrap();
            let wait = std::time::Duration::from_millis(1_500);
            if let Ok(Ok(Some(chunk))) = tokio::time::timeout(wait, stream.chunk()).await {
                return String::from_utf8(chunk.to_vec()).unwrap();
            }
        }
        String::new()
    };
    assert!(heard.await.contains("event: changed"));
    person.get("/account").await.is(200);
    bed.ledger
        .end_sessions(&user, None, "the test", bed.ledger.now())
        .await
        .unwrap();
    bed.ledger.raise_alert(&news(1_000), bed.ledger.now()).await.unwrap();
    let mut rest = String::new();
    let ended = async {
        while let Some(chunk) = stream.chunk().await.unwrap() {
            rest.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    };
    tokio::time::timeout(tests::bed::PATIENCE, ended).await.unwrap();
    assert!(!rest.contains("changed"), "{rest}");
    person.get("/live").await.is(303);
}

fn news(number: u64) -> NewAlert {
    NewAlert {
        kind: "test",
        subject: number.to_string(),
        severity: Severity::Warning,
        merchant: None,
        register: None,
        text: Words::new("news", "новини"),
        next_step: Words::default(),
    }
}

#[tokio::test]
async fn cookies_are_for_our_server_only_and_over_https_only_for_https() {
    let mut bed = bed().await;
    let plain = bed.admin_addr;
    let (login, password) = bed.add_user(Role::Operator, Reach::Everything).await;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let admin = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let secure = admin.local_addr().unwrap();
    let mut config = ingress_config();
    config.admin.addr = secure;
    config.admin.url = Some("https://kasyr.example".to_owned());
    let parts = bed.parts().await;
    let listeners = Listeners {
        public: listener,
        admin: Some(admin),
    };
    let running = Running::start("ingress", |stop: CancellationToken| {
        ingress::run(config, parts, listeners, stop.cancelled_owned())
    });
    bed.keep(running);
    for (addr, is_secure) in [(plain, false), (Some(secure), true)] {
        bed.admin_addr = addr;
        let mut person = Person::stranger(&bed);
        let mut seen = cookies(&person.get("/sign-in").await);
        person.post("/language", &[("language", "en")]).await.is(303);
        seen.extend(cookies(&person.post("/language", &[("language", "uk")]).await));
        seen.extend(cookies(&person.sign_in(&login, &password, "").await));
        person.get("/account").await.is(200);
        seen.extend(cookies(&person.post("/sign-out", &[]).await));
        let names: Vec<&str> = seen.iter().filter_map(|set| Some(set.split_once('=')?.0)).collect();
        assert_eq!(
            names,
            ["kasyr_visit", "kasyr_language", "kasyr_session", "kasyr_session"]
        );
        for set in &seen {
            for part in ["; Path=/;", "; HttpOnly", "; SameSite=Lax"] {
                assert!(set.contains(part), "{set}");
            }
            assert_eq!(set.contains("; Secure"), is_secure, "{set}");
            assert!(!set.contains("Domain"), "{set}");
        }
        assert!(seen[3].contains("Max-Age=0"), "{}", seen[3]);
    }
}

fn cookies(shown: &Shown) -> Vec<String> {
    let all = shown.headers.get_all(SET_COOKIE);
    all.iter().map(|set| set.to_str().unwrap().to_owned()).collect()
}

/// Another browser of the same user.
async fn another(bed: &TestBed, user: &str) -> Person {
    use secrecy::ExposeSecret as _;
    let token = bed
        .ledger
        .start_session(user, "there", "a test", bed.ledger.now())
        .await;
    let mut person = Person::stranger(bed);
    let token = token.unwrap().unwrap().expose_secret().to_owned();
    person.cookies.insert("kasyr_session".to_owned(), token);
    person.get("/account").await.is(200);
    person
}
