//! The simulator's records as the control channel prints them.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

use crate::cashdesk::document::{DocKind, Product, RecordedDocument};
use crate::cashdesk::instant;
use crate::cashdesk::transcript::RecordedRequest;

/// `RecordedDocument` as JSON.
#[derive(Serialize)]
pub(super) struct DocumentView {
    register: u64,
    kind: DocKind,
    ordernum: String,
    uuid: String,
    local_number: Option<u64>,
    #[serde(serialize_with = "instant::serialize")]
    at: Timestamp,
    sum_kopecks: i64,
    cash_kopecks: i64,
    cashless_kopecks: i64,
    round_kopecks: i64,
    cash_in_box_kopecks: i64,
    products: Vec<Value>,
    footer: Option<String>,
    offline: bool,
    offline_id: Option<String>,
    uploaded: bool,
    foreign: bool,
    late: bool,
    shift: usize,
}

impl DocumentView {
    pub(super) fn of(document: RecordedDocument) -> Self {
        Self {
            register: document.register,
            kind: document.kind,
            ordernum: document.ordernum,
            uuid: document.uuid.to_string(),
            local_number: document.local_number,
            at: document.at,
            sum_kopecks: document.sum_kopecks,
            cash_kopecks: document.cash_kopecks,
            cashless_kopecks: document.cashless_kopecks,
            round_kopecks: document.round_kopecks,
            cash_in_box_kopecks: document.cash_in_box_kopecks,
            products: document.products.iter().map(product).collect(),
            footer: document.footer,
            offline: document.offline,
            offline_id: document.offline_id,
            uploaded: document.uploaded,
            foreign: document.foreign,
            late: document.late,
            shift: document.shift,
        }
    }
}

fn product(product: &Product) -> Value {
    json!({
        "name": product.name,
        "code": product.code,
        "amount_thousandths": product.amount_thousandths,
        "cost_kopecks": product.cost_kopecks,
        "discount_kopecks": product.discount_kopecks,
        "letters": product.letters,
        "tax_prc": product.tax_prc,
    })
}

#[derive(Serialize)]
pub(super) struct RequestView {
    #[serde(serialize_with = "instant::serialize")]
    at: Timestamp,
    command: &'static str,
    action: Option<&'static str>,
    status: Option<u16>,
    fault: Option<String>,
    late: bool,
}

impl RequestView {
    pub(super) fn of(request: RecordedRequest) -> Self {
        Self {
            at: request.at,
            command: request.command,
            action: request.action,
            status: request.status,
            fault: request.fault,
            late: request.late,
        }
    }
}
