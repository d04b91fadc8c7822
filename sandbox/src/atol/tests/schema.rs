//! Validation (sheet §4, §16.3): what is refused with code 32, and where.

use super::*;

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

/// Rows that both versions share; `root` is `/receipt`.
fn shared() -> Vec<(&'static str, Value, &'static str)> {
    vec![
        ("/timestamp", Value::Null, "/timestamp"),
        ("/timestamp", json!("2025-03-05T15:03:59"), "/timestamp"),
        ("/service", json!("x"), "/service"),
        ("/service/callback_url", long(256), ""),
        ("/service/callback_url", long(257), "/service/callback_url"),
        ("/receipt", Value::Null, "/receipt"),
        ("/receipt", json!([]), "/receipt"),
        ("/receipt/client", Value::Null, "/receipt/client"),
        ("/receipt/client", json!({}), "/receipt/client"),
        (
            "/receipt/client",
            json!({ "email": "", "phone": "" }),
            "/receipt/client",
        ),
        ("/receipt/client", json!({ "email": 1 }), "/receipt/client/email"),
        ("/receipt/client/email", json!(format!("a@{}", "b".repeat(62))), ""),
        (
            "/receipt/client/email",
            json!(format!("a@{}", "b".repeat(63))),
            "/receipt/client/email",
        ),
        ("/receipt/client/phone", json!("+79990000001"), ""),
        ("/receipt/client/name", long(257), "/receipt/client/name"),
        ("/receipt/client/inn", json!("12345"), "/receipt/client/inn"),
        ("/receipt/company", Value::Null, "/receipt/company"),
        ("/receipt/company/inn", Value::Null, "/receipt/company/inn"),
        ("/receipt/company/inn", json!("99999999"), "/receipt/company/inn"),
        (
            "/receipt/company/payment_address",
            Value::Null,
            "/receipt/company/payment_address",
        ),
        (
            "/receipt/company/payment_address",
            long(257),
            "/receipt/company/payment_address",
        ),
        ("/receipt/company/sno", json!("simple"), "/receipt/company/sno"),
        ("/receipt/company/location", json!(""), "/receipt/company/location"),
        ("/receipt/items", Value::Null, "/receipt/items"),
        ("/receipt/items", json!([]), "/receipt/items"),
        ("/receipt/items/0/name", Value::Null, "/receipt/items/0/name"),
        ("/receipt/items/0/name", long(129), "/receipt/items/0/name"),
        ("/receipt/items/0/name", long(128), ""),
        ("/receipt/items/0/price", json!("150.00"), "/receipt/items/0/price"),
        ("/receipt/items/0/price", json!(150.001), "/receipt/items/0/price"),
        ("/receipt/items/0/price", json!(-1), "/receipt/items/0/price"),
        ("/receipt/items/0/price", json!(42949672.96), "/receipt/items/0/price"),
        ("/receipt/items/0/price", json!(42949672.95), "/receipt/items/0"),
        ("/receipt/items/0/quantity", json!(0), "/receipt/items/0/quantity"),
        ("/receipt/items/0/quantity", json!(0.0005), "/receipt/items/0/quantity"),
        ("/receipt/items/0/quantity", json!(100_000), "/receipt/items/0/quantity"),
        ("/receipt/items/0/quantity", json!(3), "/receipt/items/0/sum"),
        ("/receipt/items/0/sum", json!(299.99), "/receipt/items/0/sum"),
        ("/receipt/items/0/sum", Value::Null, "/receipt/items/0/sum"),
        (
            "/receipt/items/0/payment_method",
            json!("later"),
            "/receipt/items/0/payment_method",
        ),
        ("/receipt/items/0/vat/type", json!("vat19"), "/receipt/items/0/vat/type"),
        ("/receipt/items/0/vat/type", json!("vat18"), "/receipt/items/0/vat/type"),
        ("/receipt/items/0/vat/type", json!("vat22"), ""),
        ("/receipt/items/0/vat/sum", json!("50"), "/receipt/items/0/vat/sum"),
        ("/receipt/items/0/user_data", long(65), "/receipt/items/0/user_data"),
        ("/receipt/items/0/excise", json!(-1), "/receipt/items/0/excise"),
        (
            "/receipt/items/0/country_code",
            json!("12"),
            "/receipt/items/0/country_code",
        ),
        (
            "/receipt/items/0/declaration_number",
            json!(""),
            "/receipt/items/0/declaration_number",
        ),
        (
            "/receipt/items/0/agent_info",
            json!({ "type": "spy" }),
            "/receipt/items/0/agent_info/type",
        ),
        (
            "/receipt/items/0/agent_info",
            json!({ "type": "another" }),
            "/receipt/items/0/supplier_info",
        ),
        (
            "/receipt/items/0/supplier_info",
            json!({ "phones": "x" }),
            "/receipt/items/0/supplier_info/phones",
        ),
        ("/receipt/payments", Value::Null, "/receipt/payments"),
        ("/receipt/payments", json!([]), "/receipt/payments"),
        ("/receipt/payments/0/type", json!(10), "/receipt/payments/0/type"),
        ("/receipt/payments/0/type", json!("1"), "/receipt/payments/0/type"),
        ("/receipt/payments/0/sum", Value::Null, "/receipt/payments/0/sum"),
        ("/receipt/payments/0/sum", json!(100_000_000), "/receipt/payments/0/sum"),
        ("/receipt/vats", Value::Null, ""),
        ("/receipt/vats", json!([]), ""),
        (
            "/receipt/vats",
            json!(vec![json!({ "type": "none" }); 7]),
            "/receipt/vats",
        ),
        ("/receipt/vats/0/type", json!("vat18"), "/receipt/vats/0/type"),
        ("/receipt/total", Value::Null, "/receipt/total"),
        ("/receipt/total", json!("300"), "/receipt/total"),
        ("/receipt/total", json!(298.99), "/receipt/total"),
        ("/receipt/cashier", long(65), "/receipt/cashier"),
        (
            "/receipt/additional_check_props",
            long(17),
            "/receipt/additional_check_props",
        ),
        (
            "/receipt/additional_user_props",
            json!({ "name": "n" }),
            "/receipt/additional_user_props/value",
        ),
        (
            "/receipt/additional_user_props",
            json!({ "name": "n", "value": "v" }),
            "",
        ),
        ("/receipt/device_number", json!(""), "/receipt/device_number"),
        ("/receipt/unheard_of", json!({ "internet": true }), ""),
    ]
}

