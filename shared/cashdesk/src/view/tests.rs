use wire::{CallbackError, Malformed};

use super::read::{Expected, Keep, read};
use super::*;
use crate::decimal::{Amount, Rate};

/// The vendor's example: its names, its order, its types, its nulls, its sums. Ids, hash and addresses are ours.
const PUBLISHED: &str = r#"{
"num_fiscal": "4000000017",
"check_type": "Z_SALE",
"hash": "00000000000000000000000000000000000000000000000000000000000000aa",
"ORDERNUM": "TST_00000000000a1",
"ORDERDATE": "2026-11-21",
"ORDERTIME": "15:13:41",
"is_offline": false,
"check_data": {
  "total_sum": 24.2,
  "payments": [
    { "code": 0, "name": "ГОТІВКА", "sum": 24.2, "sum_provided": 24.2, "sum_remains": 0, "pay_terminal": null }
  ],
  "tax": [
    { "name": "БЕЗ ПДВ", "letter": null, "prc": 0, "turnover": 24.22, "sum": 0, "excise_prc": null,
      "excise_sum": null, "excise_letter": null, "excise_turnover": null }
  ],
  "products": [
    { "code": null, "uktzed": null, "unit_code": "1,0053", "unit_name": "кг", "amount": 1.053, "name": "Морква",
      "price": 23, "letters": "", "cost": 24.22, "sum_discount": 0, "bar_code": null, "excise_barcode": null,
      "excise_letter": "" }
  ],
  "offline_id": null,
  "date": null,
  "local_number": 1,
  "footer": null,
  "round_sum": -0.02,
  "global_discount": 0
},
"qr": "base64_string",
"qr_data": "https://till.example/wc/TST_00000000000a1?mac=00aa&date=20261121&time=15%3A13%3A41&fn=4000000017&id=TST_00000000000a1&sum=24.2",
"link": "https://till.example/check/6f0c5a3e-0000-4000-8000-0000000000aa/html",
"pdf": "base64_string",
"text_print": "base64_string",
"uuid": "6f0c5a3e-0000-4000-8000-0000000000aa",
"local_number": 1,
"cash_in_box": 195.21
}"#;

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn money(kopecks: i64) -> Option<Money> {
    Some(Money::from_kopecks(kopecks))
}

#[test]
fn the_published_webhook_example_is_read_field_by_field() {
    let expected = CheckView {
        num_fiscal: 4_000_000_017,
        check_type: CheckType::Sale,
        uuid: some("6f0c5a3e-0000-4000-8000-0000000000aa"),
        order_num: some("TST_00000000000a1"),
        order_date: some("2026-11-21"),
        order_time: some("15:13:41"),
        is_offline: false,
        local_number: Some(1),
        hash: some("00000000000000000000000000000000000000000000000000000000000000aa"),
        qr_data: some(
            "https://till.example/wc/TST_00000000000a1?mac=00aa&date=20261121&time=15%3A13%3A41&fn=4000000017\
             &id=TST_00000000000a1&sum=24.2",
        ),
        link: some("https://till.example/check/6f0c5a3e-0000-4000-8000-0000000000aa/html"),
        cash_in_box: money(19_521),
        data: CheckData {
            total_sum: money(2_420),
            round_sum: money(-2),
            global_discount: money(0),
            payments: vec![PaidBy {
                code: Some(0),
                name: some("ГОТІВКА"),
                sum: money(2_420),
                sum_provided: money(2_420),
                sum_remains: money(0),
            }],
            taxes: vec![Taxed {
                name: some("БЕЗ ПДВ"),
                prc: Some(Rate::from_hundredths(0)),
                turnover: money(2_422),
                sum: money(0),
                ..Taxed::default()
            }],
            products: vec![Sold {
                unit_code: some("1,0053"),
                unit_name: some("кг"),
                amount: Some(Amount::from_thousandths(1_053)),
                name: some("Морква"),
                price: money(2_300),
                cost: money(2_422),
                sum_discount: money(0),
                ..Sold::default()
            }],
            local_number: Some(1),
            ..CheckData::default()
        },
        parts: Parts::default(),
    };
    assert_eq!(read_webhook(PUBLISHED.as_bytes()), Ok(expected));
    // What the example has in place of base64 is none.
    assert_eq!(read_webhook_parts(PUBLISHED.as_bytes()), Ok(Parts::default()));
}

#[test]
fn the_types_of_the_vendors_table_are_read_like_those_of_its_sample() {
    let strict = PUBLISHED
        .replace("\"4000000017\"", "4000000017")
        .replace("\"local_number\": 1", "\"local_number\": \"1\"")
        .replace("24.2,", "\"24,20\",")
        .replace("\"code\": 0", "\"code\": \"0\"")
        .replace("false", "0");
    assert_ne!(strict, PUBLISHED);
    assert_eq!(read_webhook(strict.as_bytes()), read_webhook(PUBLISHED.as_bytes()));
}

