use super::*;

#[test]
fn a_report_is_read_with_either_servers_names_and_types() {
    let smart_connect = r#"{
        "shift_state": true, "OPEN_SESSION_TIME": "21.11.2026 08:01:12", "shift_duration": 0,
        "cash_in_box": 624.10, "cash_in_box_start": 0, "service_input": 500.00,
        "real": { "orders_count": 1, "sum": 124.10 },
        "checks_list": [
            { "type_": "Z_SALE", "order_num": "TST_a1", "datetime": "21.11.2026 10:15:41", "local_number": "90017",
              "sum": 124.10, "payments": [], "tax": [] }
        ]
    }"#;
    let expected = Report {
        shift_state: Some(true),
        opened: Some("21.11.2026 08:01:12".to_owned()),
        cash_in_box: Some(Money::from_kopecks(62_410)),
        cash_in_box_start: Some(Money::from_kopecks(0)),
        service_input: Some(Money::from_kopecks(50_000)),
        service_output: None,
        sales_count: Some(1),
        sales_sum: Some(Money::from_kopecks(12_410)),
        checks: Some(vec![ReportCheck {
            check_type: Some(CheckType::Sale),
            order_num: Some("TST_a1".to_owned()),
            datetime: Some("21.11.2026 10:15:41".to_owned()),
            local_number: Some(90_017),
            sum: Some(Money::from_kopecks(12_410)),
            payments: vec![],
            taxes: vec![],
        }]),
    };
    assert_eq!(Report::read(smart_connect.as_bytes()).unwrap(), expected);
    for state in ["1", "\"1\"", "\"true\""] {
        let cloud = smart_connect
            .replace("\"shift_state\": true", &format!("\"shift_state\": {state}"))
            .replace("OPEN_SESSION_TIME", "from_date")
            .replace("\"90017\"", "90017")
            .replace("124.10", "\"124,1\"")
            .replace("[],", "null,");
        assert_eq!(Report::read(cloud.as_bytes()).unwrap(), expected, "{state}");
    }
}

#[test]
fn the_report_of_a_closed_shift_is_zeroes() {
    let zeroes = br#"{"shift_state":false,"cash_in_box":0,"real":{"orders_count":0,"sum":0},"checks_list":[]}"#;
    let report = Report::read(zeroes).unwrap();
    assert_eq!((report.shift_state, report.sales_count), (Some(false), Some(0)));
    assert_eq!(report.checks, Some(vec![]));
}

#[test]
fn what_is_no_object_or_has_a_hole_is_no_report() {
    for body in [
        "[]",
        "null",
        "\"\"",
        "<html>",
        r#"{"checks_list":[{"#,
        r#"{"checks_list":[[]]}"#,
    ] {
        assert!(Report::read(body.as_bytes()).is_err(), "{body}");
    }
}

#[test]
fn days_are_asked_for_in_the_vendors_form() {
    let ask = AskPeriod::new(
        4_000_000_017,
        jiff::civil::date(2026, 11, 1),
        jiff::civil::date(2026, 11, 21),
    );
    assert_eq!(
        serde_json::to_string(&ask).unwrap(),
        r#"{"num_fiscal":4000000017,"from":"01.11.2026","to":"21.11.2026","include_checks":true,"no_pdf":true,"no_text_print":true}"#
    );
}
