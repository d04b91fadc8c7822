use fondy::ReservationData;

use super::*;

/// The two goods of the documentation: 140.00 + 127.50.
const B1: &str = "eyJwcm9kdWN0cyI6W3siaWQiOjEsIm5hbWUiOiLQnNC40LPQtNCw0LvRjCDQttCw0YAuIiwicHJpY2UiOjcwMC4wLCJ0b3RhbF9hbW91bnQiOjE0MC4wLCJxdWFudGl0eSI6MC4yfSx7ImlkIjoyLCJuYW1lIjoi0JrQtdGI0YzRjiDQvtGH0LjRiS4iLCJwcmljZSI6ODUwLjAsInRvdGFsX2Ftb3VudCI6MTI3LjUsInF1YW50aXR5IjowLjE1fV19";

const OURS: &str = r#"{"basket":[
    {"name":"Мигдаль жар.","price":"700.00","quantity":"0.2"},
    {"name":"Кешью очищ.","price":850,"quantity":0.15,"code":"2"}]}"#;

const BARE: &str = r#"[{"name":"Мигдаль жар.","price":700,"quantity":0.2,"total":140},
    {"name":"Кешью очищ.","price":"850","quantity":"0.15","code":2}]"#;

const GATEWAYS: &str = r#"{"products":[
    {"id":1,"name":"Мигдаль жар.","price":700.00,"total_amount":140.00,"quantity":0.2},
    {"id":2,"name":"Кешью очищ.","price":"850.0","total_amount":"127.5","quantity":"0.150"}]}"#;

fn prepared(json: &str) -> Prepared {
    prepare(json.as_bytes(), None).unwrap_or_else(|unfit| panic!("{json}: {unfit:?}"))
}

/// Everything that is wrong, a line each.
fn problems(json: &str, amount: Option<u64>) -> Vec<String> {
    match prepare(json.as_bytes(), amount) {
        Err(Unfit::Problems(problems)) => problems.iter().map(ToString::to_string).collect(),
        Err(Unfit::BrokenJson) => vec!["broken JSON".to_owned()],
        Ok(prepared) => panic!("{json} gave {prepared:?}"),
    }
}

fn warnings(json: &str) -> Vec<String> {
    prepared(json).warnings.iter().map(ToString::to_string).collect()
}

#[test]
fn the_two_goods_of_the_documentation_come_out_as_the_sheets_vector_from_every_shape() {
    for json in [OURS, BARE, GATEWAYS] {
        let prepared = prepared(json);
        assert_eq!((prepared.total.minor(), prepared.lines), (26_750, 2), "{json}");
        assert_eq!(prepared.warnings, [], "{json}");
        let decoded = fondy::reservation_data::decode(&prepared.encoded);
        assert_eq!(decoded, fondy::reservation_data::decode(B1), "{json}");
        assert!(matches!(decoded, ReservationData::Products(_)));
    }
}

#[test]
fn the_value_is_as_the_gateway_wants_it() {
    let encoded = prepared(OURS).encoded;
    assert!(encoded.len().is_multiple_of(4) && encoded.len() <= 10_000, "{encoded}");
    let alphabet = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
    assert!(encoded.chars().all(alphabet), "{encoded}");
}

#[test]
fn what_the_gateway_wants_against_fraud_stays_beside_the_products() {
    let line = r#"{"name":"Чай","price":1,"total_amount":1,"quantity":1}"#;
    let json = format!(r#"{{"phonemobile":"380500000000","products":[{line}],"fields_custom":[{{"a":1.50}}]}}"#);
    let encoded = prepared(&json).encoded;
    let decoded = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, encoded).unwrap();
    let text = String::from_utf8(decoded).unwrap();
    assert!(
        text.ends_with(r#""phonemobile":"380500000000","fields_custom":[{"a":1.50}]}"#),
        "{text}"
    );
    assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{text}");
}

#[test]
fn everything_that_is_wrong_is_told_at_once_by_line_and_field() {
    let json = r#"{"basket":[
        {"price":"1,5","quantity":0},
        {"name":"Чай","price":"12.345","quantity":"1","colour":"red"},
        7,
        {"name":"Кава\n","price":-1,"quantity":"0.0005","code":["a"]}]}"#;
    assert_eq!(
        problems(json, None),
        [
            "line 1, name: it is missing; write what the buyer will read on the receipt",
            "line 1, price: an amount is written in digits with at most one dot; write hryvnias with a dot, such as 12.30",
            "line 1, quantity: a quantity is above zero; leave the line out if nothing was bought",
            "line 2, colour: the fields here are name, price, quantity, total, code, vat, uktzed and unit; check its spelling",
            "line 2, price: an amount has at most two decimals; round it to kopecks",
            "line 3: it should be an object that names no field twice; write {\"name\": …, \"price\": …, …}",
            "line 4, code: it should be a text or a number; write it without brackets",
            "line 4, price: a receipt's line cannot take money off; take the discount off the totals of the lines it belongs to",
            "line 4, quantity: a quantity has at most three decimals; round it to thousandths and give the line's total",
        ]
    );
}

