//! WayForPay's snapshots as events.

use domain::event::{Email, Event, Fact, PaymentMeans};
use domain::ids::{ExternalOrderId, IdError};
use wayforpay::{Anomaly, Decision, Quiet, Snapshot};

use crate::money::{ask, moved, nothing, printable, strange, unknown};
use crate::{Fingerprint, goods};

/// What a snapshot says happened to the order. Fails only on an order id no order can have.
pub fn event(snapshot: &Snapshot) -> Result<Event, IdError> {
    Ok(Event {
        order: ExternalOrderId::parse(&snapshot.order_reference)?,
        // The system has no id of a payment besides the shop's.
        payment_id: None,
        fact: fact(snapshot),
        means: means(snapshot),
        payer_email: payer(snapshot),
    })
}

/// The same state of the same order is the same event. A refund may leave everything that is signed as it was,
/// so the date is a part of a charged payment's state. It is not signed: what a changed one can do is have the status
/// API asked once more.
pub fn key(snapshot: &Snapshot) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let date = match snapshot.decide() {
        Decision::AskStatus | Decision::Voided | Decision::Sale { .. } | Decision::Refund { .. } => {
            text(&snapshot.processing_date)
        }
        Decision::Held | Decision::NoAction(_) | Decision::Anomaly(_) => String::new(),
    };
    format!(
        "{}|{}|{}|{}|{date}",
        snapshot.order_reference,
        snapshot.status.as_str(),
        text(&snapshot.auth_code),
        text(&snapshot.reason_code),
    )
}

/// What must not change while the key stays the same: the money.
pub fn fingerprint(snapshot: &Snapshot) -> String {
    let mut fingerprint = Fingerprint::new();
    fingerprint.number(snapshot.amount).text(snapshot.currency.as_deref());
    fingerprint.finish()
}

/// True when only our own records tell whether this is a refund; see [`crate::voided`].
pub fn is_voided(snapshot: &Snapshot) -> bool {
    snapshot.decide() == Decision::Voided
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
        Decision::AskStatus => ask("refunded; how much, only the status API says"),
        Decision::Voided => ask("voided; whether it was charged before is not said"),
        Decision::Held => nothing("the money is held, not charged yet"),
        Decision::NoAction(quiet) => nothing(match quiet {
            Quiet::Processing => "being paid",
            Quiet::Declined => "declined",
            Quiet::Expired => "expired unpaid",
            Quiet::RefundWaits => "a refund was asked for and is not made yet",
        }),
        Decision::Anomaly(anomaly) => match anomaly {
            Anomaly::RefundAboveAmount {
                sale_amount,
                refunded_total,
            } => strange(format!("{refunded_total} kopecks were given back of {sale_amount}")),
            Anomaly::ForeignCurrency { currency, amount } => strange(format!(
                "{amount} minor units of {:?} were charged",
                printable(&currency)
            )),
            Anomaly::UnknownStatus(status) => unknown(format!("the status {:?} is not known", printable(&status))),
            Anomaly::NoAmount => strange("paid, and no amount was said".to_owned()),
        },
    }
}

fn payer(snapshot: &Snapshot) -> Option<Email> {
    let text = snapshot.email.as_ref()?.expose().trim();
    (text.contains('@') && !text.chars().any(char::is_control)).then(|| Email::new(text))
}

fn means(snapshot: &Snapshot) -> PaymentMeans {
    let system = match &snapshot.card_type {
        Some(card) => format!("WayForPay {}", printable(card)),
        None => "WayForPay".to_owned(),
    };
    PaymentMeans {
        system: Some(system),
        masked_card: snapshot.masked_card.clone(),
        auth_code: snapshot.auth_code.clone(),
        transaction_id: None,
    }
}
