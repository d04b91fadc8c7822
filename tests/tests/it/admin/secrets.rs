//! What is set by the pages is nowhere in clear afterwards: not on a page, in an export, in a log line or in
//! the database.

use base64::Engine as _;
use ledger::people::{NewUser, Reach, Role};
use reqwest::Method;
use sandbox::cashalot;
use secrecy::ExposeSecret as _;
use telemetry::{LogConfig, LogFormat};
use tests::bed::{Person, Shop, TestBed, on_each};
use tests::db::Database;

use super::second_step::{code, enrol};
use super::world::routes;
use crate::canary::Captured;
use crate::canary::at_rest::{everything, forms, stands_in};

const PIN: &str = "canary-pin-7801";
const SOURCE: &str = "canary-source-7802";
const PASSWORD: &str = "canary password 7803";
const ANOTHER: &str = "canary another password 7804";
const WRONG: &str = "canary wrong password 7805";
const HOOK: &str = "canary-hook-7806";
const NUMBER: u64 = 4_000_999_077;

#[tokio::test]
async fn no_secret_set_by_the_pages_is_shown_kept_or_logged_in_clear() {
    let captured = Captured::default();
    let writer = captured.clone();
    let config = LogConfig {
        filter: "debug,ingress=trace,worker=trace,ledger=trace,telemetry=trace,cashalot=trace,sandbox=off".to_owned(),
        format: LogFormat::Text,
    };
    let dispatch = telemetry::subscriber_with_writer(&config, move || writer.clone()).unwrap();
    // As in `canary`: with one subscriber only, lines that another test reaches first would be switched off.
    let second = telemetry::subscriber_with_writer(&config, std::io::sink).unwrap();
    let logging = tracing::dispatcher::set_default(&dispatch);
    on_each(|database| set_and_search(database, &captured)).await;
    drop((logging, second));
}

async fn set_and_search(database: Database, captured: &Captured) {
    let mut bed = TestBed::start_at(database, "2026-11-19T12:00:10+02:00").await;
    bed.start_ingress_with_admin().await;
    let shop = bed.shop().await;
    let mut person = Person::stranger(&bed);
    let mut secrets = people(&bed, &mut person).await;
    secrets.extend(settings(&bed, &shop, &mut person).await);
    let session = person.cookies["kasyr_session"].clone();
    secrets.push(("the session".to_owned(), session.into_bytes()));

    let mut shown = String::new();
    for (route, _) in routes(&Method::GET) {
        let path = super::world::fill(route, |kind| match kind {
            "registers" => "canary-1".to_owned(),
            "sources" => "canary-fondy".to_owned(),
            "merchants" => "flowers".to_owned(),
            _ => "none".to_owned(),
        });
        let page = person.get(&path).await;
        assert!(!page.status.is_server_error(), "{path}: {}", page.body);
        shown.push_str(&page.body);
    }
    for there in ["canary-1", "canary-fondy", "canary-user", "canary.example", "shop key"] {
        assert!(shown.contains(there), "{there} is shown");
    }
    let logs = captured.0.lock().unwrap().clone();
    assert!(
        stands_in(&logs, b"POST /welcome/{token} was answered 303"),
        "the log was captured"
    );
    let kept = everything(database, &bed.url).await;
    assert!(
        stands_in(&kept, b"canary-fondy") && stands_in(&kept, b"k1."),
        "the ledger was read"
    );
    let places = [("pages", shown.as_bytes()), ("logs", &logs[..]), ("ledger", &kept[..])];
    let mut found = Vec::new();
    for (name, secret) in &secrets {
        assert!(secret.len() >= 10, "{name}");
        for (form, text) in forms(secret) {
            found.extend(
                places
                    .iter()
                    .filter(|(_, bytes)| stands_in(bytes, &text))
                    .map(|(place, _)| format!("{name} {form} in {place}")),
            );
        }
    }
    assert!(found.is_empty(), "in clear: {found:#?}");
}

