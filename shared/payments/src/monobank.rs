//! monobank's snapshots as events.

use domain::event::{CarriedBasket, Event, Fact, PaymentMeans};
use domain::ids::{ExternalOrderId, IdError};
use monobank::{Anomaly, Decision, Quiet, Snapshot};

use crate::Fingerprint;
use crate::money::{ask, moved, nothing, printable, strange, unknown};

/// What a snapshot says happened to the order. A webhook names no merchant, so what it says about
/// money is a question to the status API. Fails only on an order id no order can have.
pub fn event(snapshot: &Snapshot) -> Result<Event, IdError> {
    Ok(Event {
        order: ExternalOrderId::parse(snapshot.order_id())?,
        payment_id: Some(snapshot.invoice_id.clone()),
        fact: fact(snapshot),
        means: means(snapshot),
        payer_email: None,
    })
}

/// The same state of the same invoice is the same event.
pub fn key(snapshot: &Snapshot) -> String {
    let charged = snapshot.final_amount.map(|amount| amount.to_string());
    format!(
        "{}|{}|{}|{}|{}",
        snapshot.invoice_id,
        snapshot.order_id(),
        snapshot.status.as_str(),
        charged.unwrap_or_default(),
        snapshot.refunded,
    )
}

/// What must not change while the key stays the same: the money.
pub fn fingerprint(snapshot: &Snapshot) -> String {
    let mut fingerprint = Fingerprint::new();
    fingerprint
        .number(Some(snapshot.amount))
        .number(snapshot.currency)
        .number(snapshot.final_amount);
    fingerprint.finish()
}

/// True when only our own records tell whether this is a refund; see [`crate::voided`].
pub fn is_voided(snapshot: &Snapshot) -> bool {
    snapshot.decide() == Decision::Voided
}

fn fact(snapshot: &Snapshot) -> Fact {
    let fact = match snapshot.decide() {
        Decision::Sale { amount } => moved(amount, 0, CarriedBasket::Absent),
        Decision::Refund {
            sale_amount,
            refunded_total,
            full: _,
        } => moved(sale_amount, refunded_total, CarriedBasket::Absent),
        Decision::Voided => ask("given back whole; whether it was charged before is not said"),
        Decision::Held => nothing("the money is held, not charged yet"),
        Decision::NoAction(quiet) => nothing(match quiet {
            Quiet::Created => "not paid yet",
            Quiet::Processing => "being paid",
            Quiet::Failed => "declined",
            Quiet::Expired => "expired unpaid",
        }),
        Decision::Anomaly(anomaly) => anomalous(&anomaly),
    };
    match fact {
        Fact::Money { .. } | Fact::Strange { .. } if snapshot.needs_confirmation => {
            ask("a webhook of the bank names no merchant, so its status API is asked")
        }
        fact => fact,
    }
}

fn anomalous(anomaly: &Anomaly) -> Fact {
    match anomaly {
        Anomaly::RefundAboveAmount {
            sale_amount,
            refunded_total,
        } => strange(format!("{refunded_total} kopecks were given back of {sale_amount}")),
        Anomaly::ForeignCurrency { currency, amount } => {
            strange(format!("{amount} minor units of the currency {currency} were charged"))
        }
        Anomaly::UnknownStatus(status) => unknown(format!("the status {:?} is not known", printable(status))),
        Anomaly::ZeroAmount => strange("paid, but nothing was charged".to_owned()),
        Anomaly::ChargedAboveAmount { amount, charged } => {
            strange(format!("{charged} kopecks were charged of {amount}; perhaps with tips"))
        }
        Anomaly::SumsUnclear {
            amount,
            final_amount,
            refunded,
        } => strange(format!(
            "of {amount} kopecks {final_amount} are said to be final and {refunded} given back, which has two readings"
        )),
    }
}

fn means(snapshot: &Snapshot) -> PaymentMeans {
    let system = match &snapshot.payment_system {
        Some(card) => format!("monobank {}", printable(card)),
        None => "monobank".to_owned(),
    };
    PaymentMeans {
        system: Some(system),
        masked_card: snapshot.masked_card.clone(),
        auth_code: snapshot.approval_code.clone(),
        transaction_id: snapshot.rrn.clone().or_else(|| Some(snapshot.invoice_id.clone())),
    }
}
