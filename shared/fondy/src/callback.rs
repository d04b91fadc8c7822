//! The way in: envelope, then signature, then fields.

use crate::credentials::Credentials;
use crate::envelope::{self, Envelope};
use crate::fields::Fields;
use crate::signature::{sign_v1, sign_v2, signatures_match};
use crate::snapshot::{self, Snapshot, Version};
use wire::Malformed;
pub(crate) use wire::shorten;

/// Why a callback was not believed. Nothing of the message's values is kept in here; names are cut
/// to a length fit for a log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallbackError {
    /// The body, a form value or the decoded `data` is not UTF-8.
    #[error("the body is not UTF-8")]
    NotUtf8,
    /// The JSON is cut short or malformed.
    #[error("the JSON is malformed")]
    BrokenJson,
    /// The form encoding is malformed.
    #[error("the form encoding is malformed")]
    BrokenForm,
    /// `data` of a 2.0 message is not base64.
    #[error("the base64 of `data` is malformed")]
    BrokenBase64,
    /// JSON of another kind where an object is expected.
    #[error("the message is not an object")]
    NotAnObject,
    /// A key occurs twice, so what was signed would be a guess.
    #[error("field {0:?} occurs twice")]
    DuplicateField(String),
    /// A boolean, array or object among version 1 parameters: it has no signed form.
    #[error("field {0:?} holds a nested value")]
    NestedValue(String),
    /// No signature, or an empty one.
    #[error("the signature is missing")]
    MissingSignature,
    /// The signature does not fit what was received.
    #[error("the signature does not fit")]
    WrongSignature,
    /// A mandatory field is missing or empty. Names are not signed, so this check is what stops a
    /// renamed field.
    #[error("field {0:?} is missing")]
    MissingField(&'static str),
    /// A field holds what it cannot: a negative, fractional or too large amount, a control
    /// character, nested or broken content.
    #[error("field {name:?} is not understood")]
    BadField {
        /// The wire name.
        name: &'static str,
    },
    /// Signed with our key, yet about another merchant.
    #[error("the message is about merchant {got}")]
    WrongMerchant {
        /// The merchant named in the message.
        got: u64,
    },
}

impl CallbackError {
    /// A stable code for logs, metrics and error bodies.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotUtf8 => "not_utf8",
            Self::BrokenJson => "broken_json",
            Self::BrokenForm => "broken_form",
            Self::BrokenBase64 => "broken_base64",
            Self::NotAnObject => "not_an_object",
            Self::DuplicateField(_) => "duplicate_field",
            Self::NestedValue(_) => "nested_value",
            Self::MissingSignature => "missing_signature",
            Self::WrongSignature => "wrong_signature",
            Self::MissingField(_) => "missing_field",
            Self::BadField { .. } => "bad_field",
            Self::WrongMerchant { .. } => "wrong_merchant",
        }
    }
}

/// Opens a callback body: checks its signature over what was received and only then reads it.
///
/// Takes JSON and form bodies under either content type, bare or wrapped in `response`, in
/// versions 1.0, 1.0.1 and 2.0 (fondy.md §1, §4, §8.9). A replayed body opens again: the signature
/// has no time in it, so the caller's rules must be safe to repeat.
pub fn open_callback(
    content_type: Option<&str>,
    body: &[u8],
    credentials: &Credentials,
) -> Result<Snapshot, CallbackError> {
    open(envelope::read(content_type, body)?, credentials)
}

/// Checks a message's signature and reads it.
pub(crate) fn open(envelope: Envelope<'_>, credentials: &Credentials) -> Result<Snapshot, CallbackError> {
    match envelope {
        Envelope::V1(fields) => {
            check_v1(&fields, credentials)?;
            snapshot::read(&fields, None, credentials.merchant_id)
        }
        Envelope::V2 { data, signature } => {
            if !signatures_match(&sign_v2(&credentials.key, &data), &signature) {
                return Err(CallbackError::WrongSignature);
            }
            let text = envelope::decode_v2(&data)?;
            let fields = envelope::read_v2_order(&text)?;
            snapshot::read(&fields, Some(Version::V2_0), credentials.merchant_id)
        }
    }
}

/// Checks the signature of version 1 fields.
pub(crate) fn check_v1(fields: &Fields<'_>, credentials: &Credentials) -> Result<(), CallbackError> {
    if let Some(name) = fields.first_nested() {
        return Err(CallbackError::NestedValue(shorten(name)));
    }
    let given = fields.text("signature").ok_or(CallbackError::MissingSignature)?;
    if signatures_match(&sign_v1(&credentials.key, fields.scalars()), given) {
        Ok(())
    } else {
        Err(CallbackError::WrongSignature)
    }
}

impl From<Malformed> for CallbackError {
    fn from(malformed: Malformed) -> Self {
        match malformed {
            Malformed::NotUtf8 => Self::NotUtf8,
            Malformed::BrokenJson => Self::BrokenJson,
            Malformed::BrokenForm => Self::BrokenForm,
            Malformed::NotAnObject => Self::NotAnObject,
            Malformed::DuplicateField(name) => Self::DuplicateField(name),
        }
    }
}

#[cfg(test)]
pub(crate) mod messages;
#[cfg(test)]
mod tests;
