//! `/transaction_list`: the movements of an order's money (fondy.md §8.5). Amounts are floats in major units there,
//! and are read from their text, never through a binary float.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::CallbackError;
use crate::decimal;
use crate::fields::{Fields, Value};
use crate::status::{CaptureStatus, TranType};
use wire::{read_items, read_object};

/// One movement of an order's money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// The gateway's id of it: the key of `get_kkt_logs`, and what a receipt's link is asked for by.
    pub id: String,
    /// The movement that this one follows, e.g. a reversal's purchase.
    pub parent: Option<String>,
    /// What moved.
    pub kind: TranType,
    /// `approved`, or a word as received. Declined attempts are listed, too.
    pub status: String,
    /// Minor units of `currency`.
    pub amount: Option<u64>,
    /// The order's currency.
    pub currency: Option<String>,
    /// Minor units of `actual_currency`: what was really charged or given back.
    pub actual_amount: Option<u64>,
    /// The currency of what was charged.
    pub actual_currency: Option<String>,
    /// Minor units given back of this movement.
    pub reversal_amount: Option<u64>,
    /// Minor units charged of what was held.
    pub capture_amount: Option<u64>,
    /// Where a hold is.
    pub capture_status: Option<CaptureStatus>,
    /// The money was only held at first.
    pub preauth: bool,
    /// When it ended, as received: `DD.MM.YYYY hh:mm:ss`, in a time zone that nobody states.
    pub ended: Option<String>,
}

impl Transaction {
    /// True when the money moved.
    pub fn is_approved(&self) -> bool {
        self.status == "approved"
    }
}

/// Reads an answer's body: an array, in `response` or bare.
pub fn read_transactions(text: &str) -> Result<Vec<Transaction>, CallbackError> {
    objects(text)?.into_iter().map(item).collect()
}

/// The elements of an answer that is a list, in `response` or bare.
pub(crate) fn objects(text: &str) -> Result<Vec<&RawValue>, CallbackError> {
    if text.starts_with('[') {
        return Ok(read_items(text)?);
    }
    #[derive(Deserialize)]
    struct Wrapped<'a> {
        #[serde(borrow)]
        response: Option<&'a RawValue>,
    }
    let wrapped: Wrapped<'_> = serde_json::from_str(text).map_err(|_| CallbackError::BrokenJson)?;
    let list = wrapped.response.ok_or(CallbackError::MissingField("response"))?;
    if list.get().starts_with('[') {
        Ok(read_items(list.get())?)
    } else {
        Err(CallbackError::BadField { name: "response" })
    }
}

fn item(raw: &RawValue) -> Result<Transaction, CallbackError> {
    let fields = read_object(raw.get())?;
    let id = digits(&fields, "id")?.ok_or(CallbackError::MissingField("id"))?;
    let kind = fields
        .text("tran_type")
        .ok_or(CallbackError::MissingField("tran_type"))?;
    Ok(Transaction {
        id,
        parent: digits(&fields, "parent_tran_id")?,
        kind: TranType::from_wire(kind),
        status: fields.text("transaction_status").unwrap_or_default().to_owned(),
        amount: major(&fields, "amount")?,
        currency: fields.text("currency").map(str::to_owned),
        actual_amount: major(&fields, "actual_amount")?,
        actual_currency: fields.text("actual_currency").map(str::to_owned),
        reversal_amount: major(&fields, "reversal_amount")?,
        capture_amount: major(&fields, "capture_amount")?,
        capture_status: fields.text("capture_status").map(CaptureStatus::from_wire),
        preauth: is_true(fields.get("preauth")),
        ended: fields.text("timeend").map(str::to_owned),
    })
}

/// An id: digits only, up to 19 of them. Absent when null, empty or not there.
pub(crate) fn digits(fields: &Fields<'_>, name: &'static str) -> Result<Option<String>, CallbackError> {
    let Some(text) = fields.text(name) else {
        return Ok(None);
    };
    if is_id(text) {
        Ok(Some(text.to_owned()))
    } else {
        Err(CallbackError::BadField { name })
    }
}

pub(crate) fn is_id(text: &str) -> bool {
    (1..=19).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Major units to minor ones, exactly.
fn major(fields: &Fields<'_>, name: &'static str) -> Result<Option<u64>, CallbackError> {
    let Some(text) = fields.text(name) else {
        return Ok(None);
    };
    decimal::parse(text.trim(), 2)
        .filter(|amount| !amount.negative)
        .map(|amount| Some(amount.magnitude))
        .ok_or(CallbackError::BadField { name })
}

/// `true`, or what older data has for it.
pub(crate) fn is_true(value: Option<&Value<'_>>) -> bool {
    let Some(value) = value else {
        return false;
    };
    let text = value.scalar().or(value.nested()).unwrap_or_default();
    ["true", "1", "y", "yes"]
        .iter()
        .any(|yes| text.eq_ignore_ascii_case(yes))
}

#[cfg(test)]
mod tests;
