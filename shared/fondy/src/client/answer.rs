use crate::CallbackError;
use crate::callback::{check_v1, open};
use crate::credentials::Credentials;
use wire::read_object;

use crate::envelope::{Envelope, decode_v2, from_fields, read_v2_order, unwrap_response};
use crate::error::Error;
use crate::fields::Fields;
use crate::signature::{sign_v2, signatures_match};
use crate::snapshot::Snapshot;

/// The code of a wrong signature; in test mode its message shows the right one.
const INVALID_SIGNATURE: u32 = 1014;
const MESSAGE_CHARS: usize = 200;

/// What a 2.0 answer to a request says of its order before the result is known.
pub(super) struct Order {
    pub order_id: Option<String>,
    pub status: Option<String>,
}

/// Reads the interim answer to a 2.0 request, its signature checked.
pub(super) fn order(http_status: u16, body: &[u8], credentials: &Credentials) -> Result<Order, Error> {
    let bad = |source| Error::BadAnswer { http_status, source };
    let fields = fields(http_status, body)?;
    match from_fields(fields).map_err(|error| bad(Some(error)))? {
        Envelope::V1(_) => Err(bad(None)),
        Envelope::V2 { data, signature } => {
            if !signatures_match(&sign_v2(&credentials.key, &data), &signature) {
                return Err(Error::WrongSignature);
            }
            let text = decode_v2(&data).map_err(|error| bad(Some(error)))?;
            let order = read_v2_order(&text).map_err(|error| bad(Some(error)))?;
            if let Some(refusal) = refusal(&order) {
                return Err(refusal);
            }
            Ok(Order {
                order_id: order.text("order_id").map(str::to_owned),
                status: order.text("order_status").map(str::to_owned),
            })
        }
    }
}

/// Reads an API answer. Refusals come with HTTP 200 and without a signature; every other HTTP
/// status is infrastructure (fondy.md §1).
pub(super) fn read(http_status: u16, body: &[u8], credentials: &Credentials) -> Result<Snapshot, Error> {
    let bad = |source| Error::BadAnswer { http_status, source };
    from_fields(fields(http_status, body)?)
        .and_then(|envelope| open(envelope, credentials))
        .map_err(|error| match error {
            CallbackError::MissingSignature | CallbackError::WrongSignature => Error::WrongSignature,
            CallbackError::NotUtf8
            | CallbackError::BrokenJson
            | CallbackError::BrokenForm
            | CallbackError::BrokenBase64
            | CallbackError::NotAnObject
            | CallbackError::DuplicateField(_)
            | CallbackError::NestedValue(_)
            | CallbackError::MissingField(_)
            | CallbackError::BadField { .. }
            | CallbackError::WrongMerchant { .. } => bad(Some(error)),
        })
}

/// The fields of an answer, its signature checked.
pub(super) fn signed<'a>(http_status: u16, body: &'a [u8], credentials: &Credentials) -> Result<Fields<'a>, Error> {
    let fields = fields(http_status, body)?;
    check_v1(&fields, credentials).map_err(|_| Error::WrongSignature)?;
    Ok(fields)
}

/// The answer's fields, unless it is a refusal.
fn fields(http_status: u16, body: &[u8]) -> Result<Fields<'_>, Error> {
    let bad = |source| Error::BadAnswer { http_status, source };
    if http_status != 200 {
        return Err(bad(None));
    }
    let text = std::str::from_utf8(body).map_err(|_| bad(Some(CallbackError::NotUtf8)))?;
    let fields = read_object(text)
        .map_err(CallbackError::from)
        .and_then(unwrap_response)
        .map_err(|error| bad(Some(error)))?;
    match refusal(&fields) {
        Some(refusal) => Err(refusal),
        None => Ok(fields),
    }
}

/// Reads an answer that carries no signature. Whatever it says, a refusal is looked for first; a list is none.
pub(super) fn read_unsigned<T>(
    http_status: u16,
    body: &[u8],
    read: impl FnOnce(&str) -> Result<T, CallbackError>,
) -> Result<T, Error> {
    let bad = |source| Error::BadAnswer { http_status, source };
    if http_status != 200 {
        return Err(bad(None));
    }
    let text = std::str::from_utf8(body).map_err(|_| bad(Some(CallbackError::NotUtf8)))?;
    let text = text.trim_start_matches('\u{feff}').trim();
    if let Ok(fields) = read_object(text).map_err(CallbackError::from).and_then(unwrap_response)
        && let Some(refusal) = refusal(&fields)
    {
        return Err(refusal);
    }
    read(text).map_err(|error| bad(Some(error)))
}

/// Both spellings of the fields are met in the wild.
fn refusal(fields: &Fields<'_>) -> Option<Error> {
    let code = fields.text("error_code").or(fields.text("err_code"));
    let failed = fields.text("response_status") == Some("failure");
    if !failed && code.is_none() {
        return None;
    }
    let code = code.and_then(|code| code.parse().ok()).unwrap_or(0);
    let message = fields.text("error_message").or(fields.text("error"));
    Some(Error::Api {
        code,
        message: if code == INVALID_SIGNATURE {
            "invalid signature".to_owned()
        } else {
            message.unwrap_or_default().chars().take(MESSAGE_CHARS).collect()
        },
    })
}
