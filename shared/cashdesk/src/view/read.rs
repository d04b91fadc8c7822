use serde::Deserialize;
use serde_json::value::RawValue;
use wire::{CallbackError, Malformed};

use super::{CheckData, CheckView, Parts};
use crate::kind::CheckType;
use crate::lenient::{self, Raw};

/// Longer than any id; a stranger's text becomes a key.
const ID_CHARS: usize = 200;

/// What the request already said, for an answer that leaves it out.
#[derive(Clone, Debug)]
pub(crate) struct Expected {
    pub num_fiscal: u64,
    pub check_type: CheckType,
    pub local_number: Option<u64>,
}

/// Which parts to keep.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Keep {
    pub qr: bool,
    pub pdf: bool,
    pub text: bool,
}

/// The fields unread: the heavy ones stay where they are in the message.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wire<'a> {
    #[serde(borrow)]
    num_fiscal: Raw<'a>,
    check_type: Raw<'a>,
    hash: Raw<'a>,
    #[serde(rename = "ORDERNUM")]
    order_num: Raw<'a>,
    #[serde(rename = "ORDERDATE")]
    order_date: Raw<'a>,
    #[serde(rename = "ORDERTIME")]
    order_time: Raw<'a>,
    is_offline: Raw<'a>,
    check_data: Raw<'a>,
    qr: Raw<'a>,
    qr_data: Raw<'a>,
    link: Raw<'a>,
    pdf: Raw<'a>,
    text_print: Raw<'a>,
    uuid: Raw<'a>,
    local_number: Raw<'a>,
    cash_in_box: Raw<'a>,
}

impl<'a> Wire<'a> {
    pub(crate) fn parse(body: &'a [u8]) -> Result<Self, Malformed> {
        let text = std::str::from_utf8(body).map_err(|_| Malformed::NotUtf8)?;
        let text = text.trim_start_matches('\u{feff}').trim_start();
        if !text.starts_with('{') {
            let whole = serde_json::from_str::<&RawValue>(text);
            return Err(whole.map_or(Malformed::BrokenJson, |_| Malformed::NotAnObject));
        }
        // The values are not read here, so only broken JSON or a repeated name can fail.
        serde_json::from_str(text).map_err(|_| Malformed::BrokenJson)
    }

    pub(crate) fn parts(&self, keep: Keep) -> Parts {
        Parts::read(keep, self.qr, self.pdf, self.text_print)
    }
}

/// Reads a representation. What it means nothing without is insisted on: the register, the kind and one id.
pub(crate) fn read(body: &[u8], expected: Option<&Expected>, keep: Keep) -> Result<CheckView, CallbackError> {
    let wire = Wire::parse(body)?;
    let num_fiscal = lenient::natural_of(wire.num_fiscal)
        .or(expected.map(|expected| expected.num_fiscal))
        .ok_or(missing("num_fiscal", wire.num_fiscal))?;
    let check_type = lenient::scalar(wire.check_type)
        .map(|word| CheckType::from_wire(word.trim()))
        .or_else(|| expected.map(|expected| expected.check_type.clone()))
        .ok_or(missing("check_type", wire.check_type))?;
    let data: CheckData = lenient::block_of(wire.check_data).map_err(|_| CallbackError::BadField("check_data"))?;
    let view = CheckView {
        num_fiscal,
        check_type,
        uuid: id("uuid", wire.uuid)?,
        order_num: id("ORDERNUM", wire.order_num)?,
        order_date: lenient::text_of(wire.order_date),
        order_time: lenient::text_of(wire.order_time),
        is_offline: lenient::flag_of(wire.is_offline).unwrap_or(false),
        local_number: lenient::natural_of(wire.local_number).or(data.local_number),
        hash: lenient::text_of(wire.hash),
        qr_data: lenient::text_of(wire.qr_data),
        link: lenient::text_of(wire.link),
        cash_in_box: lenient::money_of(wire.cash_in_box),
        parts: wire.parts(keep),
        data,
    };
    if view.uuid.is_none() && view.order_num.is_none() && view.data.offline_id.is_none() {
        return Err(CallbackError::MissingField("uuid"));
    }
    Ok(view)
}

/// A value that is there and cannot be read is not the same as none.
fn missing(name: &'static str, raw: Raw<'_>) -> CallbackError {
    match raw {
        Some(_) => CallbackError::BadField(name),
        None => CallbackError::MissingField(name),
    }
}

fn id(name: &'static str, raw: Raw<'_>) -> Result<Option<String>, CallbackError> {
    let Some(text) = lenient::text_of(raw) else {
        return Ok(None);
    };
    if text.chars().count() > ID_CHARS || text.chars().any(char::is_control) {
        return Err(CallbackError::BadField(name));
    }
    Ok(Some(text.trim().to_owned()))
}
