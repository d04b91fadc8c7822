use serde_json::Value;

use super::*;

fn receipt() -> Receipt {
    Receipt {
        num_fiscal: "4000000017".to_owned(),
        check_type: CheckType::Sale,
        hash: "00aa".to_owned(),
        order_num: "TST_a1".to_owned(),
        order_date: jiff::civil::date(2026, 11, 1),
        order_time: jiff::civil::time(9, 5, 41, 123_000_000),
        is_offline: false,
        check_data: CheckData {
            total_sum: Money::from_kopecks(12_410),
            payments: vec![Payment {
                code: 0,
                name: "ГОТІВКА".to_owned(),
                sum: Money::from_kopecks(12_410),
                sum_provided: Money::from_kopecks(20_000),
                sum_remains: Money::from_kopecks(7_590),
                pay_terminal: Null,
            }],
            tax: vec![Tax {
                name: "БЕЗ ПДВ".to_owned(),
                letter: None,
                prc: 0,
                turnover: Money::from_kopecks(12_411),
                sum: Money::from_kopecks(0),
                excise_prc: Null,
                excise_sum: Null,
                excise_letter: Null,
                excise_turnover: Null,
            }],
            products: vec![Product {
                code: Some("A-1".to_owned()),
                uktzed: None,
                unit_code: Some("2009".to_owned()),
                unit_name: Some("шт".to_owned()),
                amount: Amount::from_thousandths(3_000),
                name: "Зошит «Квіти»".to_owned(),
                price: Money::from_kopecks(4_137),
                letters: String::new(),
                cost: Money::from_kopecks(12_411),
                sum_discount: Money::from_kopecks(0),
                bar_code: None,
                excise_barcode: None,
                excise_letter: String::new(),
            }],
            offline_id: None,
            date: None,
            local_number: Some(90_017),
            footer: None,
            round_sum: Money::from_kopecks(-1),
            global_discount: Money::from_kopecks(0),
        },
        qr: Base64(b"png".to_vec()),
        qr_data: "https://till.example/wc/TST_a1?mac=00aa".to_owned(),
        link: "https://till.example/r/1".to_owned(),
        pdf: Base64(b"%PDF".to_vec()),
        text_print: Base64(Vec::new()),
        uuid: "6f0c5a3e-0000-4000-8000-0000000000aa".to_owned(),
        local_number: Some(90_017),
        cash_in_box: Money::from_kopecks(62_410),
    }
}

#[test]
fn a_receipt_has_the_vendors_names_in_the_vendors_order_and_exact_sums() {
    let json = serde_json::to_string(&receipt()).unwrap();
    let expected = concat!(
        r#"{"num_fiscal":"4000000017","check_type":"Z_SALE","hash":"00aa","ORDERNUM":"TST_a1","#,
        r#""ORDERDATE":"2026-11-01","ORDERTIME":"09:05:41","is_offline":false,"check_data":{"#,
        r#""total_sum":124.1,"payments":[{"code":0,"name":"ГОТІВКА","sum":124.1,"sum_provided":200,"#,
        r#""sum_remains":75.9,"pay_terminal":null}],"tax":[{"name":"БЕЗ ПДВ","letter":null,"prc":0,"#,
        r#""turnover":124.11,"sum":0,"excise_prc":null,"excise_sum":null,"excise_letter":null,"#,
        r#""excise_turnover":null}],"products":[{"code":"A-1","uktzed":null,"unit_code":"2009","#,
        r#""unit_name":"шт","amount":3,"name":"Зошит «Квіти»","price":41.37,"letters":"","cost":124.11,"#,
        r#""sum_discount":0,"bar_code":null,"excise_barcode":null,"excise_letter":""}],"offline_id":null,"#,
        r#""date":null,"local_number":90017,"footer":null,"round_sum":-0.01,"global_discount":0},"#,
        r#""qr":"cG5n","qr_data":"https://till.example/wc/TST_a1?mac=00aa","link":"https://till.example/r/1","#,
        r#""pdf":"JVBERg==","text_print":"","uuid":"6f0c5a3e-0000-4000-8000-0000000000aa","#,
        r#""local_number":90017,"cash_in_box":624.1}"#,
    );
    assert_eq!(json, expected);
}

#[test]
fn kinds_have_the_vendors_names() {
    for (kind, name) in [
        (CheckType::Sale, "Z_SALE"),
        (CheckType::Return, "Z_RETURN"),
        (CheckType::ServiceInput, "SERVICE_INPUT"),
        (CheckType::ServiceOutput, "SERVICE_OUTPUT"),
    ] {
        assert_eq!(serde_json::to_value(kind).unwrap(), Value::from(name));
    }
}

#[test]
fn it_can_be_the_data_of_an_event() {
    let event = crate::Event {
        kind: crate::EventKind::Registered,
        timestamp: jiff::Timestamp::UNIX_EPOCH,
        data: receipt(),
    };
    let json: Value = serde_json::from_str(&serde_json::to_string(&event).unwrap()).unwrap();
    assert_eq!(json["data"]["check_data"]["products"][0]["name"], "Зошит «Квіти»");
}

#[test]
fn debug_shows_no_pictures() {
    let shown = format!("{:?}", receipt());
    assert!(shown.contains("Base64(4 bytes)"), "{shown}");
}
