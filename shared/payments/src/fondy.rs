//! Fondy's snapshots as events.

use domain::basket::{Basket, BasketError, Line};
use domain::event::{CarriedBasket, Event, Fact, PaymentMeans};
use domain::ids::{ExternalOrderId, IdError};
use domain::money::Kopecks;
use domain::quantity::Quantity;
use fondy::{Anomaly, AskReason, Decision, Product, Quiet, ReservationData, Snapshot};

/// What a snapshot says happened to the order. Fails only on an order id no order can have.
pub fn event(snapshot: &Snapshot) -> Result<Event, IdError> {
    Ok(Event {
        order: ExternalOrderId::parse(&snapshot.order_id)?,
        payment_id: Some(snapshot.payment_id.clone()),
        fact: fact(snapshot),
        means: means(snapshot),
    })
}

/// Two callbacks with this key tell the same news (`fondy.md` §4: a callback is a snapshot).
pub fn key(snapshot: &Snapshot) -> String {
    let capture = snapshot.capture_status.as_ref().map_or("", |status| status.as_str());
    format!(
        "{}|{}|{}|{}|{capture}|{}",
        snapshot.payment_id,
        snapshot.order_status.as_str(),
        snapshot.tran_type.as_str(),
        snapshot.reversal_amount,
        snapshot.order_id,
    )
}

/// What must be equal when the key is. Fees, settlement and descriptions may change; money may not.
pub fn fingerprint(snapshot: &Snapshot) -> String {
    format!(
        "{}|{}|{:?}|{:?}|{:?}|{:?}",
        snapshot.amount,
        snapshot.currency,
        snapshot.actual_amount,
        snapshot.actual_currency,
        snapshot.capture_amount,
        snapshot.basket,
    )
}

fn fact(snapshot: &Snapshot) -> Fact {
    let money = |paid: u64, refunded: u64| match (Kopecks::from_minor(paid), Kopecks::from_minor(refunded)) {
        (Ok(paid), Ok(refunded_total)) => Fact::Money { paid, refunded_total, basket: basket(&snapshot.basket) },
        _ => Fact::Strange { why: "the amount is larger than any receipt can be".to_owned(), money_moved: true },
    };
    match snapshot.decide() {
        // fondy.md §2: field names are not signed, so an unknown one is a reason to ask.
        Decision::Sale { .. } | Decision::Captured { .. } | Decision::Refund { .. } if snapshot.needs_confirmation => {
            Fact::Ask { why: "the message has fields the protocol does not know".to_owned() }
        }
        Decision::Sale { amount } | Decision::Captured { amount } => money(amount, 0),
        Decision::Refund { sale_amount, refunded_total, full: _ } => money(sale_amount, refunded_total),
        Decision::Held => nothing("the money is only held; a receipt follows the capture"),
        Decision::Verification => nothing("a card check, returned at once"),
        Decision::NoAction(quiet) => nothing(quiet_words(quiet)),
        Decision::AskStatus(reason) => Fact::Ask { why: ask_words(&reason) },
        Decision::Anomaly(anomaly) => strange(&anomaly),
    }
}

fn nothing(why: &str) -> Fact {
    Fact::Nothing { why: why.to_owned() }
}

const fn quiet_words(quiet: Quiet) -> &'static str {
    match quiet {
        Quiet::Created => "the payer has not paid yet",
        Quiet::Processing => "the payment is under way or an attempt failed",
        Quiet::Declined => "the payment was declined",
        Quiet::Expired => "the order expired unpaid",
        Quiet::HoldReleased => "the held money was released",
        Quiet::Payout => "a payout, not a payment",
        Quiet::Settlement => "a settlement, not a payment",
    }
}

fn ask_words(reason: &AskReason) -> String {
    match reason {
        AskReason::ReversedWithoutAmount => "reversed, without saying how much".to_owned(),
        AskReason::CaptureStatus(status) => format!("unknown capture status '{}'", short(status)),
    }
}

fn strange(anomaly: &Anomaly) -> Fact {
    let (why, money_moved) = match anomaly {
        Anomaly::ReversalAboveAmount { sale_amount, refunded_total } => {
            (format!("{refunded_total} kopecks were given back of {sale_amount}"), true)
        }
        Anomaly::ForeignCurrency { currency, amount } => {
            (format!("paid in {}: {amount} minor units; a receipt is in UAH", short(currency)), true)
        }
        Anomaly::UnknownStatus(status) => (format!("unknown order status '{}'", short(status)), false),
        Anomaly::UnknownTranType(kind) => (format!("unknown transaction type '{}'", short(kind)), false),
        Anomaly::ZeroAmount => ("approved, with an amount of zero".to_owned(), false),
        Anomaly::CaptureAboveAmount { held, captured } => {
            (format!("{captured} kopecks were captured of {held} held"), true)
        }
        Anomaly::CaptureCurrencyUnclear => ("captured in an unclear currency".to_owned(), true),
        Anomaly::PartialReversalOfHold { held, reversed } => {
            (format!("{reversed} kopecks of {held} held were given back before the capture"), true)
        }
    };
    Fact::Strange { why, money_moved }
}

/// Foreign words are shortened: they are shown to people.
fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

fn basket(carried: &ReservationData) -> CarriedBasket {
    match carried {
        ReservationData::Absent | ReservationData::Warned(_) => CarriedBasket::Absent,
        ReservationData::Broken(fault) => CarriedBasket::Broken(fault.to_string()),
        ReservationData::Products(products) => match lines(products) {
            Ok(basket) => CarriedBasket::Lines(basket),
            Err(why) => CarriedBasket::Broken(why),
        },
    }
}

fn lines(products: &[Product]) -> Result<Basket, String> {
    let mut lines = Vec::with_capacity(products.len());
    for (index, product) in products.iter().enumerate() {
        let line = line(product).map_err(|why| format!("line {}: {why}", index + 1))?;
        lines.push(line);
    }
    Basket::new(lines).map_err(|error: BasketError| error.to_string())
}

fn line(product: &Product) -> Result<Line, String> {
    let total = u64::try_from(product.total_kopecks)
        .map_err(|_| "a negative line is a discount; a person must decide".to_owned())?;
    let total = Kopecks::from_minor(total).map_err(|error| error.to_string())?;
    let price = Kopecks::from_minor(product.price_kopecks).map_err(|error| error.to_string())?;
    let quantity = Quantity::from_thousandths(product.quantity_thousandths).map_err(|error| error.to_string())?;
    let line = Line::with_total(&product.name, quantity, price, total).map_err(|error| error.to_string())?;
    let code = Some(product.id.trim()).filter(|id| !id.is_empty() && id.chars().count() <= 64);
    Ok(Line { code: code.map(str::to_owned), ..line })
}

fn means(snapshot: &Snapshot) -> PaymentMeans {
    let system = match &snapshot.card_type {
        Some(card) => format!("Fondy {card}"),
        None => "Fondy".to_owned(),
    };
    PaymentMeans {
        system: Some(system),
        masked_card: snapshot.masked_card.clone(),
        auth_code: snapshot.approval_code.clone(),
        transaction_id: snapshot.rrn.clone().or_else(|| Some(snapshot.payment_id.clone())),
    }
}
