//! Giving money back, and taking a hold.

use serde::Deserialize;

use super::{Refusal, find, read};
use crate::acquirer::{Answer, ApiFault, Books, Call, Fields, Illegal, Merchant, PaymentId, Refund, Stage};
use crate::monobank::{Monobank, message};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Movement {
    invoice_id: Option<String>,
    ext_ref: Option<String>,
    amount: Option<u64>,
}

/// A return of so much or of everything that is left; a hold is released.
pub(super) fn cancel(
    books: &mut Books<Monobank>,
    call: &Call,
    merchant: &Merchant,
    fault: Option<&ApiFault>,
) -> Result<Answer, Refusal> {
    let wanted: Movement = read(call)?;
    let payment = find(books, merchant, wanted.invoice_id.as_deref())?;
    let (id, left) = (payment.id, payment.refundable());
    let same = |refund: &&Refund| refund.reference.is_some() && refund.reference == wanted.ext_ref;
    let repeated = payment
        .refunds
        .iter()
        .find(same)
        .filter(|_| books.switches.ext_ref_repeats);
    if let Some(refund) = repeated {
        return Ok(told(refund));
    }
    if fault == Some(&ApiFault::RefundFailed) {
        return Err(Refusal::new(500, "CANCEL_NOT_AVAILABLE", "cancel is not available"));
    }
    let waits = fault == Some(&ApiFault::RefundPending);
    let amount = wanted.amount.unwrap_or(left);
    books.refund(id, amount, wanted.ext_ref, waits).map_err(refused)?;
    answered(books, id)
}

fn refused(illegal: Illegal) -> Refusal {
    match illegal {
        Illegal::Sum { .. } | Illegal::PartOfHold | Illegal::Stage(Stage::Reversed) => {
            Refusal::new(400, "WRONG_CANCEL_AMOUNT", "wrong cancel amount")
        }
        Illegal::Stage(_) => Refusal::new(500, "CANCEL_NOT_AVAILABLE", "cancel is not available"),
        illegal @ (Illegal::UnknownMerchant | Illegal::UnknownPayment | Illegal::Duplicate | Illegal::Empty(_)) => {
            illegal.into()
        }
    }
}

fn answered(books: &Books<Monobank>, id: PaymentId) -> Result<Answer, Refusal> {
    let refund = books.payment(id)?.refunds.last();
    refund.map(told).ok_or_else(|| Refusal::not_found("invoiceId"))
}

fn told(refund: &Refund) -> Answer {
    let fields = Fields::new()
        .text("status", message::cancel_state(refund))
        .text("createdDate", &message::date(refund.asked_ms))
        .text("modifiedDate", &message::date(refund.changed_ms));
    Answer::json(200, fields.json())
}

/// Takes so much of a hold or all of it.
pub(super) fn finalize(books: &mut Books<Monobank>, call: &Call, merchant: &Merchant) -> Result<Answer, Refusal> {
    let wanted: Movement = read(call)?;
    let payment = find(books, merchant, wanted.invoice_id.as_deref())?;
    let (id, held) = (payment.id, payment.amount);
    books.capture(id, wanted.amount.unwrap_or(held))?;
    Ok(Answer::json(200, Fields::new().text("status", "success").json()))
}
