//! Fondy's snapshots as events.

mod split;

use domain::basket::{Basket, Line};
use domain::event::{CarriedBasket, Email, Event, Fact, PaymentMeans};
use domain::ids::{ExternalOrderId, IdError};
use domain::money::Kopecks;
use domain::quantity::Quantity;
use fondy::{Anomaly, AskReason, CaptureStatus, Decision, Product, Quiet, ReservationData, Snapshot};

use crate::Fingerprint;

pub use split::{products, receiver_number};

/// The longest article a receipt carries (`cashalot.md` §6.5, CODE), in characters.
pub(crate) const MAX_CODE: usize = 64;

/// What a snapshot says happened to the order. Fails only on an order id no order can have.
pub fn event(snapshot: &Snapshot) -> Result<Event, IdError> {
    Ok(Event {
        order: ExternalOrderId::parse(&snapshot.order_id)?,
        payment_id: Some(snapshot.payment_id.clone()),
        fact: fact(snapshot),
        means: means(snapshot),
        payer_email: payer(snapshot),
    })
}

fn payer(snapshot: &Snapshot) -> Option<Email> {
    let text = snapshot.sender_email.as_ref()?.expose().trim();
    (text.contains('@') && !text.chars().any(char::is_control)).then(|| Email::new(text))
}

/// The same state of the same payment is the same event. A message whose names are in doubt has a
/// key of its own, so that a disguised copy cannot take the place of the genuine one.
pub fn key(snapshot: &Snapshot) -> String {
    let capture = snapshot.capture_status.as_ref().map_or("", CaptureStatus::as_str);
    let doubt = if snapshot.needs_confirmation { "|in doubt" } else { "" };
    format!(
        "{}|{}|{}|{}|{}|{capture}{doubt}{}",
        snapshot.payment_id,
        snapshot.order_id,
        snapshot.order_status.as_str(),
        snapshot.tran_type.as_str(),
        snapshot.reversal_amount,
        split::key(snapshot),
    )
}

/// What must not change while the key stays the same: the money and the basket.
pub fn fingerprint(snapshot: &Snapshot) -> String {
    let mut fingerprint = Fingerprint::new();
    fingerprint
        .number(Some(snapshot.amount))
        .text(Some(&snapshot.currency))
        .number(snapshot.actual_amount)
        .text(snapshot.actual_currency.as_deref())
        .number(snapshot.capture_amount);
    lines(&mut fingerprint, &snapshot.basket);
    for part in &snapshot.parts {
        fingerprint.text(Some(&part.receiver.name())).number(Some(part.amount));
        lines(&mut fingerprint, &part.basket);
    }
    fingerprint.finish()
}

fn lines(fingerprint: &mut Fingerprint, basket: &ReservationData) {
    match basket {
        ReservationData::Absent => fingerprint.text(None),
        ReservationData::Warned(_) => fingerprint.text(Some("warned")),
        ReservationData::Broken(_) => fingerprint.text(Some("broken")),
        ReservationData::Products(products) => products.iter().fold(fingerprint, |fingerprint, product| {
            fingerprint
                .text(Some(&product.id))
                .text(Some(&product.name))
                .number(Some(product.price_kopecks))
                .text(Some(&product.total_kopecks.to_string()))
                .number(Some(product.quantity_thousandths))
        }),
    };
}

fn fact(snapshot: &Snapshot) -> Fact {
    if let Some(fact) = split::settlement(snapshot) {
        return fact;
    }
    let decision = snapshot.decide();
    if snapshot.needs_confirmation && moves_money(&decision) {
        return Fact::Ask {
            why: "the callback has fields that are not known; its names are not signed".to_owned(),
        };
    }
    match decision {
        Decision::Sale { amount } | Decision::Captured { amount } => money(snapshot, amount, 0),
        Decision::Refund {
            sale_amount,
            refunded_total,
            full: _,
        } => money(snapshot, sale_amount, refunded_total),
        Decision::AskStatus(AskReason::ReversedWithoutAmount) => Fact::Ask {
            why: "reversed, and the callback does not say how much".to_owned(),
        },
        Decision::AskStatus(AskReason::CaptureStatus(status)) => Fact::Ask {
            why: format!("approved with the capture status {:?}", printable(&status)),
        },
        Decision::Held => nothing("the money is held, not charged yet"),
        Decision::Verification => nothing("a card check, given back at once"),
        Decision::NoAction(quiet) => nothing(match quiet {
            Quiet::Created => "not paid yet",
            Quiet::Processing => "being paid, or an attempt failed",
            Quiet::Declined => "declined",
            Quiet::Expired => "expired unpaid",
            Quiet::HoldReleased => "the hold went back before any charge",
            Quiet::Payout => "a payout to a card",
            Quiet::Settlement => "a settlement between the receivers of a split",
        }),
        Decision::Anomaly(anomaly) => strange(&anomaly),
    }
}

