use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::digest::KeyInit as _;
use hmac::{Hmac, Mac as _};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::key::KEY_BYTES;

/// How many bytes of the digest a fingerprint shows: enough to tell secrets apart, too few to be a
/// secret's stand-in.
const SHOWN: usize = 6;
/// Hex digits of a fingerprint.
pub(crate) const FINGERPRINT_DIGITS: usize = 2 * SHOWN;

/// By this key the fingerprints of one ledger are made. It lives in the ledger, sealed, and is the
/// same for its whole life. Without it nobody finds a PIN from its fingerprint by trying.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct FingerprintKey([u8; KEY_BYTES]);

impl FingerprintKey {
    /// A new one.
    pub fn generate() -> Self {
        let mut key = Self([0; KEY_BYTES]);
        rand::fill(&mut key.0);
        key
    }

    /// Base64, to be sealed.
    pub fn text(&self) -> SecretString {
        STANDARD.encode(self.0).into()
    }

    /// Reads that back.
    pub fn parse(text: &SecretString) -> Option<Self> {
        let bytes = Zeroizing::new(STANDARD.decode(text.expose_secret()).ok()?);
        let mut key = Self([0; KEY_BYTES]);
        if bytes.len() != KEY_BYTES {
            return None;
        }
        key.0.copy_from_slice(&bytes);
        Some(key)
    }

    /// A secret's fingerprint: twelve hex digits.
    pub fn of(&self, secret: &SecretString) -> String {
        // HMAC fills a shorter key up with zeros itself; giving it the whole block cannot fail.
        let mut block = hmac::digest::Key::<Hmac<Sha256>>::default();
        block[..KEY_BYTES].copy_from_slice(&self.0);
        let digest = Hmac::<Sha256>::new(&block)
            .chain_update(b"kasyr fingerprint 1\0")
            .chain_update(secret.expose_secret().as_bytes())
            .finalize()
            .into_bytes();
        block.zeroize();
        digest[..SHOWN].iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_secrets_have_equal_fingerprints_by_one_key_only() {
        let [one, other] = [FingerprintKey::generate(), FingerprintKey::generate()];
        let [pin, same, next] = ["1234", "1234", "1235"].map(SecretString::from);
        assert_eq!(one.of(&pin), one.of(&same));
        assert_ne!(one.of(&pin), one.of(&next));
        assert_ne!(one.of(&pin), other.of(&pin));
        assert_eq!(one.of(&pin).len(), FINGERPRINT_DIGITS);
        let again = FingerprintKey::parse(&one.text()).unwrap();
        assert_eq!(again.of(&pin), one.of(&pin));
        assert!(FingerprintKey::parse(&"AAAA".into()).is_none());
    }
}
