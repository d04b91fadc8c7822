//! Sheet §11.6 and §8.3: going offline and coming back.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{Bed, FaultKind, OTHER, REGISTER, RegisterSetup, kind, sale, storno_of};

fn offline_bed() -> Bed {
    let bed = Bed::new();
    bed.ok("OpenShift", json!({}));
    bed.simulator.set_fsko(false);
    bed
}

fn number(answer: &Value) -> Vec<u64> {
    answer["NumFiscal"]
        .as_str()
        .unwrap()
        .split('.')
        .map(|part| part.parse().unwrap())
        .collect()
}

#[test]
fn the_first_offline_receipt_follows_an_offline_begin() {
    let bed = offline_bed();
    let before = bed.state();
    let sold = bed.sell(25_000);
    assert_eq!(sold["Offline"], true);
    assert_eq!(sold["NumLocal"], 3, "two above the last online document");
    let number = number(&sold);
    assert_eq!(
        (number[0], number[1]),
        (before["OfflineSessionId"].as_u64().unwrap(), 2)
    );
    assert!((1..10_000).contains(&number[2]));
    let mac = sold["Url"].as_str().unwrap().split_once("&mac=").unwrap().1;
    assert!(mac.len() == 64 && mac.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let state = bed.state();
    assert_eq!(state["OfflineDocumentsPresent"], true);
    assert_eq!(state["OfflineNextLocalNum"], 3);
    assert_eq!(bed.tape(), ["OpenShift", "OfflineBegin", "CheckGoods"]);
}

#[test]
fn delivery_ends_the_session_and_keeps_the_numbers() {
    let bed = offline_bed();
    let session = bed.state()["OfflineSessionId"].as_u64().unwrap();
    let seed = bed.state()["OfflineSeed"].as_u64().unwrap();
    assert_eq!(seed.to_string().len(), 15);
    let sold = bed.sell(25_000);
    bed.simulator.advance_clock(SignedDuration::from_mins(90));
    bed.sell(100);
    assert_eq!(bed.state()["OfflineSessionDuration"], 90);
    bed.simulator.set_fsko(true);
    let state = bed.state();
    assert_eq!(state["OfflineDocumentsPresent"], false);
    assert_eq!(
        (&state["OfflineNextLocalNum"], &state["OfflineSessionDuration"]),
        (&json!(1), &json!(0))
    );
    assert_eq!(state["OfflineSessionsMonthlyDuration"], 90);
    assert!(state["OfflineSessionId"].as_u64().unwrap() > session);
    assert_ne!(state["OfflineSeed"].as_u64().unwrap(), seed);
    assert_eq!(
        bed.tape(),
        ["OpenShift", "OfflineBegin", "CheckGoods", "CheckGoods", "OfflineEnd"]
    );
    let documents = bed.simulator.documents(REGISTER);
    assert!(documents.iter().all(|document| document.delivered));
    assert_eq!(documents[2].num_fiscal, sold["NumFiscal"].as_str().unwrap());
    assert_eq!(bed.sell(100)["Offline"], false);
    let ns: Vec<_> = documents[1..5]
        .iter()
        .map(|d| d.num_fiscal.split('.').nth(1).unwrap().to_owned())
        .collect();
    assert_eq!(ns, ["1", "2", "3", "4"]);
}

#[test]
fn only_settlement_stretches_a_session_and_a_new_month_forgets_the_old() {
    let bed = offline_bed();
    bed.sell(100);
    bed.simulator.advance_clock(SignedDuration::from_mins(30));
    bed.ok("RegisterZRep", json!({}));
    assert_eq!(bed.state()["OfflineSessionDuration"], 0);
    bed.simulator.set_fsko(true);
    bed.simulator.apply(&FaultKind::OfflineLimitUsed, Some(REGISTER));
    assert_eq!(bed.state()["OfflineSessionsMonthlyDuration"], 168 * 60);
    bed.simulator
        .set_clock(super::Clock::Fixed("2026-03-31T21:30:00Z".parse().unwrap()));
    assert_eq!(bed.state()["OfflineSessionsMonthlyDuration"], 0, "it is April in Kyiv");
}

#[test]
fn the_hash_chain_leaves_out_the_brackets_and_starts_at_the_second_document() {
    let bed = offline_bed();
    for _ in 0..3 {
        bed.sell(100);
    }
    bed.simulator.set_fsko(true);
    bed.simulator.tick();
    let documents = bed.simulator.documents(REGISTER);
    let chain: Vec<_> = documents
        .iter()
        .map(|document| document.previous_hash.clone())
        .collect();
    let hash = |index: usize| documents[index].hash.clone();
    assert_eq!(chain, [None, None, None, hash(2), hash(3), None]);
    assert_eq!(documents.iter().map(kind).next_back().as_deref(), Some("OfflineEnd"));
}

#[test]
fn a_whole_day_can_pass_offline() {
    let bed = offline_bed();
    let sold = bed.sell(100);
    bed.ok("RegisterCheck", json!({ "Check": storno_of(&sold["NumFiscal"]) }));
    bed.ok("CloseShift", json!({ "ZRepAuto": true }));
    bed.sell(200);
    let kinds = [
        "OpenShift",
        "OfflineBegin",
        "CheckGoods",
        "CheckStorno",
        "ZRep",
        "CloseShift",
        "OpenShift",
        "CheckGoods",
    ];
    assert_eq!(bed.tape(), kinds);
    bed.simulator.set_fsko(true);
    bed.state();
    let locals: Vec<_> = bed
        .simulator
        .documents(REGISTER)
        .iter()
        .map(|document| document.num_local)
        .collect();
    assert_eq!(locals, (1..=9).collect::<Vec<_>>());
}

#[test]
fn what_is_refused_offline_is_refused_with_the_right_code_and_makes_nothing() {
    let check = || json!({ "AutoOpenShift": true, "Check": sale(100) });
    let mode = |bed: &Bed, mode: &str| drop(bed.ok("SetupRegistrar", json!({ "WorkMode": mode })));
    let never_online = |_: &Bed| {};
    let forbidden_mode = |bed: &Bed| {
        bed.simulator.set_fsko(true);
        bed.ok("OpenShift", json!({}));
        bed.simulator.set_fsko(false);
        mode(bed, "DisableOffline");
    };
    let month_used = |bed: &Bed| {
        bed.simulator.set_fsko(true);
        bed.ok("OpenShift", json!({}));
        bed.simulator.apply(&FaultKind::OfflineLimitUsed, Some(REGISTER));
        bed.simulator.set_fsko(false);
    };
    let session_used = |bed: &Bed| {
        bed.simulator.set_fsko(true);
        bed.ok("OpenShift", json!({}));
        bed.simulator.set_fsko(false);
        bed.sell(100);
        bed.simulator.advance_clock(SignedDuration::from_mins(36 * 60 + 1));
    };
    type Row<'a> = (&'a str, &'a dyn Fn(&Bed), &'a str);
    let rows: [Row<'_>; 4] = [
        (
            "before the first online shift",
            &never_online,
            "OfflineModeNotSupported",
        ),
        ("with offline switched off", &forbidden_mode, "FiscalServerNotAvailable"),
        ("with the month used up", &month_used, "OfflineModeNotSupported"),
        ("past 36 hours", &session_used, "OfflineModeNotSupported"),
    ];
    for (what, prepare, code) in rows {
        let bed = Bed::new();
        bed.simulator.set_fsko(false);
        prepare(&bed);
        let before = bed.tape().len();
        assert_eq!(bed.code("RegisterCheck", check()), code, "{what}");
        assert_eq!(bed.tape().len(), before, "{what}");
    }
    let bed = Bed::with(RegisterSetup {
        offline_supported: false,
        ..RegisterSetup::new(REGISTER)
    });
    bed.ok("OpenShift", json!({}));
    assert_eq!(bed.state()["OfflineSessionId"], Value::Null);
    bed.simulator.set_fsko(false);
    assert_eq!(bed.code("RegisterCheck", check()), "OfflineModeNotSupported");
}

