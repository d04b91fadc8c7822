//! What the documentation leaves open, answered either way.

use serde_json::{Value, json};

use super::{Bed, LocalNumbers, REGISTER, RefusalShape, sale};

fn back(number: u64, kopecks: i64) -> Value {
    let mut back = sale(number, kopecks);
    back["action_type"] = json!("Z_RETURN");
    back
}

#[tokio::test]
async fn a_repeated_local_number_does_what_the_switch_says() {
    let rows = [
        (LocalNumbers::Ignore, 200, 2),
        (LocalNumbers::Reject, 400, 1),
        (LocalNumbers::ReturnExisting, 200, 1),
    ];
    for (policy, status, made) in rows {
        let bed = Bed::start().await;
        bed.switch(|switches| switches.local_numbers = policy);
        let first = bed.sell(5, 100).await.json();
        let again = bed.sell(5, 100).await;
        assert_eq!(again.status(), status, "{policy:?}");
        assert_eq!(bed.sales(), made, "{policy:?}");
        let same = again.json()["uuid"] == first["uuid"];
        assert_eq!(same, policy == LocalNumbers::ReturnExisting, "{policy:?}");
        bed.ok("check/sale", back(5, 100)).await;
        let unnumbered = json!({ "local_number": null });
        for _ in 0..2 {
            let mut check = sale(0, 100);
            check
                .as_object_mut()
                .unwrap()
                .extend(unnumbered.as_object().unwrap().clone());
            bed.ok("check/sale", check).await;
        }
        assert_eq!(bed.sales(), made + 2, "{policy:?}");
    }
}

#[tokio::test]
async fn refusals_have_either_shape() {
    let bed = Bed::start().await;
    let reply = bed.post("shift", json!({ "action_type": "Z_REPORT" })).await;
    assert_eq!(reply.status(), 400);
    assert_eq!(reply.json()["type"], "ERROR");
    assert_eq!(reply.json().as_object().unwrap().len(), 2);
    bed.switch(|switches| {
        switches.refusals = RefusalShape::Unprocessable;
        switches.error_type = false;
    });
    let reply = bed.post("shift", json!({ "action_type": "Z_REPORT" })).await;
    assert_eq!(reply.status(), 422);
    assert!(reply.json()["errors"].is_object() && reply.json().get("type").is_none());
    bed.simulator.set_tax_service(false);
    let reply = bed.post("shift", json!({ "action_type": "OPEN_SHIFT" })).await;
    assert_eq!(reply.status(), 400, "a missing link is no matter of shape");
}

#[tokio::test]
async fn more_cash_than_there_is_goes_out_unless_it_is_strict() {
    for strict in [false, true] {
        let bed = Bed::start().await;
        bed.open().await;
        bed.switch(|switches| switches.strict_cash = strict);
        let mut cash = back(1, 100);
        cash["payments"] = json!([{ "code": 0, "sum": 1 }]);
        let out = json!({ "action_type": "SERVICE_OUTPUT", "type": 0, "sum": 1 });
        for (path, fields) in [("check/sale", cash), ("check/service", out)] {
            let reply = bed.post(path, fields).await;
            assert_eq!(reply.status(), if strict { 400 } else { 200 }, "{path} {strict}");
        }
        bed.ok("check/sale", back(2, 100)).await;
        assert_eq!(
            bed.simulator.registers()[0].cash_in_box_kopecks,
            if strict { 0 } else { -200 }
        );
    }
}

#[tokio::test]
async fn reports_may_lack_local_numbers() {
    let bed = Bed::start().await;
    bed.sell(5, 100).await;
    bed.switch(|switches| switches.report_local_numbers = false);
    let report = bed.ok("shift/xReport", json!({ "include_checks": true })).await;
    assert_eq!(report["checks_list"][0].get("local_number"), None);
    assert_eq!(report["checks_list"][0]["type_"], "Z_SALE");
}

#[tokio::test]
async fn service_documents_are_told_apart_from_sales() {
    let bed = Bed::start().await;
    bed.open().await;
    let rows = [
        (json!({ "action_type": "SERVICE_INPUT", "sum": 0 }), "sum"),
        (
            json!({ "action_type": "SERVICE_INPUT", "type": 1, "sum": 5 }),
            "готівкою",
        ),
        (json!({ "action_type": "Z_SALE", "sum": 5 }), "action_type"),
    ];
    for (fields, part) in rows {
        let message = bed.refused("check/service", fields).await;
        assert!(message.contains(part), "{message}");
    }
    let made = bed
        .ok("check/service", json!({ "action_type": "SERVICE_INPUT", "sum": "5.5" }))
        .await;
    assert_eq!(
        (&made["check_type"], &made["local_number"]),
        (&json!("SERVICE_INPUT"), &Value::Null)
    );
    assert_eq!(bed.simulator.documents(REGISTER)[1].sum_kopecks, 550);
}
