//! Receivers of a split, as version 2.0 messages show them: `receiver[]` is what was asked for (minor units),
//! `transaction[]` what was carried out (major units, fondy.md §8.8). Read liberally: the two are one list here,
//! and what carries no money of a receiver is left out.

use serde_json::value::RawValue;

use crate::CallbackError;
use crate::decimal;
use crate::fields::{Fields, Value};
use crate::reservation_data::{self, ReservationData};
use wire::read_object;

/// Who gets a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReceiverKind {
    /// Another merchant of the gateway.
    Merchant(u64),
    /// A bank account, a card, or a kind this crate does not know: its word, fit for a name. Whose account it is
    /// is not kept.
    Other(String),
}

impl ReceiverKind {
    /// A short name, the same for the same receiver: the merchant's number, or the kind.
    pub fn name(&self) -> String {
        match self {
            Self::Merchant(id) => id.to_string(),
            Self::Other(kind) => kind.clone(),
        }
    }
}

/// How far a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartStatus {
    /// Carried out, or nothing is said of it.
    Approved,
    /// Not yet.
    UnderWay,
    /// It never will be.
    Refused,
}

/// One receiver's part. A receiver that stands in a message more than once is one part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SplitPart {
    /// Who.
    pub receiver: ReceiverKind,
    /// Minor units.
    pub amount: u64,
    /// Reversed so far in total, minor units; `None` when the message does not say.
    pub reversed: Option<u64>,
    /// What the receiver sold.
    pub basket: ReservationData,
    /// The operation it is a part of.
    pub parent: Option<String>,
    /// How far it is.
    pub status: PartStatus,
}

/// Reads both lists. What was carried out leads; of what was asked for, it takes the baskets.
pub(crate) fn read(fields: &Fields<'_>) -> Result<Vec<SplitPart>, CallbackError> {
    let asked = list(fields, "receiver")?;
    let asked = merged(entries(&asked, "receiver", asked_part)?);
    let done = list(fields, "transaction")?;
    let own = fields.text("merchant_id");
    let mut done = merged(entries(&done, "transaction", |entry| done_part(entry, own))?);
    if done.is_empty() {
        return Ok(asked);
    }
    for part in &mut done {
        if let Some(same) = asked.iter().find(|asked| asked.receiver == part.receiver)
            && part.basket == ReservationData::Absent
        {
            part.basket = same.basket.clone();
        }
    }
    Ok(done)
}

/// Nothing, `null`, an empty text and an empty object are an empty list.
fn list<'a>(fields: &'a Fields<'_>, name: &'static str) -> Result<Vec<&'a RawValue>, CallbackError> {
    let raw = match fields.get(name) {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Text(text)) if text.trim().is_empty() => return Ok(Vec::new()),
        Some(Value::Text(_) | Value::Number(_)) => return Err(bad(name)),
        Some(Value::Nested(raw)) => *raw,
    };
    if raw.starts_with('{') && read_object(raw)?.names().next().is_none() {
        return Ok(Vec::new());
    }
    serde_json::from_str(raw).map_err(|_| bad(name))
}

