//! `base64(sha1(private_key + data + private_key))`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest as _, Sha1};

/// The signature of `data` as it is sent, whatever line breaks it has.
pub(super) fn sign(private_key: &str, data: &str) -> String {
    let mut hash = Sha1::new();
    for part in [private_key, data, private_key] {
        hash.update(part.as_bytes());
    }
    STANDARD.encode(hash.finalize())
}
