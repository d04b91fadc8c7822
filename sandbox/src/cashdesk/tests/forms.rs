//! The representation of a check, its printed forms and its public page.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::{Bed, REGISTER, Suppressed, sale};

fn decoded(value: &Value) -> Vec<u8> {
    STANDARD.decode(value.as_str().unwrap()).unwrap()
}

#[tokio::test]
async fn a_sale_is_answered_in_the_protocols_shape() {
    let bed = Bed::start().await;
    let answer = bed.sell(90_017, 12_411).await.json();
    let expected = [
        ("/num_fiscal", json!(REGISTER.to_string())),
        ("/check_type", json!("Z_SALE")),
        ("/ORDERDATE", json!("2026-11-21")),
        ("/ORDERTIME", json!("10:15:41")),
        ("/is_offline", json!(false)),
        ("/local_number", json!(90_017)),
        ("/cash_in_box", json!(0.0)),
        ("/check_data/total_sum", json!(124.11)),
        ("/check_data/local_number", json!(90_017)),
        ("/check_data/offline_id", Value::Null),
        ("/check_data/date", Value::Null),
        ("/check_data/round_sum", json!(0.0)),
        ("/check_data/payments/0/code", json!(1)),
        ("/check_data/payments/0/sum_provided", json!(124.11)),
        ("/check_data/payments/0/pay_terminal", Value::Null),
        ("/check_data/products/0/amount", json!(1.0)),
        ("/check_data/products/0/letters", json!("")),
        ("/check_data/tax/0/turnover", json!(124.11)),
        ("/check_data/tax/0/excise_prc", Value::Null),
    ];
    for (pointer, value) in expected {
        assert_eq!(answer.pointer(pointer), Some(&value), "{pointer}");
    }
    let document = &bed.simulator.documents(REGISTER)[1];
    let text = |name: &str| answer[name].as_str().unwrap().to_owned();
    assert_eq!(
        (text("ORDERNUM"), text("uuid")),
        (document.ordernum.clone(), document.uuid.to_string())
    );
    assert_eq!(text("hash").len(), 64);
    assert!(text("ORDERNUM").starts_with("TST_"));
    assert_eq!(
        text("link"),
        format!("http://{}/check/{}/html", bed.address, document.uuid)
    );
    let marks = format!("mac={}&date=20261121&time=10%3A15%3A41&fn={REGISTER}", document.hash);
    assert!(
        text("qr_data").contains(&marks) && text("qr_data").ends_with("&sum=124.11"),
        "{}",
        text("qr_data")
    );
}

#[tokio::test]
async fn forms_come_unless_they_are_not_wanted() {
    let bed = Bed::start().await;
    let mut check = sale(1, 100);
    for name in ["no_pdf", "no_qr", "no_text_print"] {
        check[name] = json!(false);
    }
    let answer = bed.ok("check/sale", check).await;
    assert!(decoded(&answer["pdf"]).starts_with(b"%PDF-1.4"));
    assert!(decoded(&answer["qr"]).starts_with(b"\x89PNG"));
    let text = String::from_utf8(decoded(&answer["text_print"])).unwrap();
    assert!(text.contains("Консультація") && text.contains("1.00"), "{text}");
    for (suppressed, shown) in [(Suppressed::Null, Value::Null), (Suppressed::Empty, json!(""))] {
        bed.switch(|switches| switches.suppressed = suppressed);
        let answer = bed.sell(2, 100).await.json();
        for name in ["pdf", "qr", "text_print"] {
            assert_eq!(answer[name], shown, "{name}");
        }
    }
    bed.switch(|switches| switches.pdf_bytes = 100_000);
    let report = bed.ok("shift/xReport", json!({})).await;
    assert!(decoded(&report["pdf"]).len() >= 100_000);
    let narrow = bed
        .ok(
            "shift",
            json!({ "action_type": "Z_REPORT", "print_width": "64", "no_pdf": 1 }),
        )
        .await;
    assert_eq!(narrow["pdf"], "");
    let text = String::from_utf8(decoded(&narrow["text_print"])).unwrap();
    assert!(text.lines().any(|line| line.chars().count() == 64), "{text}");
}

#[tokio::test]
async fn a_check_is_fetched_by_its_uuid() {
    let bed = Bed::start().await;
    let made = bed.sell(1, 100).await.json();
    let uuid = made["uuid"].as_str().unwrap();
    let text = bed
        .call(&format!("GET checks/{uuid}/text?print_width=48"), &Value::Null)
        .await;
    assert!(text.header("content-type").unwrap().starts_with("text/plain"));
    assert!(text.body().contains("Консультація") && text.body().contains(made["ORDERNUM"].as_str().unwrap()));
    assert!(text.body().lines().any(|line| line.chars().count() == 48));
    let image = bed.call(&format!("GET checks/{uuid}/qr"), &Value::Null).await;
    assert!(image.bytes().starts_with(b"\x89PNG"));
    let drawn = bed.call(&format!("GET checks/{uuid}/qr?ascii=1"), &Value::Null).await;
    assert!(drawn.body().lines().count() > 20);
    let json = bed.call(&format!("GET checks/{uuid}/json"), &Value::Null).await.json();
    assert_eq!(
        (&json["check_data"], &json["hash"]),
        (&made["check_data"], &made["hash"])
    );
    assert!(json["pdf"].is_string());
    let nobody = "GET checks/00000000-0000-4000-8000-000000000000/json";
    assert_eq!(bed.call(nobody, &Value::Null).await.status(), 404);
}

#[tokio::test]
async fn the_public_page_needs_no_headers() {
    let bed = Bed::start().await;
    let made = bed.sell(1, 100).await.json();
    let uuid = made["uuid"].as_str().unwrap();
    let rows = [
        ("html", "text/html", &b"<!DOCTYPE html>"[..]),
        ("pdf", "application/pdf", b"%PDF-1.4"),
        ("text", "text/plain", "ФОП".as_bytes()),
        ("qrcode", "image/png", b"\x89PNG"),
    ];
    for (form, content_type, start) in rows {
        let reply = bed.exchange(&format!("GET /check/{uuid}/{form}"), &[], b"").await;
        assert_eq!(reply.status(), 200, "{form}");
        assert!(
            reply.header("content-type").unwrap().starts_with(content_type),
            "{form}"
        );
        assert!(reply.bytes().starts_with(start), "{form}");
    }
    assert_eq!(
        bed.exchange(&format!("GET /check/{uuid}/gif"), &[], b"").await.status(),
        404
    );
}
