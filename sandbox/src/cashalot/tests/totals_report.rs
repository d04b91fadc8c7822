//! `LastShiftTotals` and the client's own Z-report (sheet §4.9, §11.10.15).

use serde_json::{Value, json};

use super::{Bed, REGISTER, check, sale};

#[test]
fn totals_add_up_by_payment_form_and_tax() {
    let bed = Bed::new();
    let mut taxed = sale(12_000);
    taxed["CHECKTAX"] = json!([{ "TYPE": 0, "NAME": "ПДВ", "LETTER": "А", "PRC": 20, "TURNOVER": "120.00", "SOURCESUM": "120.00", "SUM": "20.00" }]);
    taxed["CHECKPAY"] = json!([{ "PAYFORMCD": 0, "PAYFORMNM": "ГОТІВКА", "SUM": "20.00" }, { "PAYFORMCD": "1", "PAYFORMNM": "КАРТКА", "SUM": "100.00" }]);
    bed.sell(5_000);
    for _ in 0..2 {
        bed.ok("RegisterCheck", json!({ "Check": taxed }));
    }
    bed.ok("RegisterCheck", json!({ "Check": check("CheckReturn", 3_000) }));
    let deposit = json!({ "CHECKHEAD": { "DOCTYPE": 0, "DOCSUBTYPE": 2 }, "CHECKTOTAL": { "SUM": 7 } });
    bed.ok("RegisterCheck", json!({ "Check": deposit }));
    let body = json!({ "NumFiscal": REGISTER, "KeyPin": super::DEFAULT_KEY_PIN });
    let text = bed.simulator.call("LastShiftTotals", &body.to_string()).unwrap();
    let expected = concat!(
        r#""Totals":{"ZREPREALIZ":{"SUM":290.00,"RNDSUM":0.00,"NORNDSUM":290.00,"ORDERSCNT":3,"PAYFORMS":["#,
        r#"{"PAYFORMCD":1,"PAYFORMNM":"Банківська картка","SUM":250.00},{"PAYFORMCD":0,"PAYFORMNM":"ГОТІВКА","SUM":40.00}],"#,
        r#""TAXES":[{"TYPE":0,"NAME":"ПДВ","LETTER":"А","PRC":20.00,"SIGN":false,"TURNOVER":240.00,"TURNOVERDISCOUNT":0.00,"#,
        r#""SOURCESUM":240.00,"SUM":40.00}]},"ZREPRETURN":{"SUM":30.00,"RNDSUM":0.00,"NORNDSUM":30.00,"ORDERSCNT":1,"#,
        r#""PAYFORMS":[{"PAYFORMCD":1,"PAYFORMNM":"Банківська картка","SUM":30.00}],"TAXES":[]},"#,
        r#""ZREPBODY":{"SERVICEINPUT":7.00,"SERVICEOUTPUT":0.00}}"#,
    );
    assert!(text.contains(expected), "{text}");
}

#[test]
fn totals_are_null_before_the_first_shift_and_last_after_its_closing() {
    let bed = Bed::new();
    assert_eq!(bed.ok("LastShiftTotals", json!({}))["Totals"], Value::Null);
    bed.sell(5_000);
    bed.ok("CloseShift", json!({ "ZRepAuto": true }));
    let closed = bed.ok("LastShiftTotals", json!({ "Visualization": true }));
    assert_eq!(closed["Totals"]["ZREPREALIZ"]["SUM"], json!(50.0));
    assert!(closed["Visualization"].is_string() && closed["ShiftOpened"].is_string());
    bed.ok("OpenShift", json!({}));
    assert_eq!(
        bed.ok("LastShiftTotals", json!({}))["Totals"]["ZREPREALIZ"],
        Value::Null
    );
}

#[test]
fn a_part_payment_enters_the_totals_with_what_was_paid() {
    let bed = Bed::new();
    let mut part = sale(5_900);
    part["CHECKTOTAL"] = json!({ "SUM": "59.00", "PARTPAYTYPE": "Prepay", "PARTPAYSUM": "25.30" });
    part["CHECKPAY"][0]["SUM"] = json!("25.30");
    bed.ok("RegisterCheck", json!({ "AutoOpenShift": true, "Check": part }));
    assert_eq!(
        bed.ok("LastShiftTotals", json!({}))["Totals"]["ZREPREALIZ"]["SUM"],
        json!(25.3)
    );
}

#[test]
fn a_z_report_of_the_client_must_match() {
    for (z_rep, code) in [
        (Value::Null, "Ok"),
        (
            json!({ "ZREPREALIZ": { "SUM": "50.00", "ORDERSCNT": 1 }, "ZREPRETURN": null }),
            "Ok",
        ),
        (json!({ "ZREPREALIZ": { "SUM": 51 } }), "DocumentValidationError"),
        (json!({ "ZREPREALIZ": { "ORDERSCNT": 2 } }), "DocumentValidationError"),
        (json!({ "ZREPBODY": { "SERVICEINPUT": 1 } }), "DocumentValidationError"),
    ] {
        let bed = Bed::new();
        bed.sell(5_000);
        assert_eq!(bed.code("RegisterZRep", json!({ "ZRep": z_rep })), code, "{z_rep}");
    }
}
