use super::*;

/// The answer of the gateway's document.
const SEED: &str = r#"{ "response": { "1499968937": { "request": { "CHECKPAY": [ { "SUM": "80.00", "PAYSYS": [ {
    "NAME": "ПЛАТІЖНА СИСТЕМА MasterCard", "AUTHCD": "46049Z", "EPZDETAILS": "444444XXXXXX1111",
    "ACQUIRETRANSID": "024046466130" } ], "PAYFORMCD": 1, "PAYFORMNM": "Електронним платіжним засобом" } ],
    "CHECKBODY": [ { "CODE": 476657827, "COST": "80.00", "NAME": "Заказ №", "PRICE": "80.00", "VALCD": "980",
    "VALNM": "грн.", "AMOUNT": 1, "UNITNM": "од.", "VALSYMCD": "UAH", "DESCRIPTION": "desc" } ],
    "CHECKHEAD": { "TIN": "3263608852", "UID": "0E9B042D-888D-452C-B36B-12F283B76B02", "VER": 1,
    "ORGNM": "ТЕСТОВИЙ ПЛАТНИК", "CASHIER": "Тестовий платник", "DOCTYPE": 0,
    "LOGOURL": "https://logo.io/uploads/2021/logo.png", "OFFLINE": "false", "POINTNM": "ФОП Тестовий",
    "ORDERNUM": 4765, "ORDERDATE": "28122021", "ORDERTIME": "103735", "POINTADDR": "УКРАЇНА, м.Тернопіль",
    "DOCSUBTYPE": 0, "CASHDESKNUM": 1, "CASHREGISTERNUM": 4000000000 }, "CHECKTOTAL": { "SUM": 80,
    "RNDSUM": "0.00", "NORNDSUM": 80, "NOTAXSUM": 80 } }, "response": {
    "UID": "0E9B042D-888D-452C-B36B-12F283B76B02", "VER": "1", "ORDERNUM": "4765", "ERRORCODE": "0",
    "ORDERDATE": "28122021", "ORDERTIME": "103717", "ORDERTAXNUM": "123456789" }, "type": "purchase" },
    "response_status": "success" } }"#;

fn only(text: &str) -> KktEntry {
    let logs = read_kkt_logs(text).unwrap();
    assert_eq!(logs.unreadable, [], "{text}");
    let [entry] = <[KktEntry; 1]>::try_from(logs.entries).unwrap();
    entry
}

#[test]
fn the_documents_own_answer_is_read_whole() {
    let entry = only(SEED);
    assert_eq!(
        entry,
        KktEntry {
            transaction_id: "1499968937".to_owned(),
            kind: TranType::Purchase,
            uid: Some("0E9B042D-888D-452C-B36B-12F283B76B02".to_owned()),
            total: 8_000,
            lines: vec![KktLine {
                code: Some("476657827".to_owned()),
                name: "Заказ №".to_owned(),
                description: Some("desc".to_owned()),
                unit: Some("од.".to_owned()),
                quantity_thousandths: 1_000,
                price: 8_000,
                cost: 8_000,
            }],
            payments: vec![KktPayment {
                form: Some("1".to_owned()),
                sum: 8_000,
                system: Some("ПЛАТІЖНА СИСТЕМА MasterCard".to_owned()),
                masked_card: Some("444444XXXXXX1111".to_owned()),
                auth_code: Some("46049Z".to_owned()),
                rrn: Some("024046466130".to_owned()),
            }],
            register_number: Some("4000000000".to_owned()),
            local_number: Some(4765),
            // The tax service's time, not the register's own.
            registered_at: Some("2021-12-28T10:37:17".to_owned()),
            offline: false,
            cashier: Some("Тестовий платник".to_owned()),
            seller: Some("ТЕСТОВИЙ ПЛАТНИК".to_owned()),
            tin: Some("3263608852".to_owned()),
            unit: Some("ФОП Тестовий".to_owned()),
            address: Some("УКРАЇНА, м.Тернопіль".to_owned()),
            code: KktCode::Accepted,
            fiscal_number: Some("123456789".to_owned()),
        }
    );
    assert_eq!(entry.registered(), Some("123456789"));
}

fn entry(answer: &str) -> String {
    format!(
        r#"{{"type":"reverse","request":{{"CHECKTOTAL":{{"SUM":"127.5"}},"CHECKHEAD":{{"OFFLINE":true,
            "ORDERDATE":1022025,"ORDERTIME":93005}}}},"response":{answer}}}"#
    )
}

