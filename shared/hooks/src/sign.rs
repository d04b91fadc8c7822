use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::SecretString;
use sha2::Sha256;

use crate::secret::{SecretError, key};

const MAX_ID: usize = 128;

/// Why something cannot be signed. Shows no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// There is no secret to sign with.
    #[error("there is no secret to sign with")]
    NoSecret,
    /// A secret cannot be used.
    #[error("secret number {number} cannot be used")]
    Secret {
        /// Its place, from 1.
        number: usize,
        /// Why.
        #[source]
        source: SecretError,
    },
    /// The id would be read as something else: a full stop in it could move the border between id, time and body.
    #[error("a message's id has letters, digits, - and _ only, and at most {MAX_ID} of them")]
    BadId,
}

/// The header `webhook-signature`: for each secret `v1,` and the Base64 of HMAC-SHA256 over `id.timestamp.body`, with a
/// space between. Several secrets are for the time in which a shop changes from one to the next.
///
/// `timestamp` is the time of this attempt in seconds since 1970; `id` stays the same in every attempt.
pub fn sign(secrets: &[SecretString], id: &str, timestamp: i64, body: &[u8]) -> Result<String, SignError> {
    let good = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if id.is_empty() || id.len() > MAX_ID || !id.bytes().all(good) {
        return Err(SignError::BadId);
    }
    if secrets.is_empty() {
        return Err(SignError::NoSecret);
    }
    let mut signatures = Vec::with_capacity(secrets.len());
    for (index, secret) in secrets.iter().enumerate() {
        let bad = |source| SignError::Secret {
            number: index + 1,
            source,
        };
        let key = key(secret).map_err(bad)?;
        // HMAC takes keys of every length; the error cannot come.
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|_| bad(SecretError::TooLong))?;
        mac.update(format!("{id}.{timestamp}.").as_bytes());
        mac.update(body);
        signatures.push(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())));
    }
    Ok(signatures.join(" "))
}

#[cfg(test)]
mod tests;
