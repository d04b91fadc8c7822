//! Lists of orders, holds and registers, the export, and closing a hold.

use axum::http::Method;
use domain::hold::HoldReason;
use serde_json::{Value, json};

use crate::bed::{BAKERY, Bed, OPERATOR, READER, SHOP};
use crate::shelf::{held, sold};
use crate::sign::percent;
use crate::tape::Hand;

async fn get(bed: &Bed, path: &str, key: &str) -> Value {
    let answer = bed.ask(Method::GET, path, key, "").await;
    assert_eq!(answer.verdict(), "200", "{path} {}", answer.body);
    answer.json()
}

fn ids(list: &Value) -> Vec<&str> {
    let orders = list["orders"].as_array().unwrap();
    orders.iter().map(|order| order["order_id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn orders_are_found_by_whatever_is_at_hand_and_their_buyers_stay_masked() {
    let bed = Bed::start().await;
    let buyer = json!({ "buyer": { "email": "canary@shop.example", "phone": "+380501234567" } });
    bed.ask(Method::PUT, "/v1/orders/A-1", SHOP, buyer.to_string()).await;
    sold(&bed, "flowers-1", "A-1", 26_750).await;
    Hand::on(&bed.parts.ledger, "flowers-1")
        .await
        .registers_the_next(7)
        .await;
    held(&bed, "flowers-2", "A-2", HoldReason::BasketMismatch).await;
    sold(&bed, "bakery-1", "B-1", 26_750).await;
    for (query, expected) in [
        ("", "A-2 A-1"),
        ("text=A-1", "A-1"),
        ("text=267.50", "A-1"),
        ("text=267%2C50", "A-1"),
        ("text=CANARY%40shop.example", "A-1"),
        ("text=400000007", "A-1"),
        ("text=B-1", ""),
        ("status=registered", "A-1"),
        ("status=held", "A-2"),
        ("register=flowers-2", "A-2"),
        ("register=bakery-1", ""),
        ("merchant=bakery", ""),
        ("kind=sale&amount=1.00", "A-2"),
        ("kind=return", ""),
        ("from=2020-01-01&to=2099-01-01", "A-2 A-1"),
        ("to=2020-01-01", ""),
        ("from=2099-01-01T00:00:00Z", ""),
        ("text=&status=&register=&from=&to=&after=&limit=", "A-2 A-1"),
        ("after=nonsense%00", ""),
    ] {
        let list = get(&bed, &format!("/v1/orders?{query}"), READER).await;
        assert_eq!(ids(&list).join(" "), expected, "{query}");
        assert!(!list.to_string().contains("canary"), "{list}");
    }
    let order = &get(&bed, "/v1/orders?text=A-1", READER).await["orders"][0];
    let created = order["created_at"].clone();
    assert_eq!(
        *order,
        json!({
            "order_id": "A-1", "status": "registered", "sold": "267.50", "returned": "0.00",
            "fiscal_number": "400000007", "registers": ["flowers-1"], "made_by": ["kasyr"], "email": "c***@shop.example",
            "created_at": created,
        })
    );
}

#[tokio::test]
async fn a_list_goes_on_where_the_page_before_ended() {
    let bed = Bed::start().await;
    for number in 0..5 {
        bed.ask(Method::PUT, &format!("/v1/orders/A-{number}"), SHOP, "{}")
            .await;
    }
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let list = get(&bed, &format!("/v1/orders?limit=2&after={after}"), READER).await;
        seen.extend(ids(&list).into_iter().map(str::to_owned));
        match list["next"].as_str() {
            Some(next) => next.clone_into(&mut after),
            None => break,
        }
    }
    seen.sort();
    assert_eq!(seen, ["A-0", "A-1", "A-2", "A-3", "A-4"]);
}

#[tokio::test]
async fn an_export_has_every_order_and_no_formula() {
    let bed = Bed::start().await;
    for number in 0..620 {
        let path = format!("/v1/orders/A-{number}");
        assert_eq!(bed.ask(Method::PUT, &path, SHOP, "{}").await.status, 200);
    }
    let formula = format!("/v1/orders/{}", percent("=1+1"));
    let buyer = r#"{"buyer":{"email":"+canary@shop.example"}}"#;
    assert_eq!(bed.ask(Method::PUT, &formula, SHOP, buyer).await.status, 200);
    bed.ask(Method::PUT, "/v1/orders/B-1", BAKERY, "{}").await;
    let answer = bed.ask(Method::GET, "/v1/orders.csv", READER, "").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.headers["content-type"], "text/csv; charset=utf-8");
    assert!(
        answer.headers["content-disposition"]
            .to_str()
            .unwrap()
            .contains("orders.csv")
    );
    let lines: Vec<&str> = answer.body.split_terminator("\r\n").collect();
    assert_eq!(
        lines[0],
        "\u{feff}order_id,merchant,created_at,status,sold,returned,fiscal_number,registers,email,made_by"
    );
    let mut orders: Vec<&str> = lines[1..].iter().map(|line| line.split(',').next().unwrap()).collect();
    orders.sort_unstable();
    orders.dedup();
    assert_eq!(orders.len(), 621, "more than is read at a time, each once");
    let formula = lines.iter().find(|line| line.starts_with("'=1+1,flowers,")).unwrap();
    assert!(
        formula.ends_with(",no_payment,0.00,0.00,,,'+***@shop.example,"),
        "{formula}"
    );
    assert!(!answer.body.contains("canary") && !answer.body.contains("B-1"));
    let narrow = bed.ask(Method::GET, "/v1/orders.csv?text=A-7", READER, "").await;
    assert_eq!(narrow.body.lines().count(), 2);
}