fn entries(
    list: &[&RawValue],
    name: &'static str,
    read: impl Fn(&Fields<'_>) -> Option<Option<SplitPart>>,
) -> Result<Vec<SplitPart>, CallbackError> {
    let mut parts = Vec::with_capacity(list.len());
    for raw in list {
        let entry = read_object(raw.get()).map_err(|_| bad(name))?;
        parts.extend(read(&entry).ok_or(bad(name))?);
    }
    Ok(parts)
}

/// `{"type": "merchant", "requisites": {"merchant_id": …, "amount": …, "reservation_data": …}}`; the outer `None` is
/// an entry that cannot be read.
fn asked_part(entry: &Fields<'_>) -> Option<Option<SplitPart>> {
    let kind = entry.text("type").unwrap_or_default();
    let inner = match entry.get("requisites").and_then(Value::nested) {
        Some(raw) => read_object(raw).ok()?,
        // Seen flat, too.
        None => return flat(entry, kind),
    };
    flat(&inner, kind)
}

fn flat(fields: &Fields<'_>, kind: &str) -> Option<Option<SplitPart>> {
    Some(Some(SplitPart {
        receiver: receiver(fields, kind)?,
        amount: whole(fields.text("amount")?, 0)?,
        reversed: None,
        basket: basket(fields),
        parent: None,
        status: PartStatus::Approved,
    }))
}

/// Kinds of operation that stand in the same list and are no receiver's.
const OPERATIONS: [&str; 4] = ["purchase", "capture", "reverse", "verification"];

fn done_part(entry: &Fields<'_>, own: Option<&str>) -> Option<Option<SplitPart>> {
    let kind = entry.text("type").unwrap_or_default();
    // The payment itself, under whichever name; a part belongs to an operation.
    let own_payment = own.is_some() && entry.text("merchant_id") == own && entry.text("parent_tran_id").is_none();
    let Some(amount) = entry
        .text("amount")
        .filter(|_| !own_payment && !OPERATIONS.contains(&kind))
    else {
        return Some(None);
    };
    let reversed = match entry.text("reversal_amount") {
        Some(text) => Some(whole(text, 2)?),
        None => None,
    };
    let status = match entry.text("status").map(str::to_ascii_lowercase).as_deref() {
        None | Some("approved" | "success" | "reversed") => PartStatus::Approved,
        Some("declined" | "expired" | "failure") => PartStatus::Refused,
        Some(_) => PartStatus::UnderWay,
    };
    Some(Some(SplitPart {
        receiver: receiver(entry, kind)?,
        amount: whole(amount, 2)?,
        reversed,
        basket: basket(entry),
        parent: entry.text("parent_tran_id").map(str::to_owned),
        status,
    }))
}

/// A merchant's number may come as a number or as text.
fn receiver(fields: &Fields<'_>, kind: &str) -> Option<ReceiverKind> {
    if let Some(id) = fields.text("merchant_id").filter(|_| !is_other(kind)) {
        return id.parse().ok().map(ReceiverKind::Merchant);
    }
    if kind == "merchant" {
        return None;
    }
    let word: String = kind
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
        .take(32)
        .collect();
    let named = if word.is_empty() { "other".to_owned() } else { word };
    // A kind of digits only would pass for a merchant.
    let digits = named.bytes().all(|byte| byte.is_ascii_digit());
    Some(ReceiverKind::Other(if digits {
        format!("kind-{named}")
    } else {
        named
    }))
}

/// Kinds whose entries may name the paying merchant beside an account or a card.
fn is_other(kind: &str) -> bool {
    matches!(kind, "bank_account" | "rectoken" | "card" | "card_number")
}

fn whole(text: &str, places: u32) -> Option<u64> {
    decimal::parse(text, places)
        .filter(|amount| !amount.negative && i64::try_from(amount.magnitude).is_ok())
        .map(|amount| amount.magnitude)
}

fn basket(fields: &Fields<'_>) -> ReservationData {
    match fields.get("reservation_data") {
        None | Some(Value::Null) => ReservationData::Absent,
        Some(Value::Text(text)) => reservation_data::decode(text),
        Some(Value::Nested(raw)) => reservation_data::read_json(raw),
        Some(Value::Number(_)) => ReservationData::Broken(reservation_data::Fault::NotBase64),
    }
}

/// One part per receiver; a refused one counts for nothing.
fn merged(parts: Vec<SplitPart>) -> Vec<SplitPart> {
    let mut merged: Vec<SplitPart> = Vec::with_capacity(parts.len());
    for part in parts {
        if part.status == PartStatus::Refused {
            continue;
        }
        match merged.iter_mut().find(|known| known.receiver == part.receiver) {
            None => merged.push(part),
            Some(known) => {
                known.amount = known.amount.saturating_add(part.amount);
                known.reversed = match (known.reversed, part.reversed) {
                    (None, None) => None,
                    (one, other) => Some(one.unwrap_or(0).saturating_add(other.unwrap_or(0))),
                };
                if part.status == PartStatus::UnderWay {
                    known.status = PartStatus::UnderWay;
                }
                known.basket = both(
                    std::mem::replace(&mut known.basket, ReservationData::Absent),
                    part.basket,
                );
            }
        }
    }
    merged
}

fn both(one: ReservationData, other: ReservationData) -> ReservationData {
    match (one, other) {
        (ReservationData::Products(mut one), ReservationData::Products(other)) => {
            one.extend(other);
            ReservationData::Products(one)
        }
        (broken @ ReservationData::Broken(_), _) | (_, broken @ ReservationData::Broken(_)) => broken,
        (products @ ReservationData::Products(_), _) | (_, products @ ReservationData::Products(_)) => products,
        (one, _) => one,
    }
}

fn bad(name: &'static str) -> CallbackError {
    CallbackError::BadField { name }
}

#[cfg(test)]
mod tests;