#[test]
fn the_outer_local_number_goes_before_the_inner_one_and_none_is_fine() {
    let outer = "\"local_number\": 1,\n\"cash";
    for (written, read) in [
        ("\"local_number\": 7,\n\"cash", Some(7)),
        ("\"local_number\": null,\n\"cash", Some(1)),
        ("\"cash", Some(1)),
    ] {
        let body = PUBLISHED.replace(outer, written);
        assert_eq!(read_webhook(body.as_bytes()).unwrap().local_number, read, "{written}");
    }
    let none = PUBLISHED.replace("\"local_number\": 1", "\"local_number\": null");
    assert_eq!(read_webhook(none.as_bytes()).unwrap().local_number, None);
}

#[test]
fn what_is_missing_or_broken_is_named() {
    let without = |name: &str| PUBLISHED.replacen(&format!("\"{name}\""), "\"unknown\"", 1);
    let missing = CallbackError::MissingField;
    for (body, error) in [
        (without("num_fiscal"), missing("num_fiscal")),
        (without("check_type"), missing("check_type")),
        (without("check_data"), missing("check_data.total_sum")),
        (without("total_sum"), missing("check_data.total_sum")),
        (without("uuid").replace("ORDERNUM", "other"), missing("uuid")),
        (
            PUBLISHED.replace("\"4000000017\"", "\"till 7\""),
            CallbackError::BadField("num_fiscal"),
        ),
        (
            PUBLISHED.replacen("\"payments\": [", "\"payments\": [ 7,", 1),
            CallbackError::BadField("check_data"),
        ),
        (
            PUBLISHED.replace("6f0c5a3e", &"6".repeat(300)),
            CallbackError::BadField("uuid"),
        ),
        (PUBLISHED[..300].to_owned(), Malformed::BrokenJson.into()),
        ("{\"uuid\":1,\"uuid\":2}".to_owned(), Malformed::BrokenJson.into()),
        (String::new(), Malformed::BrokenJson.into()),
        ("[]".to_owned(), Malformed::NotAnObject.into()),
        ("\"check\"".to_owned(), Malformed::NotAnObject.into()),
    ] {
        assert_eq!(read_webhook(body.as_bytes()).unwrap_err(), error, "{body}");
    }
    assert_eq!(read_webhook(b"{\xff}").unwrap_err(), Malformed::NotUtf8.into());
}

#[test]
fn documents_that_sell_nothing_need_no_total() {
    for (word, kind) in [
        ("SERVICE_INPUT", CheckType::ServiceInput),
        ("Z_REPORT", CheckType::ZReport),
        ("ELSE", CheckType::Other("ELSE".to_owned())),
    ] {
        let body = format!(r#"{{"num_fiscal":1,"check_type":"{word}","uuid":"a","check_data":[]}}"#);
        assert_eq!(read_webhook(body.as_bytes()).unwrap().check_type, kind);
    }
}

#[test]
fn one_check_has_one_identity_whatever_else_is_told() {
    let identity = |body: &str| read(body.as_bytes(), None, Keep::default()).unwrap().identity();
    for (body, expected) in [
        (
            r#"{"num_fiscal":1,"check_type":"Z_SALE","uuid":"AB-1","ORDERNUM":"5"}"#,
            "uuid:ab-1",
        ),
        (
            r#"{"num_fiscal":"1","check_type":"Z_SALE","uuid":"ab-1","is_offline":true}"#,
            "uuid:ab-1",
        ),
        (
            r#"{"num_fiscal":1,"check_type":"Z_SALE","uuid":null,"ORDERNUM":5}"#,
            "number:1:5",
        ),
        (
            r#"{"num_fiscal":1,"check_type":"Z_SALE","check_data":{"offline_id":"1.2"}}"#,
            "offline:1:1.2",
        ),
    ] {
        assert_eq!(identity(body), expected, "{body}");
    }
}

#[test]
fn parts_are_decoded_only_where_asked_for_and_never_printed() {
    let body = br#"{"num_fiscal":1,"check_type":"Z_SALE","uuid":"a","qr":"YWJj","pdf":"YW\/j\r\nYWJj","text_print":"0KfQldCa"}"#;
    let none = read(body, None, Keep::default()).unwrap();
    assert_eq!(none.parts, Parts::default());
    let pdf = Keep {
        pdf: true,
        ..Keep::default()
    };
    assert_eq!(
        read(body, None, pdf).unwrap().parts,
        Parts {
            pdf: Some(b"ao\xe3abc".to_vec()),
            ..Parts::default()
        }
    );
    let all = read_webhook_parts(body).unwrap();
    assert_eq!(
        (all.qr.as_deref(), all.text.as_deref()),
        (Some(&b"abc"[..]), Some("ЧЕК"))
    );
    assert_eq!(
        format!("{all:?}"),
        "Parts { qr_bytes: Some(3), pdf_bytes: Some(6), text_bytes: Some(6) }"
    );
}

#[test]
fn an_answer_may_leave_out_what_the_request_said() {
    let expected = Expected {
        num_fiscal: 4_000_000_017,
        check_type: CheckType::ServiceInput,
        local_number: None,
    };
    let view = read(br#"{"uuid":"a","num_fiscal":null}"#, Some(&expected), Keep::default()).unwrap();
    assert_eq!(
        (view.num_fiscal, view.check_type),
        (4_000_000_017, CheckType::ServiceInput)
    );
    assert!(read(br#"{"num_fiscal":1}"#, Some(&expected), Keep::default()).is_err());
}
