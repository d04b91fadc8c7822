use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::SecretString;
use serde_json::Value;

use super::messages::{C1_SIGNATURE, Message, of_the_sheet, test_credentials};
use super::{CallbackError, open_callback};
use crate::signature::sign_v2;
use crate::snapshot::{Snapshot, Version};
use crate::{Credentials, OrderStatus};

const JSON: Option<&str> = Some("application/json; charset=UTF-8");
const FORM: Option<&str> = Some("application/x-www-form-urlencoded");

/// S2 of the sheet.
const S2_DATA: &str = "eyJvcmRlciI6eyJvcmRlcl9pZCI6InNob3AtMjAwMSIsIm1lcmNoYW50X2lkIjoxMzk2NDI0LCJvcmRlcl9zdGF0dXMiOiJhcHByb3ZlZCIsImFtb3VudCI6IjEwMDAwMDAiLCJjdXJyZW5jeSI6IlVBSCIsImFjdHVhbF9hbW91bnQiOiIxMDAwMDAwIiwicmV2ZXJzYWxfYW1vdW50IjoiMCIsInRyYW5fdHlwZSI6InB1cmNoYXNlIiwicGF5bWVudF9pZCI6MTU4NjE5M319";
const S2_SIGNATURE: &str = "c5f8d6fe34db606c49d78d3c8f5acde918e64c8d";

fn open(content_type: Option<&str>, body: impl AsRef<[u8]>) -> Result<Snapshot, CallbackError> {
    open_callback(content_type, body.as_ref(), &test_credentials())
}

