//! TRANSACTION_LIST: what happened in a stretch of time.

use super::Refusal;
use super::request::Request;
use crate::acquirer::{Answer, Books, Fields, Payment, Refund, RefundState, Stage, written};
use crate::wayforpay::signature::PERIOD;
use crate::wayforpay::switches::{RefundRows, Switches};
use crate::wayforpay::{WayForPay, message};

/// By the date an order was made, or a refund was; both ends count.
pub(super) fn list(books: &Books<WayForPay>, request: &Request) -> Result<Answer, Refusal> {
    let merchant = request.verified(books, &PERIOD)?;
    let time = |name: &'static str| {
        let seconds = request.needed(name)?.parse::<u64>().ok();
        seconds.ok_or_else(|| Refusal::new(1109, "Format Error"))
    };
    let (from, to) = (time("dateBegin")?, time("dateEnd")?);
    let within = |ms: u64| (from..=to).contains(&(ms / 1000));
    let switches = &books.switches;
    let mut rows = Vec::new();
    for payment in books.payments() {
        if payment.merchant != merchant.account || payment.stage == Stage::Created {
            continue;
        }
        if within(payment.created_ms) {
            rows.push(purchase(switches, payment));
        }
        let done = |refund: &&Refund| refund.state == RefundState::Done && within(refund.changed_ms);
        match switches.refund_rows {
            RefundRows::Separate => {
                let refunds = payment.refunds.iter().filter(done);
                rows.extend(refunds.map(|refund| returned(switches, payment, refund)));
            }
            RefundRows::OnPurchase => {}
        }
    }
    let fields = Fields::new()
        .text("reason", "Ok")
        .number("reasonCode", 1100)
        .list("transactionList", &rows);
    Ok(Answer::json(200, fields.json()))
}

fn purchase(switches: &Switches, payment: &Payment) -> Fields {
    let (status, reason, code) = match (switches.refund_rows, payment.stage) {
        // Where refunds have rows of their own, the purchase stays what it was.
        (RefundRows::Separate, Stage::Paid | Stage::Reversed) if !payment.is_voided() => ("Approved", "Ok", 1100),
        (RefundRows::Separate | RefundRows::OnPurchase, _) => message::state(switches, payment),
    };
    let amount = if payment.charged > 0 {
        payment.charged
    } else {
        payment.amount
    };
    let at = payment.captured_ms.or(payment.paid_ms).unwrap_or(payment.changed_ms);
    row(switches, payment, "PURCHASE", amount, at)
        .text("transactionStatus", status)
        .text("reason", reason)
        .number("reasonCode", code)
}

fn returned(switches: &Switches, payment: &Payment, refund: &Refund) -> Fields {
    let status = if payment.is_voided() { "Voided" } else { "Refunded" };
    row(switches, payment, "REFUND", refund.amount, refund.changed_ms)
        .text("transactionStatus", status)
        .text("reason", "Ok")
        .number("reasonCode", 1100)
}

fn row(switches: &Switches, payment: &Payment, kind: &str, amount: u64, at_ms: u64) -> Fields {
    let fields = Fields::new()
        .text("transactionType", kind)
        .text("orderReference", &payment.order_id)
        .number("createdDate", payment.created_ms / 1000)
        .number("amount", written(amount, switches.amounts))
        .text("currency", &payment.currency)
        .number("processingDate", at_ms / 1000)
        .text("email", "buyer@shop.example")
        .text("phone", "380000000000");
    message::card(fields, switches, payment)
}
