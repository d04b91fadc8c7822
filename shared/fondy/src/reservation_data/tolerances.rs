//! What real shop plugins and the gateway itself do to a basket, one test each (fondy.md §9).

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};

use super::tests::product;
use super::*;

const TEA: &str = r#"{"id":1,"name":"Чай","price":15.10,"total_amount":30.20,"quantity":2}"#;

fn tea() -> Product {
    product("1", "Чай", 1_510, 3_020, 2_000)
}

fn sent(json: &str) -> ReservationData {
    decode(&STANDARD.encode(json))
}

fn lines(lines: &str) -> ReservationData {
    sent(&format!(r#"{{"products":[{lines}]}}"#))
}

fn one(line: &str) -> Product {
    let products = match lines(line) {
        ReservationData::Products(products) => products,
        other @ (ReservationData::Absent | ReservationData::Warned(_) | ReservationData::Broken(_)) => {
            panic!("{line}: {other:?}")
        }
    };
    match <[Product; 1]>::try_from(products) {
        Ok([product]) => product,
        Err(products) => panic!("{line}: {products:?}"),
    }
}

#[test]
fn prices_totals_and_quantities_may_be_strings() {
    let line = r#"{"id":1,"name":"Чай","price":"15.10","total_amount":"30.20","quantity":"2"}"#;
    assert_eq!(one(line), tea());
}

#[test]
fn prices_may_be_whole_numbers_or_have_spare_zeros() {
    assert_eq!(one(&TEA.replace("15.10", "15.1000").replace("30.20", "30.2")), tea());
    let whole = one(r#"{"id":1,"name":"Чай","price":15,"total_amount":"45","quantity":3.0}"#);
    assert_eq!(
        (whole.price_kopecks, whole.total_kopecks, whole.quantity_thousandths),
        (1_500, 4_500, 3_000)
    );
}

#[test]
fn prices_may_have_an_exponent() {
    assert_eq!(one(&TEA.replace("15.10", "1.51e1").replace("30.20", "3.02E+1")), tea());
}

#[test]
fn ids_need_not_be_numbers() {
    for (id, read) in [
        (r#""12_0""#, "12_0"),
        (r#""SHIPPING_001""#, "SHIPPING_001"),
        (r#""007""#, "007"),
        ("1.5", "1.5"),
    ] {
        assert_eq!(one(&TEA.replace(r#""id":1"#, &format!(r#""id":{id}"#))).id, read);
    }
}

#[test]
fn ids_may_be_missing_empty_or_null() {
    for id in ["", r#""id":"","#, r#""id":null,"#] {
        assert_eq!(one(&TEA.replace(r#""id":1,"#, id)).id, "1", "{id}");
    }
}

#[test]
fn ids_may_be_repeated() {
    assert_eq!(
        lines(&format!("{TEA},{TEA}")),
        ReservationData::Products(vec![tea(), tea()])
    );
}

#[test]
fn products_may_be_an_object_which_is_a_plugins_failure() {
    for json in [
        r#"{"products":{"error":"no products"}}"#,
        r#"{"products":{"0":{"name":"Чай"}}}"#,
        r#"{"products":{}}"#,
    ] {
        assert_eq!(
            sent(json),
            ReservationData::Warned(Warning::ProductsIsAnObject),
            "{json}"
        );
    }
}

#[test]
fn products_may_be_missing_beside_anti_fraud_data() {
    let json = r#"{"phonemobile":"380500000000","customer_name":"x","uuid":"y","cms_name":"z","fields_custom":[1]}"#;
    assert_eq!(sent(json), ReservationData::Absent);
}

#[test]
fn products_may_be_empty_or_null() {
    for json in [r#"{"products":[]}"#, r#"{"products":null}"#] {
        assert_eq!(sent(json), ReservationData::Absent, "{json}");
    }
}

#[test]
fn an_empty_object_is_no_basket_encoded_or_bare() {
    assert_eq!(sent("{}"), ReservationData::Absent);
    assert_eq!(decode("{}"), ReservationData::Absent);
}

#[test]
fn null_and_nothing_are_no_basket() {
    for text in ["null", "", " "] {
        assert_eq!(sent(text), ReservationData::Absent, "{text:?} in base64");
        assert_eq!(decode(text), ReservationData::Absent, "{text:?}");
    }
}

#[test]
fn a_basket_may_come_bare() {
    assert_eq!(
        decode(&format!(r#"{{"products":[{TEA}]}}"#)),
        ReservationData::Products(vec![tea()])
    );
}

#[test]
fn the_gateway_may_add_a_line_of_its_own() {
    let added = r#"{"id":"discount","name":"BIN discount","price":-1.00,"total_amount":-1.00,"quantity":1}"#;
    let ReservationData::Products(products) = lines(&format!("{TEA},{added}")) else {
        panic!("the lines must be kept");
    };
    assert_eq!(products[0], tea());
    assert!(products[1].is_discount(), "{:?}", products[1]);
}

#[test]
fn a_negative_line_may_have_a_positive_price() {
    let discount = one(r#"{"name":"знижка","price":10,"total_amount":-10,"quantity":1}"#);
    assert_eq!((discount.price_kopecks, discount.total_kopecks), (1_000, -1_000));
}

/// Text whose base64 has all that the two alphabets differ in.
const ODD: &str = r#"{"products":[{"id":1,"name":"ÿÿÿ>>>???","price":1,"total_amount":1,"quantity":1}]}"#;

#[test]
fn the_alphabet_may_be_the_one_for_addresses() {
    let text = URL_SAFE.encode(ODD);
    assert!(text.contains(['-', '_']), "{text}");
    assert_eq!(decode(&text), decode(&STANDARD.encode(ODD)));
}

#[test]
fn padding_may_be_missing_or_too_much() {
    let json = format!(r#"{{"products":[{TEA}] }}"#);
    for json in [json.clone(), format!("{json} "), format!("{json}  ")] {
        let padded = STANDARD.encode(&json);
        for text in [
            padded.trim_end_matches('=').to_owned(),
            format!("{padded}=="),
            URL_SAFE_NO_PAD.encode(&json),
        ] {
            assert_eq!(decode(&text), ReservationData::Products(vec![tea()]), "{text}");
        }
    }
}

#[test]
fn the_text_may_be_broken_into_lines_and_indented() {
    let text = STANDARD.encode(ODD);
    let broken = format!("\r\n  {}\r\n\t{} \n", &text[..20], &text[20..]);
    assert_eq!(decode(&broken), decode(&text));
}

#[test]
fn the_json_may_end_with_a_new_line() {
    assert_eq!(
        sent(&format!("{{\"products\":[{TEA}]}}\n")),
        ReservationData::Products(vec![tea()])
    );
}

#[test]
fn the_json_may_begin_with_a_byte_order_mark() {
    assert_eq!(
        sent(&format!("\u{feff}{{\"products\":[{TEA}]}}")),
        ReservationData::Products(vec![tea()])
    );
}

#[test]
fn letters_and_slashes_may_be_escaped() {
    let escaped = one(&TEA.replace("Чай", r"\u0427\u0430\u0439 1\/2 \ud83c\udf37"));
    assert_eq!(escaped.name, "Чай 1/2 🌷");
}

#[test]
fn the_total_may_differ_from_price_by_quantity_and_leads() {
    for (price, total) in [("33.33", "100"), ("50", "80"), ("0", "5")] {
        let line = format!(r#"{{"name":"Чай","price":{price},"total_amount":{total},"quantity":3}}"#);
        assert_eq!(
            one(&line).total_kopecks,
            format!("{total}00").parse::<i64>().unwrap(),
            "{line}"
        );
    }
}

#[test]
fn zero_lines_are_dropped_whatever_else_they_lack() {
    let zero = r#"{"name":"Листівка","price":0,"total_amount":"0.00","quantity":1},{"total_amount":0}"#;
    assert_eq!(lines(&format!("{zero},{TEA}")), ReservationData::Products(vec![tea()]));
    assert_eq!(lines(zero), ReservationData::Warned(Warning::OnlyZeroLines));
}

#[test]
fn quantities_may_have_thousandths() {
    for (quantity, thousandths) in [("0.345", 345), ("\"0.001\"", 1), ("1.5000", 1_500), ("12.34", 12_340)] {
        let line = format!(r#"{{"name":"вага","price":1,"total_amount":1,"quantity":{quantity}}}"#);
        assert_eq!(one(&line).quantity_thousandths, thousandths, "{quantity}");
    }
}

#[test]
fn keys_nobody_documents_are_ignored_in_a_line_and_beside_the_lines() {
    let extra = r#","payment_object":"shipping","vat_percent":20,"code":{"a":[1]},"units":null"#;
    let line = TEA.replace('}', &format!("{extra}}}"));
    let json = format!(r#"{{"cms_name":"x","products":[{line}],"settlement_id":[{{}}]}}"#);
    assert_eq!(sent(&json), ReservationData::Products(vec![tea()]));
}

#[test]
fn nul_characters_in_a_name_are_dropped() {
    assert_eq!(one(&TEA.replace("Чай", r"Ч\u0000ай")).name, "Чай");
}

/// The seed's two receivers: 6 and 4 pieces at 1000.00, the second text ending with a new line.
#[test]
fn the_receivers_baskets_of_the_documentation_are_read() {
    for (quantity, total, end) in [("6", 600_000, ""), ("4", 400_000, "\n")] {
        let json = format!(
            "{{\"products\":[{{\"id\":1,\"name\":\"Послуга\",\"price\":1000.00,\"total_amount\":{quantity}000.00,\
             \"quantity\":{quantity}}}]}}{end}"
        );
        let expected = product("1", "Послуга", 100_000, total, quantity.parse::<u64>().unwrap() * 1_000);
        assert_eq!(sent(&json), ReservationData::Products(vec![expected]));
    }
}
