//! `/get_kkt_logs`: the documents that the gateway's own cash register made for an order (fondy.md §8.6). The same
//! thing comes as a number here and as a string there, so everything is read from its text, amounts exactly.

mod entry;

use wire::{read_items, read_object, read_pairs};

use crate::CallbackError;
use crate::status::TranType;
use crate::transactions::is_id;

/// What the gateway's cash register has of an order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KktLogs {
    /// Its documents, in the order they came. A transaction may come twice when there were several attempts.
    pub entries: Vec<KktEntry>,
    /// Entries that are not understood. Nothing of them can be used; a person should know.
    pub unreadable: Vec<Unreadable>,
}

/// An entry that is not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// The transaction's id.
    pub transaction_id: String,
    /// What is wrong with it, without any of its values.
    pub why: CallbackError,
}

/// One document, as sent to the tax service and as answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KktEntry {
    /// The gateway's id of the movement of money that it is for.
    pub transaction_id: String,
    /// What moved.
    pub kind: TranType,
    /// The document's own id (`UID`).
    pub uid: Option<String>,
    /// Kopecks in all.
    pub total: u64,
    /// The lines.
    pub lines: Vec<KktLine>,
    /// How it was paid.
    pub payments: Vec<KktPayment>,
    /// The register's number at the tax service.
    pub register_number: Option<String>,
    /// The document's place on the register's tape.
    pub local_number: Option<u64>,
    /// Date and time on the document, `YYYY-MM-DDThh:mm:ss`, in Kyiv: the tax service's where it answered, else the
    /// register's.
    pub registered_at: Option<String>,
    /// It was made offline.
    pub offline: bool,
    /// Who made it.
    pub cashier: Option<String>,
    /// The seller's name.
    pub seller: Option<String>,
    /// The seller's tax number.
    pub tin: Option<String>,
    /// The unit's name.
    pub unit: Option<String>,
    /// The unit's address.
    pub address: Option<String>,
    /// What the tax service said.
    pub code: KktCode,
    /// The document's number at the tax service.
    pub fiscal_number: Option<String>,
}

impl KktEntry {
    /// The document's number, if it is registered: accepted, and numbered.
    pub fn registered(&self) -> Option<&str> {
        match &self.code {
            KktCode::Accepted => self.fiscal_number.as_deref(),
            KktCode::Refused(_) | KktCode::Absent => None,
        }
    }
}

/// `ERRORCODE` of the tax service's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KktCode {
    /// `"0"`.
    Accepted,
    /// Another code, as received.
    Refused(String),
    /// No answer, or one without a code: not yet, or never.
    Absent,
}

/// One line of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KktLine {
    /// The article, if there is one.
    pub code: Option<String>,
    /// What it is.
    pub name: String,
    /// More about it; of a document without a basket this may be the order's description.
    pub description: Option<String>,
    /// The unit's short name.
    pub unit: Option<String>,
    /// Thousandths of a unit.
    pub quantity_thousandths: u64,
    /// Kopecks for one unit.
    pub price: u64,
    /// Kopecks for the line.
    pub cost: u64,
}

/// How a document was paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KktPayment {
    /// The form's code; 1 is cashless.
    pub form: Option<String>,
    /// Kopecks.
    pub sum: u64,
    /// The payment system and card brand.
    pub system: Option<String>,
    /// The masked card.
    pub masked_card: Option<String>,
    /// The authorisation code.
    pub auth_code: Option<String>,
    /// The bank's reference.
    pub rrn: Option<String>,
}

/// Reads an answer's body. Only keys of digits are transactions: `response_status` stands among them. An order
/// without documents is an object without such keys, or an empty list.
pub fn read_kkt_logs(text: &str) -> Result<KktLogs, CallbackError> {
    let outer = read_object(text)?;
    let inner = match outer.get("response") {
        None => text,
        Some(value) => value.nested().ok_or(CallbackError::BadField { name: "response" })?,
    };
    let mut logs = KktLogs::default();
    if inner.starts_with('[') {
        let empty = read_items(inner)?.is_empty();
        return if empty {
            Ok(logs)
        } else {
            Err(CallbackError::NotAnObject)
        };
    }
    for (key, value) in read_pairs(inner)? {
        if !is_id(&key) {
            continue;
        }
        match entry::read(&key, &value) {
            Ok(entries) => logs.entries.extend(entries),
            Err(why) => logs.unreadable.push(Unreadable {
                transaction_id: key.into_owned(),
                why,
            }),
        }
    }
    Ok(logs)
}

#[cfg(test)]
mod tests;