/// A decision that could make a receipt, or hide one that is due.
fn moves_money(decision: &Decision) -> bool {
    match decision {
        Decision::Sale { .. }
        | Decision::Captured { .. }
        | Decision::Refund { .. }
        | Decision::AskStatus(_)
        | Decision::Held
        | Decision::Verification
        | Decision::Anomaly(_)
        | Decision::NoAction(Quiet::HoldReleased | Quiet::Payout | Quiet::Settlement) => true,
        Decision::NoAction(Quiet::Created | Quiet::Processing | Quiet::Declined | Quiet::Expired) => false,
    }
}

fn money(snapshot: &Snapshot, paid: u64, refunded_total: u64) -> Fact {
    match (Kopecks::from_minor(paid), Kopecks::from_minor(refunded_total)) {
        (Ok(paid), Ok(refunded_total)) => Fact::Money {
            paid,
            refunded_total,
            basket: basket(&snapshot.basket),
            parts: match split::parts(snapshot) {
                Ok(parts) => parts,
                Err(why) => return Fact::Strange { why, money_moved: true },
            },
        },
        (Err(_), _) | (_, Err(_)) => Fact::Strange {
            why: format!("{paid} kopecks are more than a receipt can carry"),
            money_moved: true,
        },
    }
}

fn nothing(why: &str) -> Fact {
    Fact::Nothing { why: why.to_owned() }
}

fn strange(anomaly: &Anomaly) -> Fact {
    let (why, money_moved) = match anomaly {
        Anomaly::ReversalAboveAmount {
            sale_amount,
            refunded_total,
        } => (
            format!("{refunded_total} kopecks were given back of {sale_amount}"),
            true,
        ),
        Anomaly::ForeignCurrency { currency, amount } => (
            format!("{amount} minor units of {:?} were charged", printable(currency)),
            true,
        ),
        Anomaly::UnknownStatus(status) => (format!("the order status {:?} is not known", printable(status)), false),
        Anomaly::UnknownTranType(kind) => (
            format!("paid by the operation {:?}, which is not known", printable(kind)),
            true,
        ),
        Anomaly::ZeroAmount => ("paid, but nothing was charged".to_owned(), false),
        Anomaly::CaptureAboveAmount { held, captured } => {
            (format!("{captured} kopecks were charged of {held} held"), true)
        }
        Anomaly::CaptureCurrencyUnclear => ("nobody says in which currency the charged part is".to_owned(), true),
        // Should the gateway's word "hold" be out of date, money was charged and given back.
        Anomaly::PartialReversalOfHold { held, reversed } => {
            (format!("{reversed} kopecks of a hold of {held} were given back"), true)
        }
    };
    Fact::Strange { why, money_moved }
}

/// The gateway's words in our texts: short and without control characters.
fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(64).collect()
}

fn basket(sent: &ReservationData) -> CarriedBasket {
    match sent {
        ReservationData::Absent | ReservationData::Warned(_) => CarriedBasket::Absent,
        ReservationData::Broken(fault) => CarriedBasket::Broken(fault.to_string()),
        ReservationData::Products(products) => {
            let lines: Result<Vec<Line>, String> = products.iter().enumerate().map(line).collect();
            match lines.and_then(|lines| Basket::new(lines).map_err(|error| error.to_string())) {
                Ok(basket) => CarriedBasket::Lines(basket),
                Err(why) => CarriedBasket::Broken(why),
            }
        }
    }
}

fn line((index, product): (usize, &Product)) -> Result<Line, String> {
    let wrong = |why: String| format!("line {}: {why}", index + 1);
    if product.is_discount() {
        return Err(wrong("it takes money off, which a receipt line cannot".to_owned()));
    }
    let kopecks = |minor: u64| Kopecks::from_minor(minor).map_err(|error| wrong(error.to_string()));
    let quantity =
        Quantity::from_thousandths(product.quantity_thousandths).map_err(|error| wrong(error.to_string()))?;
    let price = kopecks(product.price_kopecks)?;
    let total = kopecks(product.total_kopecks.unsigned_abs())?;
    let line = Line::with_total(&product.name, quantity, price, total).map_err(|error| wrong(error.to_string()))?;
    Ok(Line {
        code: article(&product.id),
        ..line
    })
}

/// An article the receipt cannot carry is left out: it is not mandatory.
fn article(id: &str) -> Option<String> {
    let fits = !id.is_empty() && id.chars().count() <= MAX_CODE && !id.chars().any(char::is_control);
    fits.then(|| id.to_owned())
}

fn means(snapshot: &Snapshot) -> PaymentMeans {
    let system = match &snapshot.card_type {
        Some(card) => format!("Fondy {}", printable(card)),
        None => "Fondy".to_owned(),
    };
    PaymentMeans {
        system: Some(system),
        masked_card: snapshot.masked_card.clone(),
        auth_code: snapshot.approval_code.clone(),
        transaction_id: snapshot.rrn.clone().or_else(|| Some(snapshot.payment_id.clone())),
    }
}
