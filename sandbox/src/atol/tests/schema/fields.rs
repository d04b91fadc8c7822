//! A receipt, field by field.

use super::*;

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
