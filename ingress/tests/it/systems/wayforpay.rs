use domain::event::{CarriedBasket, Fact};
use ledger::settings::SourceKind;
use serde_json::{Value, json};

use super::{FORM, JSON, bed, bed_with, post, production, said, signing};
use crate::bed::Bed;
use crate::sign::percent;

const ACCOUNT: &str = "flowers_com_ua";
const KEY: &str = "a live key canary";

async fn started() -> Bed {
    bed(SourceKind::WayForPay, ACCOUNT, KEY, "http://127.0.0.1:1").await
}

fn paid() -> Value {
    json!({"merchantAccount": ACCOUNT, "orderReference": "shop-1001", "amount": 267.5, "currency": "UAH",
        "authCode": "541963", "email": "buyer@shop.example", "cardPan": "42****4242", "cardType": "Visa",
        "transactionStatus": "Approved", "reason": "Ok", "reasonCode": 1100, "processingDate": 1_740_000_005,
        "products": [{"name": "Троянда", "price": 267.5, "count": 1}]})
}

fn with(mut body: Value, changes: &[(&str, Value)]) -> Value {
    for (name, value) in changes {
        body[*name] = value.clone();
    }
    body
}

fn signed_by(body: &Value, key: &str) -> String {
    let text = |name: &str| match &body[name] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let names = [
        "merchantAccount",
        "orderReference",
        "amount",
        "currency",
        "authCode",
        "cardPan",
        "transactionStatus",
        "reasonCode",
    ];
    let values = names.map(text);
    let signature = signing::wayforpay(&values.each_ref().map(String::as_str), key);
    with(body.clone(), &[("merchantSignature", signature.into())]).to_string()
}

fn signed(body: &Value) -> String {
    signed_by(body, KEY)
}

#[tokio::test]
async fn a_sale_is_stored_once_and_its_answer_signed() {
    let bed = started().await;
    let json = signed(&paid());
    for body in [
        json.clone(),
        json.clone(),
        percent(&json),
        format!("{}=", percent(&json)),
    ] {
        let content_type = if body.starts_with('{') { JSON } else { FORM };
        let answer = post(&bed, content_type, None, body).await;
        assert_eq!(answer.verdict(), "200");
        let reply = answer.json();
        assert_eq!(
            (&reply["orderReference"], &reply["status"]),
            (&json!("shop-1001"), &json!("accept"))
        );
        let time = reply["time"].as_i64().unwrap();
        assert!(time > 1_700_000_000, "{reply}");
        let expected = signing::wayforpay(&["shop-1001", "accept", &time.to_string()], KEY);
        assert_eq!(reply["signature"], expected);
    }
    let events = bed.stored().await;
    assert_eq!((events.len(), bed.bells().await), (1, 1));
    assert_eq!(said(&events[0]), "paid 26750 0");
    assert_eq!(events[0].means.system.as_deref(), Some("WayForPay Visa"));
    assert_eq!(events[0].payer_email.as_ref().unwrap().expose(), "buyer@shop.example");
}

#[tokio::test]
async fn goods_that_no_signature_covers_are_not_carried() {
    let bed = started().await;
    assert_eq!(post(&bed, JSON, None, signed(&paid())).await.verdict(), "200");
    let event = bed.stored().await.remove(0);
    assert!(
        matches!(
            event.fact,
            Fact::Money {
                basket: CarriedBasket::Absent,
                ..
            }
        ),
        "{:?}",
        event.fact
    );
}

