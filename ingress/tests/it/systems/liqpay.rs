use ledger::settings::SourceKind;
use serde_json::{Value, json};

use super::{FORM, bed, bed_with, post, production, said, signing};
use crate::bed::Bed;

const ACCOUNT: &str = "i12345678901";
const KEY: &str = "a live key canary";

async fn started() -> Bed {
    bed(SourceKind::LiqPay, ACCOUNT, KEY, "http://127.0.0.1:1").await
}

fn paid() -> Value {
    json!({"public_key": ACCOUNT, "order_id": "shop-1001", "payment_id": 1_656_290, "action": "pay",
        "status": "success", "amount": 267.5, "currency": "UAH", "sender_card_mask2": "424242*42",
        "sender_card_type": "visa", "authcode_debit": "388201", "rrn_debit": "001234567890", "version": 7})
}

fn with(mut body: Value, changes: &[(&str, Value)]) -> Value {
    for (name, value) in changes {
        body[*name] = value.clone();
    }
    body
}

fn signed(body: &Value) -> String {
    signing::liqpay(&body.to_string(), KEY)
}

#[tokio::test]
async fn a_sale_is_stored_whole_and_once() {
    let bed = started().await;
    for _ in 0..3 {
        let answer = post(&bed, FORM, None, signed(&paid())).await;
        assert_eq!((answer.verdict().as_str(), answer.body.as_str()), ("200", ""));
    }
    let events = bed.stored().await;
    assert_eq!((events.len(), bed.bells().await), (1, 1));
    let event = &events[0];
    assert_eq!(
        (event.order.as_str(), said(event).as_str()),
        ("shop-1001", "paid 26750 0")
    );
    assert_eq!(event.payment_id.as_deref(), Some("1656290"));
    assert_eq!(event.means.system.as_deref(), Some("LiqPay visa"));
    assert_eq!(event.means.masked_card.as_deref(), Some("424242*42"));
    assert_eq!(event.means.auth_code.as_deref(), Some("388201"));
    assert_eq!(event.means.transaction_id.as_deref(), Some("001234567890"));
}

#[tokio::test]
async fn each_state_of_a_payment_becomes_its_fact() {
    for (changes, expected) in [
        (vec![("status", json!("wait_accept"))], "paid 26750 0"),
        (vec![("refund_amount", json!(100.25))], "paid 26750 10025"),
        (
            vec![("status", json!("reversed")), ("refund_amount", json!(267.5))],
            "paid 26750 26750",
        ),
        (vec![("status", json!("reversed"))], "ask reversed, and"),
        (
            vec![
                ("status", json!("reversed")),
                ("action", json!("hold")),
                ("refund_amount", json!(267.5)),
            ],
            "ask a payment in two steps",
        ),
        (
            vec![("status", json!("hold_wait")), ("action", json!("hold"))],
            "nothing the money is held",
        ),
        (vec![("status", json!("wait_secure"))], "nothing being paid"),
        (vec![("status", json!("failure"))], "nothing not paid"),
        (
            vec![("status", json!("dancing"))],
            "strange false the status \"dancing\"",
        ),
        (
            vec![("currency", json!("USD"))],
            "strange true 26750 minor units of \"USD\"",
        ),
        (
            vec![("refund_amount", json!(267.51))],
            "strange true 26751 kopecks were given back",
        ),
        (
            vec![("action", json!("regular"))],
            "strange true 26750 kopecks were paid for a subscription",
        ),
    ] {
        let bed = started().await;
        let body = with(paid(), &changes);
        assert_eq!(post(&bed, FORM, None, signed(&body)).await.verdict(), "200", "{body}");
        let said = said(&bed.stored().await[0]);
        assert!(said.starts_with(expected), "{body}: {said}");
    }
}

#[tokio::test]
async fn two_refunds_of_the_same_amount_are_two_events() {
    let bed = started().await;
    for date in [1_740_000_000_000_u64, 1_740_000_000_000, 1_740_000_900_000] {
        let refund = with(
            paid(),
            &[("refund_amount", json!(50)), ("refund_date_last", json!(date))],
        );
        assert_eq!(post(&bed, FORM, None, signed(&refund)).await.verdict(), "200");
    }
    assert_eq!(bed.stored().await.len(), 2);
}

#[tokio::test]
async fn what_is_not_to_be_believed_is_refused_and_nothing_is_stored() {
    let bed = started().await;
    let good = signed(&paid());
    let other_key = signing::liqpay(&paid().to_string(), "another");
    for (body, expected) in [
        (String::new(), "400 broken_form"),
        (paid().to_string(), "400 broken_form"),
        ("data=e30%3D".to_owned(), "400 missing_signature"),
        ("signature=x".to_owned(), "400 missing_field"),
        (good.replacen("data=", "data=A", 1), "400 wrong_signature"),
        (other_key, "400 wrong_signature"),
        (signing::liqpay("[]", KEY), "400 not_an_object"),
        (signing::liqpay("{", KEY), "400 broken_json"),
        (
            signed(&with(paid(), &[("public_key", json!("i999"))])),
            "400 wrong_merchant",
        ),
        (signed(&with(paid(), &[("order_id", json!(""))])), "400 missing_field"),
        (signed(&with(paid(), &[("amount", json!(-1))])), "400 bad_field"),
        (signed(&with(paid(), &[("amount", json!("1.005"))])), "400 bad_field"),
    ] {
        let answer = post(&bed, FORM, None, body.clone()).await;
        assert_eq!(answer.verdict(), expected, "{body}");
        assert!(!answer.body.contains("canary"), "{}", answer.body);
    }
    assert_eq!((bed.stored().await.len(), bed.bells().await), (0, 0));
}

#[tokio::test]
async fn a_repeated_state_with_another_amount_is_refused_and_alerted() {
    let bed = started().await;
    assert_eq!(post(&bed, FORM, None, signed(&paid())).await.verdict(), "200");
    let other = signed(&with(paid(), &[("amount", json!(1))]));
    let verdict = post(&bed, FORM, None, other).await.verdict();
    assert_eq!(verdict, "422 repeated_key_different_body");
    assert_eq!((bed.stored().await.len(), bed.alerts().await), (1, 1));
}

#[tokio::test]
async fn test_mode_is_refused_in_production_only() {
    let sandbox = with(paid(), &[("status", json!("sandbox"))]);
    assert_eq!(
        post(&started().await, FORM, None, signed(&sandbox)).await.verdict(),
        "200"
    );
    let live = bed_with(production(), SourceKind::LiqPay, ACCOUNT, KEY, "http://127.0.0.1:1").await;
    assert_eq!(
        post(&live, FORM, None, signed(&sandbox)).await.verdict(),
        "403 test_source_refused"
    );
    assert_eq!(post(&live, FORM, None, signed(&paid())).await.verdict(), "200");
    let test = bed_with(
        production(),
        SourceKind::LiqPay,
        "sandbox_i1",
        KEY,
        "http://127.0.0.1:1",
    )
    .await;
    let theirs = signed(&with(paid(), &[("public_key", json!("sandbox_i1"))]));
    assert_eq!(
        post(&test, FORM, None, theirs).await.verdict(),
        "403 test_source_refused"
    );
}
