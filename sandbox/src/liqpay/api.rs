//! `POST /api/request` and the buyer's form.

mod request;

use axum::http::Method;

use super::switches::{ReportsBy, Unpaid};
use super::{LiqPay, message};
use crate::acquirer::{Answer, ApiFault, Books, Call, Fields, Illegal, NewPayment, Payment, PaymentId, Stage, written};
use request::Request;

pub(super) fn operation(call: &Call) -> Option<&'static str> {
    match (&call.method, call.path.as_str()) {
        (&Method::POST | &Method::GET, "/api/3/checkout") => Some("checkout"),
        (&Method::POST, "/api/request") => Some(action(call)),
        _ => None,
    }
}

fn action(call: &Call) -> &'static str {
    let action = Request::read(call).ok().and_then(|request| request.text("action"));
    match action.as_deref() {
        Some("status") => "status",
        Some("refund") => "refund",
        Some("hold_completion") => "hold_completion",
        Some("reports") => "reports",
        Some(_) | None => "unknown",
    }
}

pub(super) fn answer(books: &mut Books<LiqPay>, call: &Call, operation: &str, fault: Option<&ApiFault>) -> Answer {
    let answered = Request::read(call).and_then(|request| {
        let account = request.verified(books)?;
        match operation {
            "checkout" => checkout(books, &request, account),
            "status" => status(books, &request, &account),
            "refund" => refund(books, &request, &account, fault),
            "hold_completion" => hold_completion(books, &request, &account),
            "reports" => reports(books, &request, &account),
            _ => Err(Refusal::new("err_path", "Wrong request url")),
        }
    });
    answered.unwrap_or_else(|refusal| refusal.answer())
}

/// Why a request is refused, in LiqPay's words.
pub(super) struct Refusal {
    code: &'static str,
    description: String,
}

impl Refusal {
    fn new(code: &'static str, description: &str) -> Self {
        Self {
            code,
            description: description.to_owned(),
        }
    }

    pub(super) fn payment_not_found() -> Self {
        Self::new("payment_not_found", "Payment not found")
    }

    pub(super) fn answer(&self) -> Answer {
        let fields = Fields::new()
            .text("result", "error")
            .text("status", "error")
            .text("code", self.code)
            .text("err_code", self.code)
            .text("err_description", &self.description);
        Answer::json(200, fields.json())
    }
}

impl From<Illegal> for Refusal {
    fn from(illegal: Illegal) -> Self {
        match illegal {
            Illegal::UnknownMerchant => Self::new("public_key_not_found", "Public_key is not found"),
            Illegal::UnknownPayment => Self::payment_not_found(),
            Illegal::Empty(_) => Self::new("order_id_empty", "Order_id is empty"),
            Illegal::Duplicate | Illegal::Stage(_) => Self::new("payment_err_status", "Wrong payment status"),
            Illegal::Sum { .. } | Illegal::PartOfHold => Self::new("amount_limit", "Amount limit was exceeded"),
        }
    }
}

/// The buyer is sent to the payment's page; the same order opened again is the same payment.
fn checkout(books: &mut Books<LiqPay>, request: &Request, account: String) -> Result<Answer, Refusal> {
    let text = |name: &str| request.text(name).unwrap_or_default();
    let amount = request.amount()?.ok_or(Illegal::Sum { left: 0 })?;
    let known = books.find(&account, &text("order_id"));
    let id = match known.map(|payment| (payment.id, payment.stage)) {
        Ok((id, Stage::Created | Stage::Declined)) => id,
        Ok((_, Stage::Held | Stage::Paid | Stage::Expired | Stage::Reversed)) => return Err(Illegal::Duplicate.into()),
        Err(_) => books.create(NewPayment {
            merchant: Some(account),
            order_id: text("order_id"),
            amount,
            currency: text("currency"),
            description: text("description"),
            callback_url: request.text("server_url"),
            two_stage: text("action") == "hold",
            test: text("sandbox") == "1",
        })?,
    };
    let page = format!("/pay/{}", books.payment(id)?.public_id);
    Ok(Answer::redirect(page))
}

fn status(books: &Books<LiqPay>, request: &Request, account: &str) -> Result<Answer, Refusal> {
    let payment = request.payment(books, account)?;
    if payment.stage == Stage::Created && books.switches.unpaid == Unpaid::NotFound {
        return Err(Refusal::payment_not_found());
    }
    Ok(shown(books, payment))
}

fn shown(books: &Books<LiqPay>, payment: &Payment) -> Answer {
    let fields = message::fields(&books.switches, payment).text("result", "ok");
    Answer::json(200, fields.json())
}

fn refund(
    books: &mut Books<LiqPay>,
    request: &Request,
    account: &str,
    fault: Option<&ApiFault>,
) -> Result<Answer, Refusal> {
    let payment = request.payment(books, account)?;
    let (id, left) = (payment.id, payment.refundable());
    let amount = request.amount()?.unwrap_or(left);
    if fault == Some(&ApiFault::RefundFailed) {
        return Err(Refusal::new("payment_err_status", "Wrong payment status"));
    }
    let waits = fault == Some(&ApiFault::RefundPending);
    books.refund(id, amount, None, waits)?;
    let payment = books.payment(id)?;
    let fields = Fields::new()
        .text("result", "ok")
        .text("action", "refund")
        .number("payment_id", &payment.public_id)
        .text("status", if waits { "wait_reserve" } else { "reversed" })
        .boolean("wait_amount", waits)
        .number("amount", written(amount, books.switches.amounts));
    Ok(Answer::json(200, fields.json()))
}

fn hold_completion(books: &mut Books<LiqPay>, request: &Request, account: &str) -> Result<Answer, Refusal> {
    let payment = request.payment(books, account)?;
    let (id, held): (PaymentId, u64) = (payment.id, payment.amount);
    let amount = request.amount()?.unwrap_or(held);
    books.capture(id, amount)?;
    Ok(shown(books, books.payment(id)?))
}

/// Payments that buyers tried, of a stretch of time; both ends count.
fn reports(books: &Books<LiqPay>, request: &Request, account: &str) -> Result<Answer, Refusal> {
    let time = |name: &str| {
        let time = request.text(name).and_then(|text| text.parse::<u64>().ok());
        time.ok_or_else(|| Refusal::new("err_path", &format!("{name} is not a time in milliseconds")))
    };
    let (from, to) = (time("date_from")?, time("date_to")?);
    if request.text("resp_format").is_some_and(|format| format != "json") {
        return Err(Refusal::new("err_path", "The sandbox reports in JSON only"));
    }
    let at = |payment: &Payment| match books.switches.reports_by {
        ReportsBy::Created => payment.created_ms,
        ReportsBy::Ended => payment.captured_ms.or(payment.paid_ms).unwrap_or(payment.changed_ms),
    };
    let tried = |payment: &&Payment| {
        payment.merchant == account && payment.stage != Stage::Created && (from..=to).contains(&at(payment))
    };
    let rows = books.payments().iter().filter(tried);
    let rows: Vec<Fields> = rows.map(|payment| message::fields(&books.switches, payment)).collect();
    let fields = Fields::new().text("result", "success").list("data", &rows);
    Ok(Answer::json(200, fields.json()))
}
