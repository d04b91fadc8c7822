//! The registers' tapes as the simulator kept them, reduced to what a verdict needs.

use sandbox::cashalot::{DocSubType, RecordedDocument, Simulator};
use serde_json::Value;

use super::cast::Till;

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
    /// It gives money of that sale back.
    Return(String),
    /// It cancels that sale.
    Storno(String),
}

/// All receipts of all registers. Revoked online twins are void: the tax service itself ignores
/// them.
pub fn read(registers: &Simulator, tills: &[Till]) -> Vec<Slip> {
    let of_till = |till: &Till| {
        let documents = registers.documents(till.number);
        let valid = documents.into_iter().filter(|document| !document.revoked);
        valid.filter_map(|document| slip(&document, till)).collect::<Vec<_>>()
    };
    tills.iter().flat_map(of_till).collect()
}

fn slip(document: &RecordedDocument, till: &Till) -> Option<Slip> {
    let kind = if document.is(DocSubType::CheckGoods) {
        Kind::Sale
    } else if document.is(DocSubType::CheckReturn) {
        Kind::Return(document.ret_num.clone().unwrap_or_default())
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
        orders: document.check.as_deref().map(orders_named).unwrap_or_default(),
        token: document.comment.clone().unwrap_or_default(),
        at_ms: document.at.as_millisecond(),
        offline: document.offline,
    })
}

/// The order ids in the names of a check's lines, each once.
fn orders_named(check: &str) -> Vec<String> {
    let check: Value = serde_json::from_str(check).unwrap_or_default();
    let lines = check["CHECKBODY"].as_array().map(Vec::as_slice).unwrap_or_default();
    let words = lines
        .iter()
        .filter_map(|line| line["NAME"].as_str())
        .flat_map(str::split_whitespace);
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
        assert_eq!(orders_named(check), ["o-000007"]);
        assert!(orders_named(r#"{"CHECKBODY":[{"NAME":"Часткове повернення коштів"}]}"#).is_empty());
    }
}
