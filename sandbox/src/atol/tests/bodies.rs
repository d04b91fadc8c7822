//! Answers field by field (sheet §5, §6).

use super::*;

fn names(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[tokio::test]
async fn a_registration_answers_uuid_time_status_and_no_error() {
    let bed = Bed::start().await;
    let json = bed.register(V4, "sell", &sale(Version::V4, "shop-1")).await.json();
    assert_eq!(names(&json), ["error", "status", "timestamp", "uuid"]);
    assert_eq!((&json["status"], &json["error"]), (&json!("wait"), &Value::Null));
    assert_eq!(json["timestamp"], "05.03.2025 15:03:59", "Moscow time");
    assert!(uuid::Uuid::parse_str(json["uuid"].as_str().unwrap()).is_ok());
}

#[tokio::test]
async fn a_result_has_the_sheets_fields_and_the_documents_numbers() {
    let bed = Bed::start().await;
    let uuid = bed.sell(V4, "shop-1").await;
    let waiting = bed.report(V4, &uuid).await.json();
    assert_eq!(names(&waiting), ["callback_url", "error", "status", "timestamp"]);
    bed.advance(SECOND);
    let result = bed.report(V4, &uuid).await.json();
    let document = bed.simulator.documents(V4).pop().unwrap();
    let fiscal = &document.fiscal;
    let link = format!(
        "https://ofd.example/r?fn={}&i={}&fp={}",
        fiscal.fn_number, fiscal.fiscal_document_number, fiscal.fiscal_document_attribute
    );
    let expected = json!({
        "uuid": uuid, "external_id": "shop-1", "group_code": V4, "status": "done", "error": null, "warnings": null,
        "timestamp": "05.03.2025 15:03:59", "daemon_code": "sim-1", "device_code": document.register,
        "callback_url": "",
        "payload": {
            "fiscal_receipt_number": 1, "shift_number": 1, "receipt_datetime": "05.03.2025 15:03:00",
            "total": 300.0, "fn_number": fiscal.fn_number,
            "ecr_registration_number": fiscal.ecr_registration_number, "fiscal_document_number": 3,
            "fiscal_document_attribute": fiscal.fiscal_document_attribute, "fns_site": "www.nalog.gov.ru",
            "ofd_inn": DEFAULT_INN, "ofd_receipt_url": link,
        }
    });
    assert_eq!(result, expected);
    assert!(
        fiscal.fn_number.len() == 16 && fiscal.ecr_registration_number.len() == 16,
        "{fiscal:?}"
    );
}

#[tokio::test]
async fn links_are_left_out_where_the_operator_has_none() {
    let bed = Bed::start().await;
    bed.simulator.add_group(GroupSetup {
        ofd_links: false,
        ..GroupSetup::v5("bare_v5")
    });
    let uuid = bed.sell("bare_v5", "shop-1").await;
    bed.advance(SECOND);
    let payload = bed.report("bare_v5", &uuid).await.json()["payload"].clone();
    assert!(payload.is_object());
    for name in ["ofd_inn", "ofd_receipt_url", "marks_result"] {
        assert_eq!(payload.get(name), None, "{name}");
    }
}

#[tokio::test]
async fn marks_are_answered_with_their_places() {
    let bed = Bed::start().await;
    let body = sale(Version::V5, "shop-1");
    let plain = body["receipt"]["items"][0].clone();
    let mut marked = plain.clone();
    marked["mark_code"] = json!({ "gs1m": "MDEwNDYwMDAwMA==" });
    marked["mark_processing_mode"] = json!("0");
    let body = with(body, "/receipt/items", json!([plain, marked]));
    let body = with(body, "/receipt/total", json!(600));
    let body = with(body, "/receipt/payments/0/sum", json!(600));
    let uuid = bed.register(V5, "sell", &body).await.json()["uuid"]
        .as_str()
        .unwrap()
        .to_owned();
    bed.advance(SECOND);
    let payload = bed.report(V5, &uuid).await.json()["payload"].clone();
    let expected = json!([{ "position": 1, "mark_code": "MDEwNDYwMDAwMA==", "result": 15 }]);
    assert_eq!(
        (&payload["marks_result"], &payload["total"]),
        (&expected, &json!(600.0))
    );
}

#[tokio::test]
async fn a_document_is_recorded_with_what_was_sold_and_paid() {
    let bed = Bed::start().await;
    bed.sell(V5, "shop-1").await;
    bed.register(V4, "sell_correction", &correction(Version::V4, "fix-1"))
        .await;
    bed.advance(SECOND);
    let document = bed.simulator.documents(V5).pop().unwrap();
    assert_eq!((document.operation, document.total), (Operation::Sell, 30_000));
    assert_eq!(document.payments, [Payment { kind: 1, sum: 30_000 }]);
    let item = Item {
        name: "Notebook".to_owned(),
        price: 15_000,
        quantity: 2_000,
        sum: 30_000,
        vat: Some("vat20".to_owned()),
        mark: None,
    };
    assert_eq!(document.items, [item]);
    assert_eq!(document.body.json()["client"]["email"], "buyer@mail.example");
    let correction = bed.simulator.documents(V4).pop().unwrap();
    assert_eq!(
        (correction.operation, correction.total),
        (Operation::SellCorrection, 30_000)
    );
    assert_eq!(correction.items, []);
}
