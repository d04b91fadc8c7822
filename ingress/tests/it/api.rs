//! The shop's API when it is used rightly.

use axum::http::Method;
use domain::event::{CarriedBasket, Fact};
use serde_json::json;

use crate::bed::{BAKERY, Bed, OPERATOR, READER, SHOP};
use crate::sign::percent;

const PAYMENT: &str = r#"{"type":"payment","order_id":"o-1","amount":"267.50","currency":"UAH",
    "payment_id":"p-1","means":{"system":"LiqPay","masked_card":"4444 55** **** 1111","auth_code":"123",
    "transaction_id":98765432109876543210},
    "basket":[{"name":"Чай 🍵","price":267.50,"quantity":1}]}"#;

#[tokio::test]
async fn an_order_is_put_shown_and_kept_where_nothing_new_is_said() {
    let bed = Bed::start().await;
    let path = format!("/v1/orders/{}", percent("замовлення/🌷 1"));
    let first = json!({
        "description": "Букет",
        "basket": [{ "name": "Троянда", "price": "12.30", "quantity": 3, "unit": "шт" }],
        "buyer": { "email": "canary@shop.example", "phone": "+380 (50) 123-45-67", "locale": "uk" },
    });
    let put = bed.ask(Method::PUT, &path, SHOP, first.to_string()).await;
    assert_eq!(put.verdict(), "200", "{}", put.body);
    let again = bed.ask(Method::PUT, &path, SHOP, "{}").await;
    let shown = bed.ask(Method::GET, &path, READER, "").await;
    for answer in [&again, &shown] {
        let order = answer.json();
        assert_eq!(order["order_id"], "замовлення/🌷 1");
        assert_eq!(order["description"], "Букет");
        assert_eq!(order["has_basket"], true);
        assert_eq!(order["documents"], json!([]));
        assert!(
            !answer.body.contains("canary") && !answer.body.contains("123"),
            "{}",
            answer.body
        );
    }
}

#[tokio::test]
async fn an_order_id_may_have_1024_characters() {
    let bed = Bed::start().await;
    let longest = format!("/v1/orders/{}", percent(&"ї".repeat(1024)));
    assert_eq!(bed.ask(Method::PUT, &longest, SHOP, "{}").await.verdict(), "200");
    let longer = format!("/v1/orders/{}", percent(&"ї".repeat(1025)));
    let refused = bed.ask(Method::PUT, &longer, SHOP, "{}").await;
    assert_eq!(refused.verdict(), "422 bad_order_id");
}

#[tokio::test]
async fn another_merchants_order_is_not_shown() {
    let bed = Bed::start().await;
    bed.ask(Method::PUT, "/v1/orders/o-1", SHOP, "{}").await;
    assert_eq!(bed.ask(Method::GET, "/v1/orders/o-1", SHOP, "").await.verdict(), "200");
    let other = bed.ask(Method::GET, "/v1/orders/o-1", BAKERY, "").await;
    assert_eq!(other.verdict(), "404 order_not_found");
}

