//! What is asked about money and receipts, and what is refused; every answer is held against the description.

use axum::http::Method;

use crate::bed::{Bed, OPERATOR};

const NOBODY: &str = "0190f2a0-0000-7000-8000-000000000000";

#[tokio::test]
async fn comparisons_and_repairs_are_answered_as_the_table_says() {
    let bed = Bed::start().await;
    let finding = |deed: &str| format!("/v1/findings/{NOBODY}/{deed}");
    let compare = "/v1/reconciliation".to_owned();
    for (path, body, expected) in [
        (&compare, "", "400 broken_json"),
        (&compare, "{}", "422 missing_field"),
        (
            &compare,
            r#"{"day":"2026-11-21","source":"flowers-fondy","all":true}"#,
            "422 unknown_field",
        ),
        (
            &compare,
            r#"{"day":"yesterday","source":"flowers-fondy"}"#,
            "422 bad_day",
        ),
        (
            &compare,
            r#"{"day":"2999-01-01","source":"flowers-fondy"}"#,
            "422 bad_day",
        ),
        (
            &compare,
            r#"{"day":"2026-11-21","source":"nobody"}"#,
            "404 source_not_found",
        ),
        (
            &compare,
            r#"{"day":"2026-11-21","source":"a b"}"#,
            "404 source_not_found",
        ),
        (
            &compare,
            r#"{"day":"2026-11-21","source":"flowers-fondy","deep":1}"#,
            "422 bad_field",
        ),
        (&finding("repair"), r#"{"repair":"link"}"#, "422 bad_field"),
        (&finding("repair"), r#"{"repair":"take_in"}"#, "404 finding_not_found"),
        (&finding("close"), "{}", "422 missing_field"),
        (&finding("close"), r#"{"reason":"by hand"}"#, "404 finding_not_found"),
        (&finding("link"), r#"{"order_id":"1"}"#, "404 finding_not_found"),
        (
            &"/v1/orders/1/refund".to_owned(),
            r#"{"amount":"1.00"}"#,
            "400 bad_idempotency_key",
        ),
    ] {
        let answer = bed.ask(Method::POST, path, OPERATOR, body).await;
        assert_eq!(answer.verdict(), expected, "{path} {body}");
    }
    for (path, expected) in [
        ("/v1/reconciliation", "200"),
        ("/v1/reconciliation?day=2026-11-21&source=flowers-fondy&limit=5", "200"),
        ("/v1/reconciliation?day=soon", "422 bad_query"),
        ("/v1/reconciliation?limit=0", "422 bad_query"),
        ("/v1/reconciliation?what=1", "422 bad_query"),
        ("/v1/refunds/nobody", "404 refund_not_found"),
    ] {
        let answer = bed.ask(Method::GET, path, OPERATOR, "").await;
        assert_eq!(answer.verdict(), expected, "{path}");
    }
}

#[tokio::test]
async fn a_comparison_is_asked_for_once_and_joined() {
    let bed = Bed::start().await;
    let wanted = r#"{"day":"2025-11-21","source":"flowers-fondy"}"#;
    let first = bed.ask(Method::POST, "/v1/reconciliation", OPERATOR, wanted).await;
    assert_eq!(
        (first.verdict().as_str(), &first.json()["status"]),
        ("202", &"accepted".into())
    );
    let again = bed.ask(Method::POST, "/v1/reconciliation", OPERATOR, wanted).await;
    assert_eq!(again.json()["status"], "already_accepted");
    assert_eq!(again.json()["run_id"], first.json()["run_id"]);
    let shown = bed
        .ask(Method::GET, "/v1/reconciliation?day=2025-11-21", OPERATOR, "")
        .await;
    assert_eq!(shown.json()["runs"][0]["id"], first.json()["run_id"]);
}
