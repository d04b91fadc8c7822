//! What a verified message says about an order, with types.

use crate::CallbackError;
use crate::additional_info::AdditionalInfo;
use crate::callback::shorten;
use crate::fields::{Fields, Value};
use crate::personal::Personal;
use crate::reservation_data::ReservationData;
use crate::split::{self, SplitPart};
use crate::status::{CaptureStatus, OrderStatus, TranType};

/// The longest order id the gateway documents, in characters.
const ORDER_ID_CHARS: usize = 1024;

/// Every documented name (fondy.md §4) and the few seen elsewhere. Sorted.
const KNOWN_NAMES: [&str; 41] = [
    "actual_amount",
    "actual_currency",
    "additional_info",
    "amount",
    "approval_code",
    "card_bin",
    "card_type",
    "currency",
    "eci",
    "fee",
    "fee_oplata",
    "masked_card",
    "merchant_data",
    "merchant_id",
    "order_desc",
    "order_id",
    "order_status",
    "order_time",
    "parent_order_id",
    "payment_id",
    "payment_system",
    "product_id",
    "rectoken",
    "rectoken_lifetime",
    "response_code",
    "response_description",
    "response_signature_string",
    "response_status",
    "reversal_amount",
    "rrn",
    "sender_account",
    "sender_cell_phone",
    "sender_email",
    "settlement_amount",
    "settlement_currency",
    "settlement_date",
    "signature",
    "tran_type",
    "verification",
    "verification_status",
    "version",
];

/// The protocol version of a message, told by its shape: version 1 messages do not name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// 1.0: no `additional_info`, so holds and captures cannot be told from sales.
    V1_0,
    /// 1.0.1.
    V1_0_1,
    /// 2.0.
    V2_0,
}

/// One order as the gateway saw it when it wrote the message. Snapshots repeat and may arrive out
/// of order. `Debug` shows no personal data; the card token is never kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The shop's order id, 1 to 1024 characters; may hold `#`, spaces, Cyrillic.
    pub order_id: String,
    /// The gateway's merchant; always the one of the credentials.
    pub merchant_id: u64,
    /// The gateway's id of the payment: digits, possibly beyond 64 bits.
    pub payment_id: String,
    /// The version the message's shape shows.
    pub version: Version,
    /// The order's amount in minor units of `currency`.
    pub amount: u64,
    /// The order's currency, such as `UAH`.
    pub currency: String,
    /// What was really charged, in minor units of `actual_currency`. Absent before approval.
    pub actual_amount: Option<u64>,
    /// The currency really charged.
    pub actual_currency: Option<String>,
    /// The state of the order.
    pub order_status: OrderStatus,
    /// What the gateway calls this kind of operation.
    pub tran_type: TranType,
    /// Reversed so far in total, in minor units of the actual currency.
    pub reversal_amount: u64,
    /// Whether a held payment was charged. Never present in 1.0.
    pub capture_status: Option<CaptureStatus>,
    /// What was charged of a hold, in minor units (major units on the wire).
    pub capture_amount: Option<u64>,
    /// The card with its middle hidden.
    pub masked_card: Option<String>,
    /// `VISA`, `MasterCard`, …
    pub card_type: Option<String>,
    /// The bank's reference number. Not unique; leading zeros count.
    pub rrn: Option<String>,
    /// The bank's approval code. Not unique; leading zeros count.
    pub approval_code: Option<String>,
    /// `card` and others.
    pub payment_system: Option<String>,
    /// The purchase transaction (`additional_info.transaction_id`), the key of the fiscal log.
    pub transaction_id: Option<String>,
    /// Why an attempt failed, as a number in text; present on declines.
    pub response_code: Option<String>,
    /// The payer's e-mail.
    pub sender_email: Option<Personal>,
    /// The payer's phone.
    pub sender_cell_phone: Option<Personal>,
    /// The basket sent at purchase, perhaps with lines the gateway added.
    pub basket: ReservationData,
    /// The first order of a subscription, on scheduled payments.
    pub parent_order_id: Option<String>,
    /// A card check (`verification=Y`): given back at once, never a sale.
    pub verification: bool,
    /// Who got which part, when the payment was divided; only 2.0 messages say.
    pub parts: Vec<SplitPart>,
    /// The paid order that this one divides, when the message names it; only 2.0 messages do.
    pub operation_id: Option<String>,
    /// The order's kind as it was asked for, such as `settlement`, when a 2.0 message says it.
    pub order_type: Option<String>,
    /// The order's description. Real callbacks do not carry it.
    pub order_desc: Option<String>,
    /// Names this crate does not know, sorted; the first 32 of them.
    pub unknown_fields: Vec<String>,
    /// True when the message alone must not move money or make a receipt: ask the status API first.
    ///
    /// Version 1 signs values and not names, so an unknown name may be a known one in disguise, and
    /// an empty `reversal_amount` (the gateway writes `"0"`) may have lost its value to another
    /// name. In 2.0 the names are signed too.
    pub needs_confirmation: bool,
}

