use super::*;
use crate::commands::{CleanupDone, DocumentAnswer, RegisteredCheck, RegisteredDocument, RegistrarState, ShiftClosed};
use crate::{DocClass, DocType, ErrorCode, ImageKind, Money, ResultCode, ShiftState, ShiftTotals, TapeDocument};

fn ok<A: Answer>(fields: &str) -> Result<A, Error> {
    read(
        200,
        format!(r#"{{{fields},"ErrorCode":"Ok","ErrorMessage":null}}"#).as_bytes(),
        &Mask::default(),
    )
    .result
}

#[test]
fn an_error_code_is_read_as_name_integer_or_numeric_string() {
    for code in [r#""ShiftNotOpened""#, "5", r#""5""#, r#"" shiftnotopened ""#] {
        let body =
            format!(r#"{{"NumFiscal":null,"NumLocal":0,"ErrorCode":{code},"ErrorMessage":"Зміну не відкрито"}}"#);
        let read = read::<RegisteredDocument>(200, body.as_bytes(), &Mask::default());
        let Err(Error::Refused { code, message }) = read.result else {
            panic!("{body}")
        };
        assert_eq!(
            (code, message.as_str()),
            (ErrorCode::ShiftNotOpened, "Зміну не відкрито")
        );
    }
    for code in [r#""Ok""#, "0", r#""0""#] {
        let body = format!("\u{feff}{{\"ErrorCode\":{code}}}");
        assert!(
            read::<()>(200, body.as_bytes(), &Mask::default()).result.is_ok(),
            "{body}"
        );
    }
}

#[test]
fn a_future_code_is_kept_with_the_whole_answer() {
    let read = read::<()>(200, br#"{"ErrorCode":"TapeTorn","Hint":7}"#, &Mask::default());
    assert!(matches!(read.result, Err(Error::Refused { code: ErrorCode::Other(text), .. }) if text == "TapeTorn"));
    assert_eq!(read.response.unwrap()["Hint"], 7);
}

#[test]
fn a_document_is_read_with_numbers_as_strings_or_strings_as_numbers() {
    for fields in [
        r#""NumFiscal":"9000000101","NumLocal":41,"OrderDateTime":"2026-03-05T09:00:01.1234567+02:00","Offline":false"#,
        r#""NumFiscal":9000000101,"NumLocal":"41","OrderDateTime":"2026-03-05T09:00:01.1234567+02:00","Offline":"false""#,
        r#""NumFiscal":9000000101,"NumLocal":41,"OrderDateTime":"2026-03-05T09:00:01.1234567+02:00","New":{"a":[1]}"#,
    ] {
        let document: RegisteredDocument = ok(fields).unwrap();
        assert_eq!(
            (document.fiscal_number.as_str(), document.local_number, document.offline),
            ("9000000101", 41, false)
        );
        assert_eq!(document.order_date_time, "2026-03-05T09:00:01.1234567+02:00");
    }
}

#[test]
fn success_without_a_document_is_not_trusted() {
    let time = r#""OrderDateTime":"2026-03-05T09:00:01+02:00""#;
    for fields in [
        format!(r#""NumFiscal":null,"NumLocal":41,{time}"#),
        format!(r#""NumFiscal":"","NumLocal":41,{time}"#),
        format!(r#""NumFiscal":"0","NumLocal":41,{time}"#),
        format!(r#""NumFiscal":0,"NumLocal":41,{time}"#),
        format!(r#""NumFiscal":"9","NumLocal":0,{time}"#),
        format!(r#""NumFiscal":"9",{time}"#),
        r#""NumFiscal":"9","NumLocal":41,"OrderDateTime":"0001-01-01T00:00:00""#.to_owned(),
        r#""NumFiscal":"9","NumLocal":41"#.to_owned(),
    ] {
        let answer = ok::<RegisteredDocument>(&fields);
        assert!(
            matches!(
                answer,
                Err(Error::BadAnswer {
                    reason: Flaw::MissingDocument,
                    ..
                })
            ),
            "{fields}"
        );
        assert!(ok::<RegisteredCheck>(&fields).is_err(), "{fields}");
        assert!(ok::<ShiftClosed>(&fields).is_err(), "{fields}");
    }
}

#[test]
fn an_offline_number_tells_offline_even_without_the_flag() {
    let document: RegisteredDocument = ok(r#""NumFiscal":"700010.2.3414","NumLocal":5,"OrderDateTime":"x""#).unwrap();
    assert!(document.offline);
}

#[test]
fn a_picture_or_link_that_cannot_be_read_does_not_lose_the_receipt() {
    let document = r#""NumFiscal":"9","NumLocal":1,"OrderDateTime":"x","Offline":false"#;
    for (extra, kind, has_url) in [
        (r#""QrCode":null,"Url":null"#, None, false),
        (r#""QrCode":"!!","Url":{"a":1}"#, None, false),
        (
            r#""QrCode":"R0lGODlh","Url":"https://cabinet.tax.gov.ua/x""#,
            None,
            true,
        ),
        (
            r#""QrCode":"iVBORw0KGgoAAAA=","Visualization":7"#,
            Some(ImageKind::Png),
            false,
        ),
        (r#""QrCode":"/9j/4AAQ","Sum":"not money""#, Some(ImageKind::Jpeg), false),
    ] {
        let check: RegisteredCheck = ok(&format!("{document},{extra}")).unwrap();
        assert_eq!(
            (check.qr_code.map(|image| image.kind), check.url.is_some()),
            (kind, has_url),
            "{extra}"
        );
    }
    let check: RegisteredCheck = ok(&format!(r#"{document},"Visualization":"0KfQldCa""#)).unwrap();
    assert_eq!(check.document.visualization.as_deref(), Some("ЧЕК"));
}

#[test]
fn a_shift_that_got_its_z_report_but_did_not_close_says_so_in_the_record() {
    let body = r#"{"ZRepAutoInfo":{"NumFiscal":"9000000140","NumLocal":43,"OrderDateTime":"2026-03-05T21:00:00.1+02:00",
        "Offline":false,"Visualization":"AAAA","ErrorCode":"Ok","ErrorMessage":null},"NumFiscal":null,
        "ErrorCode":"FiscalServerError","ErrorMessage":"x"}"#;
    let read = read::<ShiftClosed>(200, body.as_bytes(), &Mask::default());
    assert!(matches!(
        read.result,
        Err(Error::Refused {
            code: ErrorCode::FiscalServerError,
            ..
        })
    ));
    let z_rep = &read.response.unwrap()["ZRepAutoInfo"];
    assert_eq!(
        (z_rep["NumFiscal"].as_str(), z_rep["NumLocal"].as_u64()),
        (Some("9000000140"), Some(43))
    );
    assert_eq!(z_rep["Visualization"], "[4 characters]");
}

#[test]
fn automatic_documents_are_read_where_they_are() {
    let closed: ShiftClosed = ok(
        r#""ZRepAutoInfo":{"NumFiscal":"8","NumLocal":43,"OrderDateTime":"a","Offline":false,"ErrorCode":"Ok"},
           "NumFiscal":"9","NumLocal":44,"OrderDateTime":"b","Offline":false"#,
    )
    .unwrap();
    assert_eq!(closed.document.local_number, 44);
    assert_eq!(closed.z_rep_auto_info.unwrap().result.unwrap().local_number, 43);

    let done: CleanupDone =
        ok(r#""ZRepAutoInfo":null,"CloseShiftAutoInfo":{"ErrorCode":6,"ErrorMessage":"z"}"#).unwrap();
    assert_eq!(done.z_rep_auto_info, None);
    assert_eq!(
        done.close_shift_auto_info.unwrap().result,
        Err(ErrorCode::LastDocumentMustBeZRep)
    );
    assert_eq!(ok::<CleanupDone>(r#""X":1"#).unwrap(), CleanupDone::default());
}

#[test]
fn a_registers_state_is_read_whatever_is_missing() {
    let full: RegistrarState = ok(
        r#""ShiftState":1,"ShiftId":50001,"OpenShiftFiscalNum":"9000000101","ZRepPresent":false,"NextLocalNum":44,
           "LastFiscalNum":9000000119,"OfflineSeed":123456789012345,"OfflineNextLocalNum":1,"OfflineDocumentsPresent":false,
           "OfflineDocumentsAutoRegState":{"a":1},"LicenseExpiration":"2027-01-01T00:00:00","TaxObject":null"#,
    )
    .unwrap();
    assert_eq!(full.shift_state, Some(ShiftState::Open));
    assert_eq!(
        (full.next_local_num, full.last_fiscal_num.as_deref()),
        (Some(44), Some("9000000119"))
    );
    assert_eq!(full.offline_documents_auto_reg_state, None);
    assert!(!format!("{full:?}").contains("123456789012345"));

    let bare: RegistrarState = ok(r#""ShiftState":"0","NextLocalNum":null,"LastFiscalNum":"""#).unwrap();
    assert_eq!(
        bare,
        RegistrarState {
            shift_state: Some(ShiftState::Closed),
            ..RegistrarState::default()
        }
    );
    let odd: RegistrarState = ok(r#""ShiftState":7"#).unwrap();
    assert_eq!(odd.shift_state, Some(ShiftState::Other("7".to_owned())));
}

#[test]
fn totals_are_read_exactly_and_empty_blocks_are_absent() {
    let totals: ShiftTotals = ok(
        r#""ShiftOpened":"2026-03-05T09:00:01.1234567+02:00","Totals":{"ZREPREALIZ":{"SUM":250.10,"RNDSUM":"-0.03",
           "ORDERSCNT":1,"PAYFORMS":[{"PAYFORMCD":"1","PAYFORMNM":"Банківська картка","SUM":250.1}],"TAXES":null},
           "ZREPRETURN":null,"ZREPBODY":{"SERVICEINPUT":0.00}}"#,
    )
    .unwrap();
    let totals = totals.totals.unwrap();
    let sales = totals.sales.unwrap();
    assert_eq!(
        (sales.sum, sales.rndsum),
        (Some(Money::from_kopecks(25_010)), Some(Money::from_kopecks(-3)))
    );
    assert_eq!(sales.payforms[0].sum, Some(Money::from_kopecks(25_010)));
    assert_eq!(
        (totals.returns, totals.service_input, totals.service_output),
        (None, Some(Money::default()), None)
    );

    assert_eq!(ok::<ShiftTotals>(r#""Totals":null"#).unwrap().totals, None);
    let unreadable = ok::<ShiftTotals>(r#""Totals":{"ZREPREALIZ":{"SUM":250.001}}"#);
    assert!(
        matches!(
            unreadable,
            Err(Error::BadAnswer {
                reason: Flaw::Shape,
                ..
            })
        ),
        "{unreadable:?}"
    );
}

#[test]
fn a_list_of_documents_that_is_not_told_is_not_an_empty_list() {
    for fields in [
        r#""Documents":null"#,
        r#""Other":1"#,
        r#""Documents":[{"NumFiscal":null,"NumLocal":1}]"#,
    ] {
        assert!(ok::<Vec<TapeDocument>>(fields).is_err(), "{fields}");
    }
    assert!(ok::<Vec<TapeDocument>>(r#""Documents":[]"#).unwrap().is_empty());
    let documents: Vec<TapeDocument> = ok(
        r#""Documents":[{"NumFiscal":9000000101,"NumLocal":41,"DocClass":"Check","CheckDocType":100,"Revoked":true}]"#,
    )
    .unwrap();
    assert_eq!(documents[0].doc_type, Some(DocType::OpenShift));
    assert_eq!(documents[0].class, Some(DocClass::Check));
    assert_eq!((documents[0].revoked, documents[0].storned), (true, false));
    assert!(ok::<Vec<crate::Shift>>(r#""Shifts":null"#).unwrap().is_empty());
    assert!(ok::<Vec<crate::Shift>>(r#""Other":1"#).is_err());
}

#[test]
fn a_fetched_document_says_its_result_code_in_name_or_number() {
    for (fields, code) in [
        (
            r#""ResultCode":"OfflineNumberReserved""#,
            Some(ResultCode::OfflineNumberReserved),
        ),
        (r#""ResultCode":2"#, Some(ResultCode::OfflineNumberReserved)),
        (
            r#""ResultCode":"Elsewhere""#,
            Some(ResultCode::Other("Elsewhere".to_owned())),
        ),
        (r#""ResultCode":null"#, None),
    ] {
        let answer: DocumentAnswer = ok(fields).unwrap();
        assert_eq!((answer.result_code, answer.data), (code, None), "{fields}");
    }
}
