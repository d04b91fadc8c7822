//! Forms that no browser sends.

use ledger::people::{Reach, Role};
use reqwest::Method;
use tests::bed::{Shown, on_each};
use tests::db::Database;

use super::markup::tags;
use super::world::{World, everything, routes, unchanged};

const LIMIT: usize = 256 * 1024;
const PARTS: (&str, &str) = ("content-type", "multipart/form-data; boundary=b");

/// One part of a form; with a file name it is a file.
fn part(name: &str, file: Option<&str>, value: &str) -> String {
    let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
    format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"{file}\r\n\r\n{value}\r\n")
}

#[track_caller]
fn refused(shown: &Shown, told: &str) {
    assert!(
        shown.status.is_client_error(),
        "{told}: {} {}",
        shown.status,
        shown.body
    );
    assert!(shown.body.contains("<h1>"), "{told}: {}", shown.body);
}

#[tokio::test]
async fn what_is_no_form_is_refused_and_changes_nothing() {
    let world = World::open(Database::Sqlite).await;
    let mut person = world.administrator().await;
    let token = person.token.clone();
    let before = everything(&world.bed).await;
    let form = "application/x-www-form-urlencoded";
    let large = format!("csrf={token}&reason={}", "x".repeat(LIMIT));
    let large_part = part("csrf", None, &token) + &part("certificate", Some("a.cer"), &"0".repeat(LIMIT)) + "--b--\r\n";
    let whole = part("csrf", None, &token);
    let latin = [
        whole.as_bytes(),
        b"--b\r\ncontent-disposition: form-data; name=\"name\"\r\n\r\n\xff\xfe\r\n--b--\r\n",
    ]
    .concat();
    let right = format!("csrf={token}").into_bytes();
    for (route, _) in routes(&Method::POST) {
        let path = world.flowers.path(route);
        let cases: [(u16, (&str, &str), Vec<u8>); 12] = [
            (413, ("content-type", form), large.clone().into_bytes()),
            (413, PARTS, large_part.clone().into_bytes()),
            (400, PARTS, whole.clone().into_bytes()),
            (400, PARTS, Vec::new()),
            (400, PARTS, b"no parts at all".to_vec()),
            (400, PARTS, right.clone()),
            (400, PARTS, latin.clone()),
            (
                403,
                PARTS,
                (part("csrf", Some("token.txt"), &token) + "--b--\r\n").into_bytes(),
            ),
            (403, ("content-type", "multipart/form-data"), whole.clone().into_bytes()),
            (
                403,
                ("content-type", "application/json"),
                format!("{{\"csrf\":\"{token}\"}}").into_bytes(),
            ),
            (
                403,
                ("content-type", "text/plain"),
                format!("csrf: {token}").into_bytes(),
            ),
            (403, ("content-type", form), b"%FF=%FE&&&==&%".to_vec()),
        ];
        for (number, (status, header, body)) in cases.into_iter().enumerate() {
            let shown = person.request(Method::POST, &path, &[header], body).await;
            refused(&shown, &path);
            assert_eq!(shown.status, status, "{path}, case {number}: {}", shown.body);
        }
    }
    unchanged(&before, &everything(&world.bed).await, "by broken forms");
}

/// Where a form goes and what its fields are called.
fn forms(body: &str, here: &str) -> Vec<(String, Vec<String>)> {
    let mut forms: Vec<(String, Vec<String>)> = Vec::new();
    for tag in tags(body) {
        let at = |name: &str| {
            tag.attributes
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.clone())
        };
        match tag.name.as_str() {
            "form" if at("method").as_deref() == Some("post") => {
                forms.push((at("action").unwrap_or_else(|| here.to_owned()), Vec::new()));
            }
            "form" => forms.push((String::new(), Vec::new())),
            "input" | "select" | "textarea" | "button" => {
                if let (Some(name), Some((_, fields))) = (at("name"), forms.last_mut()) {
                    fields.push(name);
                }
            }
            _ => {}
        }
    }
    forms.retain(|(action, _)| !action.is_empty());
    forms
}

