//! Whom a source believes: keys while they change, addresses, and both generations of the protocol.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::body::Body;
use axum::http::Request;
use domain::ids::SourceId;
use ledger::Clock;
use ledger::settings::{Settings, Source};
use ledger::settings_rules::address_ranges;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::bed::{Bed, config};
use crate::server::{one_answer, post, start};
use crate::sign::{KEY, Message, sale, v2};

const DAY: i64 = 24 * 3600 * 1000;

/// Changes a source before anybody asked for it.
async fn change(bed: &Bed, id: &str, change: impl FnOnce(&mut Source)) {
    let ledger = &bed.parts.ledger;
    let mut source = ledger.source(&SourceId::parse(id).unwrap()).await.unwrap().unwrap();
    change(&mut source);
    let settings = Settings {
        sources: vec![source],
        ..Settings::default()
    };
    ledger.apply(&settings, "the test", ledger.now()).await.unwrap();
}

async fn verdict(bed: &Bed, message: &Message, key: &str) -> String {
    bed.callback(message.json_signed(&message.signature_by(key)))
        .await
        .verdict()
}

#[tokio::test]
async fn while_a_key_changes_callbacks_under_either_are_believed_and_later_only_under_the_new_one() {
    let passed = Arc::new(AtomicI64::new(0));
    let bed = Bed::start_by(config(), Clock::Moved(Arc::clone(&passed))).await;
    change(&bed, "flowers-fondy", |source| source.secret = "new canary key".into()).await;
    let refund = sale().with("reversal_amount", "12750");
    assert_eq!(
        verdict(&bed, &sale(), KEY).await,
        "200",
        "sent before the key changed, or retried since"
    );
    assert_eq!(verdict(&bed, &refund, "new canary key").await, "200");
    assert_eq!(verdict(&bed, &sale(), "neither").await, "400 wrong_signature");
    let full = refund.with("reversal_amount", "26750").with("order_status", "reversed");
    passed.store(DAY - 60_000, Ordering::SeqCst);
    assert_eq!(verdict(&bed, &full, KEY).await, "200", "a day has not passed yet");
    passed.store(DAY + 1, Ordering::SeqCst);
    for message in [sale(), full] {
        assert_eq!(verdict(&bed, &message, KEY).await, "400 wrong_signature");
        assert_eq!(verdict(&bed, &message, "new canary key").await, "200");
    }
    assert_eq!(
        bed.stored().await.len(),
        3,
        "under whichever key, the same state is the same event"
    );
}

#[tokio::test]
async fn a_key_that_leaked_is_not_believed_for_a_moment() {
    let bed = Bed::start().await;
    change(&bed, "flowers-fondy", |source| {
        source.secret = "new key".into();
        source.old_secret_hours = 0;
    })
    .await;
    assert_eq!(verdict(&bed, &sale(), KEY).await, "400 wrong_signature");
    assert_eq!(verdict(&bed, &sale(), "new key").await, "200");
}

#[tokio::test]
async fn production_believes_no_key_that_everybody_knows_not_even_as_the_one_before() {
    for (production, expected) in [(false, "200"), (true, "400 wrong_signature")] {
        let mut config = config();
        config.production = production;
        let bed = Bed::start_with(config).await;
        for secret in ["test", "a live key"] {
            change(&bed, "flowers-live", |source| source.secret = secret.into()).await;
        }
        let message = sale().with("merchant_id", "77");
        let old = bed.callback_to("flowers-live", message.json_signed(&message.signature_by("test")));
        assert_eq!(old.await.verdict(), expected, "production {production}");
        let new = bed.callback_to("flowers-live", message.json_signed(&message.signature_by("a live key")));
        assert_eq!(new.await.verdict(), "200");
    }
}

#[tokio::test]
async fn production_refuses_every_public_test_merchant_whatever_its_key() {
    for merchant in ["1396424", "1700002", "1549901"] {
        let mut config = config();
        config.production = true;
        let bed = Bed::start_with(config).await;
        change(&bed, "flowers-live", |source| source.account = merchant.to_owned()).await;
        let message = sale().with("merchant_id", merchant);
        let body = message.json_signed(&message.signature_by("a live key canary"));
        let answer = bed.callback_to("flowers-live", body).await;
        assert_eq!(answer.verdict(), "403 test_source_refused", "{merchant}");
        assert_eq!(bed.stored().await.len(), 0);
    }
}

