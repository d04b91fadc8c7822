use std::fmt::Write;

use wire::{CallbackError, Goods, Malformed};

use super::messages::{Message, credentials};
use super::open_callback;
use crate::credentials::Credentials;
use crate::status::Status;

fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "%{byte:02X}");
        out
    })
}

#[test]
fn a_paid_order_is_read_in_every_shape_it_comes_in() {
    let json = Message::paid().json();
    let plain: Vec<String> = Message::paid()
        .with("products", None::<u8>)
        .signed()
        .0
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            format!("{name}={}", percent(&text))
        })
        .collect();
    for body in [
        json.clone(),
        format!("\u{feff}{json}\n"),
        format!("{json}="),
        percent(&json),
        format!("{}=", percent(&json)),
        plain.join("&"),
    ] {
        let snapshot = open_callback(body.as_bytes(), &credentials()).unwrap_or_else(|error| panic!("{error}: {body}"));
        assert_eq!(snapshot.order_reference, "shop-1001");
        assert_eq!((&snapshot.status, snapshot.amount), (&Status::Approved, Some(26_750)));
        assert_eq!(snapshot.masked_card.as_deref(), Some("42****4242"));
        assert_eq!(
            snapshot.email.as_ref().map(|email| email.expose()),
            Some("buyer@shop.example")
        );
        let shown = format!("{snapshot:?}");
        assert!(!shown.contains("canary") && !shown.contains("buyer@"), "{shown}");
    }
}

#[test]
fn what_no_signature_covers_is_not_believed() {
    let altered = Message::paid().signed().with("refundAmount", 267.5).with(
        "products",
        serde_json::json!([{"name": "Золото", "price": 267.5, "count": 1}]),
    );
    let snapshot = open_callback(altered.0.to_string().as_bytes(), &credentials()).unwrap();
    assert_eq!((snapshot.goods, snapshot.refund_amount), (Goods::Absent, None));
}

#[test]
fn an_amount_may_be_signed_in_its_shortest_form() {
    for (written, signed) in [
        ("267.50", "267.5"),
        ("267.00", "267"),
        ("267.5", "267.5"),
        ("100", "100"),
    ] {
        let message = Message::paid().with("amount", written);
        let signature = message.signature_over(signed);
        let body = message.with("merchantSignature", signature).0.to_string();
        assert!(
            open_callback(body.as_bytes(), &credentials()).is_ok(),
            "{written} as {signed}"
        );
    }
    let message = Message::paid().with("amount", "100");
    let signature = message.signature_over("1");
    let body = message.with("merchantSignature", signature).0.to_string();
    assert_eq!(
        open_callback(body.as_bytes(), &credentials()),
        Err(CallbackError::WrongSignature)
    );
}

#[test]
fn what_is_not_to_be_believed_is_said_to_be_what_it_is() {
    let paid = Message::paid();
    let good = paid.json();
    for (name, body, expected) in [
        ("empty", String::new(), CallbackError::Malformed(Malformed::BrokenForm)),
        (
            "cut short",
            good[..good.len() - 9].to_owned(),
            CallbackError::Malformed(Malformed::BrokenJson),
        ),
        (
            "a list",
            "[]".to_owned(),
            CallbackError::Malformed(Malformed::NotAnObject),
        ),
        ("an empty object", "{}".to_owned(), CallbackError::MissingSignature),
        (
            "bad percent",
            "%7B%zz".to_owned(),
            CallbackError::Malformed(Malformed::BrokenForm),
        ),
        (
            "a name twice",
            good.replacen("\"amount\"", "\"amount\":1,\"amount\"", 1),
            CallbackError::Malformed(Malformed::DuplicateField("amount".to_owned())),
        ),
        ("no signature", paid.0.to_string(), CallbackError::MissingSignature),
        (
            "another amount",
            good.replace("267.5,", "2675,"),
            CallbackError::WrongSignature,
        ),
        (
            "another order",
            good.replace("shop-1001", "shop-1002"),
            CallbackError::WrongSignature,
        ),
        (
            "another status",
            good.replace("Approved", "Refunded"),
            CallbackError::WrongSignature,
        ),
        (
            "another account",
            paid.clone().with("merchantAccount", "other").json(),
            CallbackError::WrongMerchant,
        ),
        (
            "no account",
            paid.clone().with("merchantAccount", "").json(),
            CallbackError::MissingField("merchantAccount"),
        ),
        (
            "no order",
            paid.clone().with("orderReference", "").json(),
            CallbackError::MissingField("orderReference"),
        ),
        (
            "no status",
            paid.clone().with("transactionStatus", "").json(),
            CallbackError::MissingField("transactionStatus"),
        ),
        (
            "a negative amount",
            paid.clone().with("amount", -1).json(),
            CallbackError::BadField("amount"),
        ),
        (
            "a third decimal",
            paid.clone().with("amount", 0.015).json(),
            CallbackError::BadField("amount"),
        ),
        (
            "a nested order",
            paid.clone().with("orderReference", vec![1]).json(),
            CallbackError::BadField("orderReference"),
        ),
        (
            "a control character",
            paid.with("orderReference", "a\u{7}").json(),
            CallbackError::BadField("orderReference"),
        ),
    ] {
        assert_eq!(open_callback(body.as_bytes(), &credentials()), Err(expected), "{name}");
    }
    assert_eq!(
        open_callback(b"\xff", &credentials()),
        Err(CallbackError::Malformed(Malformed::NotUtf8))
    );
}

#[test]
fn a_value_cannot_slide_into_its_neighbour() {
    // "a;1" + "2" and "a" + "1;2" sign the same text: amounts have no semicolons, so one is refused.
    let slid = Message::paid()
        .with("orderReference", "shop-1001;267.5")
        .with("amount", "UAH");
    let body = slid.json();
    assert_eq!(
        open_callback(body.as_bytes(), &credentials()),
        Err(CallbackError::BadField("amount"))
    );
}

#[test]
fn another_key_opens_nothing() {
    let other = Credentials {
        key: "another".into(),
        ..credentials()
    };
    let opened = open_callback(Message::paid().json().as_bytes(), &other);
    assert_eq!(opened, Err(CallbackError::WrongSignature));
}