#[test]
fn a_refused_check_begins_no_session() {
    let bed = offline_bed();
    let mut wrong = sale(100);
    wrong["CHECKTOTAL"]["SUM"] = json!(2);
    assert_eq!(
        bed.code("RegisterCheck", json!({ "Check": wrong })),
        "DocumentValidationError"
    );
    assert_eq!(bed.tape(), ["OpenShift"]);
}

#[test]
fn working_offline_on_purpose_leaves_the_lists_readable() {
    let bed = Bed::new();
    bed.ok("OpenShift", json!({}));
    bed.ok("SetupRegistrar", json!({ "WorkMode": 1, "SendToCabinet": true }));
    assert_eq!(bed.sell(100)["Offline"], true);
    let shift = bed.state()["ShiftId"].clone();
    let listed = bed.ok("Documents", json!({ "ShiftId": shift }));
    assert_eq!(
        listed["Documents"].as_array().unwrap().len(),
        1,
        "undelivered documents are not listed"
    );
    bed.ok("SetupRegistrar", json!({ "WorkMode": "Normal" }));
    let listed = bed.ok("Documents", json!({ "ShiftId": shift }));
    assert_eq!(listed["Documents"].as_array().unwrap().len(), 4);
}

#[test]
fn without_the_tax_service_its_data_is_not_available_but_the_local_state_is() {
    let bed = offline_bed();
    let now = json!({ "From": "2026-03-05T00:00:00", "To": "2026-03-06T00:00:00" });
    let fetch = json!({ "RegistrarNumFiscal": REGISTER, "NumFiscal": "1", "Type": "Availability" });
    for (command, fields) in [
        ("Objects", json!({})),
        ("GetCheck", fetch.clone()),
        ("GetZRep", fetch),
        ("Shifts", now),
        ("Documents", json!({ "ShiftId": 1 })),
        ("Cleanup", json!({ "Remove": false })),
    ] {
        assert_eq!(bed.code(command, fields), "FiscalServerNotAvailable", "{command}");
    }
    assert_eq!(bed.state()["ShiftState"], 1);
    bed.ok("LastShiftTotals", json!({}));
    assert_eq!(bed.ok("ServerState", json!({}))["Available"], false);
}