#[tokio::test]
async fn a_v4_receipt_is_checked_field_by_field() {
    let mut rows = shared();
    rows.extend([
        ("/receipt/client", json!({ "phone": "+123456789012345678" }), ""),
        (
            "/receipt/client",
            json!({ "phone": "+1234567890123456789" }),
            "/receipt/client/phone",
        ),
        ("/receipt/client", json!({ "phone": "9990000001" }), ""),
        (
            "/receipt/client",
            json!({ "phone": "123456789012345678" }),
            "/receipt/client/phone",
        ),
        ("/receipt/company/sno", Value::Null, ""),
        ("/receipt/company/email", Value::Null, ""),
        (
            "/receipt/items/0/measurement_unit",
            long(17),
            "/receipt/items/0/measurement_unit",
        ),
        ("/receipt/items/0/measurement_unit", Value::Null, ""),
        ("/receipt/items/0/payment_method", Value::Null, ""),
        ("/receipt/items/0/payment_object", Value::Null, ""),
        (
            "/receipt/items/0/payment_object",
            json!(1),
            "/receipt/items/0/payment_object",
        ),
        (
            "/receipt/items/0/payment_object",
            json!("goods"),
            "/receipt/items/0/payment_object",
        ),
        ("/receipt/items/0/vat", Value::Null, ""),
        (
            "/receipt/items/0/nomenclature_code",
            long(151),
            "/receipt/items/0/nomenclature_code",
        ),
        (
            "/receipt/agent_info",
            json!({ "type": "another" }),
            "/receipt/supplier_info",
        ),
        ("/receipt/total", json!(299.01), ""),
        ("/receipt/total", json!(300.99), ""),
        ("/receipt/total", json!(301.0), "/receipt/total"),
    ]);
    let body = sale(Version::V4, "");
    let mut rows = changed(&body, rows);
    let bare = with(body, "/receipt/vats", Value::Null);
    rows.push((with(bare, "/receipt/items/0/vat", Value::Null), "/receipt/items/0/vat"));
    check(V4, "sell", rows).await;
}

