//! The registers' tapes as the simulators kept them, reduced to what a verdict needs.

use std::collections::{BTreeMap, BTreeSet};

use ledger::settings::Provider;
use ledger::views::DocumentView;
use sandbox::{atol, cashalot, cashdesk};
use serde_json::Value;

use super::cast::Till;
use super::registers::Registers;

/// A receipt on a tape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slip {
    /// Its register's fiscal number.
    pub register: u64,
    /// Kasyr's id of that register.
    pub till: String,
    /// Its fiscal number.
    pub number: String,
    /// What it does.
    pub kind: Kind,
    /// Kopecks; 0 for a storno.
    pub sum: u64,
    /// The orders its lines name.
    pub orders: Vec<String>,
    /// Kasyr's reference on it.
    pub token: String,
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
    /// Registered while the tax service was away.
    pub offline: bool,
}

/// What a receipt does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It sells.
    Sale,
    /// It gives money of that sale back; empty where the protocol does not say of which.
    Return(String),
    /// It cancels that sale.
    Storno(String),
}

/// All receipts of all registers. Revoked online twins are void: the tax service itself ignores
/// them. A return that tells neither its sale nor an order has that of Kasyr's document with its number.
pub fn read(registers: &Registers, tills: &[Till], documents: &[DocumentView]) -> Vec<Slip> {
    let mut tape: Vec<Slip> = tills.iter().flat_map(|till| of_till(registers, till)).collect();
    let told: BTreeMap<(&str, &str), &str> = documents
        .iter()
        .filter_map(|document| {
            let number = document.fiscal_number.as_deref()?;
            Some(((document.register.as_str(), number), document.order.as_str()))
        })
        .collect();
    for slip in &mut tape {
        let nameless = slip.kind == Kind::Return(String::new()) && slip.orders.is_empty();
        if nameless && let Some(order) = told.get(&(slip.till.as_str(), slip.number.as_str())) {
            slip.orders.push((*order).to_owned());
        }
    }
    tape
}

/// The order of every receipt, by register and number: a sale's is the one its lines name; a refund's is that of its
/// sale, or, where the protocol does not tell the sale, the one it names itself, if that was sold on its register.
pub fn orders(tape: &[Slip]) -> BTreeMap<(u64, &str), &str> {
    let mut orders: BTreeMap<(u64, &str), &str> = BTreeMap::new();
    let mut sold: BTreeSet<(u64, &str)> = BTreeSet::new();
    for slip in tape {
        if let (Kind::Sale, [order]) = (&slip.kind, slip.orders.as_slice()) {
            orders.insert((slip.register, &slip.number), order);
            sold.insert((slip.register, order));
        }
    }
    for slip in tape {
        let order = match (&slip.kind, slip.orders.as_slice()) {
            (Kind::Sale, _) => continue,
            (Kind::Return(of), [order]) if of.is_empty() => {
                let named = (slip.register, order.as_str());
                sold.get(&named).map(|(_, order)| *order)
            }
            (Kind::Return(of) | Kind::Storno(of), _) => orders.get(&(slip.register, of.as_str())).copied(),
        };
        if let Some(order) = order {
            orders.insert((slip.register, &slip.number), order);
        }
    }
    orders
}

fn of_till(registers: &Registers, till: &Till) -> Vec<Slip> {
    match till.provider {
        Provider::Cashalot => {
            let documents = registers.cashalot.documents(till.number).into_iter();
            let valid = documents.filter(|document| !document.revoked);
            valid.filter_map(|document| cashalot_slip(&document, till)).collect()
        }
        Provider::CashDesk => {
            let documents = registers.cashdesk.documents(till.number);
            let slips = documents.iter().filter_map(|document| cashdesk_slip(document, till));
            slips.collect()
        }
        Provider::AtolOnline => {
            let documents = registers.atol.documents(&till.group());
            let slips = documents.iter().filter_map(|document| atol_slip(document, till));
            slips.collect()
        }
    }
}

