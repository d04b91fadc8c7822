use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::*;
use crate::callback::messages::B1;

/// The same two goods with every letter escaped.
const B2: &str = "eyJwcm9kdWN0cyI6W3siaWQiOjEsIm5hbWUiOiJcdTA0MWNcdTA0MzhcdTA0MzNcdTA0MzRcdTA0MzBcdTA0M2JcdTA0NGMgXHUwNDM2XHUwNDMwXHUwNDQwLiIsInByaWNlIjo3MDAuMCwidG90YWxfYW1vdW50IjoxNDAuMCwicXVhbnRpdHkiOjAuMn0seyJpZCI6MiwibmFtZSI6Ilx1MDQxYVx1MDQzNVx1MDQ0OFx1MDQ0Y1x1MDQ0ZSBcdTA0M2VcdTA0NDdcdTA0MzhcdTA0NDkuIiwicHJpY2UiOjg1MC4wLCJ0b3RhbF9hbW91bnQiOjEyNy41LCJxdWFudGl0eSI6MC4xNX1dfQ==";

fn two_goods() -> Vec<Product> {
    vec![
        product("1", "Мигдаль жар.", 70_000, 14_000, 200),
        product("2", "Кешью очищ.", 85_000, 12_750, 150),
    ]
}

pub(super) fn product(id: &str, name: &str, price: u64, total: i64, quantity: u64) -> Product {
    Product {
        id: id.into(),
        name: name.into(),
        price_kopecks: price,
        total_kopecks: total,
        quantity_thousandths: quantity,
    }
}

