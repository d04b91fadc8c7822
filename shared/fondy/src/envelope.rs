//! From bytes to fields: JSON or form, bare or inside `response`, version 1 or 2.
//! Nothing here trusts anything; the signature is checked on what this returns.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::CallbackError;
use crate::fields::Fields;

/// The standard alphabet; samples come with padding, so its absence is forgiven and no more.
const DATA_BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A message whose signature is still to be checked.
pub(crate) enum Envelope<'a> {
    /// Versions 1.0 and 1.0.1: the parameters themselves.
    V1(Fields<'a>),
    /// Version 2.0: base64 text and the signature over that text.
    V2 { data: String, signature: String },
}

/// Reads a body. The content type only helps where the bytes leave doubt: both kinds of body are
/// seen with the other one's content type.
pub(crate) fn read<'a>(content_type: Option<&str>, body: &'a [u8]) -> Result<Envelope<'a>, CallbackError> {
    let text = std::str::from_utf8(body).map_err(|_| CallbackError::NotUtf8)?;
    let text = text.trim_start_matches('\u{feff}').trim();

    let says_json = content_type.is_some_and(|t| t.to_ascii_lowercase().contains("json"));
    let looks_json = text.starts_with(['{', '[']);
    if looks_json || (says_json && !text.contains('=')) {
        from_fields(unwrap_response(read_object(text)?)?)
    } else {
        from_fields(wire::read_form(text)?)
    }
}

/// Reads a JSON object one level deep; a repeated key is refused.
pub(crate) fn read_object(text: &str) -> Result<Fields<'_>, CallbackError> {
    Ok(wire::read_object(text)?)
}

/// Tells the versions apart. Version 1 messages have no field called `data`, and 2.0 comes as a
/// string or as a number.
pub(crate) fn from_fields(fields: Fields<'_>) -> Result<Envelope<'_>, CallbackError> {
    let says_v2 = fields.text("version").is_some_and(|version| version.starts_with('2'));
    let has_data = fields.text("data").is_some() && fields.text("version").is_none();
    if !says_v2 && !has_data {
        return Ok(Envelope::V1(fields));
    }
    let data = fields.text("data").ok_or(CallbackError::MissingField("data"))?;
    let signature = fields.text("signature").ok_or(CallbackError::MissingSignature)?;
    Ok(Envelope::V2 {
        data: data.to_owned(),
        signature: signature.to_owned(),
    })
}

/// Callbacks are documented bare, yet the gateway's own kits unwrap `response`, so both are read.
/// A message with its own signature is bare whatever else it holds.
pub(crate) fn unwrap_response(fields: Fields<'_>) -> Result<Fields<'_>, CallbackError> {
    if fields.get("signature").is_some() {
        return Ok(fields);
    }
    match fields.get("response") {
        None => Ok(fields),
        Some(inner) => match inner.nested() {
            Some(raw) => read_object(raw),
            None => Err(CallbackError::NotAnObject),
        },
    }
}

/// The JSON text of a version 2.0 `data`. Call it only after the signature fits.
pub(crate) fn decode_v2(data: &str) -> Result<String, CallbackError> {
    let bytes = DATA_BASE64.decode(data).map_err(|_| CallbackError::BrokenBase64)?;
    String::from_utf8(bytes).map_err(|_| CallbackError::NotUtf8)
}

/// The fields of `order` in that text.
pub(crate) fn read_v2_order(text: &str) -> Result<Fields<'_>, CallbackError> {
    let outer = read_object(text)?;
    let order = outer.get("order").ok_or(CallbackError::MissingField("order"))?;
    match order.nested() {
        Some(raw) => read_object(raw),
        None => Err(CallbackError::NotAnObject),
    }
}
