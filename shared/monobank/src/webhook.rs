//! The way in: the signature over the bytes as sent, then the JSON.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use wire::{CallbackError, Malformed};

use crate::pubkey::PublicKey;
use crate::snapshot::{self, Snapshot};

/// Does this `X-Sign` fit this body under this key? A header that is not base64 fits nothing.
pub fn fits(body: &[u8], x_sign: &str, key: &PublicKey) -> bool {
    STANDARD
        .decode(x_sign.trim())
        .is_ok_and(|signature| key.fits(body, &signature))
}

/// Opens a webhook: checks the signature over the body as received and only then reads it. A
/// replayed body opens again, and so may one of another merchant of the bank: see
/// [`Snapshot::needs_confirmation`].
pub fn open_webhook(body: &[u8], x_sign: Option<&str>, key: &PublicKey) -> Result<Snapshot, CallbackError> {
    let x_sign = x_sign
        .filter(|sign| !sign.trim().is_empty())
        .ok_or(CallbackError::MissingSignature)?;
    if !fits(body, x_sign, key) {
        return Err(CallbackError::WrongSignature);
    }
    let text = std::str::from_utf8(body).map_err(|_| Malformed::NotUtf8)?;
    snapshot::read(&wire::read_object(text.trim())?, true)
}

#[cfg(test)]
pub(crate) mod messages;
#[cfg(test)]
mod tests;