fn cashalot_slip(document: &cashalot::RecordedDocument, till: &Till) -> Option<Slip> {
    use cashalot::DocSubType;
    let kind = if document.is(DocSubType::CheckGoods) {
        Kind::Sale
    } else if document.is(DocSubType::CheckReturn) {
        Kind::Return(document.ret_num.clone().unwrap_or_else(|| "no sale".to_owned()))
    } else if document.is(DocSubType::CheckStorno) {
        Kind::Storno(document.storno_num.clone().unwrap_or_default())
    } else {
        return None;
    };
    Some(Slip {
        register: document.register,
        till: till.register.to_string(),
        number: document.num_fiscal.clone(),
        kind,
        sum: u64::try_from(document.sum_kopecks).unwrap_or_default(),
        orders: document.check.as_deref().map(orders_of_check).unwrap_or_default(),
        token: document.comment.clone().unwrap_or_default(),
        at_ms: document.at.as_millisecond(),
        offline: document.offline,
    })
}

fn cashdesk_slip(document: &cashdesk::RecordedDocument, till: &Till) -> Option<Slip> {
    use cashdesk::DocKind;
    let kind = match document.kind {
        DocKind::Sale => Kind::Sale,
        DocKind::Return => Kind::Return(String::new()),
        DocKind::OpenShift | DocKind::ServiceInput | DocKind::ServiceOutput | DocKind::ZReport => return None,
    };
    Some(Slip {
        register: document.register,
        till: till.register.to_string(),
        number: document.ordernum.clone(),
        sum: u64::try_from(document.sum_kopecks).unwrap_or_default(),
        orders: orders_named(document.products.iter().map(|product| product.name.as_str())),
        // Each register counts, sales and returns apart.
        token: format!("{} {:?} {:?}", till.register, document.kind, document.local_number),
        kind,
        at_ms: document.at.as_millisecond(),
        offline: document.offline,
    })
}

fn atol_slip(document: &atol::RecordedDocument, till: &Till) -> Option<Slip> {
    use atol::Operation;
    let kind = match document.operation {
        Operation::Sell => Kind::Sale,
        Operation::SellRefund => Kind::Return(String::new()),
        Operation::Buy
        | Operation::BuyRefund
        | Operation::SellCorrection
        | Operation::SellRefundCorrection
        | Operation::BuyCorrection
        | Operation::BuyRefundCorrection => return None,
    };
    let fiscal = &document.fiscal;
    // The last part counts what was tried: one document printed by two tries would be printed twice.
    let token = document.external_id.rsplit_once('-').map(|(own, _)| own);
    Some(Slip {
        register: till.number,
        till: till.register.to_string(),
        number: format!(
            "{}-{}-{}",
            fiscal.fn_number, fiscal.fiscal_document_number, fiscal.fiscal_document_attribute
        ),
        kind,
        sum: document.total,
        orders: orders_named(document.items.iter().map(|item| item.name.as_str())),
        token: token.unwrap_or(&document.external_id).to_owned(),
        at_ms: document.at.as_millisecond(),
        offline: false,
    })
}

/// The order ids in the names of a check's lines.
fn orders_of_check(check: &str) -> Vec<String> {
    let check: Value = serde_json::from_str(check).unwrap_or_default();
    let lines = check["CHECKBODY"].as_array().map(Vec::as_slice).unwrap_or_default();
    orders_named(lines.iter().filter_map(|line| line["NAME"].as_str()))
}

/// The order ids in the names of lines, each once.
fn orders_named<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let words = names.flat_map(str::split_whitespace);
    let mut orders: Vec<String> = words.filter(|word| word.starts_with("o-")).map(str::to_owned).collect();
    orders.sort();
    orders.dedup();
    orders
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_names_its_order_in_every_line() {
        let check = r#"{"CHECKBODY":[{"NAME":"Чай o-000007"},{"NAME":"Кава o-000007"}]}"#;
        assert_eq!(orders_of_check(check), ["o-000007"]);
        assert!(orders_of_check(r#"{"CHECKBODY":[{"NAME":"Часткове повернення коштів"}]}"#).is_empty());
    }
}