#[tokio::test]
async fn a_hold_is_listed_and_closes_with_a_reason() {
    let bed = Bed::start().await;
    let document = held(&bed, "flowers-1", "A-1", HoldReason::ForeignCurrency).await;
    let foreign = held(&bed, "bakery-1", "B-1", HoldReason::ForeignCurrency).await;
    let holds = get(&bed, "/v1/holds", OPERATOR).await;
    let since = holds["holds"][0]["since"].clone();
    assert_eq!(
        holds,
        json!({ "next": null, "holds": [{
            "document_id": document.to_string(), "order_id": "A-1", "register": "flowers-1", "kind": "sale",
            "amount": "1.00", "reason": "foreign_currency", "detail": "чому",
            "next_step": HoldReason::ForeignCurrency.next_step(), "can_be_resent": false, "since": since,
        }]})
    );
    let close = async |id: &str, body: &str| {
        let path = format!("/v1/documents/{id}/close");
        bed.ask(Method::POST, &path, OPERATOR, body.to_owned()).await
    };
    let reason = r#"{"reason":"пробито вручну, чек №7"}"#;
    assert_eq!(
        close(&foreign.to_string(), reason).await.verdict(),
        "404 document_not_found"
    );
    let answer = close(&document.to_string(), reason).await;
    assert_eq!(answer.verdict(), "200", "{}", answer.body);
    assert_eq!(
        answer.json(),
        json!({ "id": document.to_string(), "state": "closed", "refunds_held": 0 })
    );
    assert_eq!(
        close(&document.to_string(), reason).await.verdict(),
        "409 document_not_held"
    );
    assert_eq!(get(&bed, "/v1/holds", OPERATOR).await["holds"], json!([]));
    let shown = get(&bed, &format!("/v1/documents/{document}"), READER).await;
    assert_eq!(shown["state"], "closed");
    assert_eq!(
        (&shown["hold"]["can_be_resent"], &shown["hold"]["next_step"]),
        (&json!(false), &Value::Null)
    );
    let orders = get(&bed, "/v1/orders?status=closed", READER).await;
    assert_eq!(ids(&orders), ["A-1"]);
}

#[tokio::test]
async fn registers_are_listed_at_a_glance() {
    let bed = Bed::start().await;
    sold(&bed, "flowers-1", "A-1", 100).await;
    let list = get(&bed, "/v1/registers?limit=1", OPERATOR).await;
    assert_eq!(
        list["registers"][0],
        json!({
            "id": "flowers-1", "fiscal_number": "4000999001", "provider": "cashalot", "line": "unknown",
            "seen_at": null, "shift": null, "failures": 0, "trouble": null, "rests_until": null,
            "offline_documents": 0, "documents": { "due": 1, "in_doubt": 0, "held": 0 }, "last_receipt_at": null,
            "worst_alert": null,
        })
    );
    let next = list["next"].as_str().unwrap();
    let rest = get(&bed, &format!("/v1/registers?after={next}"), OPERATOR).await;
    assert_eq!(
        (rest["registers"].as_array().unwrap().len(), &rest["next"]),
        (1, &Value::Null)
    );
    assert_eq!(rest["registers"][0]["id"], "flowers-2");
}
