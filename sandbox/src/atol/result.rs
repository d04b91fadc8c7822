//! A result, the same in reports and callbacks (sheet §6).

use serde::Serialize;
use serde_json::{Number, Value, json};

use super::answer::{ErrorBody, ErrorType, Status};
use super::callback::Forgery;
use super::config::{DEFAULT_INN, GroupSetup, Version};
use super::document::FiscalNumbers;
use super::group::{Entry, Final, Outcome, Stage};
use super::state::{moscow, moscow_minute};

#[derive(Serialize)]
struct ResultBody<'a> {
    uuid: &'a str,
    external_id: &'a str,
    group_code: &'a str,
    status: Status,
    error: Option<ErrorBody>,
    warnings: Option<Warnings>,
    timestamp: String,
    daemon_code: &'static str,
    device_code: &'a str,
    callback_url: &'a str,
    payload: Option<Payload>,
}

#[derive(Serialize)]
struct Warnings {
    callback_url: &'static str,
}

#[derive(Serialize)]
struct Payload {
    fiscal_receipt_number: u64,
    shift_number: u64,
    receipt_datetime: String,
    total: Number,
    fn_number: String,
    ecr_registration_number: String,
    fiscal_document_number: u64,
    fiscal_document_attribute: u64,
    fns_site: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ofd_inn: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ofd_receipt_url: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    marks_result: Vec<Value>,
}

/// The body for a document as it stands, or as a forger would have it. `now_ms` is for what is not final.
pub(super) fn body(setup: &GroupSetup, entry: &Entry, forgery: Forgery, now_ms: u64) -> Value {
    let (at_ms, device, true_error, fiscal) = match &entry.stage {
        Stage::Waiting | Stage::AtRegister => (now_ms, None, None, None),
        Stage::Final(Final {
            at_ms,
            device_code,
            outcome,
        }) => match outcome {
            Outcome::Printed(fiscal) => (*at_ms, device_code.as_deref(), None, Some(fiscal.clone())),
            Outcome::Failed { error, error_id } => {
                let error = failure(error.kind, error.code, error_id.clone());
                (*at_ms, device_code.as_deref(), Some(error), None)
            }
        },
    };
    let status = forgery.status.unwrap_or(entry.status());
    let (error, payload) = match status {
        Status::Done => {
            let fiscal = fiscal.unwrap_or_else(made_up);
            (None, Some(payload(setup, entry, &fiscal, (forgery.total, at_ms))))
        }
        Status::Fail => (true_error.or_else(|| Some(failure(ErrorType::Driver, 262, None))), None),
        Status::Wait => (None, None),
    };
    json!(ResultBody {
        uuid: &entry.uuid,
        external_id: &entry.receipt.external_id,
        group_code: &setup.group_code,
        status,
        error,
        warnings: entry.receipt.has_bad_url().then_some(Warnings {
            callback_url: "callback_url does not match the mask",
        }),
        timestamp: moscow(at_ms),
        daemon_code: "sim-1",
        device_code: device.unwrap_or_default(),
        callback_url: entry.receipt.callback_url.as_deref().unwrap_or_default(),
        payload,
    })
}

fn failure(kind: ErrorType, code: i64, error_id: Option<String>) -> ErrorBody {
    let text = match (kind, code) {
        (ErrorType::Agent, 2009) => "the company's INN differs from the register's".to_owned(),
        (ErrorType::Timeout, _) => "no register took the document in time".to_owned(),
        (ErrorType::Driver, 52) => "the cashless sum exceeds the total".to_owned(),
        (ErrorType::Driver, 66) => "the receipt is not fully paid".to_owned(),
        (kind, code) => format!("{} error {code}", kind.name()),
    };
    ErrorBody {
        error_id,
        code,
        text,
        kind,
    }
}

fn payload(setup: &GroupSetup, entry: &Entry, fiscal: &FiscalNumbers, (total, at_ms): (Option<u64>, u64)) -> Payload {
    let link = format!(
        "https://ofd.example/r?fn={}&i={}&fp={}",
        fiscal.fn_number, fiscal.fiscal_document_number, fiscal.fiscal_document_attribute
    );
    Payload {
        fiscal_receipt_number: fiscal.fiscal_receipt_number,
        shift_number: fiscal.shift_number,
        receipt_datetime: moscow_minute(at_ms),
        total: roubles(total.unwrap_or(entry.receipt.total)),
        fn_number: fiscal.fn_number.clone(),
        ecr_registration_number: fiscal.ecr_registration_number.clone(),
        fiscal_document_number: fiscal.fiscal_document_number,
        fiscal_document_attribute: fiscal.fiscal_document_attribute,
        fns_site: "www.nalog.gov.ru",
        ofd_inn: setup.ofd_links.then_some(DEFAULT_INN),
        ofd_receipt_url: setup.ofd_links.then_some(link),
        marks_result: match entry.version {
            Version::V4 => Vec::new(),
            Version::V5 => marks(entry),
        },
    }
}

/// One for each marked line; 15 is a mark that all checks found right.
fn marks(entry: &Entry) -> Vec<Value> {
    let items = entry.receipt.items.iter().enumerate();
    let marked = items.filter_map(|(position, item)| Some((position, item.mark.as_ref()?)));
    marked
        .map(|(position, mark)| json!({ "position": position, "mark_code": mark.code, "result": 15 }))
        .collect()
}

fn made_up() -> FiscalNumbers {
    FiscalNumbers {
        fn_number: "9999000000009999".to_owned(),
        fiscal_document_number: 1,
        fiscal_document_attribute: 1,
        ecr_registration_number: "0000000000009999".to_owned(),
        shift_number: 1,
        fiscal_receipt_number: 1,
    }
}

/// A JSON number of roubles.
fn roubles(kopecks: u64) -> Number {
    let text = format!("{}.{:02}", kopecks / 100, kopecks % 100);
    // Digits and a point always are a number.
    text.parse().unwrap_or(Number::from(0))
}
