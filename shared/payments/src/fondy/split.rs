//! Splits in Fondy's messages: parts of a payment, and operations that divide one.

use domain::basket::{Basket, Line};
use domain::event::{Fact, Part};
use domain::ids::{ExternalOrderId, Receiver};
use domain::money::Kopecks;
use fondy::{OrderStatus, PartStatus, Product, Snapshot, TranType};

use super::{basket, nothing, printable, strange};

/// What makes two snapshots of a divided payment different news: how much of each part came back. Empty for a plain
/// payment, whose keys are as they always were.
pub(super) fn key(snapshot: &Snapshot) -> String {
    snapshot
        .parts
        .iter()
        .map(|part| {
            let reversed = part.reversed.map_or_else(|| "-".to_owned(), |sum| sum.to_string());
            format!("|{}:{:?}:{reversed}", part.receiver.name(), part.status)
        })
        .collect()
}

/// An operation of its own that divides a payment; `None`: the snapshot is of a payment.
///
/// It says so by its kind, by the order it names, or by parts of an operation that is not its own. A message that
/// leaves it open is taken for one: then it is found out, or a person is asked, and no receipt is made on a guess.
pub(super) fn settlement(snapshot: &Snapshot) -> Option<Fact> {
    let says_so = snapshot.tran_type == TranType::Settlement
        || snapshot.order_type.as_deref() == Some("settlement")
        || snapshot.operation_id.is_some();
    if !says_so && (snapshot.parts.is_empty() || is_own_payment(snapshot)) {
        return None;
    }
    // Version 1 shows no parts; what its settlements say is not enough for anything.
    if snapshot.version != fondy::Version::V2_0 {
        return None;
    }
    Some(match &snapshot.order_status {
        OrderStatus::Approved | OrderStatus::Reversed => divided(snapshot),
        OrderStatus::Created | OrderStatus::Processing => nothing("a settlement that is not carried out yet"),
        OrderStatus::Declined | OrderStatus::Expired => nothing("a settlement that was declined"),
        OrderStatus::Other(status) => strange(&fondy::Anomaly::UnknownStatus(status.clone())),
    })
}

fn divided(snapshot: &Snapshot) -> Fact {
    if snapshot.currency != "UAH" {
        return strange(&fondy::Anomaly::ForeignCurrency {
            currency: snapshot.currency.clone(),
            amount: snapshot.amount,
        });
    }
    if snapshot.parts.iter().any(|part| part.status == PartStatus::UnderWay) {
        return nothing("a settlement that is not carried out yet");
    }
    let of = match snapshot.operation_id.as_deref().map(ExternalOrderId::parse).transpose() {
        Ok(of) => of,
        Err(error) => {
            return Fact::Strange {
                why: format!("a settlement of an order that cannot be: {error}"),
                money_moved: false,
            };
        }
    };
    match parts(snapshot) {
        Ok(parts) => Fact::Settlement { of, parts },
        Err(why) => Fact::Strange { why, money_moved: true },
    }
}

/// Somebody paid here, by a card that is shown, and the parts are this payment's own.
fn is_own_payment(snapshot: &Snapshot) -> bool {
    let own = |parent: &String| snapshot.transaction_id.as_ref() == Some(parent);
    let parents_fit = snapshot.parts.iter().filter_map(|part| part.parent.as_ref()).all(own);
    snapshot.masked_card.is_some() && parents_fit
}

/// The parts as they are planned; the text says why they cannot be.
pub(super) fn parts(snapshot: &Snapshot) -> Result<Vec<Part>, String> {
    let kopecks = |minor: u64| {
        Kopecks::from_minor(minor).map_err(|_| format!("{minor} kopecks are more than a receipt can carry"))
    };
    snapshot
        .parts
        .iter()
        .map(|part| {
            let name = part.receiver.name();
            Ok(Part {
                receiver: Receiver::parse(&name)
                    .map_err(|_| format!("the receiver {:?} has no name that can be kept", printable(&name)))?,
                amount: kopecks(part.amount)?,
                refunded: part.reversed.map(kopecks).transpose()?,
                basket: basket(&part.basket),
            })
        })
        .collect()
}

/// The gateway's number of a receiver that is a merchant of it.
pub fn receiver_number(receiver: &Receiver) -> Option<u64> {
    let text = receiver.as_str();
    let digits = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    text.parse().ok().filter(|_| digits)
}

/// A basket as the gateway takes it (`fondy.md` §9): prices of whole units, line totals as paid.
pub fn products(basket: &Basket) -> Vec<Product> {
    basket.lines().iter().enumerate().map(product).collect()
}

fn product((index, line): (usize, &Line)) -> Product {
    Product {
        id: line.code.clone().unwrap_or_else(|| (index + 1).to_string()),
        name: line.name.clone(),
        price_kopecks: line.price.minor(),
        // A line never costs more than fits.
        total_kopecks: i64::try_from(line.paid().minor()).unwrap_or(i64::MAX),
        quantity_thousandths: line.quantity.thousandths(),
    }
}