/// Reads verified fields. `version` is given for 2.0 and told from the shape otherwise.
pub(crate) fn read(fields: &Fields<'_>, version: Option<Version>, merchant_id: u64) -> Result<Snapshot, CallbackError> {
    let got = required(fields, "merchant_id")?
        .parse()
        .map_err(|_| bad("merchant_id"))?;
    if got != merchant_id {
        return Err(CallbackError::WrongMerchant { got });
    }
    let info = AdditionalInfo::read(fields)?;
    let tran_type = TranType::from_wire(required(fields, "tran_type")?);
    let verification = tran_type == TranType::Verification
        || optional(fields, "verification_status")?.is_some()
        || optional(fields, "verification")?.is_some_and(|flag| flag.eq_ignore_ascii_case("y"));

    let version = version.unwrap_or_else(|| version_by_shape(fields));
    let unknown_fields = unknown_fields(fields);
    let names_are_signed = version == Version::V2_0;
    let only_v2 = |name| match names_are_signed {
        true => optional(fields, name),
        false => Ok(None),
    };
    let in_disguise = !unknown_fields.is_empty() || fields.text("reversal_amount").is_none();

    Ok(Snapshot {
        order_id: order_id(fields)?,
        merchant_id,
        payment_id: payment_id(fields)?,
        version,
        amount: amount("amount", required(fields, "amount")?)?,
        currency: required(fields, "currency")?.to_owned(),
        actual_amount: optional_amount(fields, "actual_amount")?,
        actual_currency: optional(fields, "actual_currency")?,
        order_status: OrderStatus::from_wire(required(fields, "order_status")?),
        tran_type,
        reversal_amount: reversal_amount(fields)?,
        capture_status: info.capture_status,
        capture_amount: info.capture_amount,
        masked_card: optional(fields, "masked_card")?.map(|card| hide_card(&card)),
        card_type: optional(fields, "card_type")?,
        rrn: optional(fields, "rrn")?,
        approval_code: optional(fields, "approval_code")?,
        payment_system: optional(fields, "payment_system")?,
        transaction_id: info.transaction_id,
        response_code: optional(fields, "response_code")?,
        sender_email: optional(fields, "sender_email")?.map(Personal::new),
        sender_cell_phone: optional(fields, "sender_cell_phone")?.map(Personal::new),
        basket: info.basket,
        parent_order_id: optional(fields, "parent_order_id")?,
        verification,
        parts: if names_are_signed {
            split::read(fields)?
        } else {
            Vec::new()
        },
        operation_id: only_v2("operation_id")?,
        order_type: only_v2("order_type")?,
        order_desc: optional(fields, "order_desc")?,
        unknown_fields,
        needs_confirmation: in_disguise && !names_are_signed,
    })
}

fn version_by_shape(fields: &Fields<'_>) -> Version {
    if fields.get("additional_info").is_some() || fields.get("fee_oplata").is_some() {
        Version::V1_0_1
    } else {
        Version::V1_0
    }
}

fn order_id(fields: &Fields<'_>) -> Result<String, CallbackError> {
    let id = required(fields, "order_id")?;
    if id.chars().count() > ORDER_ID_CHARS || id.chars().any(char::is_control) {
        return Err(bad("order_id"));
    }
    Ok(id.to_owned())
}

fn payment_id(fields: &Fields<'_>) -> Result<String, CallbackError> {
    let id = required(fields, "payment_id")?;
    if !id.bytes().all(|b| b.is_ascii_digit()) {
        return Err(bad("payment_id"));
    }
    Ok(id.to_owned())
}

/// The field must be there by name; empty means zero (fondy.md §6, rule 1).
fn reversal_amount(fields: &Fields<'_>) -> Result<u64, CallbackError> {
    let name = "reversal_amount";
    if fields.get(name).is_none() {
        return Err(CallbackError::MissingField(name));
    }
    Ok(optional_amount(fields, name)?.unwrap_or(0))
}

fn optional_amount(fields: &Fields<'_>, name: &'static str) -> Result<Option<u64>, CallbackError> {
    match checked(fields, name)? {
        Some(text) => amount(name, text).map(Some),
        None => Ok(None),
    }
}

/// Whole minor units that also fit a signed 64-bit column.
fn amount(name: &'static str, text: &str) -> Result<u64, CallbackError> {
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(bad(name));
    }
    text.parse::<u64>()
        .ok()
        .filter(|amount| i64::try_from(*amount).is_ok())
        .ok_or(bad(name))
}

fn required<'a>(fields: &'a Fields<'_>, name: &'static str) -> Result<&'a str, CallbackError> {
    checked(fields, name)?.ok_or(CallbackError::MissingField(name))
}

fn optional(fields: &Fields<'_>, name: &'static str) -> Result<Option<String>, CallbackError> {
    Ok(checked(fields, name)?.map(str::to_owned))
}

/// The text of a field; empty is absent. A nested value has no text, and PostgreSQL stores no NUL.
fn checked<'a>(fields: &'a Fields<'_>, name: &'static str) -> Result<Option<&'a str>, CallbackError> {
    let text = match fields.get(name).map(Value::scalar) {
        None => return Ok(None),
        Some(None) => return Err(bad(name)),
        Some(Some(text)) => text,
    };
    if text.contains('\0') {
        return Err(bad(name));
    }
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// The wire hides the middle already; should it ever not, this does.
fn hide_card(card: &str) -> String {
    if !(13..=19).contains(&card.len()) || !card.bytes().all(|b| b.is_ascii_digit()) {
        return card.to_owned();
    }
    let hidden = "X".repeat(card.len() - 10);
    [&card[..6], &hidden, &card[card.len() - 4..]].concat()
}

fn unknown_fields(fields: &Fields<'_>) -> Vec<String> {
    fields
        .names()
        .filter(|name| KNOWN_NAMES.binary_search(name).is_err())
        .take(32)
        .map(shorten)
        .collect()
}

fn bad(name: &'static str) -> CallbackError {
    CallbackError::BadField { name }
}

#[cfg(test)]
mod tests;
