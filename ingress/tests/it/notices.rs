//! What providers tell by themselves: kept before it is answered, never believed, and its address never told.

use axum::body::Body;
use axum::http::Request;
use domain::ids::{MerchantId, RegisterId, SourceId};
use ledger::Ledger;
use ledger::notices::DueNotice;
use ledger::settings::{AddressRange, Settings, Source, SourceKind};
use queue::Kind;
use serde_json::{Value, json};

use crate::bed::{Answer, Bed, config, eventually};

/// In the address of the one source, and of the other.
pub const SECRET: &str = "canary-path-secret-1";
const OTHER: &str = "canary-path-secret-2";

fn source(kind: SourceKind, id: &str, register: &str, secret: &str) -> Source {
    Source {
        secret: secret.into(),
        ..Source::new(
            kind,
            SourceId::parse(id).unwrap(),
            MerchantId::parse("flowers").unwrap(),
            RegisterId::parse(register).unwrap(),
        )
    }
}

async fn apply(ledger: &Ledger, sources: Vec<Source>) {
    let settings = Settings {
        sources,
        ..Settings::default()
    };
    ledger.apply(&settings, "the test", ledger::wall_clock()).await.unwrap();
}

/// A bed with one source of each kind.
pub async fn bed() -> Bed {
    let bed = Bed::start_with(config()).await;
    let both = vec![
        source(SourceKind::CashDesk, "till", "flowers-1", SECRET),
        source(SourceKind::AtolOnline, "kkt", "flowers-2", OTHER),
    ];
    apply(&bed.parts.ledger, both).await;
    bed
}

pub async fn post(bed: &Bed, path: &str, body: impl Into<Body>) -> Answer {
    let request = Request::post(path).header("content-type", "application/json");
    bed.send(request.body(body.into()).unwrap()).await
}

async fn tell(bed: &Bed, body: &Value) -> Answer {
    post(bed, &format!("/callbacks/till/{SECRET}"), body.to_string()).await
}

async fn waiting(bed: &Bed, register: &str) -> Vec<DueNotice> {
    let (ledger, register) = (&bed.parts.ledger, RegisterId::parse(register).unwrap());
    ledger.due_notices(&register, ledger.now(), 100).await.unwrap()
}

async fn rung(bed: &Bed) -> u64 {
    bed.parts.doorbell.depth(Kind::WorkRegister).await.unwrap()
}

pub fn check() -> Value {
    json!({
        "num_fiscal": "4000999001", "check_type": "Z_SALE", "ORDERNUM": "TST_a1", "ORDERDATE": "2026-11-21",
        "ORDERTIME": "10:15:41", "uuid": "6f0c5a3e-0000-4000-8000-0000000000aa", "local_number": 90017,
        "check_data": {
            "total_sum": 124.10, "payments": [{"code": 0, "sum": 124.10}],
            "products": [{"name": "Notebook", "amount": 3, "cost": 124.11}],
        },
        "qr": "", "pdf": "", "text_print": "",
    })
}

fn result() -> Value {
    json!({
        "uuid": "5e1f0000-0000-4000-8000-000000000001", "external_id": "0123456789ABC-1", "group_code": "g", "status": "done",
        "payload": {"total": 300.00, "fn_number": "9999000000000001", "fiscal_document_number": 133},
    })
}

fn with(mut body: Value, name: &str, value: Value) -> Value {
    body[name] = value;
    body
}

fn without(mut body: Value, name: &str) -> Value {
    body.as_object_mut().unwrap().remove(name);
    body
}

#[tokio::test]
async fn a_strange_check_is_kept_once_and_its_register_is_called() {
    let bed = bed().await;
    for _ in 0..3 {
        let answer = tell(&bed, &check()).await;
        assert_eq!(answer.verdict(), "200");
        assert_eq!(answer.json()["status"], "accepted");
    }
    let waiting = waiting(&bed, "flowers-1").await;
    assert_eq!((waiting.len(), rung(&bed).await, bed.alerts().await), (1, 1, 0));
    assert_eq!(waiting[0].told.fiscal_number.as_deref(), Some("TST_a1"));
    assert_eq!(waiting[0].told.amount, Some(12_410));
    assert!(!format!("{waiting:?}").contains("Notebook"));
}