#[test]
fn numbers_without_their_leading_zeros_and_an_offline_mark_are_understood() {
    let entry = only(&format!(r#"{{"response":{{"7":{}}}}}"#, entry("null")));
    assert_eq!(entry.kind, TranType::Reverse);
    assert_eq!(entry.total, 12_750);
    assert_eq!(entry.registered_at.as_deref(), Some("2025-02-01T09:30:05"));
    assert!(entry.offline);
    assert_eq!((entry.code.clone(), entry.registered()), (KktCode::Absent, None));
}

#[test]
fn a_refused_or_unanswered_document_is_not_registered() {
    for (answer, code) in [
        (
            r#"{"ERRORCODE":"7","ORDERTAXNUM":""}"#,
            KktCode::Refused("7".to_owned()),
        ),
        (
            r#"{"ERRORCODE":9,"ORDERTAXNUM":"123"}"#,
            KktCode::Refused("9".to_owned()),
        ),
        (r#"{"ERRORCODE":0}"#, KktCode::Accepted),
        (r#"{"ERRORCODE":"0","ORDERTAXNUM":"0"}"#, KktCode::Accepted),
        ("{}", KktCode::Absent),
        ("[]", KktCode::Absent),
        (r#""""#, KktCode::Absent),
    ] {
        let entry = only(&format!(r#"{{"response":{{"7":{}}}}}"#, entry(answer)));
        assert_eq!((entry.registered(), &entry.code), (None, &code), "{answer}");
    }
}

#[test]
fn several_attempts_of_one_transaction_are_all_there() {
    let (refused, done) = (
        entry(r#"{"ERRORCODE":"7"}"#),
        entry(r#"{"ERRORCODE":"0","ORDERTAXNUM":"5"}"#),
    );
    for text in [
        format!(r#"{{"response":{{"7":{refused},"7":{done},"response_status":"success"}}}}"#),
        format!(r#"{{"response":{{"7":[{refused},{done}]}}}}"#),
    ] {
        let logs = read_kkt_logs(&text).unwrap();
        let numbers: Vec<_> = logs.entries.iter().map(KktEntry::registered).collect();
        assert_eq!(numbers, [None, Some("5")], "{text}");
    }
}

#[test]
fn an_order_without_documents_is_empty_however_it_is_said() {
    for text in [
        r#"{"response":{"response_status":"success"}}"#,
        r#"{"response":{}}"#,
        r#"{"response":[]}"#,
        r#"{"response_status":"success"}"#,
    ] {
        assert_eq!(read_kkt_logs(text).unwrap(), KktLogs::default(), "{text}");
    }
}

#[test]
fn an_entry_that_is_not_understood_leaves_the_others_alone() {
    let good = entry(r#"{"ERRORCODE":"0","ORDERTAXNUM":"5"}"#);
    for (bad, why) in [
        ("7", CallbackError::NotAnObject),
        ("{}", CallbackError::MissingField("type")),
        (r#"{"type":"purchase"}"#, CallbackError::MissingField("request")),
        (
            r#"{"type":"purchase","request":{}}"#,
            CallbackError::MissingField("SUM"),
        ),
        (
            r#"{"type":"purchase","request":{"CHECKTOTAL":{"SUM":1.005}}}"#,
            CallbackError::BadField { name: "SUM" },
        ),
        (
            r#"{"type":"purchase","request":{"CHECKTOTAL":{"SUM":-1}}}"#,
            CallbackError::BadField { name: "SUM" },
        ),
        (
            r#"{"type":"purchase","request":{"CHECKTOTAL":{"SUM":1},"CHECKBODY":{}}}"#,
            CallbackError::BadField { name: "CHECKBODY" },
        ),
        (
            r#"{"type":"purchase","request":{"CHECKTOTAL":{"SUM":1},"CHECKBODY":[{"NAME":"x"}]}}"#,
            CallbackError::MissingField("COST"),
        ),
    ] {
        let text = format!(r#"{{"response":{{"7":{bad},"8":{good}}}}}"#);
        let logs = read_kkt_logs(&text).unwrap();
        assert_eq!(logs.entries.len(), 1, "{text}");
        let expected = Unreadable {
            transaction_id: "7".to_owned(),
            why,
        };
        assert_eq!(logs.unreadable, [expected], "{text}");
    }
}

#[test]
fn what_is_no_log_is_refused() {
    for (text, expected) in [
        ("<html>", CallbackError::BrokenJson),
        ("[]", CallbackError::NotAnObject),
        (r#"{"response":7}"#, CallbackError::BadField { name: "response" }),
        (r#"{"response":[7]}"#, CallbackError::NotAnObject),
    ] {
        assert_eq!(read_kkt_logs(text).unwrap_err(), expected, "{text}");
    }
}
