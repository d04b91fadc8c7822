//! Sheet §11.4: every command in every state of a shift.

use serde_json::{Value, json};

use super::{Bed, REGISTER, sale};

#[derive(Clone, Copy, Debug)]
enum Start {
    Closed,
    Open,
    WithZ,
}

fn bed_at(start: Start) -> Bed {
    let bed = Bed::new();
    match start {
        Start::Closed => {}
        Start::Open => drop(bed.ok("OpenShift", json!({}))),
        Start::WithZ => {
            bed.ok("OpenShift", json!({}));
            bed.ok("RegisterZRep", json!({}));
        }
    }
    bed
}

#[test]
fn every_command_answers_as_the_table_says_and_makes_as_many_documents() {
    let check = || json!({ "Check": sale(25_000) });
    let auto = || json!({ "Check": sale(25_000), "AutoOpenShift": true });
    let z_auto = || json!({ "ZRepAuto": true });
    let nothing = || json!({});
    type Row<'a> = (&'a str, &'a dyn Fn() -> Value, [(&'a str, usize); 3]);
    let rows: [Row<'_>; 6] = [
        (
            "OpenShift",
            &nothing,
            [("Ok", 1), ("ShiftAlreadyOpened", 0), ("ShiftAlreadyOpened", 0)],
        ),
        (
            "RegisterCheck",
            &check,
            [("ShiftNotOpened", 0), ("Ok", 1), ("DocumentValidationError", 0)],
        ),
        (
            "RegisterCheck",
            &auto,
            [("Ok", 2), ("Ok", 1), ("DocumentValidationError", 0)],
        ),
        (
            "RegisterZRep",
            &nothing,
            [("ShiftNotOpened", 0), ("Ok", 1), ("ZRepAlreadyRegistered", 0)],
        ),
        (
            "CloseShift",
            &nothing,
            [("ShiftNotOpened", 0), ("LastDocumentMustBeZRep", 0), ("Ok", 1)],
        ),
        ("CloseShift", &z_auto, [("ShiftNotOpened", 0), ("Ok", 2), ("Ok", 1)]),
    ];
    for (command, fields, expected) in rows {
        for (start, (code, documents)) in [Start::Closed, Start::Open, Start::WithZ].into_iter().zip(expected) {
            let bed = bed_at(start);
            let next = bed.state()["NextLocalNum"].as_u64().unwrap();
            let before = bed.tape().len();
            assert_eq!(bed.code(command, fields()), code, "{command} in {start:?}");
            assert_eq!(bed.tape().len() - before, documents, "{command} in {start:?}");
            let after = bed.state()["NextLocalNum"].as_u64().unwrap();
            assert_eq!(
                after - next,
                documents as u64,
                "local numbers after {command} in {start:?}"
            );
        }
    }
}

#[test]
fn an_auto_opened_shift_takes_the_number_before_the_check() {
    let bed = Bed::new();
    let sold = bed.sell(25_000);
    assert_eq!(sold["NumLocal"], 2);
    assert_eq!(bed.tape(), ["OpenShift", "CheckGoods"]);
    let state = bed.state();
    assert_eq!(
        (&state["FirstLocalNum"], &state["NextLocalNum"]),
        (&json!(1), &json!(3))
    );
    assert_eq!(state["LastFiscalNum"], sold["NumFiscal"]);
}

#[test]
fn an_auto_opened_shift_stays_open_when_the_check_is_refused() {
    let bed = Bed::new();
    let mut wrong = sale(25_000);
    wrong["CHECKTOTAL"]["SUM"] = json!(1);
    assert_eq!(
        bed.code("RegisterCheck", json!({ "AutoOpenShift": true, "Check": wrong })),
        "DocumentValidationError"
    );
    assert_eq!(bed.tape(), ["OpenShift"]);
}

#[test]
fn a_shift_goes_from_opening_to_z_to_closing_and_numbers_go_on() {
    let bed = Bed::new();
    bed.sell(10_000);
    let closed = bed.ok("CloseShift", json!({ "ZRepAuto": true, "Visualization": true }));
    assert_eq!(
        (&closed["ZRepAutoInfo"]["NumLocal"], &closed["NumLocal"]),
        (&json!(3), &json!(4))
    );
    assert_eq!(closed["ZRepAutoInfo"]["ErrorCode"], "Ok");
    let state = bed.state();
    assert_eq!(state["ShiftState"], 0);
    for empty in ["OpenShiftFiscalNum", "LastFiscalNum", "Name", "SubjectKeyId"] {
        assert_eq!(state[empty], Value::Null, "{empty}");
    }
    assert_eq!(
        (&state["FirstLocalNum"], &state["NextLocalNum"]),
        (&json!(0), &json!(5))
    );
    assert_eq!(bed.sell(10_000)["NumLocal"], 6);
    let second_close = bed.ok("RegisterZRep", json!({}));
    assert_eq!(second_close["NumLocal"], 7);
    let answer = bed.ok("CloseShift", json!({ "ZRepAuto": true }));
    assert_eq!(answer["ZRepAutoInfo"], Value::Null);
}

#[test]
fn fiscal_numbers_grow_over_all_registers_and_local_numbers_have_no_gaps() {
    let bed = Bed::new();
    bed.simulator.add_register(super::RegisterSetup::new(super::OTHER));
    let mut numbers = Vec::new();
    for round in 0..5 {
        numbers.push(
            bed.sell(100 + round)["NumFiscal"]
                .as_str()
                .unwrap()
                .parse::<u64>()
                .unwrap(),
        );
        let other = json!({ "NumFiscal": super::OTHER, "AutoOpenShift": true, "Check": sale(100) });
        numbers.push(
            bed.ok("RegisterCheck", other)["NumFiscal"]
                .as_str()
                .unwrap()
                .parse()
                .unwrap(),
        );
    }
    assert!(numbers.is_sorted_by(|a, b| a < b), "{numbers:?}");
    let locals: Vec<_> = bed
        .simulator
        .documents(REGISTER)
        .iter()
        .map(|document| document.num_local)
        .collect();
    assert_eq!(locals, (1..=6).collect::<Vec<_>>());
}

#[test]
fn a_repeated_uid_makes_a_second_document() {
    let bed = Bed::new();
    let body = json!({ "UID": "7f7d2b54-53a1-4a39-9d4f-0a52a0a5b001", "AutoOpenShift": true, "Check": sale(100) });
    let first = bed.ok("RegisterCheck", body.clone());
    let second = bed.ok("RegisterCheck", body);
    assert_ne!(first["NumFiscal"], second["NumFiscal"]);
}

#[test]
fn document_times_never_go_backwards() {
    let bed = Bed::new();
    bed.sell(100);
    bed.simulator
        .set_clock(super::Clock::Fixed("2020-01-01T00:00:00Z".parse().unwrap()));
    bed.sell(100);
    let times: Vec<_> = bed
        .simulator
        .documents(REGISTER)
        .iter()
        .map(|document| document.at)
        .collect();
    assert!(times.is_sorted(), "{times:?}");
}
