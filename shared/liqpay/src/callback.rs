//! The way in: the form's two fields, the signature, then the JSON.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use wire::{CallbackError, Malformed};

use crate::credentials::Credentials;
use crate::signature::signature_fits;
use crate::snapshot::{self, Snapshot};

/// Samples come with padding, so its absence is forgiven and no more.
const DATA_BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Opens a callback's form body: checks the signature over `data` as received and only then reads
/// it. A replayed body opens again: the caller's rules must be safe to repeat.
pub fn open_callback(body: &[u8], credentials: &Credentials) -> Result<Snapshot, CallbackError> {
    let text = std::str::from_utf8(body).map_err(|_| Malformed::NotUtf8)?;
    let form = wire::read_form(text.trim())?;
    let data = form.required("data")?;
    let signature = form.text("signature").ok_or(CallbackError::MissingSignature)?;
    if !signature_fits(&credentials.private_key, data, signature) {
        return Err(CallbackError::WrongSignature);
    }
    let bytes = DATA_BASE64
        .decode(data)
        .map_err(|_| CallbackError::BrokenBase64("data"))?;
    let json = String::from_utf8(bytes).map_err(|_| Malformed::NotUtf8)?;
    let fields = wire::read_object(&json)?;
    // It is signed with a key of ours; the name is looked at so that a shop with two sources
    // that share a key cannot take one's callback for the other's.
    if fields.required("public_key")? != credentials.public_key {
        return Err(CallbackError::WrongMerchant);
    }
    snapshot::read(&fields)
}

#[cfg(test)]
pub(crate) mod messages;
#[cfg(test)]
mod tests;
