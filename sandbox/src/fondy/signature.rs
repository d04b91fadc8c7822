//! Signatures of the gateway: plain SHA-1 over the key and the values, lower-case hex.

use sha1::{Digest, Sha1};

/// Names that never enter a signature.
const UNSIGNED: [&str; 2] = ["signature", "response_signature_string"];

/// Protocols 1.0 and 1.0.1: `key|value|value…`, values in the byte order of their names, empty ones left out.
pub(super) fn base_string<'a>(key: &str, fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut kept: Vec<(&str, &str)> = fields
        .into_iter()
        .filter(|(name, value)| !value.is_empty() && !UNSIGNED.contains(name))
        .collect();
    kept.sort_unstable_by_key(|(name, _)| name.as_bytes());
    let mut text = key.to_owned();
    for (_, value) in kept {
        text.push('|');
        text.push_str(value);
    }
    text
}

/// Signature of a 1.0 or 1.0.1 message.
pub(super) fn sign<'a>(key: &str, fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    hash(&base_string(key, fields))
}

/// Protocol 2.0: over the base64 text exactly as transmitted.
pub(super) fn sign_data(key: &str, data: &str) -> String {
    hash(&format!("{key}|{data}"))
}

/// The hint a merchant in test mode gets: every occurrence of the key is hidden, also inside other values.
pub(super) fn masked(key: &str, base_string: &str) -> String {
    base_string.replace(key, "**********")
}

fn hash(text: &str) -> String {
    use std::fmt::Write;
    let mut hex = String::with_capacity(40);
    for byte in Sha1::digest(text.as_bytes()) {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

#[cfg(test)]
mod tests;
