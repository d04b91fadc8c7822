//! `/api` and the buyer's form.

mod calls;
mod purchase;
mod request;
mod transactions;

use axum::http::Method;

use super::WayForPay;
use super::message::signed;
use crate::acquirer::{Answer, ApiFault, Books, Call, Fields, Illegal};
use request::Request;

pub(super) fn operation(call: &Call) -> Option<&'static str> {
    match (&call.method, call.path.as_str()) {
        (&Method::POST, "/pay") => Some("pay"),
        (&Method::POST, "/api") => {
            let kind = Request::read(call)
                .ok()
                .and_then(|request| request.text("transactionType"));
            Some(match kind.as_deref() {
                Some("CHECK_STATUS") => "check_status",
                Some("REFUND") => "refund",
                Some("SETTLE") => "settle",
                Some("TRANSACTION_LIST") => "transaction_list",
                Some(_) | None => "unknown",
            })
        }
        _ => None,
    }
}

pub(super) fn answer(books: &mut Books<WayForPay>, call: &Call, operation: &str, fault: Option<&ApiFault>) -> Answer {
    let answered = match operation {
        "pay" => purchase::pay(books, call),
        _ => Request::read(call).and_then(|request| match operation {
            "check_status" => calls::check_status(books, &request, fault),
            "refund" => calls::refund(books, &request, fault),
            "settle" => calls::settle(books, &request, fault),
            "transaction_list" => transactions::list(books, &request),
            _ => Err(Refusal::new(1117, "Api Not Allowed")),
        }),
    };
    answered.unwrap_or_else(|refusal| refusal.answer(call))
}

/// The order is unknown.
pub(super) fn not_found(call: &Call) -> Answer {
    Refusal::from(Illegal::UnknownPayment).answer(call)
}

/// Why a request is refused: a reason and its code.
struct Refusal {
    code: u32,
    reason: String,
}

impl Refusal {
    fn new(code: u32, reason: &str) -> Self {
        Self {
            code,
            reason: reason.to_owned(),
        }
    }

    fn missing(name: &str) -> Self {
        Self::new(1115, &format!("Parameter `{name}` is missing"))
    }

    /// Names the order if the request did; nothing is signed.
    fn answer(&self, call: &Call) -> Answer {
        let named = |name: &str| Request::read(call).ok().and_then(|request| request.text(name));
        let fields = Fields::new()
            .with(named("merchantAccount"), |fields, text| {
                fields.text("merchantAccount", &text)
            })
            .with(named("orderReference"), |fields, text| {
                fields.text("orderReference", &text)
            })
            .text("reason", &self.reason)
            .number("reasonCode", self.code);
        Answer::json(200, fields.json())
    }
}

impl From<Illegal> for Refusal {
    fn from(illegal: Illegal) -> Self {
        match illegal {
            Illegal::UnknownMerchant => Self::new(1121, "Account Not Found"),
            Illegal::UnknownPayment => Self::new(1127, "Order Not Found"),
            Illegal::Duplicate => Self::new(1112, "Duplicate Order ID"),
            Illegal::Empty(name) => Self::missing(name),
            Illegal::Stage(_) => Self::new(1126, "Illegal Order State"),
            Illegal::Sum { .. } => Self::new(1130, "Invalid Amount"),
            Illegal::PartOfHold => Self::new(1141, "Partial Void Not Supported"),
        }
    }
}

/// An answer with its signature, which a fault may spoil.
fn answer_signed(fields: Fields, key: &str, order: &[&'static str], fault: Option<&ApiFault>) -> Answer {
    let key = match fault {
        Some(ApiFault::WrongSignature) => "not-the-key",
        _ => key,
    };
    Answer::json(200, signed(key, fields, order).json())
}
