use wire::{CallbackError, Malformed};

use super::messages::{Bank, paid, refund, with};
use super::open_webhook;
use crate::pubkey::PublicKey;
use crate::status::Status;

/// The documentation's example: this key, this header, this body.
const PUBLISHED_KEY: &str = "LS0tLS1CRUdJTiBQVUJMSUMgS0VZLS0tLS0KTUZrd0V3WUhLb1pJemowQ0FRWUlLb1pJemowREFRY0RRZ0FFQUc1LzZ3NnZubGJZb0ZmRHlYWE4vS29CbVVjTgo3NWJSUWg4MFBhaEdldnJoanFCQnI3OXNSS0JSbnpHODFUZVQ5OEFOakU1c0R3RmZ5Znhub0ZJcmZBPT0KLS0tLS1FTkQgUFVCTElDIEtFWS0tLS0tCg==";
const PUBLISHED_X_SIGN: &str =
    "MEUCIQC/mVKhi8FKoayul2Mim3E2oaIOCNJk5dEXxTqbkeJSOQIgOM0hsW0qcP2H8iXy1aQYpmY0SJWEaWur7nQXlKDCFxA=";
const PUBLISHED_BODY: &str = r#"{
  "invoiceId": "p2_9ZgpZVsl3",
  "status": "created",
  "failureReason": "string",
  "amount": 4200,
  "ccy": 980,
  "finalAmount": 4200,
  "createdDate": "2019-08-24T14:15:22Z",
  "modifiedDate": "2019-08-24T14:15:22Z",
  "reference": "84d0070ee4e44667b31371d8f8813947",
  "cancelList": [
    {
      "status": "processing",
      "amount": 4200,
      "ccy": 980,
      "createdDate": "2019-08-24T14:15:22Z",
      "modifiedDate": "2019-08-24T14:15:22Z",
      "approvalCode": "662476",
      "rrn": "060189181768",
      "extRef": "635ace02599849e981b2cd7a65f417fe"
    }
  ]
}"#;

#[test]
fn the_published_example_opens_and_no_other_byte_does() {
    let key = PublicKey::parse(PUBLISHED_KEY).unwrap();
    let snapshot = open_webhook(PUBLISHED_BODY.as_bytes(), Some(PUBLISHED_X_SIGN), &key).unwrap();
    assert_eq!(snapshot.invoice_id, "p2_9ZgpZVsl3");
    assert_eq!(snapshot.order_id(), "84d0070ee4e44667b31371d8f8813947");
    assert_eq!(
        (snapshot.status, snapshot.refunded, snapshot.refund_waits),
        (Status::Created, 0, true)
    );
    for altered in [format!("{PUBLISHED_BODY}\n"), PUBLISHED_BODY.replace("4200", "4201")] {
        let opened = open_webhook(altered.as_bytes(), Some(PUBLISHED_X_SIGN), &key);
        assert_eq!(opened, Err(CallbackError::WrongSignature));
    }
}

#[test]
fn a_paid_invoice_is_read_whole_and_no_token_is_kept() {
    let bank = Bank::new();
    let body = with(
        paid(),
        "cancelList",
        vec![refund("success", 100), refund("failure", 7), refund("success", 50)],
    );
    let body = body.to_string();
    let key = PublicKey::parse(&bank.key()).unwrap();
    let snapshot = open_webhook(body.as_bytes(), Some(&bank.sign(&body)), &key).unwrap();
    assert_eq!(
        (snapshot.amount, snapshot.final_amount, snapshot.currency),
        (4_200, Some(4_200), Some(980))
    );
    assert_eq!((snapshot.refunded, snapshot.refund_waits), (150, false));
    assert_eq!(snapshot.masked_card.as_deref(), Some("444403******1902"));
    assert_eq!(snapshot.approval_code.as_deref(), Some("662476"));
    assert_eq!(snapshot.rrn.as_deref(), Some("060189181768"));
    assert_eq!(snapshot.payment_system.as_deref(), Some("visa"));
    assert_eq!(snapshot.modified_date.as_deref(), Some("2025-03-05T12:04:10Z"));
    assert!(snapshot.needs_confirmation);
    assert!(!format!("{snapshot:?}").contains("canary"));
}