fn v2(order: &str) -> String {
    let data = STANDARD.encode(order);
    let signature = sign_v2(&SecretString::from("test"), &data);
    format!(r#"{{"version":"2.0","data":"{data}","signature":"{signature}"}}"#)
}

#[test]
fn every_callback_of_the_sheet_opens_as_json_and_as_form_under_either_content_type() {
    for (name, message, signature) in of_the_sheet() {
        let message = message.with("signature", signature);
        let from_json = open(JSON, message.json()).unwrap_or_else(|e| panic!("{name}: {e}"));
        for (content_type, body) in [
            (FORM, message.json()),
            (None, message.json()),
            (FORM, message.form()),
            (JSON, message.form()),
            (None, message.form()),
            (JSON, format!("\u{feff} \n{}\r\n", message.json())),
            (JSON, format!(r#"{{"response":{}}}"#, message.json())),
        ] {
            assert_eq!(
                open(content_type, &body),
                Ok(from_json.clone()),
                "{name} as {content_type:?}: {body}"
            );
        }
    }
}

#[test]
fn escaped_cyrillic_has_the_signature_of_raw_cyrillic() {
    let (_, message, signature) = of_the_sheet().swap_remove(4);
    let raw = message.with("signature", signature).json();
    let escaped: String = raw
        .chars()
        .map(|c| match c {
            c if c.is_ascii() => c.to_string(),
            c => format!("\\u{:04x}", u32::from(c)),
        })
        .collect();
    assert_ne!(raw, escaped);
    assert_eq!(open(JSON, escaped), open(JSON, raw));
}

#[test]
fn wrong_signatures_of_the_sheet_do_not_verify() {
    for signature in [
        "9369a7302e9897e275806f6eb6454f32ff50ec8a", // zeros dropped
        "07af74f9211e5d18b64a7bc4bbe7f1ddd25e6113", // empty values kept
        &C1_SIGNATURE.to_ascii_uppercase(),
        &C1_SIGNATURE[..39],
        "0",
    ] {
        let message = Message::c1().with("signature", signature);
        assert_eq!(
            open(JSON, message.json()),
            Err(CallbackError::WrongSignature),
            "{signature}"
        );
    }
}

#[test]
fn a_renamed_field_keeps_the_signature_and_is_caught_by_its_missing_name() {
    let a1 = Message::c1()
        .renamed("reversal_amount", "reversal_zzz")
        .with("signature", C1_SIGNATURE);
    let c3 = of_the_sheet().swap_remove(2);
    let renamed_c3 = c3.1.renamed("reversal_amount", "rn_note").with("signature", c3.2);
    for message in [a1, renamed_c3] {
        assert_eq!(
            open(JSON, message.json()),
            Err(CallbackError::MissingField("reversal_amount"))
        );
    }
}

#[test]
fn a_refund_disguised_by_renaming_and_an_empty_field_asks_for_confirmation() {
    let c2 = of_the_sheet().swap_remove(1);
    let disguised =
        c2.1.renamed("reversal_amount", "rn_note")
            .with("reversal_amount", "")
            .with("signature", c2.2);
    let snapshot = open(JSON, disguised.json()).unwrap();
    assert_eq!(snapshot.unknown_fields, ["rn_note"]);
    assert!(snapshot.needs_confirmation);

    // The name it is moved to may be a known one that was empty.
    let no_rrn = Message::c1().with("rrn", "").with("reversal_amount", "12750").signed();
    let disguised = no_rrn
        .without("rrn")
        .renamed("reversal_amount", "rrn")
        .with("reversal_amount", "");
    let snapshot = open(JSON, disguised.json()).unwrap();
    assert!(snapshot.unknown_fields.is_empty());
    assert!(snapshot.needs_confirmation);

    let plain = open(JSON, Message::c1().signed().json()).unwrap();
    assert!(!plain.needs_confirmation);
}

#[test]
fn a_new_signed_field_verifies_and_is_named() {
    let message = Message::c1().with("brand_new", "x").with("fee_2027", 0).signed();
    let snapshot = open(JSON, message.json()).unwrap();
    assert_eq!(snapshot.unknown_fields, ["brand_new", "fee_2027"]);
    assert!(snapshot.needs_confirmation);
}

#[test]
fn an_altered_value_does_not_verify() {
    for (name, value) in [("amount", "26751"), ("order_id", "shop-1002"), ("merchant_data", " ")] {
        let message = Message::c1().signed().with(name, value);
        assert_eq!(open(JSON, message.json()), Err(CallbackError::WrongSignature), "{name}");
    }
}

#[test]
fn broken_bodies_are_told_apart() {
    use CallbackError as E;
    let valid = Message::c1().signed().json();
    let form = Message::c1().signed().form();
    let duplicate = valid.replacen('{', r#"{"amount":"1","#, 1);
    let bad_data = format!(
        r#"{{"version":"2.0","data":"****","signature":"{}"}}"#,
        sign_v2(&SecretString::from("test"), "****")
    );
    let latin = STANDARD.encode(b"\xff\xfe");
    let not_utf8_data = format!(
        r#"{{"version":"2.0","data":"{latin}","signature":"{}"}}"#,
        sign_v2(&SecretString::from("test"), &latin)
    );
    let cases: Vec<(&str, Vec<u8>, E, &str)> = vec![
        ("empty", vec![], E::BrokenForm, "broken_form"),
        ("no pairs", b"hello".to_vec(), E::BrokenForm, "broken_form"),
        ("half an escape", b"a=%4".to_vec(), E::BrokenForm, "broken_form"),
        ("no escape", b"a=%zz".to_vec(), E::BrokenForm, "broken_form"),
        ("bytes", vec![0xff, 0xfe, b'='], E::NotUtf8, "not_utf8"),
        ("escaped bytes", b"a=%FF".to_vec(), E::NotUtf8, "not_utf8"),
        (
            "cut",
            valid.as_bytes()[..valid.len() - 9].to_vec(),
            E::BrokenJson,
            "broken_json",
        ),
        (
            "trailing",
            format!("{valid} x").into_bytes(),
            E::BrokenJson,
            "broken_json",
        ),
        ("surrogate", br#"{"a":"\ud800"}"#.to_vec(), E::BrokenJson, "broken_json"),
        ("a list", b"[]".to_vec(), E::NotAnObject, "not_an_object"),
        (
            "wrapped list",
            br#"{"response":[]}"#.to_vec(),
            E::NotAnObject,
            "not_an_object",
        ),
        (
            "wrapped text",
            br#"{"response":"x"}"#.to_vec(),
            E::NotAnObject,
            "not_an_object",
        ),
        (
            "twice",
            duplicate.into_bytes(),
            E::DuplicateField("amount".into()),
            "duplicate_field",
        ),
        (
            "twice in a form",
            format!("{form}&amount=1").into_bytes(),
            E::DuplicateField("amount".into()),
            "duplicate_field",
        ),
        (
            "nested",
            Message::c1()
                .signed()
                .with("extra", serde_json::json!([1]))
                .json()
                .into_bytes(),
            E::NestedValue("extra".into()),
            "nested_value",
        ),
        (
            "boolean",
            Message::c1().signed().with("extra", true).json().into_bytes(),
            E::NestedValue("extra".into()),
            "nested_value",
        ),
        ("{}", b"{}".to_vec(), E::MissingSignature, "missing_signature"),
        (
            "unsigned",
            Message::c1().json().into_bytes(),
            E::MissingSignature,
            "missing_signature",
        ),
        (
            "empty signature",
            Message::c1().with("signature", "").json().into_bytes(),
            E::MissingSignature,
            "missing_signature",
        ),
        ("data", bad_data.into_bytes(), E::BrokenBase64, "broken_base64"),
        ("data bytes", not_utf8_data.into_bytes(), E::NotUtf8, "not_utf8"),
        ("data json", v2("{").into_bytes(), E::BrokenJson, "broken_json"),
        (
            "no order",
            v2("{}").into_bytes(),
            E::MissingField("order"),
            "missing_field",
        ),
        (
            "order text",
            v2(r#"{"order":"x"}"#).into_bytes(),
            E::NotAnObject,
            "not_an_object",
        ),
        (
            "no data",
            br#"{"version":"2.0","signature":"x"}"#.to_vec(),
            E::MissingField("data"),
            "missing_field",
        ),
        (
            "unsigned data",
            br#"{"version":"2.0","data":"e30="}"#.to_vec(),
            E::MissingSignature,
            "missing_signature",
        ),
    ];
    for (name, body, expected, code) in cases {
        let error = open(None, body).unwrap_err();
        assert_eq!(error, expected, "{name}");
        assert_eq!(error.code(), code, "{name}");
    }
    assert_eq!(open(JSON, "\"x\"").unwrap_err(), E::NotAnObject);
    assert_eq!(open(JSON, "<html>").unwrap_err(), E::BrokenJson);
}

#[test]
fn the_signature_is_checked_before_any_value_is_looked_at() {
    let message = Message::c1().signed().with("amount", "-1").without("order_id");
    assert_eq!(open(JSON, message.json()), Err(CallbackError::WrongSignature));
}

#[test]
fn another_merchant_is_refused_although_the_key_fits() {
    let message = Message::c1().with("merchant_id", 500_001).signed();
    assert_eq!(
        open(JSON, message.json()),
        Err(CallbackError::WrongMerchant { got: 500_001 })
    );
}

#[test]
fn another_key_does_not_open_the_message() {
    let credentials = Credentials {
        merchant_id: 1_396_424,
        key: SecretString::from("tesT"),
    };
    assert_eq!(
        open_callback(JSON, Message::c1().signed().json().as_bytes(), &credentials),
        Err(CallbackError::WrongSignature)
    );
}

#[test]
fn version_2_opens_at_top_level_and_wrapped_with_the_version_as_text_or_number() {
    for version in [r#""version":"2.0","#, r#""version":2.0,"#, r#""version":2,"#, ""] {
        let bare = format!(r#"{{{version}"data":"{S2_DATA}","signature":"{S2_SIGNATURE}"}}"#);
        for body in [bare.clone(), format!(r#"{{"response":{bare}}}"#)] {
            let snapshot = open(JSON, &body).unwrap_or_else(|e| panic!("{body}: {e}"));
            assert_eq!(snapshot.version, Version::V2_0);
            assert_eq!(snapshot.order_id, "shop-2001");
            assert_eq!(snapshot.amount, 1_000_000);
            assert_eq!(snapshot.order_status, OrderStatus::Approved);
        }
    }
}

#[test]
fn version_2_may_hold_lists_and_signs_its_names() {
    let order: Value = serde_json::from_slice(&STANDARD.decode(S2_DATA).unwrap()).unwrap();
    let mut order = order;
    order["order"]["transaction"] = serde_json::json!([{ "id": 1 }]);
    let snapshot = open(JSON, v2(&order.to_string())).unwrap();
    assert_eq!(snapshot.unknown_fields, ["transaction"]);
    assert!(!snapshot.needs_confirmation);

    order["order"]["amount"] = serde_json::json!(["1"]);
    assert_eq!(
        open(JSON, v2(&order.to_string())),
        Err(CallbackError::BadField { name: "amount" })
    );
}

#[test]
fn an_altered_version_2_message_does_not_verify() {
    let body = format!(r#"{{"version":"2.0","data":"{S2_DATA}","signature":"{C1_SIGNATURE}"}}"#);
    assert_eq!(open(JSON, body), Err(CallbackError::WrongSignature));
}

#[test]
fn a_strangers_field_name_is_cut_before_it_reaches_a_log() {
    let long = "x".repeat(5_000);
    let body = format!(r#"{{"{long}":[],"signature":"s"}}"#);
    let Err(CallbackError::NestedValue(name)) = open(JSON, body) else {
        panic!("a nested value must be refused");
    };
    assert_eq!(name.len(), 64);
}