#[tokio::test]
async fn a_listed_address_is_let_in_and_another_is_refused_and_nothing_is_stored() {
    for (listed, status) in [
        ("127.0.0.1", "200"),
        ("127.0.0.0/8, 54.154.216.60", "200"),
        ("54.154.216.60 3.75.125.89", "403"),
    ] {
        let server = start(config()).await;
        let allowed = address_ranges(listed).unwrap();
        change(&server.bed, "flowers-fondy", |source| {
            source.allowed_addresses = allowed
        })
        .await;
        let mut stream = TcpStream::connect(server.addr).await.unwrap();
        stream.write_all(post(&sale().json()).as_bytes()).await.unwrap();
        let answer = one_answer(&mut stream).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{listed}: {answer}");
        assert_eq!(
            server.bed.stored().await.len(),
            usize::from(status == "200"),
            "{listed}"
        );
    }
}

#[tokio::test]
async fn behind_a_trusted_proxy_the_address_it_names_counts() {
    for (trusted, named, status) in [
        ("127.0.0.1", "54.154.216.60", "200"),
        ("127.0.0.1", "203.0.113.9", "403"),
        ("127.0.0.1", "54.154.216.60, 203.0.113.9", "403"),
        ("10.0.0.1", "54.154.216.60", "403"),
    ] {
        let mut config = config();
        config.trusted_proxies = address_ranges(trusted).unwrap();
        let server = start(config).await;
        let allowed = address_ranges("54.154.216.60").unwrap();
        change(&server.bed, "flowers-fondy", |source| {
            source.allowed_addresses = allowed
        })
        .await;
        let mut stream = TcpStream::connect(server.addr).await.unwrap();
        let request = post(&sale().json()).replacen("\r\n", &format!("\r\nx-forwarded-for: {named}\r\n"), 1);
        stream.write_all(request.as_bytes()).await.unwrap();
        let answer = one_answer(&mut stream).await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{trusted} {named}: {answer}"
        );
    }
}

#[tokio::test]
async fn whoever_cannot_be_placed_is_on_no_list() {
    let bed = Bed::start().await;
    let allowed = address_ranges("127.0.0.1").unwrap();
    change(&bed, "flowers-fondy", |source| source.allowed_addresses = allowed).await;
    let answer = bed.callback(sale().json()).await;
    assert_eq!(answer.verdict(), "403 address_not_allowed");
    assert!(answer.body.contains("listed addresses only"), "{}", answer.body);
    assert_eq!(bed.stored().await.len(), 0);
}

#[tokio::test]
async fn both_generations_of_the_protocol_are_taken_from_one_source() {
    let bed = Bed::start().await;
    let order = |message: &Message| message.fields_as_json();
    let refund = |total: &str| sale().with("reversal_amount", total);
    let newer = refund("2")
        .with("fee_oplata", "0")
        .with("additional_info", r#"{"capture_status": null}"#);
    let wrapped = |body: String| format!(r#"{{"response":{body}}}"#);
    for (name, body) in [
        ("1.0", sale().json()),
        ("1.0 wrapped", wrapped(refund("1").json())),
        ("1.0.1", newer.json()),
        ("2.0", v2(&order(&refund("3")))),
        ("2.0 wrapped", wrapped(v2(&order(&refund("4"))))),
        (
            "2.0, the version a number",
            v2(&order(&refund("5"))).replace(r#""2.0""#, "2.0"),
        ),
    ] {
        assert_eq!(bed.callback(body).await.verdict(), "200", "{name}");
    }
    let form = Request::post("/callbacks/flowers-fondy")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(refund("6").form()))
        .unwrap();
    assert_eq!(bed.send(form).await.verdict(), "200");
    let stored = bed.stored().await;
    assert_eq!(stored.len(), 7);
    assert!(stored.iter().all(|event| event.order.as_str() == "shop-1001"));
    assert!(stored.iter().all(|event| event.fact.kind() != "ask"), "{stored:?}");
    // The same state told in the other generation is the same event.
    assert_eq!(bed.callback(v2(&order(&sale()))).await.verdict(), "200");
    assert_eq!((bed.stored().await.len(), bed.alerts().await), (7, 0));
}

/// Vector A1 of the sheet: names are not signed, so these copies carry the genuine signature.
#[tokio::test]
async fn a_field_that_was_given_another_name_is_refused_although_its_signature_fits() {
    let bed = Bed::start().await;
    let full = sale().with("reversal_amount", "26750").with("order_status", "reversed");
    for (genuine, total, name) in [(sale(), "0", "reversal_zzz"), (full, "26750", "rn_note")] {
        let disguised = genuine.clone().without("reversal_amount").with(name, total);
        assert_eq!(disguised.signature(), genuine.signature(), "{name}");
        let answer = bed.callback(disguised.json()).await;
        assert_eq!(answer.verdict(), "400 missing_field", "{name}");
        assert_eq!(answer.json()["field"], "reversal_amount");
    }
    assert_eq!(bed.stored().await.len(), 0);
    assert_eq!(bed.callback(sale().json()).await.verdict(), "200");
    assert_eq!(bed.stored().await.len(), 1, "the genuine message still has its place");
}