#[test]
fn an_invoice_without_a_reference_is_its_own_order() {
    let bank = Bank::new();
    let body = with(paid(), "reference", None::<u8>).to_string();
    let key = PublicKey::parse(&bank.key()).unwrap();
    let snapshot = open_webhook(body.as_bytes(), Some(&bank.sign(&body)), &key).unwrap();
    assert_eq!(snapshot.order_id(), "p2_9ZgpZVsl3");
}

#[test]
fn what_is_not_to_be_believed_is_said_to_be_what_it_is() {
    let bank = Bank::new();
    let key = PublicKey::parse(&bank.key()).unwrap();
    let good = paid().to_string();
    let signed = bank.sign(&good);
    let foreign = Bank::new().sign(&good);
    for (x_sign, expected) in [
        (None, CallbackError::MissingSignature),
        (Some(""), CallbackError::MissingSignature),
        (Some("  "), CallbackError::MissingSignature),
        (Some("%%%"), CallbackError::WrongSignature),
        (Some("AAAA"), CallbackError::WrongSignature),
        (Some(foreign.as_str()), CallbackError::WrongSignature),
        (Some(&signed[..signed.len() - 4]), CallbackError::WrongSignature),
    ] {
        assert_eq!(open_webhook(good.as_bytes(), x_sign, &key), Err(expected), "{x_sign:?}");
    }
    for (name, body, expected) in [
        (
            "nothing",
            String::new(),
            CallbackError::Malformed(Malformed::BrokenJson),
        ),
        (
            "a list",
            "[]".to_owned(),
            CallbackError::Malformed(Malformed::NotAnObject),
        ),
        (
            "no invoice",
            with(paid(), "invoiceId", "").to_string(),
            CallbackError::MissingField("invoiceId"),
        ),
        (
            "a long invoice",
            with(paid(), "invoiceId", "a".repeat(129)).to_string(),
            CallbackError::BadField("invoiceId"),
        ),
        (
            "no status",
            with(paid(), "status", None::<u8>).to_string(),
            CallbackError::MissingField("status"),
        ),
        (
            "no amount",
            with(paid(), "amount", None::<u8>).to_string(),
            CallbackError::MissingField("amount"),
        ),
        (
            "major units",
            with(paid(), "amount", 42.5).to_string(),
            CallbackError::BadField("amount"),
        ),
        (
            "negative",
            with(paid(), "finalAmount", -1).to_string(),
            CallbackError::BadField("finalAmount"),
        ),
        (
            "a word",
            with(paid(), "ccy", "UAH").to_string(),
            CallbackError::BadField("ccy"),
        ),
        (
            "refunds",
            with(paid(), "cancelList", 7).to_string(),
            CallbackError::BadField("cancelList"),
        ),
        (
            "an unknown refund",
            with(paid(), "cancelList", vec![refund("dancing", 1)]).to_string(),
            CallbackError::BadField("cancelList"),
        ),
        (
            "a refund in dollars",
            with(paid(), "cancelList", vec![with(refund("success", 1), "ccy", 840)]).to_string(),
            CallbackError::BadField("cancelList"),
        ),
        (
            "a refund of nothing said",
            with(
                paid(),
                "cancelList",
                vec![with(refund("success", 1), "amount", None::<u8>)],
            )
            .to_string(),
            CallbackError::BadField("cancelList"),
        ),
        (
            "payment",
            with(paid(), "paymentInfo", "x").to_string(),
            CallbackError::BadField("paymentInfo"),
        ),
    ] {
        let opened = open_webhook(body.as_bytes(), Some(&bank.sign(&body)), &key);
        assert_eq!(opened, Err(expected), "{name}");
    }
}
