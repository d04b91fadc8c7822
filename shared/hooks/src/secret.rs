use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

const PREFIX: &str = "whsec_";
/// The convention's own bounds: 192 to 512 bits.
const BYTES: std::ops::RangeInclusive<usize> = 24..=64;
/// For a secret that is not in the convention's form.
const TEXT_BYTES: std::ops::RangeInclusive<usize> = 16..=256;

/// People lose the `=` at the end.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Why a text cannot sign. Never shows the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// `whsec_` and something that is no Base64.
    #[error("a secret that begins with whsec_ goes on in Base64")]
    NotBase64,
    /// Short enough to be guessed.
    #[error("a secret has at least 24 bytes after whsec_ in Base64, or at least 16 bytes of other text")]
    TooShort,
    /// Longer than the convention allows.
    #[error("a secret has at most 64 bytes after whsec_ in Base64, or at most 256 bytes of other text")]
    TooLong,
    /// `whsk_` or `whpk_`: a key for signatures of the other kind (`v1a`).
    #[error("keys for ed25519 (whsk_, whpk_) are not supported; use a whsec_ secret")]
    Asymmetric,
}

/// The bytes that sign.
pub(crate) type Key = Zeroizing<Vec<u8>>;

/// `whsec_` and Base64 in the convention's form; any other text signs with its own bytes, as a shop may have a secret
/// already.
pub(crate) fn key(secret: &SecretString) -> Result<Key, SecretError> {
    let text = secret.expose_secret();
    if text.starts_with("whsk_") || text.starts_with("whpk_") {
        return Err(SecretError::Asymmetric);
    }
    let (bytes, allowed) = match text.strip_prefix(PREFIX) {
        Some(encoded) => (LENIENT.decode(encoded).map_err(|_| SecretError::NotBase64)?, BYTES),
        None => (text.as_bytes().to_vec(), TEXT_BYTES),
    };
    let key = Zeroizing::new(bytes);
    if key.len() < *allowed.start() {
        return Err(SecretError::TooShort);
    }
    if key.len() > *allowed.end() {
        return Err(SecretError::TooLong);
    }
    Ok(key)
}

/// A new secret of 32 random bytes, in the convention's form.
pub fn new_secret() -> SecretString {
    let mut bytes = Zeroizing::new([0; 32]);
    rand::fill(&mut bytes[..]);
    format!(
        "{PREFIX}{}",
        base64::engine::general_purpose::STANDARD.encode(&bytes[..])
    )
    .into()
}

#[cfg(test)]
mod tests;
