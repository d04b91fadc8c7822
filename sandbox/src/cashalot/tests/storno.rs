//! Storno: only the last document, only once, only in its shift.

use serde_json::{Value, json};

use super::{Bed, check, sale, storno_of};

#[test]
fn the_last_sale_can_be_storned_and_leaves_the_totals() {
    let bed = Bed::new();
    bed.sell(10_000);
    let sold = bed.sell(25_000);
    let storno = json!({ "Check": storno_of(&sold["NumFiscal"]), "StornedCheck": sale(25_000) });
    let storned = bed.ok("RegisterCheck", storno);
    assert!(storned["Url"].as_str().unwrap().ends_with("&sm=0.00"), "{storned}");
    let documents = bed.simulator.documents(super::REGISTER);
    let (target, storno) = (&documents[2], &documents[3]);
    assert!(target.storned && !storno.storned);
    assert_eq!(storno.storno_num.as_deref(), sold["NumFiscal"].as_str());
    assert_eq!(storno.sum_kopecks, 0);
    let totals = &bed.ok("LastShiftTotals", json!({}))["Totals"];
    assert_eq!(
        (&totals["ZREPREALIZ"]["SUM"], &totals["ZREPREALIZ"]["ORDERSCNT"]),
        (&json!(100.0), &json!(1))
    );
}

#[test]
fn a_storno_of_the_only_sale_leaves_an_empty_block() {
    let bed = Bed::new();
    let sold = bed.sell(25_000);
    bed.ok("RegisterCheck", json!({ "Check": storno_of(&sold["NumFiscal"]) }));
    assert_eq!(
        bed.ok("LastShiftTotals", json!({}))["Totals"]["ZREPREALIZ"],
        Value::Null
    );
}

#[test]
fn without_a_number_the_storned_check_points_at_the_last_document() {
    let bed = Bed::new();
    let sold = bed.sell(25_000);
    let check = json!({ "CHECKHEAD": { "DOCTYPE": "SaleGoods", "DOCSUBTYPE": "CheckStorno" } });
    assert_eq!(
        bed.code("RegisterCheck", json!({ "Check": check })),
        "DocumentValidationError"
    );
    bed.ok("RegisterCheck", json!({ "Check": check, "StornedCheck": sale(25_000) }));
    let documents = bed.simulator.documents(super::REGISTER);
    assert_eq!(
        documents.last().unwrap().storno_num.as_deref(),
        sold["NumFiscal"].as_str()
    );
}

#[test]
fn a_storno_is_refused_where_the_rule_forbids_it() {
    let first_not_last = |bed: &Bed| {
        let first = bed.sell(100);
        bed.sell(200);
        json!({ "Check": storno_of(&first["NumFiscal"]) })
    };
    let twice = |bed: &Bed| {
        let sold = bed.sell(100);
        bed.ok("RegisterCheck", json!({ "Check": storno_of(&sold["NumFiscal"]) }));
        json!({ "Check": storno_of(&sold["NumFiscal"]) })
    };
    let of_a_storno = |bed: &Bed| {
        let sold = bed.sell(100);
        let storno = bed.ok("RegisterCheck", json!({ "Check": storno_of(&sold["NumFiscal"]) }));
        json!({ "Check": storno_of(&storno["NumFiscal"]) })
    };
    let of_an_opening = |bed: &Bed| {
        let opening = bed.ok("OpenShift", json!({}));
        json!({ "Check": storno_of(&opening["NumFiscal"]) })
    };
    let of_the_last_shift = |bed: &Bed| {
        let sold = bed.sell(100);
        bed.ok("CloseShift", json!({ "ZRepAuto": true }));
        json!({ "Check": storno_of(&sold["NumFiscal"]), "AutoOpenShift": true })
    };
    let of_nothing = |bed: &Bed| {
        bed.sell(100);
        json!({ "Check": storno_of(&json!("1")) })
    };
    let with_another_sum = |bed: &Bed| {
        let sold = bed.sell(100);
        json!({ "Check": storno_of(&sold["NumFiscal"]), "StornedCheck": sale(200) })
    };
    type Row<'a> = (&'a str, &'a dyn Fn(&Bed) -> Value);
    let rows: [Row<'_>; 7] = [
        ("not the last", &first_not_last),
        ("twice", &twice),
        ("of a storno", &of_a_storno),
        ("of an opening", &of_an_opening),
        ("of the last shift", &of_the_last_shift),
        ("of nothing", &of_nothing),
        ("with another sum", &with_another_sum),
    ];
    for (what, prepare) in rows {
        let bed = Bed::new();
        let storno = prepare(&bed);
        assert_eq!(bed.code("RegisterCheck", storno), "DocumentValidationError", "{what}");
    }
}

#[test]
fn a_return_and_a_cash_movement_can_be_storned_too() {
    let deposit = json!({ "CHECKHEAD": { "DOCTYPE": 0, "DOCSUBTYPE": 2 }, "CHECKTOTAL": { "SUM": "5.00" } });
    for document in [check("CheckReturn", 500), deposit] {
        let bed = Bed::new();
        let made = bed.ok("RegisterCheck", json!({ "AutoOpenShift": true, "Check": document }));
        bed.ok("RegisterCheck", json!({ "Check": storno_of(&made["NumFiscal"]) }));
        let totals = &bed.ok("LastShiftTotals", json!({}))["Totals"];
        assert_eq!(totals["ZREPRETURN"], Value::Null);
        assert_eq!(totals["ZREPBODY"]["SERVICEINPUT"], json!(0.0));
    }
}

#[test]
fn the_end_of_an_offline_session_stands_between_a_sale_and_its_storno() {
    let bed = Bed::new();
    bed.ok("OpenShift", json!({}));
    bed.simulator.set_fsko(false);
    let sold = bed.sell(100);
    bed.simulator.set_fsko(true);
    assert_eq!(
        bed.code("RegisterCheck", json!({ "Check": storno_of(&sold["NumFiscal"]) })),
        "DocumentValidationError"
    );
    let documents = bed.simulator.documents(super::REGISTER);
    assert_eq!(
        bed.state()["LastFiscalNum"],
        json!(documents.last().unwrap().num_fiscal)
    );
}
