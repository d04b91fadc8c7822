use serde::Deserialize;
use serde_json::value::RawValue;

use crate::CallbackError;
use crate::callback::{check_v1, open};
use crate::credentials::Credentials;
use crate::envelope::{from_fields, read_object, unwrap_response};
use crate::error::Error;
use crate::fields::Fields;
use crate::snapshot::Snapshot;

/// The code of a wrong signature; in test mode its message shows the right one.
const INVALID_SIGNATURE: u32 = 1014;
const MESSAGE_CHARS: usize = 200;

/// Reads an API answer. Refusals come with HTTP 200 and without a signature; every other HTTP
/// status is infrastructure (fondy.md §1).
pub(super) fn read(http_status: u16, body: &[u8], credentials: &Credentials) -> Result<Snapshot, Error> {
    let bad = |source| Error::BadAnswer { http_status, source };
    if http_status != 200 {
        return Err(bad(None));
    }
    let text = std::str::from_utf8(body).map_err(|_| bad(Some(CallbackError::NotUtf8)))?;
    let fields = read_object(text)
        .and_then(unwrap_response)
        .map_err(|error| bad(Some(error)))?;
    if let Some(refusal) = refusal(&fields) {
        return Err(refusal);
    }
    from_fields(fields)
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
    let bad = |source| Error::BadAnswer { http_status, source };
    if http_status != 200 {
        return Err(bad(None));
    }
    let text = std::str::from_utf8(body).map_err(|_| bad(Some(CallbackError::NotUtf8)))?;
    let fields = read_object(text)
        .and_then(unwrap_response)
        .map_err(|error| bad(Some(error)))?;
    if let Some(refusal) = refusal(&fields) {
        return Err(refusal);
    }
    check_v1(&fields, credentials).map_err(|_| Error::WrongSignature)?;
    Ok(fields)
}

/// The objects of an answer that is a list. Such answers are not signed.
pub(super) fn list(http_status: u16, body: &[u8]) -> Result<Vec<&RawValue>, Error> {
    #[derive(Deserialize)]
    struct Listed<'a> {
        #[serde(borrow)]
        response: Vec<&'a RawValue>,
    }
    let bad = |source| Error::BadAnswer { http_status, source };
    if http_status != 200 {
        return Err(bad(None));
    }
    let text = std::str::from_utf8(body).map_err(|_| bad(Some(CallbackError::NotUtf8)))?;
    if let Ok(listed) = serde_json::from_str::<Listed<'_>>(text) {
        return Ok(listed.response);
    }
    let fields = read_object(text)
        .and_then(unwrap_response)
        .map_err(|error| bad(Some(error)))?;
    Err(refusal(&fields).unwrap_or_else(|| bad(Some(CallbackError::NotAnObject))))
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
