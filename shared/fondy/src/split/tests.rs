use super::*;

/// `receiver amount reversed status basket-lines` of each part; `refused` when the lists cannot be read.
fn of(order: &str) -> Vec<String> {
    let fields = read_object(order).unwrap();
    match read(&fields) {
        Err(error) => vec![format!("refused {}", error.code())],
        Ok(parts) => parts
            .iter()
            .map(|part| {
                let reversed = part.reversed.map_or("-".to_owned(), |sum| sum.to_string());
                let basket = match &part.basket {
                    ReservationData::Absent => "none".to_owned(),
                    ReservationData::Products(products) => format!("{} lines", products.len()),
                    ReservationData::Warned(_) => "warned".to_owned(),
                    ReservationData::Broken(_) => "broken".to_owned(),
                };
                format!(
                    "{} {} {reversed} {:?} {basket}",
                    part.receiver.name(),
                    part.amount,
                    part.status
                )
            })
            .collect(),
    }
}

/// `{"products":[{"id":1,"name":"a","price":10,"total_amount":10,"quantity":1}]}`
const BASKET: &str =
    "eyJwcm9kdWN0cyI6W3siaWQiOjEsIm5hbWUiOiJhIiwicHJpY2UiOjEwLCJ0b3RhbF9hbW91bnQiOjEwLCJxdWFudGl0eSI6MX1dfQ==";

#[test]
fn what_was_asked_for_is_in_minor_units_and_numbers_may_be_text() {
    let order = format!(
        r#"{{"receiver":[
            {{"type":"merchant","requisites":{{"merchant_id":500001,"amount":600000,"reservation_data":"{BASKET}"}}}},
            {{"type":"merchant","requisites":{{"merchant_id":"600001","amount":"400000"}}}}]}}"#
    );
    assert_eq!(
        of(&order),
        ["500001 600000 - Approved 1 lines", "600001 400000 - Approved none"]
    );
}

#[test]
fn what_was_carried_out_is_in_major_units_and_leads() {
    let order = format!(
        r#"{{"receiver":[{{"type":"merchant","requisites":{{"merchant_id":500001,"amount":1,"reservation_data":"{BASKET}"}}}}],
            "transaction":[
              {{"id":1,"type":"purchase","status":"approved","amount":10000.0,"merchant_id":1396424}},
              {{"id":2,"type":"merchant","status":"approved","amount":6000.0,"reversal_amount":"12.5","merchant_id":"500001",
                "parent_tran_id":1}},
              {{"id":3,"status":"created","amount":"4000.00","merchant_id":600001,"reversal_amount":null}}]}}"#
    );
    assert_eq!(
        of(&order),
        ["500001 600000 1250 Approved 1 lines", "600001 400000 - UnderWay none"]
    );
    let fields = read_object(&order).unwrap();
    assert_eq!(read(&fields).unwrap()[0].parent.as_deref(), Some("1"));
}

#[test]
fn receivers_that_are_no_merchants_are_known_by_their_kind_only() {
    let order = r#"{"receiver":[
        {"type":"bank_account","requisites":{"account":"UA00","okpo":"1","amount":100}},
        {"type":"bank_account","requisites":{"account":"UA01","amount":50}},
        {"type":"rectoken","requisites":{"rectoken":"secret","amount":7}},
        {"type":"crypto wallet!","requisites":{"amount":3}},
        {"type":"77","requisites":{"amount":2}},
        {"requisites":{"amount":1}}]}"#;
    assert_eq!(
        of(order),
        [
            "bank_account 150 - Approved none",
            "rectoken 7 - Approved none",
            "cryptowallet 3 - Approved none",
            "kind-77 2 - Approved none",
            "other 1 - Approved none",
        ]
    );
    let shown = format!("{:?}", read(&read_object(order).unwrap()).unwrap());
    assert!(!shown.contains("UA0") && !shown.contains("secret"), "{shown}");
}

#[test]
fn a_receiver_that_stands_twice_is_one_part_and_a_refused_one_is_none() {
    let order = format!(
        r#"{{"transaction":[
            {{"type":"merchant","merchant_id":500001,"amount":10,"reversal_amount":1,"reservation_data":"{BASKET}"}},
            {{"type":"merchant","merchant_id":500001,"amount":5.5,"reservation_data":"{BASKET}"}},
            {{"type":"merchant","merchant_id":600001,"amount":5.5,"status":"declined"}}]}}"#
    );
    assert_eq!(of(&order), ["500001 1550 100 Approved 2 lines"]);
}

#[test]
fn the_payment_itself_is_nobodys_part() {
    let order = r#"{"merchant_id":1396424,"transaction":[
        {"id":1},
        {"id":1,"amount":10000.0,"merchant_id":1396424,"parent_tran_id":""},
        {"id":2,"amount":100.0,"merchant_id":1396424,"parent_tran_id":1},
        {"id":3,"amount":9900.0,"merchant_id":500001}]}"#;
    assert_eq!(
        of(order),
        ["1396424 10000 - Approved none", "500001 990000 - Approved none"]
    );
}

#[test]
fn nothing_is_an_empty_list_and_what_cannot_be_read_is_refused() {
    for nothing in [
        "{}",
        r#"{"receiver":null,"transaction":""}"#,
        r#"{"receiver":[],"transaction":{}}"#,
    ] {
        assert!(of(nothing).is_empty(), "{nothing}");
    }
    for broken in [
        r#"{"receiver":"500001"}"#,
        r#"{"receiver":{"a":1}}"#,
        r#"{"receiver":[1]}"#,
        r#"{"receiver":[{"type":"merchant","requisites":{"amount":1}}]}"#,
        r#"{"receiver":[{"type":"merchant","requisites":{"merchant_id":500001}}]}"#,
        r#"{"receiver":[{"type":"merchant","requisites":{"merchant_id":500001,"amount":-1}}]}"#,
        r#"{"receiver":[{"type":"merchant","requisites":{"merchant_id":500001,"amount":1.5}}]}"#,
        r#"{"transaction":[{"type":"merchant","merchant_id":500001,"amount":1.005}]}"#,
        r#"{"transaction":[{"type":"merchant","merchant_id":"x","amount":1}]}"#,
        r#"{"transaction":7}"#,
    ] {
        assert_eq!(of(broken), ["refused bad_field"], "{broken}");
    }
}
