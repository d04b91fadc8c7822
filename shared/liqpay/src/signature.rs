//! `base64(hash(key + data + key))`, over `data` exactly as transmitted.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};
use sha1::{Digest, Sha1};
use sha3::Sha3_256;
use subtle::ConstantTimeEq;

/// The signature with SHA-1, which the documentation of callbacks names.
pub fn sign(key: &SecretString, data: &str) -> String {
    hashed::<Sha1>(key, data)
}

/// The signature with SHA3-256, which version 7 is said to have.
pub fn sign_sha3(key: &SecretString, data: &str) -> String {
    hashed::<Sha3_256>(key, data)
}

/// True when the signature is one of the two; compared in constant time.
pub fn signature_fits(key: &SecretString, data: &str, given: &str) -> bool {
    let given = given.as_bytes();
    let by_sha1 = sign(key, data).as_bytes().ct_eq(given);
    let by_sha3 = sign_sha3(key, data).as_bytes().ct_eq(given);
    (by_sha1 | by_sha3).into()
}

fn hashed<H: Digest>(key: &SecretString, data: &str) -> String {
    let mut hash = H::new();
    hash.update(key.expose_secret());
    hash.update(data);
    hash.update(key.expose_secret());
    STANDARD.encode(hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of `data_signature`: this JSON, this private key, this result.
    const PUBLISHED_JSON: &str = r#"{"public_key":"i00000000","version":"3","action":"pay","amount":"3","currency":"UAH","description":"test","order_id":"000001"}"#;
    const PUBLISHED_KEY: &str = "a4825234f4bae72a0be04eafe9e8e2bada209255";

    #[test]
    fn the_published_examples_are_reproduced() {
        let data = STANDARD.encode(PUBLISHED_JSON);
        assert!(data.starts_with("eyJwdWJsaWNfa2V5IjoiaTAwMDAwMDAwIiwidmVyc2lvbiI6Ij"));
        assert_eq!(sign(&PUBLISHED_KEY.into(), &data), "wR+UZDC4jjeL/qUOvIsofIWpZh8=");
        // The example of `callback`, whose `data` is these very words.
        let signature = sign(&"your_private_key".into(), "base64_post_string");
        assert_eq!(signature, "tp+ZLmKm1/E83dIzUpx5ljcttP4=");
    }

    #[test]
    fn the_newer_hash_fits_too() {
        let data = STANDARD.encode(PUBLISHED_JSON);
        // Not published; computed with Python's hashlib.
        let newer = "V6/0SB3N+eEWw1S/e3g7/nmX4uM9Z4TDyK2PTMmHdvA=";
        assert_eq!(sign_sha3(&PUBLISHED_KEY.into(), &data), newer);
        assert!(signature_fits(&PUBLISHED_KEY.into(), &data, newer));
        assert!(signature_fits(
            &PUBLISHED_KEY.into(),
            &data,
            "wR+UZDC4jjeL/qUOvIsofIWpZh8="
        ));
        for wrong in ["", "wR+UZDC4jjeL/qUOvIsofIWpZh8", "wr+UZDC4jjeL/qUOvIsofIWpZh8="] {
            assert!(!signature_fits(&PUBLISHED_KEY.into(), &data, wrong), "{wrong}");
        }
    }
}
