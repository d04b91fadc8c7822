//! The gateway's signatures: plain SHA-1 over the key and the values, lower-case hex.
//! Facts: fondy.md §2, reproduced with the published vectors.

use std::fmt::Write;

use secrecy::{ExposeSecret, SecretString};
use sha1::{Digest, Sha1};
use subtle::ConstantTimeEq;

/// Fields that never take part in a version 1 signature.
const UNSIGNED: [&str; 2] = ["signature", "response_signature_string"];

/// The signature of a version 1.0 or 1.0.1 message: the key, then every non-empty value in the
/// byte order of its name, joined by `|`. Zeros stay, empty values leave no separator behind.
///
/// Give it all fields of the message as received, in any order; `signature` itself and the test
/// mode's hint are left out here. Numbers enter as the digits that were received.
pub fn sign_v1<'a>(key: &SecretString, fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut signed: Vec<(&str, &str)> = fields
        .into_iter()
        .filter(|(name, value)| !value.is_empty() && !UNSIGNED.contains(name))
        .collect();
    signed.sort_unstable();

    let mut hash = Sha1::new();
    hash.update(key.expose_secret());
    for (_, value) in signed {
        hash.update("|");
        hash.update(value);
    }
    hex(&hash.finalize())
}

/// The signature of a version 2.0 message, over `data` exactly as transmitted (before decoding).
pub fn sign_v2(key: &SecretString, data: &str) -> String {
    let mut hash = Sha1::new();
    hash.update(key.expose_secret());
    hash.update("|");
    hash.update(data);
    hex(&hash.finalize())
}

/// Compares two signatures in constant time. Upper-case hex does not match: the gateway writes
/// lower case only.
pub fn signatures_match(expected: &str, given: &str) -> bool {
    expected.as_bytes().ct_eq(given.as_bytes()).into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests;