#[test]
fn state_and_totals_can_be_made_to_need_the_tax_service() {
    let bed = offline_bed();
    bed.simulator.set_state_needs_fsko(true);
    let codes = |expected: &str| {
        for command in ["TransactionsRegistrarState", "LastShiftTotals"] {
            assert_eq!(bed.code(command, json!({})), expected, "{command}");
        }
    };
    codes("FiscalServerNotAvailable");
    assert_eq!(bed.sell(100)["Offline"], true, "documents are still made offline");
    bed.ok("SetupRegistrar", json!({ "WorkMode": "DisableOnline" }));
    bed.simulator.set_fsko(true);
    codes("Ok");
    bed.simulator.set_fsko(false);
    bed.simulator.set_state_needs_fsko(false);
    codes("Ok");
}

#[test]
fn the_server_is_available_while_the_tax_service_is() {
    let bed = Bed::new();
    for up in [true, false, true] {
        bed.simulator.set_fsko(up);
        assert_eq!(bed.ok("ServerState", json!({}))["Available"], up);
    }
}

#[test]
fn a_package_is_refused_when_it_is_delivered_and_not_before() {
    let bed = offline_bed();
    let refuse = |refused| {
        assert!(
            bed.simulator
                .apply(&FaultKind::PackageRefused { refused }, Some(REGISTER))
        );
    };
    let shown = || bed.state()["OfflineDocumentsAutoRegState"].clone();
    refuse(true);
    bed.sell(100);
    bed.sell(100);
    assert_eq!(shown(), Value::Null, "nobody has seen the package yet");
    bed.simulator.set_fsko(true);
    bed.simulator.tick();
    bed.simulator.set_fsko(false);
    assert_eq!(shown(), "PackageRefused");
    refuse(false);
    assert_eq!(shown(), "PackageRefused", "not tried again yet");
    assert_eq!(
        bed.code("RegisterCheck", json!({ "Check": sale(100) })),
        "PackageValidationError"
    );
    let state = bed.state();
    assert_eq!(
        (&state["OfflineDocumentsPresent"], &state["OfflineNextLocalNum"]),
        (&json!(true), &json!(4))
    );
    bed.simulator.set_fsko(true);
    assert_eq!(shown(), Value::Null);
    assert_eq!(bed.state()["OfflineDocumentsPresent"], false);
}