#[tokio::test]
async fn a_result_of_nobodys_document_is_taken_and_nobody_is_called() {
    let bed = bed().await;
    for _ in 0..2 {
        let answer = post(&bed, &format!("/callbacks/kkt/{OTHER}"), result().to_string()).await;
        assert_eq!(answer.verdict(), "200");
    }
    assert_eq!((waiting(&bed, "flowers-2").await.len(), rung(&bed).await), (0, 0));
}

#[tokio::test]
async fn another_story_of_the_same_check_is_kept_alerted_and_need_not_come_again() {
    let bed = bed().await;
    assert_eq!(tell(&bed, &check()).await.verdict(), "200");
    let mut other = check();
    other["check_data"]["total_sum"] = json!(1.00);
    for _ in 0..2 {
        assert_eq!(tell(&bed, &other).await.verdict(), "200");
    }
    let alerts = bed.parts.ledger.open_alerts(None).await.unwrap();
    let kinds: Vec<(&str, i64)> = alerts.iter().map(|alert| (alert.kind.as_str(), alert.seen)).collect();
    assert_eq!(kinds, [("notice_conflict", 1)]);
    assert_eq!(waiting(&bed, "flowers-1").await.len(), 1, "the first one counts");
}

#[tokio::test]
async fn heavy_parts_may_come_and_are_not_kept() {
    let bed = bed().await;
    let heavy = with(check(), "pdf", "QUJD".repeat(5 * 1024 * 1024 / 4).into());
    assert_eq!(tell(&bed, &heavy).await.verdict(), "200");
    assert!(format!("{:?}", waiting(&bed, "flowers-1").await).len() < 2_000);
    for size in [8 * 1024 * 1024 + 1, 20 * 1024 * 1024] {
        let answer = post(&bed, &format!("/callbacks/till/{SECRET}"), vec![b' '; size]).await;
        assert_eq!(answer.verdict(), "413 body_too_large", "{size}");
    }
    // Other sources keep their limit.
    let fondy = bed.callback(vec![b' '; 300 * 1024]).await;
    assert_eq!(fondy.verdict(), "413 body_too_large");
}

