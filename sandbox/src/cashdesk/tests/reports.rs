//! X-reports, reports over a period, the last check.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Bed, FaultKind, Mode, REGISTER, RegisterSetup};

const DAY: Duration = Duration::from_secs(24 * 3600);

#[tokio::test]
async fn the_report_of_a_closed_shift_is_zeros() {
    let bed = Bed::start().await;
    bed.open().await;
    bed.ok(
        "check/service",
        json!({ "action_type": "SERVICE_INPUT", "type": 0, "sum": 10 }),
    )
    .await;
    bed.close().await;
    let report = bed.ok("shift/xReport", json!({ "include_checks": true })).await;
    assert_eq!(
        (&report["shift_state"], &report["from_date"]),
        (&json!(false), &Value::Null)
    );
    for name in ["cash_in_box", "cash_in_box_start", "service_input"] {
        assert_eq!(report[name], 0.0, "{name}");
    }
    assert_eq!(report["real"], json!({ "orders_count": 0, "sum": 0.0 }));
    assert_eq!(report["checks_list"], json!([]));
}

#[tokio::test]
async fn checks_are_listed_with_their_own_looseness() {
    let bed = Bed::start().await;
    bed.open().await;
    bed.ok(
        "check/service",
        json!({ "action_type": "SERVICE_INPUT", "type": 0, "sum": 500 }),
    )
    .await;
    bed.sell(90_017, 12_410).await;
    let mut back = super::sale(90_017, 2_410);
    back["action_type"] = json!("Z_RETURN");
    bed.ok("check/sale", back).await;
    bed.simulator.apply(&FaultKind::ForeignCheck, Some(REGISTER));
    let report = bed.ok("shift/xReport", json!({ "include_checks": 1 })).await;
    let items: Vec<_> = report["checks_list"].as_array().unwrap().iter().collect();
    let rows: Vec<_> = items
        .iter()
        .map(|item| (&item["type_"], &item["local_number"], &item["sum"]))
        .collect();
    let expected = [
        (json!("SERVICE_INPUT"), json!("2"), json!(500.0)),
        (json!("Z_SALE"), json!("90017"), json!(124.1)),
        (json!("Z_RETURN"), json!("90017"), json!(24.1)),
        (json!("Z_SALE"), Value::Null, json!(1.0)),
    ];
    assert_eq!(rows, expected.iter().map(|(a, b, c)| (a, b, c)).collect::<Vec<_>>());
    assert_eq!(items[1]["datetime"], "21.11.2026 10:15:41");
    assert_eq!(items[1]["payments"][0]["sum"], 124.1);
    assert_eq!(report["real"], json!({ "orders_count": 2, "sum": 125.1 }));
    assert_eq!(
        (&report["service_input"], &report["from_date"]),
        (&json!(500.0), &json!("21.11.2026 10:15:41"))
    );
    let short = bed.ok("shift/xReport", json!({})).await;
    assert_eq!(short.get("checks_list"), None);
}

#[tokio::test]
async fn smart_connect_names_the_opening_otherwise() {
    let setup = RegisterSetup {
        mode: Mode::SmartConnect,
        ..RegisterSetup::new(REGISTER)
    };
    let bed = Bed::with(setup).await;
    bed.open().await;
    let report = bed.ok("shift/xReport", json!({})).await;
    assert_eq!(report["OPEN_SESSION_TIME"], "21.11.2026 10:15:41");
    assert_eq!(report.get("from_date"), None);
}

#[tokio::test]
async fn the_period_covers_closed_shifts_and_lists_checks_of_one() {
    let bed = Bed::start().await;
    for number in [1, 2] {
        bed.sell(number, 1_000).await;
        bed.close().await;
        bed.simulator.advance_clock(DAY);
    }
    bed.sell(3, 1_000).await;
    let report = async |from: &str, to: &str| bed.ok("shift/zReport/period", json!({ "from": from, "to": to })).await;
    let rows = [
        ("21.11.2026", "21.11.2026", 1, Some(1)),
        ("20.11.2026", "21.11.2026", 1, Some(1)),
        ("21.11.2026", "22.11.2026", 2, None),
        ("23.11.2026", "23.11.2026", 0, Some(0)),
        ("01.11.2026", "02.11.2026", 0, None),
    ];
    for (from, to, count, listed) in rows {
        let answer = report(from, to).await;
        assert_eq!(answer["real"]["orders_count"], count, "{from}..{to}");
        assert_eq!(answer["service_output"], 0.0);
        let list = answer.get("checks_list").map(|list| list.as_array().unwrap().len());
        assert_eq!(list, listed, "{from}..{to}");
    }
    let listed = report("22.11.2026", "22.11.2026").await;
    assert_eq!(listed["checks_list"][0]["local_number"], "2");
    for fields in [json!({}), json!({ "from": "2026-11-21", "to": "21.11.2026" })] {
        assert!(bed.refused("shift/zReport/period", fields).await.contains("ДД.ММ.РРРР"));
    }
}

#[tokio::test]
async fn the_last_check_is_the_open_shifts_and_null_without_one() {
    let bed = Bed::start().await;
    let ask = async || bed.ok("shift/lastCheck", json!({})).await;
    let all_null = |answer: Value| answer.as_object().unwrap().values().all(Value::is_null);
    assert!(all_null(ask().await));
    bed.open().await;
    assert!(all_null(ask().await), "the opening is no check");
    let sold = bed.sell(7, 100).await.json();
    let last = ask().await;
    assert_eq!(
        (&last["ORDERNUM"], &last["local_number"]),
        (&sold["ORDERNUM"], &json!(7))
    );
    assert_eq!((&last["uuid"], &last["num_fiscal"]), (&sold["uuid"], &json!(REGISTER)));
    let input = json!({ "action_type": "SERVICE_INPUT", "type": 0, "sum": 1, "local_number": 8 });
    bed.ok("check/service", input).await;
    let last = ask().await;
    assert_eq!(
        (&last["check_type"], &last["local_number"]),
        (&json!("SERVICE_INPUT"), &Value::Null)
    );
    bed.close().await;
    assert!(all_null(ask().await));
}
