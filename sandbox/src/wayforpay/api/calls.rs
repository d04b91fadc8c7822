//! CHECK_STATUS, REFUND and SETTLE.

use super::request::Request;
use super::{Refusal, answer_signed};
use crate::acquirer::{Answer, ApiFault, Books, Fields, Illegal, Merchant, PaymentId, Stage};
use crate::wayforpay::signature::{MOVED, MOVEMENT, ORDER, PAYMENT};
use crate::wayforpay::{WayForPay, message};

pub(super) fn check_status(
    books: &Books<WayForPay>,
    request: &Request,
    fault: Option<&ApiFault>,
) -> Result<Answer, Refusal> {
    let merchant = request.verified(books, &ORDER)?;
    let payment = request.payment(books, &merchant)?;
    let fields = message::status(&books.switches, payment);
    Ok(answer_signed(fields, &merchant.secret, &PAYMENT, fault))
}

/// Money back, or a hold released.
pub(super) fn refund(
    books: &mut Books<WayForPay>,
    request: &Request,
    fault: Option<&ApiFault>,
) -> Result<Answer, Refusal> {
    let merchant = request.verified(books, &MOVEMENT)?;
    request.needed("comment")?;
    let payment = request.payment(books, &merchant)?;
    let (id, left) = (payment.id, payment.refundable());
    currency(request, &payment.currency)?;
    if fault == Some(&ApiFault::RefundFailed) {
        let fields = moved(books, id, &merchant, Some(("Declined", "Gate Declined", 1122)))?;
        return Ok(answer_signed(fields, &merchant.secret, &MOVED, None));
    }
    let waits = fault == Some(&ApiFault::RefundPending);
    let refunded = books.refund(id, request.amount()?, None, waits);
    refunded.map_err(|illegal| match illegal {
        Illegal::Sum { .. } if left > 0 => Refusal::new(1128, "Refund Limit Excended"),
        Illegal::Stage(Stage::Reversed) => Refusal::new(1123, "Refund Not Allowed"),
        illegal => illegal.into(),
    })?;
    // Whatever the order's state is called then, the answer is about this refund.
    let state = match books.payment(id)?.is_voided() {
        _ if waits => ("RefundInProcessing", "Refund in processing", 1138),
        true => ("Voided", "Ok", 1100),
        false => ("Refunded", "Ok", 1100),
    };
    let fields = moved(books, id, &merchant, Some(state))?;
    Ok(answer_signed(fields, &merchant.secret, &MOVED, fault))
}

/// Takes a hold, or a part of it; the rest is released.
pub(super) fn settle(
    books: &mut Books<WayForPay>,
    request: &Request,
    fault: Option<&ApiFault>,
) -> Result<Answer, Refusal> {
    let merchant = request.verified(books, &MOVEMENT)?;
    let payment = request.payment(books, &merchant)?;
    let id = payment.id;
    currency(request, &payment.currency)?;
    let captured = books.capture(id, request.amount()?);
    captured.map_err(|illegal| match illegal {
        Illegal::Sum { .. } => Refusal::new(1137, "Invalid Confirmation Amount"),
        illegal => illegal.into(),
    })?;
    let fields = moved(books, id, &merchant, None)?;
    Ok(answer_signed(fields, &merchant.secret, &MOVED, fault))
}

fn currency(request: &Request, wanted: &str) -> Result<(), Refusal> {
    if request.needed("currency")? == wanted {
        Ok(())
    } else {
        Err(Refusal::new(1110, "Invalid Currency"))
    }
}

/// An answer about a movement of the order's money; none is the order's own state.
fn moved(
    books: &Books<WayForPay>,
    id: PaymentId,
    merchant: &Merchant,
    state: Option<(&'static str, &'static str, u32)>,
) -> Result<Fields, Refusal> {
    let payment = books.payment(id)?;
    let (status, reason, code) = state.unwrap_or_else(|| {
        let (status, _, code) = message::state(&books.switches, payment);
        (status, "Ok", code)
    });
    Ok(Fields::new()
        .text("merchantAccount", &merchant.account)
        .text("orderReference", &payment.order_id)
        .text("transactionStatus", status)
        .text("reason", reason)
        .number("reasonCode", code))
}