#[tokio::test]
async fn bad_notices_are_answered_as_the_table_says_and_nothing_is_kept() {
    let bed = bed().await;
    let till = format!("/callbacks/till/{SECRET}");
    let kkt = format!("/callbacks/kkt/{OTHER}");
    let good = check().to_string();
    for (path, body, expected, field) in [
        // Who does not know the secret learns nothing, not even that there is a source.
        ("/callbacks/till", good.clone(), "404 unknown_source", ""),
        ("/callbacks/till/", good.clone(), "404 route_not_found", ""),
        ("/callbacks/till/x", good.clone(), "404 unknown_source", ""),
        (
            "/callbacks/till/canary-path-secret-2",
            good.clone(),
            "404 unknown_source",
            "",
        ),
        (
            "/callbacks/till/canary-path-secret-12",
            good.clone(),
            "404 unknown_source",
            "",
        ),
        (
            "/callbacks/nobody/canary-path-secret-1",
            good.clone(),
            "404 unknown_source",
            "",
        ),
        (
            "/callbacks/flowers-fondy/canary-path-secret-1",
            good.clone(),
            "404 unknown_source",
            "",
        ),
        (&format!("{till}/more"), good.clone(), "404 route_not_found", ""),
        (&till, String::new(), "400 broken_json", ""),
        (&till, "{".to_owned(), "400 broken_json", ""),
        (&till, good[..good.len() - 9].to_owned(), "400 broken_json", ""),
        (&till, "[]".to_owned(), "400 not_an_object", ""),
        (&till, "order_id=1".to_owned(), "400 broken_json", ""),
        (&till, "{}".to_owned(), "400 missing_field", "num_fiscal"),
        (
            &till,
            without(check(), "num_fiscal").to_string(),
            "400 missing_field",
            "num_fiscal",
        ),
        (
            &till,
            with(check(), "num_fiscal", json!({})).to_string(),
            "400 bad_field",
            "num_fiscal",
        ),
        (
            &till,
            with(check(), "num_fiscal", json!(4_000_999_002_u64)).to_string(),
            "400 wrong_register",
            "num_fiscal",
        ),
        (
            &till,
            without(check(), "check_type").to_string(),
            "400 missing_field",
            "check_type",
        ),
        (
            &till,
            with(check(), "uuid", json!("a".repeat(300))).to_string(),
            "400 bad_field",
            "uuid",
        ),
        (
            &till,
            without(without(check(), "uuid"), "ORDERNUM").to_string(),
            "400 missing_field",
            "uuid",
        ),
        (
            &till,
            with(check(), "check_data", json!({"payments": []})).to_string(),
            "400 missing_field",
            "check_data.total_sum",
        ),
        (&kkt, good.clone(), "400 missing_field", "status"),
        (&kkt, "[]".to_owned(), "400 not_an_object", ""),
        (&kkt, json!({"status": "done"}).to_string(), "400 missing_field", "uuid"),
        (
            &kkt,
            without(result(), "status").to_string(),
            "400 missing_field",
            "status",
        ),
        (
            &kkt,
            with(result(), "status", json!("dancing")).to_string(),
            "400 bad_field",
            "status",
        ),
    ] {
        let answer = post(&bed, path, body.clone()).await;
        assert_eq!(answer.verdict(), expected, "{path} {body}");
        let told: Value = serde_json::from_str(&answer.body).unwrap_or_default();
        assert_eq!(told["field"].as_str().unwrap_or_default(), field, "{path} {body}");
        assert!(!answer.body.contains("canary"), "{}", answer.body);
    }
    let kept = waiting(&bed, "flowers-1").await.len() + waiting(&bed, "flowers-2").await.len();
    assert_eq!((kept, rung(&bed).await, bed.alerts().await), (0, 0, 0));
}

#[tokio::test]
async fn the_secret_before_is_good_for_a_while() {
    let bed = bed().await;
    let ledger = &bed.parts.ledger;
    apply(ledger, vec![source(SourceKind::CashDesk, "till", "flowers-1", OTHER)]).await;
    for secret in [SECRET, OTHER] {
        let answer = post(&bed, &format!("/callbacks/till/{secret}"), check().to_string()).await;
        assert_eq!(answer.verdict(), "200", "{secret}");
    }
    // Strangers learnt it.
    let strict = Source {
        old_secret_hours: 0,
        ..source(SourceKind::CashDesk, "till", "flowers-1", OTHER)
    };
    apply(ledger, vec![strict]).await;
    // What the process remembers of sources is two seconds old at most.
    eventually(async || {
        let answer = post(&bed, &format!("/callbacks/till/{SECRET}"), check().to_string()).await;
        answer.verdict() == "404 unknown_source"
    })
    .await;
}

#[tokio::test]
async fn a_stranger_s_address_is_refused_only_where_the_secret_is_right() {
    let bed = bed().await;
    let narrow = Source {
        allowed_addresses: vec![AddressRange::parse("192.0.2.1").unwrap()],
        ..source(SourceKind::CashDesk, "narrow", "flowers-1", SECRET)
    };
    apply(&bed.parts.ledger, vec![narrow]).await;
    for (secret, expected) in [(SECRET, "403 address_not_allowed"), (OTHER, "404 unknown_source")] {
        let answer = post(&bed, &format!("/callbacks/narrow/{secret}"), check().to_string()).await;
        assert_eq!(answer.verdict(), expected);
    }
}
