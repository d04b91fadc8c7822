//! `/api/merchant`.

mod invoice;
mod money;
mod statement;

use std::sync::Arc;

use axum::http::Method;
use serde::de::DeserializeOwned;

use super::Monobank;
use crate::acquirer::{Answer, ApiFault, Books, Call, Fields, Illegal, Merchant, Payment};

/// Path below `/api/merchant/`, method, and the name of the operation.
const OPERATIONS: [(&str, Method, &str); 8] = [
    ("invoice/create", Method::POST, "create"),
    ("invoice/status", Method::GET, "status"),
    ("invoice/cancel", Method::POST, "cancel"),
    ("invoice/finalize", Method::POST, "finalize"),
    ("invoice/remove", Method::POST, "remove"),
    ("pubkey", Method::GET, "pubkey"),
    ("statement", Method::GET, "statement"),
    ("details", Method::GET, "details"),
];

pub(super) fn operation(call: &Call) -> Option<&'static str> {
    let path = call.path.strip_prefix("/api/merchant/")?;
    let found = OPERATIONS.iter().find(|(known, ..)| *known == path);
    found.map(|(.., operation)| *operation)
}

pub(super) fn answer(books: &mut Books<Monobank>, call: &Call, operation: &str, fault: Option<&ApiFault>) -> Answer {
    let answered = carry_out(books, call, operation, fault);
    answered.unwrap_or_else(|refusal| refusal.answer(books.switches.numeric_codes))
}

fn carry_out(
    books: &mut Books<Monobank>,
    call: &Call,
    operation: &str,
    fault: Option<&ApiFault>,
) -> Result<Answer, Refusal> {
    let fits = |(_, method, known): &(&str, Method, &str)| *known == operation && *method == call.method;
    if !OPERATIONS.iter().any(fits) {
        return Err(Refusal::new(405, "METHOD_NOT_ALLOWED", "Method not allowed"));
    }
    let merchant = merchant(books, call)?;
    match operation {
        "create" => invoice::create(books, call, &merchant),
        "status" => invoice::status(books, call, &merchant),
        "remove" => invoice::remove(books, call, &merchant),
        "cancel" => money::cancel(books, call, &merchant, fault),
        "finalize" => money::finalize(books, call, &merchant),
        "pubkey" => {
            let key = books.own.public(books.switches.stale_pubkey);
            Ok(Answer::json(200, Fields::new().text("key", &key).json()))
        }
        "statement" => statement::list(books, call, &merchant),
        _ => Ok(details(&merchant)),
    }
}

fn merchant(books: &Books<Monobank>, call: &Call) -> Result<Arc<Merchant>, Refusal> {
    let token = call.header("x-token").filter(|token| !token.is_empty());
    let token = token.ok_or_else(|| Refusal::bad("empty 'X-Token'"))?;
    let merchant = books.merchant_by_secret(token);
    merchant.ok_or_else(|| Refusal::new(403, "FORBIDDEN", "forbidden"))
}

fn details(merchant: &Merchant) -> Answer {
    let fields = Fields::new()
        .text("merchantId", &merchant.account)
        .text("merchantName", "Sandbox")
        .text("edrpou", "4242424242");
    Answer::json(200, fields.json())
}

fn read<T: DeserializeOwned>(call: &Call) -> Result<T, Refusal> {
    serde_json::from_slice(&call.body).map_err(|error| Refusal::bad(&format!("invalid body: {error}")))
}

/// The merchant's invoice of this identifier.
fn find<'a>(books: &'a Books<Monobank>, merchant: &Merchant, invoice_id: Option<&str>) -> Result<&'a Payment, Refusal> {
    let invoice_id = invoice_id.filter(|text| !text.is_empty());
    let invoice_id = invoice_id.ok_or_else(|| Refusal::bad("empty 'invoiceId'"))?;
    let payment = books.by_public_id(invoice_id).ok();
    let payment = payment.filter(|payment| payment.merchant == merchant.account);
    payment.ok_or_else(|| Refusal::not_found("invoiceId"))
}

/// Why a request is refused: HTTP status, `errCode`, `errText`.
pub(super) struct Refusal {
    status: u16,
    code: &'static str,
    text: String,
}

impl Refusal {
    pub(super) fn new(status: u16, code: &'static str, text: &str) -> Self {
        Self {
            status,
            code,
            text: text.to_owned(),
        }
    }

    fn bad(text: &str) -> Self {
        Self::new(400, "BAD_REQUEST", text)
    }

    pub(super) fn not_found(name: &str) -> Self {
        Self::new(404, "NOT_FOUND", &format!("invalid '{name}'"))
    }

    pub(super) fn answer(&self, numeric: bool) -> Answer {
        let code = match self.code {
            "BAD_REQUEST" if numeric => "1001",
            "NOT_FOUND" if numeric => "1004",
            code => code,
        };
        let fields = Fields::new().text("errCode", code).text("errText", &self.text);
        Answer::json(self.status, fields.json())
    }
}

impl From<Illegal> for Refusal {
    fn from(illegal: Illegal) -> Self {
        match illegal {
            Illegal::UnknownMerchant => Self::new(403, "FORBIDDEN", "forbidden"),
            Illegal::UnknownPayment => Self::not_found("invoiceId"),
            Illegal::Sum { .. } => Self::bad("invalid 'amount'"),
            Illegal::Empty(name) => Self::bad(&format!("empty '{name}'")),
            Illegal::Stage(_) | Illegal::Duplicate | Illegal::PartOfHold => Self::bad("invalid 'invoiceId' status"),
        }
    }
}
