use wire::Personal;

use super::samples::{correction, sale};
use super::*;
use crate::{Measure, PaymentObject, UserProps};

#[test]
fn a_sale_of_v4_is_written_exactly() {
    assert_eq!(
        sale().to_body(Version::V4).unwrap(),
        concat!(
            r#"{"timestamp":"21.11.2026 10:15:40","external_id":"shopA-90017-1","#,
            r#""service":{"callback_url":"https://gw.example/atol/cb/7f3a"},"receipt":{"#,
            r#""client":{"email":"buyer@mail.example"},"#,
            r#""company":{"email":"till@shop.example","sno":"osn","inn":"0000000000","#,
            r#""payment_address":"https://shop.example"},"#,
            r#""items":[{"name":"Notebook","price":150.00,"quantity":2,"sum":300.00,"measurement_unit":"шт.","#,
            r#""payment_method":"full_payment","payment_object":"commodity","vat":{"type":"vat20","sum":50.00}}],"#,
            r#""payments":[{"type":1,"sum":300.00}],"vats":[{"type":"vat20","sum":50.00}],"total":300.00}}"#,
        )
    );
}

#[test]
fn a_sale_of_v5_is_written_exactly() {
    let mut sale = sale();
    sale.ism_optional = Some(true);
    sale.receipt.client.phone = Some(Personal::new("+79000000001"));
    sale.receipt.cashier = Some(Personal::new("Cashier 1"));
    sale.receipt.cashier_inn = Some(Personal::new("000000000000"));
    sale.receipt.additional_user_props = Some(UserProps {
        name: "order".to_owned(),
        value: Personal::new("90017"),
    });
    assert_eq!(
        sale.to_body(Version::V5).unwrap(),
        concat!(
            r#"{"timestamp":"21.11.2026 10:15:40","external_id":"shopA-90017-1","#,
            r#""service":{"callback_url":"https://gw.example/atol/cb/7f3a"},"receipt":{"#,
            r#""client":{"email":"buyer@mail.example","phone":"+79000000001"},"#,
            r#""company":{"email":"till@shop.example","sno":"osn","inn":"0000000000","#,
            r#""payment_address":"https://shop.example"},"#,
            r#""items":[{"name":"Notebook","price":150.00,"quantity":2,"measure":0,"sum":300.00,"#,
            r#""payment_method":"full_payment","payment_object":1,"vat":{"type":"vat20","sum":50.00}}],"#,
            r#""payments":[{"type":1,"sum":300.00}],"vats":[{"type":"vat20","sum":50.00}],"total":300.00,"#,
            r#""cashier":"Cashier 1","cashier_inn":"000000000000","#,
            r#""additional_user_props":{"name":"order","value":"90017"}},"ism_optional":true}"#,
        )
    );
}

#[test]
fn a_correction_of_v4_is_short() {
    assert_eq!(
        correction().to_body(Version::V4).unwrap(),
        concat!(
            r#"{"timestamp":"21.11.2026 10:15:40","external_id":"shopA-c-12-1","correction":{"#,
            r#""company":{"sno":"osn","inn":"0000000000","payment_address":"https://shop.example"},"#,
            r#""correction_info":{"type":"self","base_date":"20.11.2026","base_number":"12"},"#,
            r#""payments":[{"type":1,"sum":300.00}],"vats":[{"type":"vat20","sum":50.00}]}}"#,
        )
    );
}

#[test]
fn a_correction_of_v5_is_a_whole_receipt() {
    let mut document = correction();
    document.receipt.client = Buyer::default();
    document.correction.as_mut().unwrap().base_number = None;
    let body: serde_json::Value = serde_json::from_str(&document.to_body(Version::V5).unwrap()).unwrap();
    let content = &body["correction"];
    assert_eq!(content["items"][0]["measure"], 0);
    assert_eq!(content["total"], 300.0);
    assert_eq!(content["company"]["email"], "till@shop.example");
    assert_eq!(content["correction_info"].get("base_number"), None);
    assert_eq!(content.get("client"), None);
    assert_eq!(body.get("receipt"), None);
}

#[test]
fn what_only_one_version_knows_stays_out_of_the_other() {
    let mut document = sale();
    document.ism_optional = Some(true);
    document.receipt.cashier_inn = Some(Personal::new("000000000000"));
    document.receipt.items[0].unit = Measure::Other(String::new());
    document.receipt.items[0].payment_object = PaymentObject::Service;
    let v4 = document.to_body(Version::V4).unwrap();
    for absent in ["ism_optional", "cashier_inn", "measure"] {
        assert!(!v4.contains(absent), "{v4}");
    }
    assert!(v4.contains(r#""payment_object":"service""#), "{v4}");
    let v5 = document.to_body(Version::V5).unwrap();
    assert!(
        v5.contains(r#""measure":255"#) && v5.contains(r#""payment_object":4"#),
        "{v5}"
    );
}

#[test]
fn what_is_not_allowed_is_not_written() {
    let mut document = sale();
    document.external_id.clear();
    let problems = document.to_body(Version::V4).unwrap_err();
    assert_eq!(problems, document.check(Version::V4).unwrap_err());
}

#[test]
fn debug_shows_no_contacts_and_no_callback() {
    let shown = format!("{:?}", sale());
    for secret in ["buyer@mail.example", "7f3a"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
