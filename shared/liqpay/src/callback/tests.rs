use wire::{CallbackError, Malformed};

use super::messages::{Message, credentials, form, signed_text};
use super::open_callback;
use crate::credentials::Credentials;
use crate::status::{Action, Status};

#[test]
fn a_paid_order_is_read_whole_and_nothing_personal_is_kept() {
    for body in [Message::paid().form(), Message::paid().form_sha3()] {
        let snapshot = open_callback(body.as_bytes(), &credentials()).unwrap();
        assert_eq!(snapshot.order_id, "shop-1001");
        assert_eq!(snapshot.payment_id.as_deref(), Some("165629000001"));
        assert_eq!(
            (snapshot.action.clone(), snapshot.status.clone()),
            (Some(Action::Pay), Status::Success)
        );
        assert_eq!(
            (snapshot.amount, snapshot.currency.as_deref()),
            (Some(26_750), Some("UAH"))
        );
        assert_eq!(snapshot.refund_amount, None);
        assert_eq!(snapshot.masked_card.as_deref(), Some("424242*42"));
        assert_eq!(snapshot.auth_code.as_deref(), Some("388201"));
        assert_eq!(snapshot.rrn.as_deref(), Some("001234567890"));
        let shown = format!("{snapshot:?}");
        assert!(!shown.contains("canary") && !shown.contains("380000000000"), "{shown}");
    }
}

#[test]
fn what_is_not_to_be_believed_is_said_to_be_what_it_is() {
    let paid = Message::paid();
    let good = paid.form();
    let signature = good.split_once("&signature=").unwrap().1;
    for (name, body, expected) in [
        ("empty", String::new(), CallbackError::Malformed(Malformed::BrokenForm)),
        ("json", "{}".to_owned(), CallbackError::Malformed(Malformed::BrokenForm)),
        (
            "bad percent",
            "data=%zz&signature=x".to_owned(),
            CallbackError::Malformed(Malformed::BrokenForm),
        ),
        (
            "not utf-8",
            "data=%FF&signature=x".to_owned(),
            CallbackError::Malformed(Malformed::NotUtf8),
        ),
        ("no data", "signature=x".to_owned(), CallbackError::MissingField("data")),
        (
            "no signature",
            format!("data={}", paid.data()),
            CallbackError::MissingSignature,
        ),
        (
            "empty signature",
            form(&paid.data(), ""),
            CallbackError::MissingSignature,
        ),
        (
            "wrong signature",
            form(&paid.data(), "tp+ZLmKm1/E83dIzUpx5ljcttP4="),
            CallbackError::WrongSignature,
        ),
        (
            "altered data",
            format!("data={}&signature={signature}", paid.clone().with("amount", 1).data()),
            CallbackError::WrongSignature,
        ),
        (
            "data twice",
            format!("{good}&data={}", paid.data()),
            CallbackError::Malformed(Malformed::DuplicateField("data".to_owned())),
        ),
        (
            "not json",
            signed_text(b"<xml>"),
            CallbackError::Malformed(Malformed::BrokenJson),
        ),
        (
            "a list",
            signed_text(b"[]"),
            CallbackError::Malformed(Malformed::NotAnObject),
        ),
        (
            "bytes",
            signed_text(b"\xff{}"),
            CallbackError::Malformed(Malformed::NotUtf8),
        ),
        (
            "a name twice",
            signed_text(br#"{"status":"success","status":"reversed"}"#),
            CallbackError::Malformed(Malformed::DuplicateField("status".to_owned())),
        ),
        (
            "another shop",
            paid.clone().with("public_key", "i999").form(),
            CallbackError::WrongMerchant,
        ),
        (
            "no shop",
            paid.clone().with("public_key", None::<u8>).form(),
            CallbackError::MissingField("public_key"),
        ),
        (
            "no order",
            paid.clone().with("order_id", "").form(),
            CallbackError::MissingField("order_id"),
        ),
        (
            "a long order id",
            paid.clone().with("order_id", "a".repeat(256)).form(),
            CallbackError::BadField("order_id"),
        ),
        (
            "a control character",
            paid.clone().with("order_id", "a\nb").form(),
            CallbackError::BadField("order_id"),
        ),
        (
            "no status",
            paid.clone().with("status", None::<u8>).form(),
            CallbackError::MissingField("status"),
        ),
        (
            "a negative amount",
            paid.clone().with("amount", -1).form(),
            CallbackError::BadField("amount"),
        ),
        (
            "a third decimal",
            paid.clone().with("amount", 0.015).form(),
            CallbackError::BadField("amount"),
        ),
        (
            "a nested amount",
            paid.with("amount", vec![1]).form(),
            CallbackError::BadField("amount"),
        ),
    ] {
        assert_eq!(open_callback(body.as_bytes(), &credentials()), Err(expected), "{name}");
    }
}

#[test]
fn another_key_of_the_same_shop_opens_nothing() {
    let other = Credentials {
        private_key: "another".into(),
        ..credentials()
    };
    let opened = open_callback(Message::paid().form().as_bytes(), &other);
    assert_eq!(opened, Err(CallbackError::WrongSignature));
}

#[test]
fn amounts_are_read_exactly_as_numbers_and_as_text() {
    for (text, kopecks) in [
        ("0.1", 10),
        ("\"267.50\"", 26_750),
        ("1e2", 10_000),
        ("4199.99", 419_999),
    ] {
        let json = format!(
            r#"{{"public_key":"{}","order_id":"1","status":"success","amount":{text}}}"#,
            super::messages::PUBLIC_KEY
        );
        let snapshot = open_callback(signed_text(json.as_bytes()).as_bytes(), &credentials()).unwrap();
        assert_eq!(snapshot.amount, Some(kopecks), "{text}");
    }
}
