//! `additional_info`: JSON inside a string field, only in 1.0.1 and 2.0 (fondy.md §4).

use crate::CallbackError;
use crate::decimal;
use crate::fields::{Fields, Value};
use crate::reservation_data::{self, Fault, ReservationData};
use crate::status::CaptureStatus;
use wire::read_object;

const NAME: &str = "additional_info";

/// The parts of `additional_info` this crate understands.
pub(crate) struct AdditionalInfo {
    pub capture_status: Option<CaptureStatus>,
    /// Minor units; the wire has major units.
    pub capture_amount: Option<u64>,
    pub transaction_id: Option<String>,
    pub basket: ReservationData,
}

impl AdditionalInfo {
    /// What a message without the field says.
    pub fn absent() -> Self {
        Self {
            capture_status: None,
            capture_amount: None,
            transaction_id: None,
            basket: ReservationData::Absent,
        }
    }

    /// Reads the field. It is signed, so what cannot be read is refused rather than skipped: a hold
    /// must not pass for a sale because its status was unreadable.
    pub fn read(fields: &Fields<'_>) -> Result<Self, CallbackError> {
        let text = match fields.get(NAME) {
            None | Some(Value::Null) => return Ok(Self::absent()),
            Some(Value::Text(text)) if text.trim().is_empty() => return Ok(Self::absent()),
            Some(Value::Text(text)) => &**text,
            Some(Value::Nested(raw)) => raw,
            Some(Value::Number(_)) => return Err(bad(NAME)),
        };
        let info = read_object(text).map_err(|_| bad(NAME))?;
        Ok(Self {
            capture_status: scalar(&info, "capture_status", "additional_info.capture_status")?
                .map(CaptureStatus::from_wire),
            capture_amount: capture_amount(&info)?,
            transaction_id: scalar(&info, "transaction_id", "additional_info.transaction_id")?.map(str::to_owned),
            basket: basket(&info),
        })
    }
}

fn capture_amount(info: &Fields<'_>) -> Result<Option<u64>, CallbackError> {
    let name = "additional_info.capture_amount";
    scalar(info, "capture_amount", name)?
        .map(|text| {
            decimal::parse(text, 2)
                .filter(|amount| !amount.negative && i64::try_from(amount.magnitude).is_ok())
                .map(|amount| amount.magnitude)
                .ok_or(bad(name))
        })
        .transpose()
}

fn basket(info: &Fields<'_>) -> ReservationData {
    match info.get("reservation_data") {
        None | Some(Value::Null) => ReservationData::Absent,
        Some(Value::Text(text)) => reservation_data::decode(text),
        Some(Value::Nested(raw)) => reservation_data::read_json(raw),
        Some(Value::Number(_)) => ReservationData::Broken(Fault::NotBase64),
    }
}

fn scalar<'a>(info: &'a Fields<'_>, key: &str, name: &'static str) -> Result<Option<&'a str>, CallbackError> {
    match info.get(key) {
        None => Ok(None),
        Some(value) => match value.scalar() {
            Some(text) => Ok(Some(text).filter(|text| !text.is_empty())),
            None => Err(bad(name)),
        },
    }
}

fn bad(name: &'static str) -> CallbackError {
    CallbackError::BadField { name }
}
