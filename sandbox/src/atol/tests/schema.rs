//! Validation (sheet §4, §16.3): what is refused with code 32, and where.

use super::*;

mod fields;

/// Registers bodies one by one. An expectation is the offending path, or nothing for what is accepted.
async fn check(group: &str, operation: &str, rows: Vec<(Value, &str)>) {
    let bed = Bed::start().await;
    let token = bed.token(group).await;
    for (number, (body, expected)) in rows.into_iter().enumerate() {
        let body = with(body, "/external_id", json!(format!("row-{number}")));
        expect(
            &bed.register_with(&token, group, operation, &body).await,
            &body,
            expected,
        );
    }
}

fn expect(reply: &transport::Reply, body: &Value, expected: &str) {
    if expected.is_empty() {
        assert_eq!(reply.status(), 200, "{reply:?} for {body}");
        return;
    }
    assert_eq!(reply.refusal(), (400, 32), "{expected}: {reply:?} for {body}");
    let text = reply.json()["error"]["text"].as_str().unwrap().to_owned();
    let path = text
        .strip_prefix("validation failed: #")
        .unwrap()
        .split(':')
        .next()
        .unwrap();
    assert_eq!(path, expected, "{text} for {body}");
}

/// Rows that change one place of a body; null takes it away.
fn changed(body: &Value, rows: Vec<(&str, Value, &'static str)>) -> Vec<(Value, &'static str)> {
    let change = |(pointer, value, expected)| (with(body.clone(), pointer, value), expected);
    rows.into_iter().map(change).collect()
}

fn long(length: usize) -> Value {
    json!("ы".repeat(length))
}

#[tokio::test]
async fn an_external_id_has_1_to_128_characters() {
    let bed = Bed::start().await;
    for (external_id, expected) in [
        (long(128), ""),
        (long(129), "/external_id"),
        (json!(""), "/external_id"),
        (json!(7), "/external_id"),
        (Value::Null, "/external_id"),
    ] {
        let body = with(sale(Version::V4, ""), "/external_id", external_id);
        expect(&bed.register(V4, "sell", &body).await, &body, expected);
    }
}

#[tokio::test]
async fn lists_have_their_longest() {
    for (group, version) in [(V4, Version::V4), (V5, Version::V5)] {
        let body = sale(version, "");
        let line = with(body["receipt"]["items"][0].clone(), "/quantity", json!(1));
        let line = with(with(line, "/price", json!(3)), "/sum", json!(3));
        let items = |count: usize| {
            let body = with(body.clone(), "/receipt/items", json!(vec![line.clone(); count]));
            with(body, "/receipt/total", json!(3 * count))
        };
        let payments = |count: usize| {
            let list = json!(vec![json!({ "type": 0, "sum": 30 }); count]);
            with(body.clone(), "/receipt/payments", list)
        };
        let rows = vec![
            (items(100), ""),
            (items(101), "/receipt/items"),
            (payments(10), ""),
            (payments(11), "/receipt/payments"),
        ];
        check(group, "sell", rows).await;
    }
}

#[tokio::test]
async fn lines_are_rounded_half_up() {
    for (price, quantity, sum, expected) in [
        (0.01, 0.5, 0.01, ""),
        (0.01, 0.499, 0.0, ""),
        (99.99, 0.333, 33.3, ""),
        (99.99, 0.333, 33.29, "/receipt/items/0/sum"),
    ] {
        let mut body = sale(Version::V5, "");
        for (pointer, value) in [
            ("items/0/price", price),
            ("items/0/quantity", quantity),
            ("items/0/sum", sum),
            ("total", sum),
            ("payments/0/sum", sum),
        ] {
            body = with(body, &format!("/receipt/{pointer}"), json!(value));
        }
        check(V5, "sell", vec![(body, expected)]).await;
    }
}

#[tokio::test]
async fn old_vat_is_refused_in_sales_and_purchases_only() {
    for (operation, expected) in [
        ("sell", "/receipt/items/0/vat/type"),
        ("buy", "/receipt/items/0/vat/type"),
        ("sell_refund", ""),
        ("buy_refund", ""),
    ] {
        let body = with(sale(Version::V4, ""), "/receipt/items/0/vat/type", json!("vat18"));
        check(V4, operation, vec![(body, expected)]).await;
    }
    let body = with(correction(Version::V4, ""), "/correction/vats/0/type", json!("vat118"));
    check(V4, "sell_correction", vec![(body, "")]).await;
    let body = with(sale(Version::V5, ""), "/receipt/items/0/vat/type", json!("vat18"));
    check(V5, "sell_refund", vec![(body, "/receipt/items/0/vat/type")]).await;
}

#[tokio::test]
async fn a_group_may_allow_other_rates() {
    let bed = Bed::start().await;
    bed.simulator.add_group(GroupSetup {
        vat_types: vec!["vat33".to_owned()],
        ..GroupSetup::v4("rates_v4")
    });
    for (rate, expected) in [("vat33", ""), ("vat20", "/receipt/vats/0/type")] {
        let body = with(sale(Version::V4, rate), "/receipt/vats/0/type", json!(rate));
        let body = with(body, "/receipt/items/0/vat/type", json!(rate));
        expect(&bed.register("rates_v4", "sell", &body).await, &body, expected);
    }
}

#[tokio::test]
async fn corrections_are_checked_by_their_versions_rules() {
    let rows = |more: Vec<(&'static str, Value, &'static str)>| {
        let mut rows = vec![
            ("/correction", Value::Null, "/correction"),
            ("/correction/company/inn", Value::Null, "/correction/company/inn"),
            (
                "/correction/correction_info",
                Value::Null,
                "/correction/correction_info",
            ),
            (
                "/correction/correction_info/type",
                json!("whim"),
                "/correction/correction_info/type",
            ),
            ("/correction/correction_info/type", json!("instruction"), ""),
            (
                "/correction/correction_info/base_date",
                json!("2025"),
                "/correction/correction_info/base_date",
            ),
            ("/correction/payments", json!([]), "/correction/payments"),
        ];
        rows.extend(more);
        rows
    };
    let v4 = rows(vec![
        (
            "/correction/correction_info/base_number",
            Value::Null,
            "/correction/correction_info/base_number",
        ),
        ("/correction/vats", Value::Null, "/correction/vats"),
        ("/correction/vats", json!([]), "/correction/vats"),
        ("/correction/company/sno", Value::Null, ""),
    ]);
    check(V4, "sell_correction", changed(&correction(Version::V4, ""), v4)).await;
    let v5 = rows(vec![
        ("/correction/correction_info/base_number", Value::Null, ""),
        (
            "/correction/correction_info/base_number",
            long(33),
            "/correction/correction_info/base_number",
        ),
        ("/correction/vats", Value::Null, ""),
        ("/correction/items", Value::Null, "/correction/items"),
        ("/correction/total", Value::Null, "/correction/total"),
        ("/correction/company/sno", Value::Null, "/correction/company/sno"),
        ("/correction/client", json!({}), "/correction/client"),
    ]);
    check(V5, "sell_correction", changed(&correction(Version::V5, ""), v5)).await;
    check(V4, "sell", vec![(correction(Version::V4, ""), "/receipt")]).await;
    check(V5, "buy_correction", vec![(sale(Version::V5, ""), "/correction")]).await;
}

#[tokio::test]
async fn every_operation_is_registered_where_its_version_has_it() {
    let all = Bed::with(Config {
        v4_refund_corrections: true,
        ..Config::default()
    })
    .await;
    let some = Bed::start().await;
    for (operation, corrects, in_v4) in [
        ("sell", false, true),
        ("sell_refund", false, true),
        ("buy", false, true),
        ("buy_refund", false, true),
        ("sell_correction", true, true),
        ("buy_correction", true, true),
        ("sell_refund_correction", true, false),
        ("buy_refund_correction", true, false),
    ] {
        let body = |version| {
            if corrects {
                correction(version, operation)
            } else {
                sale(version, operation)
            }
        };
        assert_eq!(
            some.register(V5, operation, &body(Version::V5)).await.status(),
            200,
            "{operation}"
        );
        assert_eq!(
            all.register(V4, operation, &body(Version::V4)).await.status(),
            200,
            "{operation}"
        );
        let expected = if in_v4 { (200, 0) } else { (400, 31) };
        assert_eq!(
            some.register(V4, operation, &body(Version::V4)).await.refusal(),
            expected,
            "{operation}"
        );
    }
    some.advance(SECOND);
    let printed: Vec<_> = some
        .simulator
        .documents(V5)
        .iter()
        .map(|document| document.operation.name())
        .collect();
    assert_eq!(printed.len(), 8, "{printed:?}");
}
