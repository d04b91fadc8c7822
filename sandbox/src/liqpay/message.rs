//! A payment as callbacks and answers show it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;

use super::signature;
use super::switches::{CapturedAmount, PartialRefund, RefundAmount, Switches};
use crate::acquirer::{
    Fields, Form, Merchant, Payment, Posted, RefundState, Spoil, Stage, Writing, with_unknown_field, written,
};

/// The fields of a callback; none where LiqPay keeps silent.
pub(super) fn callback(switches: &Switches, payment: &Payment) -> Option<Fields> {
    let silent = match payment.stage {
        Stage::Created => true,
        Stage::Expired => !switches.expiry_callbacks,
        Stage::Paid => !payment.refunds.is_empty() && !switches.refund_callbacks,
        Stage::Reversed => !switches.refund_callbacks,
        Stage::Held | Stage::Declined => false,
    };
    (!silent).then(|| fields(switches, payment))
}

/// The fields of a payment. Names and cards are nobody's.
pub(super) fn fields(switches: &Switches, payment: &Payment) -> Fields {
    let sum = |kopecks: u64| written(kopecks, switches.amounts);
    let amount = match switches.captured_amount {
        CapturedAmount::Taken if payment.charged > 0 => payment.charged,
        CapturedAmount::Taken | CapturedAmount::Held => payment.amount,
    };
    let none = written(0, Writing::FloatLike);
    let ended = payment.captured_ms.or(payment.paid_ms).unwrap_or(payment.changed_ms);
    Fields::new()
        .number("payment_id", &payment.public_id)
        .text("action", if payment.two_stage { "hold" } else { "pay" })
        .text("status", status(switches, payment))
        .number("version", switches.version)
        .text("type", "buy")
        .text("paytype", "card")
        .text("public_key", &payment.merchant)
        .number("acq_id", 414_963)
        .text("order_id", &payment.order_id)
        .text("liqpay_order_id", &format!("SANDBOX{:017}", payment.id.0))
        .text("description", &payment.description)
        .text("sender_card_mask2", "424242*42")
        .text("sender_card_bank", "Sandbox")
        .text("sender_card_type", "visa")
        .number("sender_card_country", 804)
        .text("ip", "127.0.0.1")
        .number("amount", sum(amount))
        .text("currency", &payment.currency)
        .number("sender_commission", &none)
        .number("receiver_commission", sum(amount / 40))
        .number("agent_commission", &none)
        .number("amount_debit", sum(amount))
        .number("amount_credit", sum(amount))
        .number("commission_debit", &none)
        .number("commission_credit", sum(amount / 40))
        .text("currency_debit", &payment.currency)
        .text("currency_credit", &payment.currency)
        .number("sender_bonus", &none)
        .number("amount_bonus", &none)
        .text("mpi_eci", "7")
        .boolean("is_3ds", false)
        .text("language", "uk")
        .number("create_date", payment.created_ms)
        .number("end_date", ended)
        .number("transaction_id", &payment.public_id)
        .with(payment.captured_ms, |fields, at| fields.number("completion_date", at))
        .with(payment.failure.as_ref(), |fields, failure| {
            fields
                .text("err_code", &failure.code)
                .text("err_description", &failure.text)
        })
        .with(refund(switches, payment), |fields, (amount, at)| {
            fields
                .number("refund_amount", sum(amount))
                .number("refund_date_last", at)
        })
        .with(waiting(payment), |fields, ()| {
            fields.text("wait_reserve_status", "true")
        })
}

fn status(switches: &Switches, payment: &Payment) -> &'static str {
    let refunded_in_part = payment.refunded() > 0;
    match payment.stage {
        Stage::Created => "prepared",
        Stage::Held => "hold_wait",
        Stage::Paid if refunded_in_part && switches.partial_refund == PartialRefund::BecomesReversed => "reversed",
        Stage::Paid if payment.test => "sandbox",
        Stage::Paid => "success",
        Stage::Declined => "failure",
        Stage::Expired => "error",
        Stage::Reversed => "reversed",
    }
}

fn refund(switches: &Switches, payment: &Payment) -> Option<(u64, u64)> {
    let mut done = payment.refunds.iter().rev();
    let last = done.find(|refund| refund.state == RefundState::Done)?;
    match switches.refund_amount {
        RefundAmount::Total => Some((payment.refunded(), last.changed_ms)),
        RefundAmount::Last => Some((last.amount, last.changed_ms)),
        RefundAmount::Absent => None,
    }
}

fn waiting(payment: &Payment) -> Option<()> {
    let waits = payment
        .refunds
        .iter()
        .any(|refund| refund.state == RefundState::Pending);
    waits.then_some(())
}

/// The form that is posted.
pub(super) fn sign(merchant: &Merchant, fields: &Fields, spoil: Option<Spoil>) -> Posted {
    let data = STANDARD.encode(with_unknown_field(fields, spoil).json());
    let key = match spoil {
        Some(Spoil::Signature) => "not-the-key",
        Some(Spoil::UnknownField | Spoil::ContentType) | None => &merchant.secret,
    };
    let signature = signature::sign(key, &data);
    Posted {
        content_type: match spoil {
            Some(Spoil::ContentType) => "application/json",
            Some(Spoil::Signature | Spoil::UnknownField) | None => "application/x-www-form-urlencoded",
        },
        headers: Vec::new(),
        body: Bytes::from(Form::written(&[("data", &data), ("signature", &signature)])),
    }
}
