//! An invoice as webhooks and the status call show it.

use bytes::Bytes;
use jiff::Timestamp;

use super::key::Keys;
use super::switches::{PartialRefund, Switches};
use crate::acquirer::{Fields, Payment, Posted, Refund, RefundState, Spoil, Stage, with_unknown_field};

/// The body of a webhook; none where the bank keeps silent.
pub(super) fn webhook(switches: &Switches, payment: &Payment) -> Option<Fields> {
    let silent = match payment.stage {
        Stage::Created | Stage::Expired => true,
        Stage::Paid | Stage::Held | Stage::Reversed => switches.silent_refunds && !payment.refunds.is_empty(),
        Stage::Declined => false,
    };
    (!silent).then(|| invoice(switches, payment))
}

/// The invoice while the payment is under way.
pub(super) fn processing(payment: &Payment, now_ms: u64) -> Fields {
    let fields = head(payment, "processing").number("finalAmount", payment.amount);
    let fields = dates(fields, payment, now_ms);
    tail(fields, payment).object("paymentInfo", &card(payment))
}

/// The invoice as it is.
pub(super) fn invoice(switches: &Switches, payment: &Payment) -> Fields {
    let last = match payment.stage {
        Stage::Paid | Stage::Reversed => payment.charged.saturating_sub(payment.refunded()),
        Stage::Created | Stage::Held | Stage::Declined | Stage::Expired => payment.amount,
    };
    let fields = head(payment, state(switches, payment))
        .with(payment.failure.as_ref(), |fields, failure| {
            fields
                .text("failureReason", &failure.text)
                .text("errCode", &failure.code)
        })
        .number("finalAmount", last);
    let fields = tail(dates(fields, payment, payment.changed_ms), payment);
    let cancels: Vec<Fields> = payment.refunds.iter().map(|refund| cancel(payment, refund)).collect();
    let fields = if cancels.is_empty() {
        fields
    } else {
        fields.list("cancelList", &cancels)
    };
    match payment.stage {
        Stage::Created | Stage::Expired => fields,
        Stage::Held | Stage::Paid | Stage::Declined | Stage::Reversed => fields.object("paymentInfo", &card(payment)),
    }
}

fn head(payment: &Payment, state: &str) -> Fields {
    Fields::new()
        .text("invoiceId", &payment.public_id)
        .text("status", state)
        .number("amount", payment.amount)
        .number("ccy", number_of(&payment.currency))
}

fn dates(fields: Fields, payment: &Payment, changed_ms: u64) -> Fields {
    fields
        .text("createdDate", &date(payment.created_ms))
        .text("modifiedDate", &date(changed_ms))
}

fn tail(fields: Fields, payment: &Payment) -> Fields {
    let reference = Some(&payment.order_id).filter(|text| !text.is_empty());
    let destination = Some(&payment.description).filter(|text| !text.is_empty());
    fields
        .with(reference, |fields, text| fields.text("reference", text))
        .with(destination, |fields, text| fields.text("destination", text))
}

fn state(switches: &Switches, payment: &Payment) -> &'static str {
    match payment.stage {
        Stage::Created => "created",
        Stage::Held => "hold",
        Stage::Paid if payment.refunded() > 0 => match switches.partial_refund {
            PartialRefund::StaysSuccess => "success",
            PartialRefund::BecomesReversed => "reversed",
        },
        Stage::Paid => "success",
        Stage::Declined => "failure",
        Stage::Expired => "expired",
        Stage::Reversed => "reversed",
    }
}

fn cancel(payment: &Payment, refund: &Refund) -> Fields {
    Fields::new()
        .text("status", cancel_state(refund))
        .number("amount", refund.amount)
        .number("ccy", number_of(&payment.currency))
        .text("createdDate", &date(refund.asked_ms))
        .text("modifiedDate", &date(refund.changed_ms))
        .text("approvalCode", "662476")
        .text("rrn", &rrn(payment))
        .with(refund.reference.as_ref(), |fields, text| fields.text("extRef", text))
}

pub(super) fn cancel_state(refund: &Refund) -> &'static str {
    match refund.state {
        RefundState::Pending => "processing",
        RefundState::Done => "success",
        RefundState::Failed => "failure",
    }
}

/// Nobody's card.
fn card(payment: &Payment) -> Fields {
    Fields::new()
        .text("maskedPan", MASKED_PAN)
        .text("approvalCode", "662476")
        .text("rrn", &rrn(payment))
        .text("tranId", &format!("{}", 13_194_036 + payment.id.0))
        .text("terminal", "MI001088")
        .text("bank", "Sandbox")
        .text("paymentSystem", "visa")
        .text("paymentMethod", "pan")
        .number("fee", payment.charged / 75)
        .text("country", "804")
}

pub(super) const MASKED_PAN: &str = "444403******1902";

pub(super) fn rrn(payment: &Payment) -> String {
    format!("{:012}", 60_189_181_768_u64 + payment.id.0 as u64)
}

/// Whole seconds of UTC.
pub(super) fn date(ms: u64) -> String {
    let seconds = i64::try_from(ms / 1000).unwrap_or(i64::MAX);
    Timestamp::from_second(seconds).map_or_else(|_| String::new(), |at| at.to_string())
}

/// ISO numbers of the currencies that Ukrainian cards pay in; others are taken for hryvnias.
const CURRENCIES: [(&str, u32); 3] = [("UAH", 980), ("USD", 840), ("EUR", 978)];

pub(super) fn number_of(letters: &str) -> u32 {
    let found = CURRENCIES.iter().find(|(known, _)| *known == letters);
    found.map_or(980, |(_, number)| *number)
}

pub(super) fn letters_of(number: u64) -> Option<&'static str> {
    let found = CURRENCIES.iter().find(|(_, known)| u64::from(*known) == number);
    found.map(|(letters, _)| *letters)
}

/// The webhook that is posted.
pub(super) fn sign(keys: &Keys, fields: &Fields, spoil: Option<Spoil>) -> Posted {
    let body = with_unknown_field(fields, spoil).json();
    let signature = match spoil {
        Some(Spoil::Signature) => keys.sign_foreign(body.as_bytes()),
        Some(Spoil::UnknownField | Spoil::ContentType) | None => keys.sign(body.as_bytes()),
    };
    Posted {
        content_type: match spoil {
            Some(Spoil::ContentType) => "application/x-www-form-urlencoded",
            Some(Spoil::Signature | Spoil::UnknownField) | None => "application/json",
        },
        headers: vec![("X-Sign", signature)],
        body: Bytes::from(body),
    }
}
