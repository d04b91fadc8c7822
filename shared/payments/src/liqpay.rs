//! LiqPay's snapshots as events.

use domain::event::{Event, Fact, PaymentMeans};
use domain::ids::{ExternalOrderId, IdError};
use liqpay::{Action, Anomaly, Decision, Quiet, Snapshot};

use crate::money::{ask, moved, nothing, printable, strange, unknown};
use crate::{Fingerprint, goods};

/// What a snapshot says happened to the order. Fails only on an order id no order can have.
pub fn event(snapshot: &Snapshot) -> Result<Event, IdError> {
    Ok(Event {
        order: ExternalOrderId::parse(&snapshot.order_id)?,
        payment_id: snapshot.payment_id.clone(),
        fact: fact(snapshot),
        means: means(snapshot),
        payer_email: None,
    })
}

/// The same state of the same payment is the same event. The last refund's date is a part of the
/// state: two refunds of the same amount are two.
pub fn key(snapshot: &Snapshot) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    format!(
        "{}|{}|{}|{}|{}|{}",
        text(&snapshot.payment_id),
        snapshot.order_id,
        snapshot.action.as_ref().map_or("", Action::as_str),
        snapshot.status.as_str(),
        snapshot.refund_amount.unwrap_or(0),
        text(&snapshot.refund_date_last),
    )
}

/// What must not change while the key stays the same: the money and the basket.
pub fn fingerprint(snapshot: &Snapshot) -> String {
    let mut fingerprint = Fingerprint::new();
    fingerprint
        .number(snapshot.amount)
        .text(snapshot.currency.as_deref())
        .number(snapshot.amount_debit)
        .text(snapshot.currency_debit.as_deref())
        .text(snapshot.completion_date.as_deref());
    goods::fingerprint(&mut fingerprint, &snapshot.goods);
    fingerprint.finish()
}

/// Of a payment in two steps that was given back: `Some(true)` when all of it was, `Some(false)` when
/// nobody says how much. Only our own records tell whether it is a refund; see [`crate::voided`].
pub fn ended_hold(snapshot: &Snapshot) -> Option<bool> {
    match snapshot.decide() {
        Decision::HoldEnded { whole } => Some(whole),
        Decision::Sale { .. }
        | Decision::Held
        | Decision::Refund { .. }
        | Decision::AskStatus
        | Decision::NoAction(_)
        | Decision::Anomaly(_) => None,
    }
}

/// Does the status answer confirm a refund that a callback told? The description of the answer has
/// no refunds, so their absence denies nothing: the same payment of the same amount, charged or
/// reversed, is all it can say, and a callback's every field is signed.
pub fn confirms_refund(snapshot: &Snapshot, told: &Event) -> bool {
    let Fact::Money {
        paid, refunded_total, ..
    } = &told.fact
    else {
        return false;
    };
    let charged_or_reversed = match snapshot.decide() {
        Decision::Sale { .. } | Decision::AskStatus => true,
        // Of a hold it can only be said that it ended, which a refund is.
        Decision::HoldEnded { .. } => true,
        Decision::Held | Decision::Refund { .. } | Decision::NoAction(_) | Decision::Anomaly(_) => false,
    };
    !refunded_total.is_zero()
        && snapshot.refund_amount.is_none()
        && charged_or_reversed
        && snapshot.payment_id == told.payment_id
        && snapshot.amount == Some(paid.minor())
}

fn fact(snapshot: &Snapshot) -> Fact {
    let basket = || goods::basket(&snapshot.goods);
    match snapshot.decide() {
        Decision::Sale { amount } => moved(amount, 0, basket()),
        Decision::Refund {
            sale_amount,
            refunded_total,
            full: _,
        } => moved(sale_amount, refunded_total, basket()),
        Decision::AskStatus => ask("reversed, and the callback does not say how much"),
        Decision::HoldEnded { .. } => ask("a payment in two steps was given back; whether it was charged is not said"),
        Decision::Held => nothing("the money is held, not charged yet"),
        Decision::NoAction(quiet) => nothing(match quiet {
            Quiet::Processing => "being paid",
            Quiet::Failed => "not paid",
            Quiet::CardCheck => "a card check, given back at once",
            Quiet::Unsubscribed => "a subscription ended",
        }),
        Decision::Anomaly(anomaly) => anomalous(&anomaly),
    }
}

fn anomalous(anomaly: &Anomaly) -> Fact {
    match anomaly {
        Anomaly::RefundAboveAmount {
            sale_amount,
            refunded_total,
        } => strange(format!("{refunded_total} kopecks were given back of {sale_amount}")),
        Anomaly::ForeignCurrency { currency, amount } => strange(format!(
            "{amount} minor units of {:?} were charged",
            printable(currency)
        )),
        Anomaly::UnknownStatus(status) => unknown(format!("the status {:?} is not known", printable(status))),
        Anomaly::UnknownAction(action) => strange(format!(
            "paid by the action {:?}, which is not known",
            printable(action)
        )),
        Anomaly::NoAmount => strange("paid, and no amount was said".to_owned()),
        Anomaly::CaptureUnclear { held, debited } => strange(format!(
            "{held} kopecks were held and {debited} left the payer's account"
        )),
        Anomaly::Subscription => strange("a subscription began; whether it was paid is not said".to_owned()),
        Anomaly::RegularPayment { amount } => strange(format!(
            "{amount} kopecks were paid for a subscription, whose payments all have one order id"
        )),
    }
}

fn means(snapshot: &Snapshot) -> PaymentMeans {
    let system = match &snapshot.card_type {
        Some(card) => format!("LiqPay {}", printable(card)),
        None => "LiqPay".to_owned(),
    };
    PaymentMeans {
        system: Some(system),
        masked_card: snapshot.masked_card.clone(),
        auth_code: snapshot.auth_code.clone(),
        transaction_id: snapshot.rrn.clone().or_else(|| snapshot.payment_id.clone()),
    }
}

#[cfg(test)]
mod tests;
