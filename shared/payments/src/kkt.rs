//! What Fondy's own cash register tells (`get_kkt_logs`), as receipts.

use domain::basket::{Basket, Line, Unit};
use domain::document::Kind;
use domain::event::PaymentMeans;
use domain::found::{Found, FoundReceipt, Maker};
use domain::ids::FiscalNumber;
use domain::money::Kopecks;
use domain::quantity::Quantity;
use domain::receipt::Receipt;
use domain::tax::VatScheme;
use fondy::{KktCode, KktEntry, KktLine, KktLogs, TranType};

/// The line of a receipt whose own lines do not add up to it.
const WHOLE: &str = "За чеком платіжної системи";

/// All that is found. Of a transaction with several attempts the registered one counts, else the last.
pub fn found(logs: &KktLogs) -> Vec<Found> {
    let mut all: Vec<(&str, Found)> = Vec::new();
    for entry in &logs.entries {
        let Some(one) = one(entry) else {
            continue;
        };
        let id = entry.transaction_id.as_str();
        match all.iter_mut().find(|(known, _)| *known == id) {
            Some((_, Found::Receipt(_))) => {}
            Some((_, earlier)) => *earlier = one,
            None => all.push((id, one)),
        }
    }
    for unreadable in &logs.unreadable {
        let id = unreadable.transaction_id.as_str();
        if !all.iter().any(|(known, _)| *known == id) {
            let found = Found::Unclear {
                transaction: id.to_owned(),
                why: unreadable.why.to_string(),
            };
            all.push((id, found));
        }
    }
    all.into_iter().map(|(_, found)| found).collect()
}

/// `None`: no receipt follows from such a movement.
fn one(entry: &KktEntry) -> Option<Found> {
    let transaction = entry.transaction_id.clone();
    let kind = match &entry.kind {
        TranType::Purchase | TranType::Capture => Kind::Sale,
        TranType::Reverse => Kind::Return,
        TranType::Verification | TranType::P2pCredit | TranType::Settlement => return None,
        TranType::Other(_) => {
            let why = "the kind of movement is not known".to_owned();
            return Some(Found::Unclear { transaction, why });
        }
    };
    if let KktCode::Refused(code) = &entry.code {
        let code = code.clone();
        return Some(Found::Refused { transaction, code });
    }
    let Some(number) = entry.registered() else {
        return Some(Found::Unanswered { transaction });
    };
    Some(match receipt(entry, kind, number) {
        Ok(receipt) => Found::Receipt(Box::new(receipt)),
        Err(why) => Found::Unclear { transaction, why },
    })
}

fn receipt(entry: &KktEntry, kind: Kind, number: &str) -> Result<FoundReceipt, String> {
    let amount = kopecks(entry.total)?;
    if amount.is_zero() {
        return Err("its sum is zero".to_owned());
    }
    let basket = match basket(&entry.lines) {
        Some(basket) if basket.total() == amount => basket,
        Some(_) | None => Line::single(WHOLE, amount)
            .and_then(|line| Basket::new(vec![line]))
            .map_err(|error| error.to_string())?,
    };
    // No published entry names a tax, so none is shown; the payment system's own file is beside ours.
    let receipt = Receipt::of_lines(basket, &VatScheme::NotAPayer, means(entry)).map_err(|error| error.to_string())?;
    Ok(FoundReceipt {
        transaction: entry.transaction_id.clone(),
        kind,
        amount,
        receipt,
        fiscal_number: FiscalNumber::parse(number).map_err(|error| error.to_string())?,
        local_number: entry.local_number.and_then(|number| i64::try_from(number).ok()),
        registered_at: entry.registered_at.clone(),
        register_number: entry.register_number.clone(),
        maker: Maker {
            cashier: entry.cashier.clone(),
            name: entry.seller.clone(),
            unit: entry.unit.clone(),
            address: entry.address.clone(),
            tin: entry.tin.clone(),
        },
    })
}

fn basket(lines: &[KktLine]) -> Option<Basket> {
    let lines: Option<Vec<Line>> = lines.iter().map(line).collect();
    Basket::new(lines?).ok()
}

/// Its cost leads, as everywhere; a line that cannot be kept makes the whole basket one line.
fn line(wire: &KktLine) -> Option<Line> {
    let described = || wire.description.clone().unwrap_or_else(|| WHOLE.to_owned());
    let name = if wire.name.is_empty() {
        described()
    } else {
        wire.name.clone()
    };
    let quantity = Quantity::from_thousandths(wire.quantity_thousandths).ok()?;
    let line = Line::with_total(&name, quantity, kopecks(wire.price).ok()?, kopecks(wire.cost).ok()?).ok()?;
    let unit = wire
        .unit
        .clone()
        .map_or_else(Unit::piece, |name| Unit { name, ..Unit::piece() });
    Some(Line {
        code: wire
            .code
            .clone()
            .filter(|code| code.chars().count() <= crate::fondy::MAX_CODE),
        unit,
        ..line
    })
}

fn means(entry: &KktEntry) -> PaymentMeans {
    let Some(payment) = entry.payments.first() else {
        return PaymentMeans::default();
    };
    PaymentMeans {
        system: payment.system.clone(),
        masked_card: payment.masked_card.clone().filter(|card| is_masked(card)),
        auth_code: payment.auth_code.clone(),
        transaction_id: payment.rrn.clone(),
    }
}

/// A whole card number is never kept, whoever sends it.
fn is_masked(card: &str) -> bool {
    card.chars().filter(char::is_ascii_digit).count() <= 10
}

fn kopecks(minor: u64) -> Result<Kopecks, String> {
    Kopecks::from_minor(minor).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests;
