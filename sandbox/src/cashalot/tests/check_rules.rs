//! Sheet §11.5 and §11.10.11: what a check must satisfy.

use serde_json::{Value, json};

use super::{Bed, check, sale};

/// The code that a check gets in an open shift.
fn verdict(check: Value) -> String {
    let bed = Bed::new();
    bed.ok("OpenShift", json!({}));
    let code = bed.code("RegisterCheck", json!({ "Check": check }));
    let made = bed.tape().len() - 1;
    assert_eq!(made, usize::from(code == "Ok"), "a refused check takes no number");
    code
}

/// A sale of 250.00 with some places overwritten.
fn changed(places: &[(&str, Value)]) -> Value {
    let mut check = sale(25_000);
    for (pointer, value) in places {
        match check.pointer_mut(pointer) {
            Some(place) => *place = value.clone(),
            None => {
                let (parent, field) = pointer.rsplit_once('/').unwrap();
                check.pointer_mut(parent).unwrap()[field] = value.clone();
            }
        }
    }
    check
}

#[test]
fn a_check_is_accepted_or_refused_as_the_rules_say() {
    let tax =
        json!([{ "TYPE": 0, "NAME": "ПДВ", "LETTER": "А", "PRC": 20, "SIGN": false, "SOURCESUM": 250, "SUM": 41.67 }]);
    let added = json!([{ "TYPE": 1, "LETTER": "Д", "PRC": 5, "SIGN": true, "SOURCESUM": 250, "SUM": "12.50" }]);
    type Row = (&'static str, Vec<(&'static str, Value)>, &'static str);
    let rows: Vec<Row> = vec![
        ("as it is", vec![], "Ok"),
        (
            "numbers for enums",
            vec![("/CHECKHEAD/DOCTYPE", json!(0)), ("/CHECKHEAD/DOCSUBTYPE", json!("0"))],
            "Ok",
        ),
        (
            "a JSON number for the sum",
            vec![("/CHECKTOTAL/SUM", json!(250)), ("/CHECKPAY/0/SUM", json!(250.0))],
            "Ok",
        ),
        (
            "nulls for optional fields",
            vec![("/CHECKTAX", Value::Null), ("/CHECKHEAD/CASHIER", Value::Null)],
            "Ok",
        ),
        ("unknown fields", vec![("/CHECKHEAD/NOVELTY", json!([1]))], "Ok"),
        (
            "no doctype",
            vec![("/CHECKHEAD/DOCTYPE", Value::Null)],
            "DocumentValidationError",
        ),
        (
            "no doc subtype",
            vec![("/CHECKHEAD/DOCSUBTYPE", Value::Null)],
            "DocumentValidationError",
        ),
        (
            "unknown doctype",
            vec![("/CHECKHEAD/DOCTYPE", json!("Gift"))],
            "InvalidQueryParameter",
        ),
        (
            "a shift document",
            vec![("/CHECKHEAD/DOCTYPE", json!("CloseShift"))],
            "DocumentValidationError",
        ),
        ("no lines", vec![("/CHECKBODY", json!([]))], "DocumentValidationError"),
        ("no sum", vec![("/CHECKTOTAL/SUM", json!(0))], "DocumentValidationError"),
        (
            "a negative sum",
            vec![("/CHECKTOTAL/SUM", json!(-250))],
            "DocumentValidationError",
        ),
        (
            "words for a sum",
            vec![("/CHECKTOTAL/SUM", json!("багато"))],
            "InvalidQueryParameter",
        ),
        (
            "three decimals",
            vec![("/CHECKTOTAL/SUM", json!("250.001"))],
            "DocumentValidationError",
        ),
        (
            "four decimals of amount",
            vec![("/CHECKBODY/0/AMOUNT", json!("1.0001"))],
            "DocumentValidationError",
        ),
        (
            "sum differs from lines",
            vec![("/CHECKTOTAL/SUM", json!(251))],
            "DocumentValidationError",
        ),
        (
            "cost differs from price",
            vec![("/CHECKBODY/0/PRICE", json!(249))],
            "DocumentValidationError",
        ),
        (
            "cost within a kopeck",
            vec![("/CHECKBODY/0/PRICE", json!("249.99"))],
            "Ok",
        ),
        (
            "payments differ",
            vec![("/CHECKPAY/0/SUM", json!(249))],
            "DocumentValidationError",
        ),
        (
            "no payments",
            vec![("/CHECKPAY", Value::Null)],
            "DocumentValidationError",
        ),
        ("no payment name", vec![("/CHECKPAY/0/PAYFORMNM", Value::Null)], "Ok"),
        (
            "no line name",
            vec![("/CHECKBODY/0/NAME", json!(""))],
            "DocumentValidationError",
        ),
        (
            "a long line name",
            vec![("/CHECKBODY/0/NAME", json!("я".repeat(1025)))],
            "DocumentValidationError",
        ),
        (
            "the longest line name",
            vec![("/CHECKBODY/0/NAME", json!("я".repeat(1024)))],
            "Ok",
        ),
        (
            "a long return number",
            vec![("/CHECKHEAD/ORDERRETNUM", json!("1".repeat(129)))],
            "DocumentValidationError",
        ),
        (
            "a short goods code",
            vec![("/CHECKBODY/0/UKTZED", json!("123"))],
            "DocumentValidationError",
        ),
        (
            "a letter with its tax",
            vec![("/CHECKTAX", tax.clone()), ("/CHECKBODY/0/LETTERS", json!("А"))],
            "Ok",
        ),
        (
            "a letter of no tax",
            vec![("/CHECKTAX", tax), ("/CHECKBODY/0/LETTERS", json!("Б"))],
            "DocumentValidationError",
        ),
        (
            "a letter without taxes",
            vec![("/CHECKBODY/0/LETTERS", json!("Б"))],
            "Ok",
        ),
        (
            "an added tax",
            vec![
                ("/CHECKTAX", added),
                ("/CHECKTOTAL/SUM", json!("262.50")),
                ("/CHECKPAY/0/SUM", json!("262.50")),
            ],
            "Ok",
        ),
        (
            "a line discount",
            vec![
                ("/CHECKBODY/0/DISCOUNTSUM", json!("90")),
                ("/CHECKTOTAL/SUM", json!("160.00")),
                ("/CHECKPAY/0/SUM", json!("160.00")),
            ],
            "Ok",
        ),
        (
            "a check discount repeats the lines'",
            vec![
                ("/CHECKBODY/0/DISCOUNTSUM", json!("90")),
                ("/CHECKTOTAL/DISCOUNTSUM", json!("90")),
                ("/CHECKTOTAL/SUM", json!("160.00")),
                ("/CHECKPAY/0/SUM", json!("160.00")),
            ],
            "Ok",
        ),
        (
            "cash rounding",
            vec![
                ("/CHECKBODY/0/PRICE", json!("12.57")),
                ("/CHECKBODY/0/COST", json!("12.57")),
                (
                    "/CHECKTOTAL",
                    json!({ "SUM": "12.60", "NORNDSUM": "12.57", "RNDSUM": "-0.03" }),
                ),
                ("/CHECKPAY/0/SUM", json!("12.60")),
            ],
            "Ok",
        ),
        (
            "cash rounding the wrong way",
            vec![
                ("/CHECKBODY/0/PRICE", json!("12.57")),
                ("/CHECKBODY/0/COST", json!("12.57")),
                (
                    "/CHECKTOTAL",
                    json!({ "SUM": "12.60", "NORNDSUM": "12.57", "RNDSUM": "0.03" }),
                ),
                ("/CHECKPAY/0/SUM", json!("12.60")),
            ],
            "DocumentValidationError",
        ),
        (
            "the tax service's part payment",
            vec![
                ("/CHECKBODY/0/PRICE", json!("59.00")),
                ("/CHECKBODY/0/COST", json!("59.00")),
                (
                    "/CHECKTOTAL",
                    json!({ "SUM": "59.00", "PARTPAYTYPE": 1, "PARTPAYSUM": "25.30", "NORNDSUM": "25.34", "RNDSUM": "0.04" }),
                ),
                ("/CHECKPAY/0/SUM", json!("25.30")),
            ],
            "Ok",
        ),
        (
            "a test check in a real shift",
            vec![("/CHECKHEAD/TESTING", json!(true))],
            "DocumentValidationError",
        ),
    ];
    for (what, places, code) in rows {
        assert_eq!(verdict(changed(&places)), code, "{what}");
    }
}