#[tokio::test]
async fn a_payment_is_accepted_once_and_repeated_with_the_same_answer() {
    let bed = Bed::start().await;
    let first = bed.event("key-1", PAYMENT).await;
    assert_eq!(
        (first.status.as_u16(), first.json()["status"].as_str()),
        (202, Some("accepted"))
    );
    // Written otherwise, and still the same.
    let reworded = PAYMENT.replace('\n', " ").replace("267.50,", "\"267.5\",");
    let again = bed.event("key-1", reworded).await;
    assert_eq!(again.json()["status"], "already_accepted", "{}", again.body);
    assert_eq!(again.json()["event_id"], first.json()["event_id"]);
    let stored = bed.stored().await;
    assert_eq!((stored.len(), bed.bells().await), (1, 1));
    let event = &stored[0];
    assert_eq!(event.means.masked_card.as_deref(), Some("444455******1111"));
    assert_eq!(event.means.transaction_id.as_deref(), Some("98765432109876543210"));
    match &event.fact {
        Fact::Money {
            paid,
            basket: CarriedBasket::Lines(basket),
            ..
        } => assert_eq!((paid.minor(), basket.total().minor()), (26_750, 26_750)),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_key_cannot_be_used_for_something_else() {
    let bed = Bed::start().await;
    bed.event("key-1", PAYMENT).await;
    for other in [
        PAYMENT.replace("\"267.50\"", "\"267.51\""),
        PAYMENT.replace("o-1", "o-2"),
        PAYMENT.replace("p-1", "p-2"),
        PAYMENT.replace("Чай", "Кава"),
        PAYMENT.replace("LiqPay", "Portmone"),
    ] {
        let answer = bed.event("key-1", other.clone()).await;
        assert_eq!(answer.verdict(), "422 repeated_key_different_body", "{other}");
    }
    assert_eq!((bed.stored().await.len(), bed.alerts().await), (1, 1));
}

#[tokio::test]
async fn a_refund_with_its_lines_is_accepted() {
    let bed = Bed::start().await;
    let refund = r#"{"type":"refund","order_id":1001,"amount":12.3,"currency":"UAH","register":"bakery-1",
        "lines":[{"name":"Хліб","price":"12.30","quantity":"1.000"}]}"#;
    assert_eq!(bed.event("key-1", refund).await.status, 202);
    let stored = bed.stored().await;
    assert_eq!(stored[0].order.as_str(), "1001");
    match &stored[0].fact {
        Fact::Refund {
            amount,
            lines: Some(lines),
            receiver: None,
        } => assert_eq!((amount.minor(), lines.total().minor()), (1_230, 1_230)),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn every_answer_carries_a_request_id() {
    let bed = Bed::start().await;
    let own = axum::http::Request::get("/nowhere")
        .header("x-request-id", "shop-7")
        .body(axum::body::Body::empty())
        .unwrap();
    assert_eq!(bed.send(own).await.headers["x-request-id"], "shop-7");
    let strange = axum::http::Request::get("/nowhere")
        .header("x-request-id", "a b\"c")
        .body(axum::body::Body::empty())
        .unwrap();
    let given = bed.send(strange).await.headers["x-request-id"].clone();
    assert_eq!(given.len(), 36);
}

#[tokio::test]
async fn scopes_decide_what_a_key_may_do() {
    let bed = Bed::start().await;
    let document = "/v1/documents/0190f2a0-0000-7000-8000-000000000000";
    let resend = format!("{document}/resend");
    let close = format!("{document}/close");
    for (method, path, key, expected) in [
        (Method::PUT, "/v1/orders/1", READER, "403 missing_scope"),
        (Method::POST, "/v1/events", READER, "403 missing_scope"),
        (Method::GET, "/v1/orders/1", OPERATOR, "403 missing_scope"),
        (Method::POST, &resend, SHOP, "403 missing_scope"),
        (Method::GET, "/v1/orders", OPERATOR, "403 missing_scope"),
        (Method::GET, "/v1/orders.csv", OPERATOR, "403 missing_scope"),
        (Method::GET, "/v1/holds", READER, "403 missing_scope"),
        (Method::GET, "/v1/registers", SHOP, "403 missing_scope"),
        (Method::POST, &close, SHOP, "403 missing_scope"),
        (Method::POST, &resend, OPERATOR, "404 document_not_found"),
        (Method::GET, document, READER, "404 document_not_found"),
        (Method::GET, "/v1/documents/7", READER, "404 document_not_found"),
        (Method::GET, "/v1/orders/1", "wrong-canary", "401 unauthorized"),
        (Method::GET, "/v1/orders/1", "", "401 unauthorized"),
    ] {
        let answer = bed.ask(method.clone(), path, key, "{}").await;
        assert_eq!(answer.verdict(), expected, "{method} {path}");
        assert!(!answer.body.contains("canary"), "{}", answer.body);
        assert_eq!(answer.status == 401, answer.headers.contains_key("www-authenticate"));
    }
}
