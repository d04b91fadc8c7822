//! The list of payments of a stretch of time.

use super::Refusal;
use crate::acquirer::{Answer, Books, Call, Fields, Merchant, Payment, RefundState, Stage};
use crate::monobank::{Monobank, message};

/// Payments that buyers tried, the newest first; both ends count.
pub(super) fn list(books: &Books<Monobank>, call: &Call, merchant: &Merchant) -> Result<Answer, Refusal> {
    let time = |name: &str| call.parameter(name).map(|text| text.parse::<u64>());
    let from = match time("from") {
        Some(Ok(from)) => from,
        Some(Err(_)) | None => return Err(Refusal::bad("invalid 'from'")),
    };
    let to = match time("to") {
        Some(Ok(to)) => to,
        Some(Err(_)) => return Err(Refusal::bad("invalid 'to'")),
        None => u64::MAX,
    };
    let within = |payment: &&Payment| (from..=to).contains(&(at(payment) / 1000));
    let mine = |payment: &&Payment| payment.merchant == merchant.account && state(payment).is_some();
    let mut payments: Vec<&Payment> = books.payments().iter().filter(mine).filter(within).collect();
    payments.sort_by_key(|payment| std::cmp::Reverse((at(payment), payment.id)));
    let rows: Vec<Fields> = payments.into_iter().map(row).collect();
    Ok(Answer::json(200, Fields::new().list("list", &rows).json()))
}

fn at(payment: &Payment) -> u64 {
    payment.paid_ms.unwrap_or(payment.changed_ms)
}

/// The states a statement knows; returns are in `cancelList`.
fn state(payment: &Payment) -> Option<&'static str> {
    match payment.stage {
        Stage::Created | Stage::Expired => None,
        Stage::Held => Some("hold"),
        Stage::Paid | Stage::Reversed => Some("success"),
        Stage::Declined => Some("failure"),
    }
}

fn row(payment: &Payment) -> Fields {
    let amount = if payment.charged > 0 {
        payment.charged
    } else {
        payment.amount
    };
    let done = payment
        .refunds
        .iter()
        .filter(|refund| refund.state == RefundState::Done);
    let cancels: Vec<Fields> = done
        .map(|refund| {
            Fields::new()
                .number("amount", refund.amount)
                .number("ccy", message::number_of(&payment.currency))
                .text("date", &message::date(refund.changed_ms))
                .text("approvalCode", "662476")
                .text("rrn", &message::rrn(payment))
                .text("maskedPan", message::MASKED_PAN)
        })
        .collect();
    Fields::new()
        .text("invoiceId", &payment.public_id)
        .text("status", state(payment).unwrap_or("failure"))
        .text("maskedPan", message::MASKED_PAN)
        .text("date", &message::date(at(payment)))
        .text("paymentScheme", "full")
        .number("amount", amount)
        .number("profitAmount", amount - amount / 75)
        .number("ccy", message::number_of(&payment.currency))
        .text("approvalCode", "662476")
        .text("rrn", &message::rrn(payment))
        .text("reference", &payment.order_id)
        .text("destination", &payment.description)
        .list("cancelList", &cancels)
}
