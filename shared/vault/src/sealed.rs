//! The text form of a sealed secret: `k1.<key id>.<set at>.<fingerprint>.<wrapped>.<sealed>`.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use crate::aead::{self, NONCE_BYTES, TAG_BYTES};
use crate::error::VaultError;
use crate::fingerprint::{FINGERPRINT_DIGITS, FingerprintKey};
use crate::key::{KEY_BYTES, KeyId, MasterKey};

const VERSION: &str = "k1";

/// How many characters tell the version and the master key: `k1.`, the id, a dot. A database can
/// compare that much without reading further.
pub const HEAD: usize = 20;

/// What a sealed text says without any key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The master key that opens it.
    pub key_id: KeyId,
    /// When the secret was set, in milliseconds since 1970.
    pub set_at: i64,
    /// By which equal secrets of one ledger are known.
    pub fingerprint: String,
}

impl Header {
    /// Reads a sealed text's header. `None`: the text is not a sealed one.
    pub fn read(text: &str) -> Option<Self> {
        Sealed::parse(text).map(|sealed| sealed.header).ok()
    }

    /// The first [`HEAD`] characters of every text that is sealed under this key.
    pub fn head(key: KeyId) -> String {
        format!("{VERSION}.{key}.")
    }
}

/// A sealed text, taken apart.
pub(crate) struct Sealed {
    pub header: Header,
    wrapped: Vec<u8>,
    sealed: Vec<u8>,
}

impl Sealed {
    /// Seals a secret for its owner under a data key of its own.
    pub fn seal(
        master: &MasterKey,
        owner: &str,
        secret: &SecretString,
        fingerprints: &FingerprintKey,
        set_at: i64,
    ) -> Result<Self, VaultError> {
        let header = Header {
            key_id: master.id(),
            set_at,
            fingerprint: fingerprints.of(secret),
        };
        let mut data_key = Zeroizing::new([0; KEY_BYTES]);
        rand::fill(&mut data_key[..]);
        Ok(Self {
            wrapped: aead::seal(master.bytes(), &header.binds_key(owner), &data_key[..])?,
            sealed: aead::seal(
                &data_key,
                &header.binds_secret(owner),
                secret.expose_secret().as_bytes(),
            )?,
            header,
        })
    }

    /// Opens it for its owner.
    pub fn open(&self, master: &MasterKey, owner: &str) -> Result<SecretString, VaultError> {
        let data_key = self.data_key(master, owner)?;
        let mut plain = aead::open(&data_key, &self.header.binds_secret(owner), &self.sealed)?;
        // Moved, not copied: the secret's own type wipes it from now on.
        match String::from_utf8(std::mem::take(&mut *plain)) {
            Ok(text) => Ok(text.into()),
            Err(error) => {
                drop(Zeroizing::new(error.into_bytes()));
                Err(VaultError::Malformed)
            }
        }
    }

    /// The same secret under the same data key, that key wrapped by another master key.
    pub fn rewrap(self, from: &MasterKey, to: &MasterKey, owner: &str) -> Result<Self, VaultError> {
        let data_key = self.data_key(from, owner)?;
        let header = Header {
            key_id: to.id(),
            ..self.header
        };
        Ok(Self {
            wrapped: aead::seal(to.bytes(), &header.binds_key(owner), &data_key[..])?,
            sealed: self.sealed,
            header,
        })
    }

    fn data_key(&self, master: &MasterKey, owner: &str) -> Result<Zeroizing<[u8; KEY_BYTES]>, VaultError> {
        let bytes = aead::open(master.bytes(), &self.header.binds_key(owner), &self.wrapped)?;
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        if bytes.len() != KEY_BYTES {
            return Err(VaultError::Malformed);
        }
        key.copy_from_slice(&bytes);
        Ok(key)
    }

    pub fn text(&self) -> String {
        let Header {
            key_id,
            set_at,
            fingerprint,
        } = &self.header;
        let mut text = format!("{VERSION}.{key_id}.{set_at}.{fingerprint}");
        for bytes in [&self.wrapped, &self.sealed] {
            // Writing into a text does not fail.
            let _ = write!(text, ".{}", URL_SAFE_NO_PAD.encode(bytes));
        }
        text
    }

    /// Strict: one text only for one meaning.
    pub fn parse(text: &str) -> Result<Self, VaultError> {
        let parts: Vec<&str> = text.split('.').collect();
        let [VERSION, key_id, set_at, fingerprint, wrapped, sealed] = parts[..] else {
            return Err(VaultError::Malformed);
        };
        let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        let bytes = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| VaultError::Malformed);
        let parsed = Self {
            header: Header {
                key_id: KeyId::parse(key_id).ok_or(VaultError::Malformed)?,
                set_at: set_at.parse().map_err(|_| VaultError::Malformed)?,
                fingerprint: fingerprint.to_owned(),
            },
            wrapped: bytes(wrapped)?,
            sealed: bytes(sealed)?,
        };
        let fits = parsed.header.set_at.to_string() == set_at
            && fingerprint.len() == FINGERPRINT_DIGITS
            && fingerprint.bytes().all(is_hex)
            && parsed.wrapped.len() == NONCE_BYTES + KEY_BYTES + TAG_BYTES
            && parsed.sealed.len() >= NONCE_BYTES + TAG_BYTES;
        if fits { Ok(parsed) } else { Err(VaultError::Malformed) }
    }
}

impl Header {
    /// What the wrapped data key is bound to: the owner and the whole header.
    fn binds_key(&self, owner: &str) -> Vec<u8> {
        let key_id = self.key_id.to_string();
        let parts: [&[u8]; 4] = [
            key_id.as_bytes(),
            owner.as_bytes(),
            &self.set_at.to_be_bytes(),
            self.fingerprint.as_bytes(),
        ];
        aead::bind("kasyr k1 key", &parts)
    }

    /// What the secret is bound to: all of that but the master key, which may change.
    fn binds_secret(&self, owner: &str) -> Vec<u8> {
        let parts: [&[u8]; 3] = [
            owner.as_bytes(),
            &self.set_at.to_be_bytes(),
            self.fingerprint.as_bytes(),
        ];
        aead::bind("kasyr k1 secret", &parts)
    }
}

#[cfg(test)]
mod tests;