#[test]
fn a_refused_package_can_be_thrown_away() {
    let bed = offline_bed();
    bed.sell(100);
    bed.simulator
        .apply(&FaultKind::PackageRefused { refused: true }, Some(REGISTER));
    bed.simulator.set_fsko(true);
    assert!(bed.state()["OfflineDocumentsAutoRegState"].is_string());
    bed.ok("Cleanup", json!({ "Remove": true }));
    assert_eq!(bed.state()["OfflineDocumentsAutoRegState"], Value::Null);
    assert_eq!(bed.sell(100)["Offline"], false);
}

#[test]
fn a_refused_package_blocks_documents_until_it_is_accepted() {
    let bed = offline_bed();
    bed.sell(100);
    bed.simulator
        .apply(&FaultKind::PackageRefused { refused: true }, Some(REGISTER));
    bed.simulator.set_fsko(true);
    assert_eq!(
        bed.code("RegisterCheck", json!({ "Check": sale(100) })),
        "PackageValidationError"
    );
    let state = bed.state();
    assert_eq!(state["OfflineDocumentsPresent"], true);
    assert!(state["OfflineDocumentsAutoRegState"].is_string());
    bed.simulator
        .apply(&FaultKind::PackageRefused { refused: false }, Some(REGISTER));
    assert_eq!(bed.sell(100)["Offline"], false);
    assert_eq!(bed.state()["OfflineDocumentsAutoRegState"], Value::Null);
}

#[test]
fn a_document_registered_and_lost_has_a_twin_that_is_revoked_on_delivery() {
    let bed = Bed::new();
    bed.ok("OpenShift", json!({}));
    bed.simulator.apply(&FaultKind::RegisteredThenLost, Some(REGISTER));
    let sold = bed.sell(25_000);
    assert_eq!(sold["Offline"], true);
    let documents = bed.simulator.documents(REGISTER);
    let kinds: Vec<_> = documents.iter().map(|d| (kind(d), d.num_local, d.offline)).collect();
    let row = |kind: &str, local, offline| (kind.to_owned(), local, offline);
    let expected = [
        row("OpenShift", 1, false),
        row("CheckGoods", 2, false),
        row("OfflineBegin", 2, true),
        row("CheckGoods", 3, true),
    ];
    assert_eq!(kinds, expected);
    bed.state();
    let documents = bed.simulator.documents(REGISTER);
    assert!(documents[1].revoked && !documents[3].revoked);
    let totals = &bed.ok("LastShiftTotals", json!({}))["Totals"]["ZREPREALIZ"];
    assert_eq!((&totals["SUM"], &totals["ORDERSCNT"]), (&json!(250.0), &json!(1)));
    assert_eq!(bed.sell(100)["NumLocal"], 5, "begin, receipt and end took 2, 3 and 4");
}

#[test]
fn a_document_lost_where_offline_is_impossible_needs_a_cleanup() {
    let bed = Bed::with(RegisterSetup {
        offline_supported: false,
        ..RegisterSetup::new(REGISTER)
    });
    bed.ok("OpenShift", json!({}));
    bed.simulator.apply(&FaultKind::RegisteredThenLost, Some(REGISTER));
    assert_eq!(
        bed.code("RegisterCheck", json!({ "Check": sale(100) })),
        "FiscalServerNotAvailable"
    );
    assert_eq!(bed.state()["NextLocalNum"], 2, "the old local view");
    assert_eq!(
        bed.code("RegisterCheck", json!({ "Check": sale(100) })),
        "InconsistentRegistrarState"
    );
    bed.ok("Cleanup", json!({}));
    assert_eq!(bed.state()["NextLocalNum"], 3);
    assert_eq!(bed.tape(), ["OpenShift", "CheckGoods"]);
}

#[test]
fn a_tick_delivers_and_offline_registers_do_not_disturb_each_other() {
    let bed = offline_bed();
    bed.simulator.add_register(RegisterSetup::new(OTHER));
    bed.sell(100);
    bed.simulator.set_fsko(true);
    bed.simulator.tick();
    assert!(
        bed.simulator
            .registers()
            .iter()
            .all(|register| register.undelivered == 0)
    );
    assert!(bed.simulator.documents(OTHER).is_empty());
}
