use super::*;
use crate::trouble::FailClass;

/// A result as the sheet describes it.
pub(crate) const DONE: &str = r#"{
    "uuid":"5e1f0000-0000-4000-8000-000000000001","external_id":"shopA-90017-1","group_code":"group_1",
    "status":"done","error":null,"warnings":null,"timestamp":"21.11.2026 10:15:46","daemon_code":"d-1",
    "device_code":"KKT-01","callback_url":"https://gw.example/cb/7f3a","payload":{
        "fiscal_receipt_number":6,"shift_number":23,"receipt_datetime":"21.11.2026 10:15:00","total":300.00,
        "fn_number":"9999000000000001","ecr_registration_number":"0000000000000001","fiscal_document_number":133,
        "fiscal_document_attribute":3000000007,"fns_site":"www.nalog.gov.ru","ofd_inn":"0000000000",
        "ofd_receipt_url":"https://ofd.example/r?i=133",
        "marks_result":[{"position":0,"mark_code":"m","result":15}]}}"#;

#[test]
fn a_finished_document_is_read_whole() {
    let report = read_callback(DONE.as_bytes()).unwrap();
    assert_eq!(report.uuid.as_deref(), Some("5e1f0000-0000-4000-8000-000000000001"));
    assert_eq!(report.external_id.as_deref(), Some("shopA-90017-1"));
    assert_eq!(report.device_code.as_deref(), Some("KKT-01"));
    assert!(report.warnings.is_empty());
    let State::Done(payload) = report.state else {
        panic!("{report:?}")
    };
    assert_eq!(payload.total, Some(Money::from_kopecks(30_000)));
    assert_eq!(payload.marks_result[0].result, Some(15));
    assert_eq!(
        payload.fiscal_sign(),
        Some(FiscalSign {
            fn_number: "9999000000000001".to_owned(),
            fiscal_document_number: 133,
            fiscal_document_attribute: 3_000_000_007,
        })
    );
}

#[test]
fn numbers_in_quotes_texts_as_numbers_and_unknown_fields_are_read() {
    let body = "\u{feff}{\"external_id\":90017,\"status\":\"done\",\"new\":[1],\"payload\":{\"total\":\"300\",
        \"fn_number\":9999000000000001,\"fiscal_document_number\":\"133\",\"fiscal_document_attribute\":4294967295.0,
        \"shift_number\":null,\"marks_result\":\"none\"}}";
    let report = read_callback(body.as_bytes()).unwrap();
    assert_eq!((report.external_id.as_deref(), &report.uuid), (Some("90017"), &None));
    let State::Done(payload) = report.state else {
        panic!("{report:?}")
    };
    let sign = payload.fiscal_sign().unwrap();
    assert_eq!(
        (sign.fn_number.as_str(), sign.fiscal_document_number),
        ("9999000000000001", 133)
    );
    assert_eq!(
        (sign.fiscal_document_attribute, payload.shift_number),
        (4_294_967_295, None)
    );
}

#[test]
fn a_failed_document_says_why_and_names_no_buyer() {
    let body = r#"{"uuid":"u","status":"fail","payload":null,
        "error":{"code":2009,"text":"INN 5001007322 differs","type":"agent"}}"#;
    let State::Fail(trouble) = read_callback(body.as_bytes()).unwrap().state else {
        panic!()
    };
    assert_eq!((trouble.code, trouble.error_id.as_deref()), (2009, None));
    assert_eq!(
        (trouble.text.as_str(), trouble.fail_class()),
        ("INN *** differs", FailClass::Data)
    );
    let silent = read_callback(br#"{"uuid":"u","status":"fail"}"#).unwrap();
    assert!(matches!(silent.state, State::Fail(trouble) if trouble.fail_class() == FailClass::Doubt));
}

#[test]
fn states_are_told_apart() {
    let pending = r#"{"uuid":"u","status":"fail","error":{"code":34,"type":"system"}}"#;
    for (body, expected) in [
        (r#"{"uuid":"u","status":"wait"}"#, State::Wait),
        (pending, State::Wait),
        (r#"{"uuid":"u","status":"done"}"#, State::Done(Box::default())),
        (r#"{"uuid":"u","status":"lost"}"#, State::Other("lost".to_owned())),
        (r#"{"uuid":"u"}"#, State::Other(String::new())),
    ] {
        assert_eq!(read_callback(body.as_bytes()).unwrap().state, expected, "{body}");
    }
}

#[test]
fn warnings_tell_that_nothing_will_be_posted() {
    for (warnings, refused, count) in [
        (r#"{"callback_url":"does not match"}"#, true, 1),
        (r#"{"other":"x"}"#, false, 1),
        (r#""text""#, false, 1),
        ("null", false, 0),
        ("[]", false, 0),
    ] {
        let body = format!(r#"{{"uuid":"u","status":"wait","warnings":{warnings}}}"#);
        let report = read_callback(body.as_bytes()).unwrap();
        assert_eq!(
            (report.callback_url_refused(), report.warnings.len()),
            (refused, count),
            "{body}"
        );
    }
}

#[test]
fn what_names_no_document_is_refused() {
    for (body, expected) in [
        (&b"{}"[..], ReportError::NoDocument),
        (
            br#"{"uuid":"","external_id":null,"status":"done"}"#,
            ReportError::NoDocument,
        ),
        (br#"{"uuid":"a\u0000b"}"#, ReportError::NoDocument),
        (b"[]", Malformed::NotAnObject.into()),
        (b"{", Malformed::BrokenJson.into()),
        (b"\xff", Malformed::NotUtf8.into()),
    ] {
        assert_eq!(read_callback(body).err(), Some(expected), "{body:?}");
    }
    let long = format!(r#"{{"uuid":"{}"}}"#, "u".repeat(129));
    assert_eq!(read_callback(long.as_bytes()).err(), Some(ReportError::NoDocument));
}
