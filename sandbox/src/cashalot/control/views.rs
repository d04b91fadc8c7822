//! The simulator's records as the control channel prints them.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::cashalot::document::RecordedDocument;
use crate::cashalot::sent::SentReceipt;
use crate::cashalot::transcript::RecordedRequest;

/// `RecordedDocument` as JSON; the check is nested as it was sent.
#[derive(Serialize)]
pub(super) struct DocumentView {
    register: u64,
    num_fiscal: String,
    num_local: u64,
    class: &'static str,
    doc_type: Option<&'static str>,
    doc_sub_type: Option<&'static str>,
    at: String,
    sum_kopecks: i64,
    comment: Option<String>,
    ret_num: Option<String>,
    storno_num: Option<String>,
    offline: bool,
    delivered: bool,
    revoked: bool,
    storned: bool,
    shift_id: Option<u64>,
    foreign: bool,
    late: bool,
    url: String,
    check: Option<Box<RawValue>>,
}

impl DocumentView {
    pub(super) fn of(document: &RecordedDocument) -> Self {
        use crate::cashalot::DocClass;
        Self {
            register: document.register,
            num_fiscal: document.num_fiscal.clone(),
            num_local: document.num_local,
            class: match document.class {
                DocClass::Check => "Check",
                DocClass::ZRep => "ZRep",
            },
            doc_type: document.doc_type.map(|doc_type| doc_type.name()),
            doc_sub_type: document.doc_sub_type.map(|sub_type| sub_type.name()),
            at: document.at.to_string(),
            sum_kopecks: document.sum_kopecks,
            comment: document.comment.clone(),
            ret_num: document.ret_num.clone(),
            storno_num: document.storno_num.clone(),
            offline: document.offline,
            delivered: document.delivered,
            revoked: document.revoked,
            storned: document.storned,
            shift_id: document.shift_id,
            foreign: document.foreign,
            late: document.late,
            url: document.url(),
            check: document
                .check
                .as_deref()
                .and_then(|text| serde_json::from_str(text).ok()),
        }
    }
}

#[derive(Serialize)]
pub(super) struct SentView {
    at: String,
    register: u64,
    num_fiscal: String,
    sum_kopecks: i64,
    phone: String,
    service_type: i64,
}

impl SentView {
    pub(super) fn of(sent: SentReceipt) -> Self {
        Self {
            at: sent.at.to_string(),
            register: sent.register,
            num_fiscal: sent.num_fiscal,
            sum_kopecks: sent.sum_kopecks,
            phone: sent.phone,
            service_type: sent.service_type,
        }
    }
}

#[derive(Serialize)]
pub(super) struct RequestView {
    at: String,
    command: &'static str,
    code: Option<String>,
    fault: Option<String>,
    late: bool,
}

impl RequestView {
    pub(super) fn of(request: RecordedRequest) -> Self {
        let RecordedRequest {
            at,
            command,
            code,
            fault,
            late,
        } = request;
        Self {
            at: at.to_string(),
            command,
            code,
            fault,
            late,
        }
    }
}
