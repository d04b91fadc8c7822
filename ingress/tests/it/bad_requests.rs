//! API requests that are refused: each is answered as the table says, nothing is stored.

use axum::body::Body;
use axum::http::{Method, Request};

use crate::bed::{BAKERY, Bed, OPERATOR, READER, SHOP};

const PAYMENT: &str = r#"{"type":"payment","order_id":"o-1","amount":"10","currency":"UAH"}"#;

#[tokio::test]
async fn bad_events_are_answered_as_the_table_says_and_nothing_is_stored() {
    let bed = Bed::start().await;
    let with = |field: &str| PAYMENT.replace('}', &format!(",{field}}}"));
    let card = |number: &str| with(&format!(r#""means":{{"masked_card":"{number}"}}"#));
    for (body, expected, field) in [
        (String::new(), "400 broken_json", ""),
        ("[]".to_owned(), "400 broken_json", ""),
        (with(r#""amount":"1""#), "400 broken_json", ""),
        ("{}".to_owned(), "422 missing_field", "type"),
        (PAYMENT.replace("payment", "gift"), "422 bad_field", "type"),
        (PAYMENT.replace("order_id", "order"), "422 unknown_field", "order"),
        (PAYMENT.replace("\"o-1\"", "null"), "422 missing_field", "order_id"),
        (PAYMENT.replace("o-1", ""), "422 bad_order_id", "order_id"),
        (PAYMENT.replace("o-1", "a\\u0000b"), "422 control_character", "order_id"),
        (
            PAYMENT.replace("o-1", &"a".repeat(1025)),
            "422 bad_order_id",
            "order_id",
        ),
        (PAYMENT.replace("o-1", &"a".repeat(9000)), "422 too_long", "order_id"),
        (PAYMENT.replace("\"10\"", "\"0\""), "422 zero_amount", "amount"),
        (PAYMENT.replace("\"10\"", "0.00"), "422 zero_amount", "amount"),
        (PAYMENT.replace("\"10\"", "-10"), "422 negative_amount", "amount"),
        (PAYMENT.replace("\"10\"", "\"-0.01\""), "422 negative_amount", "amount"),
        (PAYMENT.replace("\"10\"", "\"10.001\""), "422 bad_amount", "amount"),
        (PAYMENT.replace("\"10\"", "\"10,00\""), "422 bad_amount", "amount"),
        (PAYMENT.replace("\"10\"", "1e2"), "422 bad_amount", "amount"),
        (PAYMENT.replace("\"10\"", "[10]"), "422 bad_field", "amount"),
        (
            PAYMENT.replace("\"10\"", "\"100000000000\""),
            "422 amount_too_large",
            "amount",
        ),
        (PAYMENT.replace("UAH", "USD"), "422 currency_not_supported", "currency"),
        (PAYMENT.replace("UAH", "uah"), "422 currency_not_supported", "currency"),
        (PAYMENT.replace("\"UAH\"", "null"), "422 missing_field", "currency"),
        (with(r#""lines":[]"#), "422 unknown_field", "lines"),
        (with(r#""basket":{}"#), "422 bad_field", "basket"),
        (with(r#""basket":[]"#), "422 basket_empty", "basket"),
        (
            with(r#""basket":[{"name":"a","price":1}]"#),
            "422 missing_field",
            "basket[0].quantity",
        ),
        (with(r#""register":"flowers-1""#), "422 unknown_register", "register"),
        (card("4444555566661111"), "422 card_not_masked", "means.masked_card"),
        (card("4444 5555 6666 1111"), "422 card_not_masked", "means.masked_card"),
        (card("4444555566661"), "422 card_not_masked", "means.masked_card"),
        (card("visa"), "422 bad_field", "means.masked_card"),
        (with(r#""means":{"cvv":"123"}"#), "422 unknown_field", "means.cvv"),
        (with(r#""4444555566661111":1"#), "422 unknown_field", "?"),
        (" ".repeat(256 * 1024 + 1), "413 body_too_large", ""),
    ] {
        let answer = bed.event("key", body.clone()).await;
        assert_eq!(answer.verdict(), expected, "{body:.200}");
        assert_eq!(answer.json()["field"].as_str().unwrap_or(""), field, "{body:.200}");
        assert!(!answer.body.contains("5555"), "{}", answer.body);
    }
    assert_eq!((bed.stored().await.len(), bed.bells().await), (0, 0));
}

#[tokio::test]
async fn the_idempotency_key_is_needed_and_checked() {
    let bed = Bed::start().await;
    let missing = bed.ask(Method::POST, "/v1/events", BAKERY, PAYMENT).await;
    assert_eq!(missing.verdict(), "400 bad_idempotency_key");
    for (key, expected) in [
        ("", "400 bad_idempotency_key"),
        ("a b", "400 bad_idempotency_key"),
        ("ключ", "400 bad_idempotency_key"),
        (&"k".repeat(256), "400 bad_idempotency_key"),
        (&"k".repeat(255), "202"),
    ] {
        assert_eq!(bed.event(key, PAYMENT).await.verdict(), expected, "{key}");
    }
    assert_eq!(bed.stored().await.len(), 1);
}

#[tokio::test]
async fn with_several_registers_one_must_be_named() {
    let bed = Bed::start().await;
    let event = async |body: String, key: &str| {
        let request = Request::post("/v1/events")
            .header("authorization", format!("bearer {SHOP}"))
            .header("idempotency-key", key)
            .body(Body::from(body))
            .unwrap();
        bed.send(request).await
    };
    assert_eq!(event(PAYMENT.to_owned(), "1").await.verdict(), "422 missing_field");
    let named = PAYMENT.replace('}', r#","register":"flowers-2"}"#);
    assert_eq!(event(named, "1").await.verdict(), "202");
}

#[tokio::test]
async fn bad_orders_are_answered_as_the_table_says_and_nothing_is_stored() {
    let bed = Bed::start().await;
    let long_name = format!(
        r#"{{"basket":[{{"name":"{}","price":1,"quantity":1}}]}}"#,
        "ї".repeat(1025)
    );
    let lines = vec![r#"{"name":"a","price":1,"quantity":1}"#; 1001].join(",");
    let many = format!(r#"{{"basket":[{lines}]}}"#);
    for (body, expected, field) in [
        ("", "400 broken_json", ""),
        (r#"{"basket":"#, "400 broken_json", ""),
        (r#"{"bascket":[]}"#, "422 unknown_field", "bascket"),
        (r#"{"description":["x"]}"#, "422 bad_field", "description"),
        (r#"{"description":"a\u0007"}"#, "422 control_character", "description"),
        (
            r#"{"basket":[{"name":"a","price":"x","quantity":1}]}"#,
            "422 bad_amount",
            "basket[0].price",
        ),
        (
            r#"{"basket":[{"name":"a","price":1,"quantity":1},{"name":"b","price":1,"quantity":"1.0001"}]}"#,
            "422 bad_quantity",
            "basket[1].quantity",
        ),
        (&long_name, "422 too_long", "basket[0].name"),
        (&many, "422 basket_too_long", "basket"),
        (r#"{"buyer":{"email":"canary"}}"#, "422 bad_field", "buyer.email"),
        (
            r#"{"buyer":{"email":"a@canary.ua@b.ua"}}"#,
            "422 bad_field",
            "buyer.email",
        ),
        (r#"{"buyer":{"phone":"canary"}}"#, "422 bad_field", "buyer.phone"),
        (r#"{"buyer":{"locale":"canary"}}"#, "422 bad_field", "buyer.locale"),
        (r#"{"buyer":{"name":"x"}}"#, "422 unknown_field", "buyer.name"),
        (r#"{"receivers":7}"#, "422 bad_field", "receivers"),
        (
            r#"{"receivers":[{"amount":1}]}"#,
            "422 missing_field",
            "receivers[0].receiver",
        ),
        (
            r#"{"receivers":[{"receiver":"5"}]}"#,
            "422 missing_field",
            "receivers[0].amount",
        ),
        (
            r#"{"receivers":[{"receiver":"5","amount":0}]}"#,
            "422 zero_amount",
            "receivers[0].amount",
        ),
        (
            r#"{"receivers":[{"receiver":"canary no","amount":1}]}"#,
            "422 bad_field",
            "receivers[0].receiver",
        ),
        (
            r#"{"receivers":[{"receiver":"5","amount":1},{"receiver":"5","amount":1}]}"#,
            "422 bad_field",
            "receivers[1].receiver",
        ),
        (
            r#"{"receivers":[{"receiver":"5","amount":1,"basket":[]}]}"#,
            "422 basket_empty",
            "receivers[0].basket",
        ),
        (
            r#"{"receivers":[{"receiver":"5","amount":1,"iban":"UA"}]}"#,
            "422 unknown_field",
            "receivers[0].iban",
        ),
        (r#"{"settlement_id":{}}"#, "422 bad_field", "settlement_id"),
    ] {
        let answer = bed.ask(Method::PUT, "/v1/orders/o-1", SHOP, body.to_owned()).await;
        assert_eq!(answer.verdict(), expected, "{body:.200}");
        assert_eq!(answer.json()["field"].as_str().unwrap_or(""), field, "{body:.200}");
        assert!(!answer.body.contains("canary"), "{}", answer.body);
    }
    let none = bed.ask(Method::GET, "/v1/orders/o-1", SHOP, "").await;
    assert_eq!(none.verdict(), "404 order_not_found");
    for path in ["/v1/orders/a%00b", "/v1/orders/%0A"] {
        let answer = bed.ask(Method::PUT, path, SHOP, "{}").await;
        assert_eq!(answer.verdict(), "422 bad_order_id", "{path}");
    }
    assert_eq!(
        bed.ask(Method::PUT, "/v1/orders/%FF", SHOP, "{}").await.verdict(),
        "400 bad_path"
    );
    assert_eq!(
        bed.ask(Method::PUT, "/v1/orders/", SHOP, "{}").await.verdict(),
        "404 route_not_found"
    );
}

#[tokio::test]
async fn bad_queries_are_answered_as_the_table_says() {
    let bed = Bed::start().await;
    let long = format!("text={}", "a".repeat(1_025));
    for (query, field) in [
        ("status=canary", "status"),
        ("kind=closing", "kind"),
        ("register=canary%20b", "register"),
        ("merchant=%00", "merchant"),
        ("from=canary", "from"),
        ("to=2026-02-30", "to"),
        ("amount=canary", "amount"),
        ("amount=-1", "amount"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=canary", "limit"),
        ("canary=1", "query"),
        ("text=a&text=b", "query"),
        (&long, "text"),
    ] {
        for path in ["/v1/orders", "/v1/orders.csv"] {
            if field == "limit" && path.ends_with("csv") {
                continue;
            }
            let answer = bed.ask(Method::GET, &format!("{path}?{query}"), READER, "").await;
            let expected = if field == "text" {
                "422 too_long"
            } else {
                "422 bad_query"
            };
            assert_eq!(answer.verdict(), expected, "{query:.80}");
            assert_eq!(answer.json()["field"], field, "{query:.80}");
            assert!(!answer.body.contains("canary"), "{}", answer.body);
        }
    }
    for path in [
        "/v1/holds?limit=0",
        "/v1/registers?limit=x",
        "/v1/holds?canary=1",
        "/v1/registers?all=1",
    ] {
        let answer = bed.ask(Method::GET, path, OPERATOR, "").await;
        assert_eq!(answer.verdict(), "422 bad_query", "{path}");
    }
    for path in [
        "/v1/holds?after=%00",
        "/v1/registers?after=%00",
        "/v1/registers?after=zzz",
    ] {
        assert_eq!(
            bed.ask(Method::GET, path, OPERATOR, "").await.verdict(),
            "200",
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_hold_is_closed_with_a_reason_or_not_at_all() {
    let bed = Bed::start().await;
    let document = crate::shelf::held(&bed, "flowers-1", "A-1", domain::hold::HoldReason::StrangeEvent).await;
    let long = format!(r#"{{"reason":"{}"}}"#, "a".repeat(501));
    for (body, expected) in [
        ("", "400 broken_json"),
        ("[]", "400 broken_json"),
        ("{}", "422 missing_field"),
        (r#"{"reason":""}"#, "422 missing_field"),
        (r#"{"reason":"  "}"#, "422 missing_field"),
        (r#"{"reason":7,"why":1}"#, "422 unknown_field"),
        (r#"{"reason":"a\u0000"}"#, "422 control_character"),
        (&long, "422 too_long"),
    ] {
        let path = format!("/v1/documents/{document}/close");
        let answer = bed.ask(Method::POST, &path, OPERATOR, body.to_owned()).await;
        assert_eq!(answer.verdict(), expected, "{body:.80}");
    }
    let ready = crate::shelf::sold(&bed, "flowers-1", "A-2", 100).await;
    for (id, expected) in [
        (ready.to_string(), "409 document_not_held"),
        ("7".to_owned(), "404 document_not_found"),
        (
            "0190f2a0-0000-7000-8000-000000000000".to_owned(),
            "404 document_not_found",
        ),
    ] {
        let path = format!("/v1/documents/{id}/close");
        let answer = bed.ask(Method::POST, &path, OPERATOR, r#"{"reason":"так"}"#).await;
        assert_eq!(answer.verdict(), expected);
    }
    let held = bed.ask(Method::GET, "/v1/holds", OPERATOR, "").await;
    assert_eq!(
        held.json()["holds"].as_array().unwrap().len(),
        1,
        "nothing of it closed anything"
    );
}