#[tokio::test]
async fn each_state_of_a_payment_becomes_its_fact() {
    for (changes, expected) in [
        (
            vec![("transactionStatus", json!("WaitingAuthComplete"))],
            "nothing the money is held",
        ),
        (vec![("transactionStatus", json!("Refunded"))], "ask refunded"),
        (vec![("transactionStatus", json!("Voided"))], "ask voided"),
        (
            vec![("transactionStatus", json!("RefundInProcessing"))],
            "nothing a refund was asked for",
        ),
        (vec![("transactionStatus", json!("Declined"))], "nothing declined"),
        (vec![("transactionStatus", json!("Expired"))], "nothing expired"),
        (vec![("transactionStatus", json!("inProcessing"))], "nothing being paid"),
        (
            vec![("transactionStatus", json!("Dancing"))],
            "strange false the status \"Dancing\"",
        ),
        (
            vec![("currency", json!("EUR"))],
            "strange true 26750 minor units of \"EUR\"",
        ),
        (vec![("refundAmount", json!(100))], "paid 26750 0"),
    ] {
        let bed = started().await;
        let body = with(paid(), &changes);
        assert_eq!(post(&bed, JSON, None, signed(&body)).await.verdict(), "200", "{body}");
        let said = said(&bed.stored().await[0]);
        assert!(said.starts_with(expected), "{body}: {said}");
    }
}

#[tokio::test]
async fn charged_payments_and_refunds_are_told_apart_by_their_date() {
    let bed = started().await;
    for (status, date) in [
        ("Refunded", 1),
        ("Refunded", 1),
        ("Refunded", 2),
        ("Approved", 1),
        ("Approved", 1),
        ("Approved", 2),
        ("Pending", 1),
        ("Pending", 2),
    ] {
        let body = with(
            paid(),
            &[("transactionStatus", json!(status)), ("processingDate", json!(date))],
        );
        assert_eq!(post(&bed, JSON, None, signed(&body)).await.verdict(), "200");
    }
    assert_eq!(bed.stored().await.len(), 5);
}

#[tokio::test]
async fn what_is_not_to_be_believed_is_refused_and_not_accepted() {
    let bed = started().await;
    let good = signed(&paid());
    for (body, expected) in [
        (String::new(), "400 broken_form"),
        ("{".to_owned(), "400 broken_json"),
        ("[]".to_owned(), "400 not_an_object"),
        ("{}".to_owned(), "400 missing_signature"),
        (paid().to_string(), "400 missing_signature"),
        (good.replace("267.5,", "2675,"), "400 wrong_signature"),
        (good.replace("Approved", "Refunded"), "400 wrong_signature"),
        (signed_by(&paid(), "another"), "400 wrong_signature"),
        (
            signed(&with(paid(), &[("merchantAccount", json!("other"))])),
            "400 wrong_merchant",
        ),
        (
            signed(&with(paid(), &[("orderReference", json!(""))])),
            "400 missing_field",
        ),
        (signed(&with(paid(), &[("amount", json!(-1))])), "400 bad_field"),
    ] {
        let answer = post(&bed, JSON, None, body.clone()).await;
        assert_eq!(answer.verdict(), expected, "{body}");
        assert!(
            !answer.body.contains("accept") && !answer.body.contains("canary"),
            "{}",
            answer.body
        );
    }
    assert_eq!((bed.stored().await.len(), bed.bells().await), (0, 0));
}

#[tokio::test]
async fn a_conflict_is_not_accepted() {
    let bed = started().await;
    assert_eq!(post(&bed, JSON, None, signed(&paid())).await.verdict(), "200");
    let other = signed(&with(paid(), &[("amount", json!(1))]));
    let answer = post(&bed, JSON, None, other).await;
    assert_eq!(answer.verdict(), "422 repeated_key_different_body");
    assert_eq!((bed.stored().await.len(), bed.alerts().await), (1, 1));
}

#[tokio::test]
async fn production_refuses_the_public_test_merchant() {
    let key = "flk3409refn54t54t*FNJRET";
    let theirs = with(paid(), &[("merchantAccount", json!("test_merch_n1"))]);
    for config in [crate::bed::config(), production()] {
        let expected = if config.production {
            "403 test_source_refused"
        } else {
            "200"
        };
        let bed = bed_with(
            config,
            SourceKind::WayForPay,
            "test_merch_n1",
            key,
            "http://127.0.0.1:1",
        )
        .await;
        let answer = post(&bed, JSON, None, signed_by(&theirs, key)).await;
        assert_eq!(answer.verdict(), expected);
    }
}
