use serde_json::{Value, json};

use super::*;
use crate::callback::messages::{Message, c5_additional_info, of_the_sheet, test_credentials};
use crate::open_callback;
use crate::reservation_data::Warning;

fn open(message: Message) -> Result<Snapshot, CallbackError> {
    open_callback(None, message.signed().json().as_bytes(), &test_credentials())
}

#[test]
fn known_names_are_sorted_for_the_search() {
    assert!(KNOWN_NAMES.is_sorted());
}

#[test]
fn a_sale_is_read_whole() {
    let message = of_the_sheet().swap_remove(4).1;
    let snapshot = open(message.with("rectoken", "canary-token")).unwrap();
    assert_eq!(snapshot.order_id, "shop-1001");
    assert_eq!(snapshot.merchant_id, 1_396_424);
    assert_eq!(snapshot.payment_id, "805243692");
    assert_eq!(snapshot.version, Version::V1_0_1);
    assert_eq!((snapshot.amount, snapshot.currency.as_str()), (26_750, "UAH"));
    assert_eq!(snapshot.actual_amount, Some(26_750));
    assert_eq!(snapshot.actual_currency.as_deref(), Some("UAH"));
    assert_eq!(snapshot.order_status, OrderStatus::Approved);
    assert_eq!(snapshot.tran_type, TranType::Purchase);
    assert_eq!(snapshot.reversal_amount, 0);
    assert_eq!(snapshot.masked_card.as_deref(), Some("444455XXXXXX1111"));
    assert_eq!(snapshot.approval_code.as_deref(), Some("123456"));
    assert_eq!(snapshot.transaction_id.as_deref(), Some("1994930931"));
    assert_eq!(snapshot.sender_cell_phone, None);
    assert_eq!(snapshot.sender_email.as_ref().unwrap().expose(), "buyer@shop.example");
    let ReservationData::Products(products) = &snapshot.basket else {
        panic!("{:?}", snapshot.basket);
    };
    assert_eq!(products.len(), 2);

    let shown = format!("{snapshot:?}");
    assert!(!shown.contains("canary"), "{shown}");
    assert!(!shown.contains("buyer@"), "{shown}");
}

#[test]
fn a_1_0_message_is_told_by_its_shape() {
    assert_eq!(open(Message::c1()).unwrap().version, Version::V1_0);
    assert_eq!(open(Message::c1()).unwrap().basket, ReservationData::Absent);
}

#[test]
fn numbers_come_as_text_or_number_and_empty_is_absent() {
    let as_numbers = Message::c1()
        .with("amount", 26_750)
        .with("actual_amount", 26_750)
        .with("reversal_amount", 0)
        .with("merchant_id", "1396424")
        .with("payment_id", "805243692");
    assert_eq!(open(as_numbers), open(Message::c1()));

    let with_null = Message::c1()
        .with("sender_account", Value::Null)
        .with("actual_amount", Value::Null);
    assert_eq!(open(with_null).unwrap().actual_amount, None);
}

#[test]
fn a_payment_id_beyond_64_bits_keeps_every_digit() {
    for id in [
        "9007199254740993",
        "9223372036854775807",
        "123456789012345678901234567890",
    ] {
        let raw = Message::c1().with("payment_id", id).signed().json();
        let as_number = raw.replace(&format!("\"{id}\""), id);
        assert_ne!(raw, as_number);
        let snapshot = open_callback(None, as_number.as_bytes(), &test_credentials()).unwrap();
        assert_eq!(snapshot.payment_id, id);
    }
}

#[test]
fn mandatory_fields_are_asked_for_by_name() {
    for name in [
        "order_id",
        "merchant_id",
        "order_status",
        "amount",
        "currency",
        "payment_id",
        "reversal_amount",
        "tran_type",
    ] {
        let missing = open(Message::c1().without(name));
        assert_eq!(missing, Err(CallbackError::MissingField(name)));
        if name != "reversal_amount" {
            let empty = open(Message::c1().with(name, ""));
            assert_eq!(empty, Err(CallbackError::MissingField(name)));
        }
    }
}

