//! Conditions: the tax service, the key, other people.

use serde_json::{Value, json};

use super::{Bed, Fault, FaultKind, OTHER, REGISTER, RegisterSetup};

#[tokio::test]
async fn the_cloud_makes_nothing_without_the_tax_service_or_the_key() {
    let rows = [
        (FaultKind::TaxServiceDown, FaultKind::TaxServiceUp, "податкової"),
        (
            FaultKind::KeyAbsent { absent: true },
            FaultKind::KeyAbsent { absent: false },
            "Ключ",
        ),
    ];
    for (down, up, part) in rows {
        let bed = Bed::start().await;
        bed.open().await;
        assert!(bed.simulator.apply(&down, Some(REGISTER)));
        for (path, fields) in [
            ("check/sale", super::sale(1, 100)),
            ("check/service", json!({ "action_type": "SERVICE_INPUT", "sum": 5 })),
            ("shift", json!({ "action_type": "Z_REPORT" })),
            ("shift/ping", json!({})),
        ] {
            let message = bed.refused(path, fields).await;
            assert!(message.contains(part), "{path}: {message}");
        }
        assert_eq!(bed.ok("shift/xReport", json!({})).await["shift_state"], true);
        assert_eq!(bed.tape(), ["OPEN_SHIFT"]);
        bed.simulator.inject(Fault::once(up));
        assert_eq!(bed.sell(1, 100).await.status(), 200);
    }
}

#[tokio::test]
async fn the_tax_service_is_away_from_one_register_or_from_all() {
    let bed = Bed::start().await;
    bed.simulator.add_register(RegisterSetup::new(OTHER));
    let up = || {
        bed.simulator
            .registers()
            .iter()
            .map(|view| view.tax_up)
            .collect::<Vec<_>>()
    };
    assert!(bed.simulator.apply(&FaultKind::TaxServiceDown, Some(OTHER)));
    assert_eq!(up(), [true, false]);
    bed.simulator.set_tax_service(false);
    assert_eq!(up(), [false, false]);
    bed.simulator.add_register(RegisterSetup::new(9));
    assert_eq!(up(), [false, false, false]);
    bed.simulator.set_tax_service(true);
    assert_eq!(up(), [true, true, true]);
}

#[tokio::test]
async fn a_check_from_the_cabinet_has_no_number() {
    let bed = Bed::start().await;
    assert!(bed.simulator.apply(&FaultKind::ForeignCheck, Some(REGISTER)));
    assert_eq!(bed.tape(), ["OPEN_SHIFT", "Z_SALE"]);
    let document = &bed.simulator.documents(REGISTER)[1];
    assert_eq!(
        (document.foreign, document.local_number, document.sum_kopecks),
        (true, None, 100)
    );
    let json = bed
        .call(&format!("GET checks/{}/json", document.uuid), &Value::Null)
        .await
        .json();
    assert_eq!(
        (&json["local_number"], &json["check_data"]["local_number"]),
        (&Value::Null, &Value::Null)
    );
    assert!(
        !bed.simulator.apply(&FaultKind::ForeignShift, Some(REGISTER)),
        "it is open"
    );
    assert!(!bed.simulator.apply(&FaultKind::ForeignCheck, Some(1)), "unknown");
    assert!(
        !bed.simulator.apply(&FaultKind::CloseBefore, Some(REGISTER)),
        "no condition"
    );
    bed.simulator.set_tax_service(false);
    assert!(
        !bed.simulator.apply(&FaultKind::ForeignCheck, Some(REGISTER)),
        "the cabinet works online"
    );
}

#[tokio::test]
async fn the_cabinet_closes_the_shift_before_a_check() {
    let bed = Bed::start().await;
    bed.open().await;
    bed.simulator
        .inject(Fault::once(FaultKind::AutoClose).on_command("check/sale"));
    let mut check = super::sale(1, 100);
    check["open_shift"] = json!(false);
    assert!(bed.refused("check/sale", check).await.contains("не відкрито"));
    assert_eq!(bed.tape(), ["OPEN_SHIFT", "Z_REPORT"]);
    assert!(bed.simulator.documents(REGISTER)[1].foreign);
    assert!(
        !bed.simulator.apply(&FaultKind::AutoClose, Some(REGISTER)),
        "it is closed"
    );
}

#[tokio::test]
async fn a_condition_and_a_fault_may_meet_one_request() {
    let bed = Bed::start().await;
    bed.simulator.inject(Fault::once(FaultKind::ForeignCheck));
    bed.simulator.inject(Fault::once(FaultKind::RegisterThenClose));
    assert!(bed.sell(1, 100).await.is_nothing());
    assert_eq!(bed.tape(), ["OPEN_SHIFT", "Z_SALE", "Z_SALE"]);
}