fn line(fields: &str) -> ReservationData {
    read_json(&format!(r#"{{"products":[{{{fields}}}]}}"#))
}

#[test]
fn the_goods_of_the_sheet_are_read_raw_and_escaped() {
    assert_eq!(decode(B1), ReservationData::Products(two_goods()));
    assert_eq!(decode(B2), ReservationData::Products(two_goods()));
}

#[test]
fn base64_is_taken_in_every_dress() {
    let json = r#"{"products":[{"id":1,"name":"ÿÿÿ>>>???","price":1,"total_amount":1,"quantity":1}]}"#;
    let standard = STANDARD.encode(json);
    assert!(standard.contains(['+', '/']), "{standard}");
    let expected = ReservationData::Products(vec![product("1", "ÿÿÿ>>>???", 100, 100, 1_000)]);
    for text in [
        standard.clone(),
        standard.trim_end_matches('=').to_owned(),
        format!("{standard}=="),
        standard.replace('+', "-").replace('/', "_"),
        format!(" {}\r\n{}\n", &standard[..40], &standard[40..]),
        STANDARD.encode(format!("{json}\n")),
        json.to_owned(),
    ] {
        assert_eq!(decode(&text), expected, "{text}");
    }
}

#[test]
fn degenerate_baskets_are_told_apart() {
    use ReservationData as R;
    for (json, expected) in [
        ("", R::Absent),
        ("{}", R::Absent),
        ("null", R::Absent),
        (r#"{"phonemobile":"380501234567","customer_name":"x"}"#, R::Absent),
        (r#"{"products":[]}"#, R::Absent),
        (r#"{"products":null}"#, R::Absent),
        (r#"{"products":{"error":"x"}}"#, R::Warned(Warning::ProductsIsAnObject)),
        (
            r#"{"products":[{"name":"a","price":0,"total_amount":0,"quantity":1}]}"#,
            R::Warned(Warning::OnlyZeroLines),
        ),
        (r#"{"products":"x"}"#, R::Broken(Fault::NotAList)),
        (r#"{"products":[],"products":[1]}"#, R::Broken(Fault::NotJson)),
        (r#"{"products":[1]}"#, R::Broken(Fault::NotALine { line: 1 })),
        (r#"{"products":[["a"]]}"#, R::Broken(Fault::NotALine { line: 1 })),
        ("[1]", R::Broken(Fault::NotJson)),
        ("{", R::Broken(Fault::NotJson)),
    ] {
        assert_eq!(read_json(json), expected, "{json}");
        if !json.is_empty() {
            assert_eq!(decode(&STANDARD.encode(json)), expected, "{json} in base64");
        }
    }
    assert_eq!(decode("  "), R::Absent);
    assert_eq!(decode("*"), R::Broken(Fault::NotBase64));
    assert_eq!(decode("A"), R::Broken(Fault::NotBase64));
    assert_eq!(decode(&STANDARD.encode(b"\xff\xff")), R::Broken(Fault::NotUtf8));
}

#[test]
fn decimals_are_exact_and_come_as_numbers_or_text() {
    for (fields, expected) in [
        (
            r#""id":1,"name":"a","price":15,"total_amount":45,"quantity":3"#,
            product("1", "a", 1_500, 4_500, 3_000),
        ),
        (
            r#""id":"12_0","name":"a","price":"15.10","total_amount":"15.1","quantity":"1""#,
            product("12_0", "a", 1_510, 1_510, 1_000),
        ),
        (
            r#""name":"вага","price":0.29,"total_amount":0.1,"quantity":0.345,"payment_object":"x""#,
            product("1", "вага", 29, 10, 345),
        ),
        (
            r#""id":0,"name":"a\/b","price":1.1000,"total_amount":1.10,"quantity":1.0000"#,
            product("0", "a/b", 110, 110, 1_000),
        ),
        (
            r#""id":9,"name":"🌸","price":-10,"total_amount":-10.00,"quantity":1"#,
            product("9", "🌸", 1_000, -1_000, 1_000),
        ),
    ] {
        assert_eq!(line(fields), ReservationData::Products(vec![expected]), "{fields}");
    }
}

#[test]
fn a_discount_is_kept_and_says_so() {
    let ReservationData::Products(products) = line(r#""name":"знижка","price":10,"total_amount":-10,"quantity":1"#)
    else {
        panic!("a negative line must be kept");
    };
    assert!(products[0].is_discount());
    assert!(!two_goods()[0].is_discount());
}

#[test]
fn zero_lines_are_dropped_beside_others() {
    let json = r#"{"products":[{"total_amount":0},{"name":"a","price":1,"total_amount":1,"quantity":1}]}"#;
    assert_eq!(
        read_json(json),
        ReservationData::Products(vec![product("2", "a", 100, 100, 1_000)])
    );
}

#[test]
fn a_line_that_cannot_be_kept_exactly_names_its_field() {
    for (fields, field) in [
        (r#""name":"a","price":33.3333,"total_amount":100,"quantity":3"#, "price"),
        (
            r#""name":"a","price":1,"total_amount":1.005,"quantity":1"#,
            "total_amount",
        ),
        (r#""name":"a","price":1,"total_amount":1,"quantity":0.0005"#, "quantity"),
        (r#""name":"a","price":1,"total_amount":1,"quantity":0"#, "quantity"),
        (r#""name":"a","price":1,"total_amount":1,"quantity":-1"#, "quantity"),
        (r#""name":"a","price":-1,"total_amount":1,"quantity":1"#, "price"),
        (r#""name":"a","price":true,"total_amount":1,"quantity":1"#, "price"),
        (r#""name":"a","price":"1,5","total_amount":1,"quantity":1"#, "price"),
        (r#""name":"a","total_amount":1,"quantity":1"#, "price"),
        (r#""name":"a","price":1,"quantity":1"#, "total_amount"),
        (r#""name":" ","price":1,"total_amount":1,"quantity":1"#, "name"),
        (r#""price":1,"total_amount":1,"quantity":1"#, "name"),
        (
            r#""name":"a","price":1,"total_amount":99999999999999999999,"quantity":1"#,
            "total_amount",
        ),
    ] {
        assert_eq!(
            line(fields),
            ReservationData::Broken(Fault::BadField { line: 1, field }),
            "{fields}"
        );
    }
}

#[test]
fn what_is_written_reads_back_the_same() {
    let products = [
        two_goods(),
        vec![
            product("SHIPPING_001", "Доставка \"швидка\" \\ 🌸", 5, 5, 1),
            product("007", "a", 0, 1, 12_345),
            product("9", "знижка", 1_000, -1_000, 1_000),
        ],
    ]
    .concat();
    let text = encode(&products).unwrap();
    assert_eq!(decode(&text), ReservationData::Products(products));
    assert!(
        text.len().is_multiple_of(4) && !text.contains(['\n', '-', '_']),
        "{text}"
    );
}

#[test]
fn a_basket_is_written_as_documented() {
    let text = encode(&two_goods()).unwrap();
    let json = String::from_utf8(STANDARD.decode(text).unwrap()).unwrap();
    assert_eq!(
        json,
        r#"{"products":[{"id":1,"name":"Мигдаль жар.","price":700.00,"total_amount":140.00,"quantity":0.2},{"id":2,"name":"Кешью очищ.","price":850.00,"total_amount":127.50,"quantity":0.15}]}"#
    );
}

#[test]
fn a_basket_above_the_gateways_limit_is_not_written() {
    let long = |letters: usize| vec![product("1", &"a".repeat(letters), 100, 100, 1_000)];
    let overhead = STANDARD.decode(encode(&long(1)).unwrap()).unwrap().len() - 1;
    assert_eq!(encode(&long(7_500 - overhead)).unwrap().len(), 10_000);
    assert_eq!(
        encode(&long(7_501 - overhead)),
        Err(EncodeError::TooLong { chars: 10_004 })
    );
}