#[test]
fn a_basket_that_is_not_worth_the_payment_says_by_how_much() {
    assert_eq!(
        prepare(OURS.as_bytes(), Some(26_750)).map(|prepared| prepared.lines),
        Ok(2)
    );
    assert_eq!(
        problems(OURS, Some(30_000)),
        [
            "basket: the lines are worth 267.50 and the payment is 300.00; 32.50 are missing in the basket: add what \
          else was paid for, such as the delivery, as a line"
        ]
    );
    assert_eq!(
        problems(OURS, Some(20_000)),
        [
            "basket: the lines are worth 267.50 and the payment is 200.00; the basket has 67.50 too much: take a \
          discount off the lines it belongs to"
        ]
    );
}

#[test]
fn a_missing_total_of_the_gateways_shape_is_told_with_what_it_would_be() {
    let json = r#"{"products":[{"id":1,"name":"Чай","price":45.50,"quantity":3}]}"#;
    assert_eq!(
        problems(json, None),
        ["line 1, total_amount: it is missing; write quantity × price, which is 136.50 here"]
    );
}

#[test]
fn what_is_sent_all_the_same_and_deserves_a_look_is_a_warning() {
    let gateways = |fields: &str| format!(r#"{{"products":[{{"name":"Чай",{fields}}}]}}"#);
    let cheaper = gateways(r#""price":10,"total_amount":18,"quantity":2"#);
    assert_eq!(
        warnings(&cheaper),
        ["line 1, total_amount: 2 × 10.00 is 20.00, more than the total; the receipt will show 2.00 as a discount"]
    );
    let dearer = gateways(r#""price":33.33,"total_amount":100,"quantity":3"#);
    assert_eq!(
        warnings(&dearer),
        [
            "line 1, total_amount: 3 × 33.33 is 99.99, less than the total; check the price: the receipt will show \
          33.34 for one"
        ]
    );
    let extra = gateways(r#""price":1,"total_amount":1,"quantity":1,"payment_object":"shipping""#);
    assert_eq!(
        warnings(&extra),
        ["line 1, payment_object: it is not among Fondy's fields of a line; it was left out"]
    );
    let ours = r#"{"basket":[{"name":"Чай","price":1,"quantity":1,"vat":"А"},
        {"name":"Листівка","price":0,"quantity":1}],"buyer":{},"colour":1}"#;
    assert_eq!(
        warnings(ours),
        [
            "line 1, vat: Fondy's basket has no place for it; tell it with PUT /v1/orders if the receipt needs it",
            "line 2, total: it costs nothing; it was left out: a receipt's line needs a sum",
            "basket: beside 'basket' it has fields that are not known here; check their spelling; they were left out",
        ]
    );
    assert_eq!(prepared(ours).lines, 1);
}

#[test]
fn what_is_no_basket_at_all_is_told() {
    for (json, expected) in [
        ("", "broken JSON"),
        ("{", "broken JSON"),
        ("\u{feff}{}", "broken JSON"),
        ("7", "broken JSON"),
        (r#"{"products":[],"products":[]}"#, "broken JSON"),
        ("{}", "basket: it should have either 'basket' or 'products'"),
        (r#"{"basket":[],"products":[]}"#, "basket: it should have either"),
        (
            r#"{"products":{"error":"x"}}"#,
            "products: it should be a list of lines",
        ),
        (r#"{"basket":null}"#, "basket: it should be a list of lines"),
        ("[]", "basket: it has no line that costs anything"),
        (
            r#"[{"name":"Чай","price":0,"quantity":1}]"#,
            "basket: it has no line that costs anything",
        ),
        (
            r#"[{"name":"Чай","price":99999999999.99,"quantity":1},{"name":"Чай","price":1,"quantity":1}]"#,
            "basket: the lines are worth more than a receipt can carry",
        ),
        (
            r#"[{"name":"Чай","price":99999999999.99,"quantity":2}]"#,
            "line 1, price: the line costs too much",
        ),
    ] {
        let found = problems(json, None);
        assert!(found.len() == 1 && found[0].starts_with(expected), "{json}: {found:?}");
    }
    let many = format!("[{}]", vec!["{}"; 1001].join(","));
    assert!(problems(&many, None)[0].contains("more than 1000 lines"));
}

#[test]
fn a_basket_above_the_gateways_limit_says_how_long_it_is() {
    let line = format!(r#"{{"name":"{}","price":1,"quantity":1}}"#, "ї".repeat(1000));
    let json = format!("[{}]", vec![line; 5].join(","));
    let found = problems(&json, None);
    assert!(
        found[0].contains("characters, and the gateway takes 10000"),
        "{found:?}"
    );
    let long = format!(r#"[{{"name":"{}","price":1,"quantity":1}}]"#, "ї".repeat(1001));
    assert_eq!(
        problems(&long, None),
        ["line 1, name: it has more than 1000 characters; shorten it"]
    );
}

#[test]
fn ids_that_are_no_numbers_travel_as_texts_and_a_missing_one_is_the_position() {
    let json =
        r#"[{"name":"Чай","price":1,"quantity":1,"code":"SHIPPING_001"},{"name":"Кава","price":1,"quantity":1}]"#;
    let ReservationData::Products(products) = fondy::reservation_data::decode(&prepared(json).encoded) else {
        panic!("no products");
    };
    let ids: Vec<&str> = products.iter().map(|product| product.id.as_str()).collect();
    assert_eq!(ids, ["SHIPPING_001", "2"]);
}

#[test]
fn of_very_many_problems_the_first_hundred_are_told() {
    let found = problems(&format!("[{}]", vec!["{}"; 1000].join(",")), None);
    assert_eq!(found.len(), 101);
    assert!(found[100].starts_with("basket: more is wrong"), "{}", found[100]);
}
