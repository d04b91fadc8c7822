//! A basket as Fondy wants it.

use axum::http::Method;
use serde_json::json;

use crate::bed::{Bed, OPERATOR, SHOP};

const BASKET: &str = r#"{"basket":[{"name":"Мигдаль жар.","price":"700.00","quantity":"0.2"},
    {"name":"Кешью очищ.","price":850,"quantity":0.15}]}"#;

async fn ask(bed: &Bed, query: &str, body: &str) -> crate::bed::Answer {
    let path = format!("/v1/reservation-data{query}");
    bed.ask(Method::POST, &path, SHOP, body.to_owned()).await
}

#[tokio::test]
async fn a_basket_comes_back_as_the_gateway_wants_it_with_its_sum() {
    let bed = Bed::start().await;
    for query in ["", "?amount=26750"] {
        let answer = ask(&bed, query, BASKET).await;
        assert_eq!(answer.verdict(), "200", "{}", answer.body);
        let told = answer.json();
        assert_eq!(
            (told["amount"].clone(), told["lines"].clone()),
            (json!(26_750), json!(2))
        );
        let text = told["reservation_data"].as_str().unwrap();
        assert_eq!(told["characters"], text.len());
        // It goes where a payment carries it, and is understood.
        let carried = crate::sign::sale().with("additional_info", &json!({ "reservation_data": text }).to_string());
        assert_eq!(bed.callback(carried.json()).await.verdict(), "200");
    }
    let stored = bed.stored().await;
    assert!(
        format!("{:?}", stored[0].fact).contains("Кешью"),
        "{:?}",
        stored[0].fact
    );
    assert_eq!(stored.len(), 1, "asking kept nothing");
}

#[tokio::test]
async fn everything_wrong_with_a_basket_is_told_with_its_line() {
    let bed = Bed::start().await;
    let wrong = r#"{"products":[{"name":"canary","price":"1,5","total_amount":1,"quantity":1},{"name":"Чай"}]}"#;
    let answer = ask(&bed, "", wrong).await;
    assert_eq!(answer.verdict(), "422 basket_has_problems");
    let problems = answer.json()["problems"].as_array().unwrap().clone();
    let places: Vec<(u64, &str)> = problems
        .iter()
        .map(|problem| (problem["line"].as_u64().unwrap(), problem["field"].as_str().unwrap()))
        .collect();
    assert_eq!(
        places,
        [(1, "price"), (2, "price"), (2, "quantity"), (2, "total_amount")]
    );
    assert!(!answer.body.contains("canary"), "{}", answer.body);
    let less = ask(&bed, "?amount=30000", BASKET).await;
    assert_eq!(less.verdict(), "422 basket_has_problems");
    assert_eq!(less.json()["problems"][0]["code"], "amount_differs");
}

#[tokio::test]
async fn what_cannot_be_read_or_may_not_be_asked_is_refused() {
    let bed = Bed::start().await;
    for (query, body, expected) in [
        ("", "", "400 broken_json"),
        ("", r#"{"products":[],"products":[]}"#, "400 broken_json"),
        ("?amount=267.50", BASKET, "422 bad_query"),
        ("?amount=-1", BASKET, "422 bad_query"),
        ("?amount=99999999999999999999", BASKET, "422 bad_query"),
        ("?sum=1", BASKET, "422 bad_query"),
        ("", &" ".repeat(256 * 1024 + 1), "413 body_too_large"),
    ] {
        assert_eq!(ask(&bed, query, body).await.verdict(), expected, "{query} {body:.60}");
    }
    let stranger = bed.ask(Method::POST, "/v1/reservation-data", "nobody", BASKET).await;
    assert_eq!(stranger.verdict(), "401 unauthorized");
    let other = bed.ask(Method::POST, "/v1/reservation-data", OPERATOR, BASKET).await;
    assert_eq!(other.verdict(), "403 missing_scope");
}
