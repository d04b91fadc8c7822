//! Sheet §11.7 and §11.10.6-8: desynchronised registers and their clean-up.

use serde_json::{Value, json};

use super::{Bed, FaultKind, ForeignEffect, REGISTER, sale, storno_of};

fn apply(bed: &Bed, kind: &FaultKind) {
    assert!(bed.simulator.apply(kind, Some(REGISTER)), "{kind:?}");
}

#[test]
fn a_cleanup_with_nothing_wrong_changes_nothing() {
    let bed = Bed::new();
    bed.sell(100);
    let answer = bed.ok("Cleanup", json!({ "Remove": false }));
    assert_eq!(
        (&answer["ZRepAutoInfo"], &answer["CloseShiftAutoInfo"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(bed.tape().len(), 2);
}

#[test]
fn a_register_that_is_behind_refuses_documents_and_shows_its_old_state_until_the_cleanup() {
    let bed = Bed::new();
    bed.sell(100);
    apply(&bed, &FaultKind::CleanNeeded);
    assert_eq!(bed.state()["NextLocalNum"], 3);
    for (command, fields) in [
        ("RegisterCheck", json!({ "Check": sale(100) })),
        ("OpenShift", json!({})),
        ("RegisterZRep", json!({})),
        ("CloseShift", json!({ "ZRepAuto": true })),
    ] {
        assert_eq!(bed.code(command, fields), "InconsistentRegistrarState", "{command}");
    }
    bed.ok("Cleanup", json!({}));
    assert_eq!(
        bed.state()["NextLocalNum"],
        4,
        "the other device's document is known now"
    );
    assert_eq!(bed.sell(100)["NumLocal"], 4);
    let foreign: Vec<_> = bed
        .simulator
        .documents(REGISTER)
        .iter()
        .map(|document| document.foreign)
        .collect();
    assert_eq!(foreign, [false, false, true, false]);
}

#[test]
fn a_cleanup_closes_the_shift_when_it_is_told_to() {
    let bed = Bed::new();
    bed.sell(100);
    assert!(bed.simulator.set_close_on_cleanup(REGISTER, true));
    apply(&bed, &FaultKind::CleanNeeded);
    let answer = bed.ok("Cleanup", json!({ "Visualization": true }));
    assert_eq!(
        (
            &answer["ZRepAutoInfo"]["NumLocal"],
            &answer["CloseShiftAutoInfo"]["NumLocal"]
        ),
        (&json!(4), &json!(5))
    );
    assert!(answer["ZRepAutoInfo"]["Visualization"].is_string());
    assert_eq!(bed.state()["ShiftState"], 0);
}

#[test]
fn the_effect_of_another_devices_document_can_be_chosen() {
    for (effect, code) in [
        (ForeignEffect::Inconsistent, "InconsistentRegistrarState"),
        (ForeignEffect::LocalNumber, "CheckLocalNumberInvalid"),
        (ForeignEffect::Silent, "Ok"),
    ] {
        let bed = Bed::new();
        bed.sell(100);
        apply(&bed, &FaultKind::ForeignDocument { effect });
        assert_eq!(
            bed.code("RegisterCheck", json!({ "Check": sale(100) })),
            code,
            "{effect:?}"
        );
    }
}

#[test]
fn another_device_opens_a_closed_shift_and_closes_one_after_its_z() {
    let bed = Bed::new();
    apply(
        &bed,
        &FaultKind::ForeignDocument {
            effect: ForeignEffect::Silent,
        },
    );
    bed.ok("RegisterZRep", json!({}));
    apply(
        &bed,
        &FaultKind::ForeignDocument {
            effect: ForeignEffect::Silent,
        },
    );
    assert_eq!(bed.tape(), ["OpenShift", "ZRep", "CloseShift"]);
}

#[test]
fn removing_throws_undelivered_documents_away_and_uses_their_numbers_again() {
    let bed = Bed::new();
    let kept = bed.sell(100);
    bed.simulator.set_fsko(false);
    bed.ok("RegisterCheck", json!({ "Check": storno_of(&kept["NumFiscal"]) }));
    bed.ok("CloseShift", json!({ "ZRepAuto": true }));
    assert_eq!(bed.state()["NextLocalNum"], 7);
    bed.ok("Cleanup", json!({ "Remove": true }));
    let state = bed.state();
    assert_eq!((&state["ShiftState"], &state["NextLocalNum"]), (&json!(1), &json!(3)));
    assert_eq!(
        (&state["OfflineDocumentsPresent"], &state["OfflineNextLocalNum"]),
        (&json!(false), &json!(1))
    );
    let lost: Vec<_> = bed.simulator.lost_documents(REGISTER).iter().map(super::kind).collect();
    assert_eq!(lost, ["OfflineBegin", "CheckStorno", "ZRep", "CloseShift"]);
    assert!(
        bed.simulator
            .documents(REGISTER)
            .iter()
            .all(|document| !document.storned)
    );
    let totals = &bed.ok("LastShiftTotals", json!({}))["Totals"]["ZREPREALIZ"];
    assert_eq!(totals["SUM"], json!(1.0), "the sale counts again");
    assert_eq!(bed.sell(100)["NumLocal"], 4);
}
