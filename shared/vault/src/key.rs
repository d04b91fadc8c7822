use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::SecretString;
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

pub(crate) const KEY_BYTES: usize = 32;

/// Keeps the id apart from any other hash somebody might make of a key.
const ID_DOMAIN: &[u8] = b"kasyr master key id 1\0";

/// The key under which the keys of all secrets are wrapped. Wiped when dropped, and without `Debug`.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct MasterKey([u8; KEY_BYTES]);

/// By what a master key is known. It tells nothing of the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyId([u8; 8]);

impl MasterKey {
    /// A new one, from a cryptographic generator that the operating system seeds.
    pub fn generate() -> Self {
        let mut key = Self([0; KEY_BYTES]);
        rand::fill(&mut key.0);
        key
    }

    /// Its id.
    pub fn id(&self) -> KeyId {
        let digest = Sha256::new().chain_update(ID_DOMAIN).chain_update(self.0).finalize();
        let mut id = [0; 8];
        id.copy_from_slice(&digest[..8]);
        KeyId(id)
    }

    /// Base64, as in a key file.
    pub fn text(&self) -> SecretString {
        STANDARD.encode(self.0).into()
    }

    /// Reads that back. `None`: it is not base64 of 32 bytes.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(STANDARD.decode(text).ok()?);
        let mut key = Self([0; KEY_BYTES]);
        if bytes.len() != KEY_BYTES {
            return None;
        }
        key.0.copy_from_slice(&bytes);
        Some(key)
    }

    pub(crate) const fn bytes(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }
}

impl KeyId {
    /// Reads sixteen small hex digits. `None`: that is no id.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.as_bytes();
        if digits.len() != 16 {
            return None;
        }
        let mut id = [0; 8];
        for (byte, pair) in id.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Some(Self(id))
    }
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn a_key_is_read_back_from_its_text_and_known_by_its_id() {
        let key = MasterKey::generate();
        let again = MasterKey::parse(key.text().expose_secret()).unwrap();
        assert_eq!(key.id(), again.id());
        assert_ne!(key.id(), MasterKey::generate().id());
        assert_eq!(KeyId::parse(&key.id().to_string()), Some(key.id()));
        // The same key has the same id in every version: a ledger names it.
        let zeros = MasterKey::parse(&STANDARD.encode([0; 32])).unwrap();
        assert_eq!(zeros.id().to_string(), "8d23b9961db619c2");
    }

    #[test]
    fn what_is_no_key_or_id_is_not_read() {
        for text in [
            "",
            "AAAA",
            "not base64",
            &STANDARD.encode([0; 31]),
            &STANDARD.encode([0; 33]),
        ] {
            assert!(MasterKey::parse(text).is_none(), "{text}");
        }
        for text in [
            "",
            "0123456789abcde",
            "0123456789ABCDEF",
            "0123456789abcdef0",
            "0123456789abcdeg",
            "éééééééé",
        ] {
            assert!(KeyId::parse(text).is_none(), "{text}");
        }
    }
}
