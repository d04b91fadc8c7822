//! Conditions that are neither offline mode nor clean-up: licence, strangers, half a closing.

use serde_json::{Value, json};

use super::{Bed, Credentials, DEFAULT_KEY_PIN, Fault, FaultKind, OTHER, OperatorSetup, REGISTER, RegisterSetup, sale};

#[test]
fn a_licence_that_is_over_stops_documents_only() {
    let bed = Bed::new();
    bed.sell(100);
    assert!(bed.simulator.apply(&FaultKind::LicenceOver, Some(REGISTER)));
    assert_eq!(
        bed.code("RegisterCheck", json!({ "Check": sale(100) })),
        "LicenseViolation"
    );
    assert!(bed.state()["LicenseExpiration"].is_string());
    bed.simulator.set_licence(REGISTER, None);
    bed.sell(100);
}

#[test]
fn another_operators_shift_is_open_to_a_senior_cashier_only() {
    for (chief, code) in [(true, "Ok"), (false, "ShiftAlreadyOpened")] {
        let bed = Bed::with(RegisterSetup {
            chief,
            ..RegisterSetup::new(REGISTER)
        });
        assert!(bed.simulator.apply(&FaultKind::ForeignShift, Some(REGISTER)));
        assert!(
            !bed.simulator.apply(&FaultKind::ForeignShift, Some(REGISTER)),
            "it is open already"
        );
        assert_eq!(bed.code("OpenShift", json!({})), "ShiftAlreadyOpened");
        for command in ["RegisterCheck", "RegisterZRep"] {
            assert_eq!(
                bed.code(command, json!({ "AutoOpenShift": true, "Check": sale(100) })),
                code,
                "{command}"
            );
        }
        let state = bed.state();
        assert_eq!(
            state["OfflineSeed"].is_null(),
            !chief,
            "only the opener and a senior cashier see the seed"
        );
        assert_eq!(state["SubjectKeyId"].as_str().unwrap().len(), 64);
    }
}

#[test]
fn two_operators_of_one_register_have_different_keys() {
    let bed = Bed::new();
    let second = OperatorSetup {
        name: "Другий Касир".to_owned(),
        credentials: Credentials::KeyPin("second".to_owned()),
        chief: false,
    };
    assert!(bed.simulator.add_operator(REGISTER, second.clone()));
    assert!(!bed.simulator.add_operator(OTHER, second));
    bed.ok("OpenShift", json!({ "KeyPin": "second" }));
    assert_eq!(bed.state()["Name"], "Другий Касир");
    bed.ok(
        "RegisterCheck",
        json!({ "KeyPin": DEFAULT_KEY_PIN, "Check": sale(100) }),
    );
}

#[test]
fn a_closing_can_fail_after_its_z() {
    let bed = Bed::new();
    bed.sell(100);
    bed.simulator.apply(&FaultKind::ZThenCloseFails, Some(REGISTER));
    let answer = bed.call("CloseShift", json!({ "ZRepAuto": true }));
    assert_eq!(
        (&answer["ErrorCode"], &answer["ZRepAutoInfo"]["ErrorCode"]),
        (&json!("FiscalServerError"), &json!("Ok"))
    );
    let state = bed.state();
    assert_eq!((&state["ShiftState"], &state["ZRepPresent"]), (&json!(1), &json!(true)));
    assert_eq!(
        bed.ok("CloseShift", json!({ "ZRepAuto": true }))["ZRepAutoInfo"],
        Value::Null
    );
}

#[test]
fn conditions_need_a_register_they_know() {
    let bed = Bed::new();
    assert!(!bed.simulator.apply(&FaultKind::LicenceOver, None));
    assert!(!bed.simulator.apply(&FaultKind::LicenceOver, Some(OTHER)));
    assert!(
        !bed.simulator.apply(&FaultKind::CloseBefore, Some(REGISTER)),
        "not a condition"
    );
    assert!(bed.simulator.apply(&FaultKind::FskoDown, None));
}

#[tokio::test]
async fn a_condition_meets_a_request_together_with_a_fault_of_its_answer() {
    let server = super::transport::Server::start().await;
    server
        .simulator
        .inject(Fault::once(FaultKind::CleanNeeded).on_register(REGISTER));
    server.simulator.inject(Fault::once(FaultKind::NumericErrorCode));
    let answer = crate::patience::soon(server.sell()).await.json();
    assert_eq!(answer["ErrorCode"], 103);
}

#[test]
fn the_age_of_a_shift_can_be_read() {
    let bed = Bed::new();
    bed.sell(100);
    bed.simulator.advance_clock(jiff::SignedDuration::from_hours(25));
    bed.sell(100);
    let view = bed.simulator.registers().remove(0);
    assert_eq!((view.shift_age_minutes, view.longest_shift_minutes), (25 * 60, 25 * 60));
}