#[tokio::test]
async fn a_v5_receipt_is_checked_field_by_field() {
    let mut rows = shared();
    rows.extend([
        ("/ism_optional", json!(true), ""),
        ("/ism_optional", json!("yes"), "/ism_optional"),
        (
            "/receipt/client",
            json!({ "phone": "9990000001" }),
            "/receipt/client/phone",
        ),
        ("/receipt/client", json!({ "phone": "+79990000001" }), ""),
        ("/receipt/client", json!({ "phone": "none" }), ""),
        ("/receipt/client", json!({ "email": "none" }), ""),
        ("/receipt/client", json!({ "email": "nobody" }), "/receipt/client/email"),
        (
            "/receipt/client/birthdate",
            json!("1.1.1990"),
            "/receipt/client/birthdate",
        ),
        (
            "/receipt/client/citizenship",
            json!("64"),
            "/receipt/client/citizenship",
        ),
        (
            "/receipt/client/document_code",
            json!("1"),
            "/receipt/client/document_code",
        ),
        (
            "/receipt/client/document_data",
            long(65),
            "/receipt/client/document_data",
        ),
        ("/receipt/client/address", long(257), "/receipt/client/address"),
        ("/receipt/company/sno", Value::Null, "/receipt/company/sno"),
        ("/receipt/company/email", Value::Null, "/receipt/company/email"),
        ("/receipt/company/email", json!("none"), ""),
        ("/receipt/items/0/measure", Value::Null, "/receipt/items/0/measure"),
        ("/receipt/items/0/measure", json!(1), "/receipt/items/0/measure"),
        ("/receipt/items/0/measure", json!("0"), "/receipt/items/0/measure"),
        ("/receipt/items/0/measure", json!(255), ""),
        (
            "/receipt/items/0/payment_method",
            Value::Null,
            "/receipt/items/0/payment_method",
        ),
        (
            "/receipt/items/0/payment_object",
            Value::Null,
            "/receipt/items/0/payment_object",
        ),
        (
            "/receipt/items/0/payment_object",
            json!("commodity"),
            "/receipt/items/0/payment_object",
        ),
        (
            "/receipt/items/0/payment_object",
            json!(28),
            "/receipt/items/0/payment_object",
        ),
        ("/receipt/items/0/payment_object", json!(33), ""),
        ("/receipt/items/0/vat", Value::Null, "/receipt/items/0/vat"),
        ("/receipt/items/0/mark_code", json!({}), "/receipt/items/0/mark_code"),
        (
            "/receipt/items/0/mark_code",
            json!({ "short": "a", "fur": "b" }),
            "/receipt/items/0/mark_code",
        ),
        (
            "/receipt/items/0/mark_code",
            json!({ "short": "a" }),
            "/receipt/items/0/mark_processing_mode",
        ),
        (
            "/receipt/items/0/mark_code",
            json!({ "gs1m": "a".repeat(201) }),
            "/receipt/items/0/mark_code/gs1m",
        ),
        ("/receipt/total", json!(299.99), "/receipt/total"),
        ("/receipt/cashier_inn", json!("1234567890"), "/receipt/cashier_inn"),
        (
            "/receipt/operating_check_props",
            json!("x"),
            "/receipt/operating_check_props",
        ),
        (
            "/receipt/sectoral_check_props",
            json!({}),
            "/receipt/sectoral_check_props",
        ),
    ]);
    let body = sale(Version::V5, "");
    let mut rows = changed(&body, rows);
    let paying = with(body, "/receipt/items/0/agent_info", json!({ "type": "paying_agent" }));
    for (supplier, expected) in [
        (json!({ "name": "Supplier" }), "/receipt/items/0/supplier_info/phones"),
        (
            json!({ "phones": ["+79990000002"] }),
            "/receipt/items/0/supplier_info/name",
        ),
        (json!({ "phones": ["+79990000002"], "name": "Supplier" }), ""),
    ] {
        rows.push((
            with(paying.clone(), "/receipt/items/0/supplier_info", supplier),
            expected,
        ));
    }
    check(V5, "sell", rows).await;
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
