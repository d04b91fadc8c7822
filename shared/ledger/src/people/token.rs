//! One-time links and session cookies: random, told once, known to the ledger by their digest only.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};

use crate::sql;

/// 256 random bits, fit for a URL and a cookie.
pub(super) fn random() -> SecretString {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()).into()
}

/// What the ledger keeps of a token. Nobody guesses 256 bits, so a plain digest is enough.
pub(super) fn digest(token: &SecretString) -> String {
    sql::digest(token.expose_secret().as_bytes())
}
