//! Shifts, cash in the box, and the header that tells.

use serde_json::{Value, json};

use super::{Bed, REGISTER};

#[tokio::test]
async fn a_shift_opens_once_and_closes_by_either_name() {
    let bed = Bed::start().await;
    assert!(
        bed.refused("shift", json!({ "action_type": "Z_REPORT" }))
            .await
            .contains("не відкрито")
    );
    bed.open().await;
    assert!(
        bed.refused("shift", json!({ "action_type": "OPEN_SHIFT" }))
            .await
            .contains("вже відкрита")
    );
    for name in ["Z_REPORT", "CLOSE_SHIFT"] {
        let report = bed.ok("shift", json!({ "action_type": name })).await;
        assert_eq!(
            (&report["check_type"], &report["cash_in_box"]),
            (&json!("Z_REPORT"), &json!(0.0))
        );
        bed.open().await;
    }
    for fields in [
        json!({}),
        json!({ "action_type": "Z_SALE" }),
        json!({ "action_type": "x" }),
    ] {
        assert!(bed.refused("shift", fields).await.contains("action_type"));
    }
    assert_eq!(
        bed.tape(),
        ["OPEN_SHIFT", "Z_REPORT", "OPEN_SHIFT", "Z_REPORT", "OPEN_SHIFT"]
    );
}

#[tokio::test]
async fn every_reply_that_names_a_register_tells_of_its_shift() {
    let bed = Bed::start().await;
    let rows = [
        ("shift/ping", json!({}), "false"),
        ("shift", json!({ "action_type": "OPEN_SHIFT" }), "true"),
        ("shift", json!({ "action_type": "OPEN_SHIFT" }), "true"),
        ("shift/xReport", json!({}), "true"),
        ("check/sale", json!({}), "true"),
        ("shift", json!({ "action_type": "Z_REPORT" }), "false"),
        (
            "shift/lastCheck",
            json!({ "num_fiscal": REGISTER.to_string() }),
            "false",
        ),
    ];
    for (path, fields, open) in rows {
        let reply = bed.post(path, fields).await;
        assert_eq!(reply.header("Shift-state"), Some(open), "{path}: {}", reply.body());
    }
    assert_eq!(
        bed.call("POST tax_objects", &json!({})).await.header("Shift-state"),
        None
    );
    assert_eq!(
        bed.post("shift/ping", json!({ "num_fiscal": 1 }))
            .await
            .header("Shift-state"),
        None
    );
}

#[tokio::test]
async fn a_check_needs_an_open_shift_or_opens_it() {
    let bed = Bed::start().await;
    let mut closed = super::sale(1, 100);
    closed["open_shift"] = json!(false);
    assert!(bed.refused("check/sale", closed.clone()).await.contains("не відкрито"));
    closed.as_object_mut().unwrap().remove("open_shift");
    bed.refused("check/sale", closed).await;
    let input = json!({ "action_type": "SERVICE_INPUT", "type": 0, "sum": 5 });
    assert!(bed.refused("check/service", input).await.contains("не відкрито"));
    assert_eq!(bed.tape(), Vec::<&str>::new());
    for (flag, number) in [(json!(true), 1), (json!(1), 2), (json!("1"), 3)] {
        let mut check = super::sale(number, 100);
        check["open_shift"] = flag;
        bed.ok("check/sale", check).await;
    }
    assert_eq!(bed.tape(), ["OPEN_SHIFT", "Z_SALE", "Z_SALE", "Z_SALE"]);
}

#[tokio::test]
async fn cash_moves_with_cash_and_stays_after_the_report() {
    let bed = Bed::start().await;
    bed.open().await;
    let cash = |kind: &str, sum: i64| {
        json!({
            "action_type": kind, "total_sum": sum,
            "products": [{ "name": "Зошит", "amount": 1, "price": sum, "cost": sum }],
            "payments": [{ "code": 0, "sum": sum }],
        })
    };
    let service = |kind: &str, sum: &str| json!({ "action_type": kind, "type": 0, "name": "ГОТІВКА", "sum": sum });
    let rows = [
        ("check/service", service("SERVICE_INPUT", "500.00"), 500.0),
        ("check/sale", cash("Z_SALE", 125), 625.0),
        ("check/sale", super::sale(7, 1_000), 625.0),
        ("check/sale", cash("Z_RETURN", 25), 600.0),
        ("check/service", service("SERVICE_OUTPUT", "99.50"), 500.5),
        ("shift", json!({ "action_type": "Z_REPORT" }), 500.5),
        ("shift", json!({ "action_type": "OPEN_SHIFT" }), 500.5),
    ];
    for (path, fields, left) in rows {
        assert_eq!(bed.ok(path, fields.clone()).await["cash_in_box"], left, "{fields}");
    }
    let report = bed.ok("shift/xReport", json!({})).await;
    assert_eq!(
        (&report["cash_in_box_start"], &report["cash_in_box"]),
        (&json!(500.5), &json!(500.5))
    );
    let shift = &bed.simulator.shifts(REGISTER)[0];
    let totals = shift.totals;
    assert_eq!(
        (totals.sales, totals.sales_kopecks, totals.returns_kopecks),
        (2, 13_500, 2_500)
    );
    assert_eq!(
        (totals.service_input_kopecks, totals.service_output_kopecks),
        (50_000, 9_950)
    );
    assert!(shift.closed_at.is_some() && shift.z_ordernum.is_some());
}

#[tokio::test]
async fn the_longest_shift_is_kept() {
    let bed = Bed::start().await;
    bed.open().await;
    bed.simulator.advance_clock(std::time::Duration::from_secs(3600));
    bed.close().await;
    bed.open().await;
    bed.simulator.advance_clock(std::time::Duration::from_secs(120));
    let view = &bed.simulator.registers()[0];
    assert_eq!(
        (view.longest_shift_minutes, view.shift_age_minutes, view.shift_open),
        (60, 2, true)
    );
}

#[tokio::test]
async fn an_unknown_register_is_refused() {
    let bed = Bed::start().await;
    for number in [json!(1), json!("x"), Value::Null] {
        let message = bed
            .refused("shift", json!({ "num_fiscal": number, "action_type": "OPEN_SHIFT" }))
            .await;
        assert!(message.contains("не знайдено"), "{message}");
    }
}

#[tokio::test]
async fn a_sign_of_life_names_the_signer() {
    let bed = Bed::start().await;
    let alive = bed.ok("shift/ping", json!({})).await;
    assert!(alive["user_signature"]["user_id"].is_string() && alive["user_signature"]["full_name"].is_string());
}