#[test]
fn values_that_cannot_be_are_refused_by_name() {
    let info = |text: &str| json!(format!("{{{text}}}"));
    for (field, value, name) in [
        ("amount", json!("-1"), "amount"),
        ("amount", json!(-1), "amount"),
        ("amount", json!("267.50"), "amount"),
        ("amount", json!(267.5), "amount"),
        ("amount", json!("1e3"), "amount"),
        ("amount", json!(" 1"), "amount"),
        ("amount", json!("9223372036854775808"), "amount"),
        ("amount", json!("99999999999999999999"), "amount"),
        ("actual_amount", json!("+1"), "actual_amount"),
        ("reversal_amount", json!("-5"), "reversal_amount"),
        ("merchant_id", json!("1396424x"), "merchant_id"),
        ("payment_id", json!("-5"), "payment_id"),
        ("payment_id", json!("12a"), "payment_id"),
        ("order_id", json!("a\nb"), "order_id"),
        ("order_id", json!("я".repeat(1025)), "order_id"),
        ("rrn", json!("1\u{0}2"), "rrn"),
        ("additional_info", json!("UAH"), "additional_info"),
        ("additional_info", json!(7), "additional_info"),
        ("additional_info", json!("{\"a\":1,\"a\":2}"), "additional_info"),
        (
            "additional_info",
            info(r#""capture_amount": -1"#),
            "additional_info.capture_amount",
        ),
        (
            "additional_info",
            info(r#""capture_amount": 1.005"#),
            "additional_info.capture_amount",
        ),
        (
            "additional_info",
            info(r#""capture_status": ["hold"]"#),
            "additional_info.capture_status",
        ),
    ] {
        assert_eq!(
            open(Message::c1().with(field, value.clone())),
            Err(CallbackError::BadField { name }),
            "{field} = {value}"
        );
    }
}

#[test]
fn an_order_id_may_have_1024_letters_of_any_alphabet() {
    for id in ["я".repeat(1024), "14#1500639628".into(), "Замовлення 🌸".into()] {
        assert_eq!(open(Message::c1().with("order_id", id.as_str())).unwrap().order_id, id);
    }
}

#[test]
fn unknown_states_are_kept_as_received() {
    let snapshot = open(
        Message::c1()
            .with("order_status", "canceled")
            .with("tran_type", "lottery")
            .with("additional_info", r#"{"capture_status":"created"}"#),
    )
    .unwrap();
    assert_eq!(snapshot.order_status, OrderStatus::Other("canceled".into()));
    assert_eq!(snapshot.tran_type, TranType::Other("lottery".into()));
    assert_eq!(snapshot.capture_status, Some(CaptureStatus::Other("created".into())));
}

#[test]
fn the_captured_amount_is_read_from_major_units() {
    for (text, kopecks) in [
        ("200.0", Some(20_000)),
        ("200", Some(20_000)),
        ("\"200.05\"", Some(20_005)),
        ("null", None),
        ("\"\"", None),
    ] {
        let info = format!(r#"{{"capture_status":"captured","capture_amount":{text}}}"#);
        let snapshot = open(Message::c1().with("additional_info", info)).unwrap();
        assert_eq!(snapshot.capture_amount, kopecks, "{text}");
        assert_eq!(snapshot.capture_status, Some(CaptureStatus::Captured));
    }
}

#[test]
fn the_basket_is_found_in_every_form_it_was_seen_in() {
    let basket = |value: &str| {
        let info = format!(r#"{{"reservation_data":{value}}}"#);
        open(Message::c1().with("additional_info", info)).unwrap().basket
    };
    assert_eq!(basket("null"), ReservationData::Absent);
    assert_eq!(basket("\"\""), ReservationData::Absent);
    assert_eq!(basket("\"{}\""), ReservationData::Absent);
    assert_eq!(basket("{}"), ReservationData::Absent);
    assert_eq!(
        basket(r#"{"products":{"error":"x"}}"#),
        ReservationData::Warned(Warning::ProductsIsAnObject)
    );
    assert!(matches!(basket("7"), ReservationData::Broken(_)));
    assert!(matches!(basket("\"***\""), ReservationData::Broken(_)));
}

#[test]
fn card_checks_are_recognised_by_each_of_their_marks() {
    for (name, value) in [
        ("tran_type", "verification"),
        ("verification_status", "verified"),
        ("verification", "Y"),
    ] {
        assert!(open(Message::c1().with(name, value)).unwrap().verification, "{name}");
    }
    assert!(!open(Message::c1().with("verification", "N")).unwrap().verification);
}

#[test]
fn a_card_number_that_is_not_masked_gets_masked() {
    let snapshot = open(Message::c1().with("masked_card", "4444555566661111")).unwrap();
    assert_eq!(snapshot.masked_card.as_deref(), Some("444455XXXXXX1111"));
}

#[test]
fn version_1_0_1_info_of_the_sheet_is_valid_json() {
    assert!(serde_json::from_str::<Value>(&c5_additional_info()).is_ok());
}