#[test]
fn cash_movements_need_only_a_positive_sum() {
    for (kind, sum, code) in [
        ("ServiceDeposit", json!("100.00"), "Ok"),
        ("ServiceIssue", json!(100), "Ok"),
        ("ServiceIssue", json!(0), "DocumentValidationError"),
        ("ServiceDeposit", Value::Null, "DocumentValidationError"),
    ] {
        let check =
            json!({ "CHECKHEAD": { "DOCTYPE": "SaleGoods", "DOCSUBTYPE": kind }, "CHECKTOTAL": { "SUM": sum } });
        assert_eq!(verdict(check), code, "{kind} {sum}");
    }
}

#[test]
fn a_return_may_name_anything_and_exceed_its_sale() {
    let mut back = check("CheckReturn", 99_900);
    back["CHECKHEAD"]["ORDERRETNUM"] = json!("1");
    assert_eq!(verdict(back), "Ok");
}

#[test]
fn a_test_check_opens_a_test_shift() {
    let bed = Bed::new();
    let mut test = sale(100);
    test["CHECKHEAD"]["TESTING"] = json!(true);
    bed.ok("RegisterCheck", json!({ "AutoOpenShift": true, "Check": test }));
    assert_eq!(bed.state()["Testing"], true);
    assert_eq!(
        bed.code("RegisterCheck", json!({ "Check": sale(100) })),
        "DocumentValidationError"
    );
}

#[test]
fn a_check_may_come_as_text_to_convert() {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let bed = Bed::new();
    bed.ok(
        "RegisterCheck",
        json!({ "AutoOpenShift": true, "CheckToConvert": sale(100).to_string() }),
    );
    bed.ok(
        "RegisterCheck",
        json!({ "CheckToConvert": STANDARD.encode(sale(100).to_string()) }),
    );
    assert_eq!(
        bed.code("RegisterCheck", json!({ "CheckToConvert": "<CHECK/>" })),
        "DocumentValidationError"
    );
    assert_eq!(bed.code("RegisterCheck", json!({})), "InvalidQueryParameter");
}