#[tokio::test]
async fn a_nul_in_any_field_is_told_and_changes_nothing() {
    on_each(async |database| {
        let world = World::open(database).await;
        let mut person = world.visitor(Role::Administrator, Reach::Everything).await;
        let mut all: Vec<(String, Vec<String>)> = Vec::new();
        for (route, _) in routes(&Method::GET) {
            let held = format!("/orders/{}", world.flowers.held_order);
            for path in [world.flowers.path(route), held] {
                all.extend(forms(&person.get(&path).await.body, &path));
            }
        }
        all.sort();
        all.dedup();
        let asked: usize = all.iter().map(|(_, fields)| fields.len()).sum();
        assert!(asked > 100, "{asked} fields of {} forms", all.len());
        let token = person.token.clone();
        let entries = world.bed.ledger.recent_documents(None, 100).await.unwrap().len();
        for (action, fields) in &all {
            for broken in fields.iter().filter(|name| *name != "csrf") {
                let mut sent = vec![("csrf", token.as_str())];
                sent.extend(
                    fields
                        .iter()
                        .filter(|name| *name != "csrf" && *name != broken)
                        .map(|name| (name.as_str(), "1")),
                );
                sent.push((broken, "a\0b"));
                let shown = person.post_as_is(action, &sent, &[]).await;
                assert_eq!(shown.status, 400, "{action} {broken}: {}", shown.body);
            }
        }
        let body = part("csrf", None, &token) + &part("name", None, "a\0b") + "--b--\r\n";
        let shown = person
            .request(Method::POST, "/settings/merchants/new", &[PARTS], body.into_bytes())
            .await;
        assert_eq!(shown.status, 400, "{}", shown.body);
        assert_eq!(
            world.bed.ledger.recent_documents(None, 100).await.unwrap().len(),
            entries
        );
    })
    .await;
}

#[tokio::test]
async fn a_file_where_a_text_belongs_is_like_an_empty_field() {
    let world = World::open(Database::Sqlite).await;
    let mut person = world.administrator().await;
    let token = person.token.clone();
    let before = everything(&world.bed).await;
    for path in [
        "/settings/merchants/new".to_owned(),
        "/settings/users/new".to_owned(),
        "/settings/sources/new".to_owned(),
        "/settings/registers/new".to_owned(),
        "/settings/api-keys/new".to_owned(),
        "/settings/webhooks/new".to_owned(),
        "/account/second-step/confirm".to_owned(),
        "/language".to_owned(),
        format!("/documents/{}/close", world.flowers.held),
        format!("/orders/{}/basket", world.flowers.held_order),
        format!("/orders/{}/refund", world.flowers.order),
        format!("/registers/{}/cash-in", world.flowers.shop.register),
    ] {
        let mut body = part("csrf", None, &token);
        for name in [
            "name", "id", "login", "role", "reason", "amount", "key", "url", "merchant", "secret", "language",
        ] {
            body += &part(name, Some("text.txt"), "1");
        }
        body += "--b--\r\n";
        refused(
            &person.request(Method::POST, &path, &[PARTS], body.into_bytes()).await,
            &path,
        );
    }
    unchanged(&before, &everything(&world.bed).await, "by files");
}

#[tokio::test]
async fn a_cell_of_an_export_is_never_a_formula() {
    let world = World::open(Database::Sqlite).await;
    let shop = &world.flowers.shop;
    let formula = "=HYPERLINK(\"http://evil.example\")";
    let mut settings = world.bed.settings_of(shop);
    settings.merchants[0].name = "інша назва".to_owned();
    world
        .bed
        .ledger
        .apply(&settings, formula, world.bed.now())
        .await
        .unwrap();
    let order = world.bed.place(shop, "=1+1", 100);
    world.bed.fondy.pay(&order.at_gateway).unwrap();
    tests::eventually(tests::bed::PATIENCE, async || {
        let waiting = world.bed.ledger.stats().await.unwrap().events_waiting;
        (waiting > 0).then_some(())
    })
    .await;
    let worker = world.bed.start_worker(tests::bed::short_times()).await;
    world.bed.until(&order, &["sale registered"]).await;
    worker.stop().await;
    let mut person = world.administrator().await;
    for (path, cell) in [("/audit.csv", "'=HYPERLINK"), ("/orders.csv", "'=1+1")] {
        let shown = person.get(path).await;
        shown.is(200).says(cell);
        assert!(
            shown.headers["content-disposition"]
                .to_str()
                .unwrap()
                .starts_with("attachment")
        );
        for line in shown.body.lines() {
            for cell in line.split(',') {
                assert!(
                    !cell.trim_matches('"').starts_with(['=', '+', '-', '@']),
                    "{path}: {line}"
                );
            }
        }
    }
}
