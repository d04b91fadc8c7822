use super::*;

/// Reads a basket of one line from `line` and says what came out, or the code and field of the error.
fn one_line(line: &str) -> String {
    let text = format!(r#"{{"basket":[{line}]}}"#);
    let read = body(text.as_bytes()).and_then(|object| object.basket("basket"));
    match read {
        Ok(Some(basket)) => {
            let line = &basket.lines()[0];
            format!(
                "{} x {} = {} {}",
                line.quantity,
                line.price,
                line.paid(),
                line.unit.name
            )
        }
        Ok(None) => "none".to_owned(),
        Err(ApiError::Field { code, field, .. }) => format!("{code} {field}"),
        Err(error) => error.code().to_owned(),
    }
}

#[test]
fn lines_are_read_exactly_and_errors_name_their_field() {
    for (line, expected) in [
        (r#"{"name":"Чай","price":"12.30","quantity":2}"#, "2 x 12.30 = 24.60 шт"),
        (
            r#"{"name":"Чай","price":12.30,"quantity":"1.5","unit":"кг"}"#,
            "1.5 x 12.30 = 18.45 кг",
        ),
        (
            r#"{"name":"Чай","price":100000000.01,"quantity":1}"#,
            "1 x 100000000.01 = 100000000.01 шт",
        ),
        (
            r#"{"name":"Чай","price":"10","quantity":"2","total":"18"}"#,
            "2 x 10.00 = 18.00 шт",
        ),
        (
            r#"{"name":"Чай 🍵","price":"1","quantity":1,"unit":{"code":"2009","name":"пак"}}"#,
            "1 x 1.00 = 1.00 пак",
        ),
        (
            r#"{"name":1001,"price":1,"quantity":1,"vat":null,"code":7}"#,
            "1 x 1.00 = 1.00 шт",
        ),
        (r#"{"price":1,"quantity":1}"#, "missing_field basket[0].name"),
        (r#"{"name":" ","price":1,"quantity":1}"#, "missing_field basket[0].name"),
        (
            r#"{"name":"a\u0000b","price":1,"quantity":1}"#,
            "control_character basket[0].name",
        ),
        (
            r#"{"name":"a","price":"1.234","quantity":1}"#,
            "bad_amount basket[0].price",
        ),
        (r#"{"name":"a","price":1e3,"quantity":1}"#, "bad_amount basket[0].price"),
        (
            r#"{"name":"a","price":"-1","quantity":1}"#,
            "negative_amount basket[0].price",
        ),
        (
            r#"{"name":"a","price":-1,"quantity":1}"#,
            "negative_amount basket[0].price",
        ),
        (r#"{"name":"a","price":true,"quantity":1}"#, "bad_field basket[0].price"),
        (
            r#"{"name":"a","price":99999999999999,"quantity":1}"#,
            "amount_too_large basket[0].price",
        ),
        (
            r#"{"name":"a","price":1,"quantity":0}"#,
            "bad_quantity basket[0].quantity",
        ),
        (
            r#"{"name":"a","price":1,"quantity":"0.0001"}"#,
            "bad_quantity basket[0].quantity",
        ),
        (
            r#"{"name":"a","price":1,"quantity":-2}"#,
            "bad_quantity basket[0].quantity",
        ),
        (
            r#"{"name":"a","price":1,"quantity":1,"vat":"AB"}"#,
            "bad_field basket[0].vat",
        ),
        (
            r#"{"name":"a","price":1,"quantity":1,"uktzed":"123"}"#,
            "bad_field basket[0].uktzed",
        ),
        (
            r#"{"name":"a","price":1,"quantity":1,"unit":"box"}"#,
            "bad_field basket[0].unit",
        ),
        (
            r#"{"name":"a","price":1,"quantity":1,"unit":{"code":1.5,"name":"x"}}"#,
            "bad_field basket[0].unit.code",
        ),
        (
            r#"{"name":"a","price":1,"quantity":1,"pirce":2}"#,
            "unknown_field basket[0].pirce",
        ),
        (
            r#"{"name":"a","price":1,"quantity":1,"4444555566661111":2}"#,
            "unknown_field basket[0].?",
        ),
        (r#"{"name":"a","price":0,"quantity":1}"#, "basket_empty basket"),
        (
            r#"{"name":"a","name":"b","price":1,"quantity":1}"#,
            "bad_field basket[0]",
        ),
        ("[]", "bad_field basket[0]"),
        ("{", "broken_json"),
    ] {
        assert_eq!(one_line(line), expected, "{line}");
    }
}

#[test]
fn only_one_whole_object_is_a_body() {
    for wrong in [
        "",
        "[]",
        "null",
        "7",
        "{} {}",
        r#"{"a":1,"a":2}"#,
        "{\"a\":\"\u{1}\"}",
        "{'a':1}",
    ] {
        assert!(body(wrong.as_bytes()).is_err(), "{wrong}");
    }
    assert!(body(&[b'{', b'"', 0xff, b'"', b':', b'1', b'}']).is_err());
    assert!(body(b" {} ").is_ok());
}

#[test]
fn very_deep_json_is_refused_or_skipped_without_harm() {
    let deep = format!(r#"{{"basket":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    let read = body(deep.as_bytes()).and_then(|object| object.basket("basket"));
    assert!(read.is_err());
}
