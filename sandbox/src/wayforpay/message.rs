//! A payment as messages and answers show it.

use bytes::Bytes;

use super::signature::{self, PAYMENT};
use super::switches::{BodyForm, PartialRefund, RefundedAmount, Switches};
use crate::acquirer::{
    Fields, Form, Merchant, Payment, Posted, Refund, RefundState, Spoil, Stage, with_unknown_field, written,
};

/// The fields of a message; none where WayForPay keeps silent.
pub(super) fn callback(switches: &Switches, payment: &Payment) -> Option<Fields> {
    let about_refund = !payment.refunds.is_empty();
    let silent = payment.stage == Stage::Created || (about_refund && switches.silent_refunds);
    (!silent).then(|| {
        let amount = match (switches.refunded_amount, last_done(payment)) {
            (RefundedAmount::Refund, Some(refund)) => refund.amount,
            (RefundedAmount::Refund, None) | (RefundedAmount::Order, _) => taken(payment),
        };
        let fields = head(switches, payment, amount)
            .text("email", "buyer@shop.example")
            .text("phone", "380000000000")
            .text("recToken", "");
        card(fields, switches, payment)
    })
}

/// The fields of CHECK_STATUS's answer.
pub(super) fn status(switches: &Switches, payment: &Payment) -> Fields {
    let sum = |kopecks: u64| written(kopecks, switches.amounts);
    let settled = payment.captured_ms.or(payment.paid_ms);
    let settled = settled.filter(|_| payment.charged > 0);
    let fields = card(head(switches, payment, taken(payment)), switches, payment).with(settled, |fields, at| {
        fields
            .number("settlementDate", at / 1000)
            .number("settlementAmount", sum(payment.charged - payment.charged / 40))
    });
    let refunded = Some(payment.refunded()).filter(|amount| *amount > 0 && !switches.no_refund_amount);
    fields.with(refunded, |fields, amount| fields.number("refundAmount", sum(amount)))
}

fn head(switches: &Switches, payment: &Payment, amount: u64) -> Fields {
    let (status, reason, code) = state(switches, payment);
    Fields::new()
        .text("merchantAccount", &payment.merchant)
        .text("orderReference", &payment.order_id)
        .number("amount", written(amount, switches.amounts))
        .text("currency", &payment.currency)
        .text("authCode", if payment.paid_ms.is_some() { "541963" } else { "" })
        .number("createdDate", payment.created_ms / 1000)
        .number("processingDate", payment.changed_ms / 1000)
        .text("transactionStatus", status)
        .text("reason", reason)
        .number("reasonCode", code)
}

/// Nobody's card.
pub(super) fn card(fields: Fields, switches: &Switches, payment: &Payment) -> Fields {
    fields
        .text("cardPan", "42****4242")
        .text("cardType", "Visa")
        .text("issuerBankCountry", "980")
        .text("issuerBankName", "Sandbox")
        .text("paymentSystem", "card")
        .number("fee", written(payment.charged / 40, switches.amounts))
}

/// The state's name, its reason and the reason's code.
pub(super) fn state<'a>(switches: &Switches, payment: &'a Payment) -> (&'static str, &'a str, u32) {
    let ok = |status| (status, "Ok", 1100);
    let pending = |refund: &Refund| refund.state == RefundState::Pending;
    if payment.refunds.iter().any(pending) {
        return ("RefundInProcessing", "Refund in processing", 1138);
    }
    match payment.stage {
        Stage::Created => ("InProcessing", "Transaction In Processing", 1131),
        Stage::Held => ok("WaitingAuthComplete"),
        Stage::Paid if payment.refunded() > 0 => match switches.partial_refund {
            PartialRefund::BecomesRefunded => ok("Refunded"),
            PartialRefund::StaysApproved => ok("Approved"),
        },
        Stage::Paid => ok("Approved"),
        Stage::Declined => {
            let failure = payment.failure.as_ref();
            let code = failure.and_then(|failure| failure.code.parse().ok());
            let text = failure.map_or("Declined To Card Issuer", |failure| &failure.text);
            ("Declined", text, code.unwrap_or(1101))
        }
        Stage::Expired => ("Expired", "Cardholder session expired", 1124),
        Stage::Reversed if payment.is_voided() => ok("Voided"),
        Stage::Reversed => ok("Refunded"),
    }
}

/// What was taken, or is to be.
fn taken(payment: &Payment) -> u64 {
    if payment.charged > 0 {
        payment.charged
    } else {
        payment.amount
    }
}

fn last_done(payment: &Payment) -> Option<&Refund> {
    let mut refunds = payment.refunds.iter().rev();
    refunds.find(|refund| refund.state == RefundState::Done)
}

/// The fields with their signature.
pub(super) fn signed(key: &str, fields: Fields, order: &[&'static str]) -> Fields {
    let values: Vec<String> = order.iter().map(|name| fields.plain(name)).collect();
    fields.text("merchantSignature", &signature::sign(key, &values))
}

/// The message that is posted.
pub(super) fn sign(switches: &Switches, merchant: &Merchant, fields: &Fields, spoil: Option<Spoil>) -> Posted {
    let key = match spoil {
        Some(Spoil::Signature) => "not-the-key",
        Some(Spoil::UnknownField | Spoil::ContentType) | None => &merchant.secret,
    };
    let json = signed(key, with_unknown_field(fields, spoil), &PAYMENT).json();
    let (content_type, body) = match switches.body {
        BodyForm::Json => ("application/json", json),
        BodyForm::JsonCalledForm => ("application/x-www-form-urlencoded", json),
        BodyForm::FormName => ("application/x-www-form-urlencoded", Form::written(&[(&json, "")])),
    };
    Posted {
        content_type: match spoil {
            Some(Spoil::ContentType) => "text/plain",
            Some(Spoil::Signature | Spoil::UnknownField) | None => content_type,
        },
        headers: Vec::new(),
        body: Bytes::from(body),
    }
}