/// A link, passwords, a second step.
async fn people(bed: &TestBed, person: &mut Person) -> Vec<(String, Vec<u8>)> {
    let new = NewUser {
        login: "canary-user".to_owned(),
        name: "Олена".to_owned(),
        role: Role::Administrator,
        reach: Reach::Everything,
        language: "en".to_owned(),
    };
    let invited = bed
        .ledger
        .invite(&Reach::Everything, &new, "the test", bed.now())
        .await
        .unwrap();
    let token = invited.token.expose_secret().to_owned();
    let link = format!("/welcome/{token}");
    person.get(&link).await.is(200);
    person
        .post(&link, &[("password", PASSWORD), ("again", PASSWORD)])
        .await
        .is(303);
    person.get("/account").await.is(200);
    let secret = enrol(bed, person, PASSWORD).await;
    let change = |current| [("current", current), ("password", ANOTHER), ("again", ANOTHER)];
    person.get("/account").await.is(200);
    person.post("/account/password", &change(WRONG)).await.is(422);
    person.post("/account/password", &change(PASSWORD)).await.is(303);
    let mut there = Person::stranger(bed);
    there.sign_in("canary-user", WRONG, "").await.is(422);
    bed.later(std::time::Duration::from_secs(60));
    there
        .sign_in("canary-user", ANOTHER, &code(&secret, bed.now()))
        .await
        .is(303);
    let raw = totp_rs::Secret::try_from_base32(&secret).unwrap();
    vec![
        ("the link".to_owned(), token.into_bytes()),
        ("the second step".to_owned(), secret.into_bytes()),
        ("the second step, decoded".to_owned(), raw.as_bytes().to_vec()),
        ("the password".to_owned(), PASSWORD.into()),
        ("another password".to_owned(), ANOTHER.into()),
        ("a wrong password".to_owned(), WRONG.into()),
    ]
}

/// A register with a KeyPin, a source, an API key, two webhooks.
async fn settings(bed: &TestBed, shop: &Shop, person: &mut Person) -> Vec<(String, Vec<u8>)> {
    bed.cashalot.add_register(cashalot::RegisterSetup {
        credentials: Some(cashalot::Credentials::KeyPin(PIN.to_owned())),
        ..cashalot::RegisterSetup::new(NUMBER)
    });
    let merchant = shop.merchant.as_str();
    let (number, base_url) = (NUMBER.to_string(), format!("http://{}/", bed.cashalot_addr));
    person.get("/account").await.is(200);
    let mut register = vec![
        ("id", "canary-1"),
        ("merchant", merchant),
        ("number", &number),
        ("provider", "cashalot"),
        ("base_url", &base_url),
        ("way", "key_pin"),
        ("key_pin", WRONG),
        ("vat", "none"),
        ("refund_policy", "storno-first"),
    ];
    person.post("/settings/registers/new", &register).await.is(422);
    register[6] = ("key_pin", PIN);
    let checked = person.post("/settings/registers/new", &register).await;
    let (_, rest) = checked.is(200).body.split_once("name=\"draft\" value=\"").unwrap();
    let draft = rest.split('"').next().unwrap();
    assert!(!checked.body.contains(PIN), "{}", checked.body);
    person
        .post("/settings/registers/save", &[("draft", draft)])
        .await
        .is(303);
    let source = [
        ("id", "canary-fondy"),
        ("kind", "fondy"),
        ("register", "canary-1"),
        ("account", "777"),
        ("secret", SOURCE),
        ("api_url", "http://127.0.0.1:9"),
        ("on_mismatch", "hold"),
    ];
    let spoilt: Vec<_> = source
        .iter()
        .map(|pair| if pair.0 == "kind" { ("kind", "no") } else { *pair })
        .collect();
    let again = person.post("/settings/sources/new", &spoilt).await;
    assert!(!again.is(422).body.contains(SOURCE), "{}", again.body);
    person.post("/settings/sources/new", &source).await.is(303);
    let key = [("merchant", merchant), ("id", "shop key"), ("scope-orders", "yes")];
    let key = once(&person.post("/settings/api-keys/new", &key).await.is(200).body);
    let url = ("url", "http://canary.example/one");
    person
        .post(
            "/settings/webhooks/new",
            &[("merchant", merchant), url, ("secret", HOOK)],
        )
        .await
        .is(303);
    let made = [("merchant", merchant), ("url", "http://canary.example/two")];
    let hook = once(&person.post("/settings/webhooks/new", &made).await.is(200).body);
    let changed = once(&person.post("/settings/webhooks/secret", &made).await.is(200).body);
    let mut secrets: Vec<(String, Vec<u8>)> = vec![
        ("the PIN".to_owned(), PIN.into()),
        ("the source's secret".to_owned(), SOURCE.into()),
        ("the webhook's secret".to_owned(), HOOK.into()),
    ];
    let mut made = |name: &str, text: &str, raw: Vec<u8>| {
        secrets.push((name.to_owned(), text.as_bytes().to_vec()));
        secrets.push((format!("{name}, decoded"), raw));
    };
    let raw = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(&key);
    made("the API key", &key, raw.unwrap());
    for (name, text) in [
        ("the webhook's secret made here", hook),
        ("the webhook's new secret", changed),
    ] {
        let bare = text.strip_prefix("whsec_").unwrap();
        made(
            name,
            bare,
            base64::engine::general_purpose::STANDARD.decode(bare).unwrap(),
        );
    }
    secrets
}

/// What a page shows once.
fn once(body: &str) -> String {
    let (_, rest) = body.split_once("data-copy=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}
