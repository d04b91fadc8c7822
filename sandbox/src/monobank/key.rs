//! The bank's signing keys, made for one life of the simulator.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, SigningKey as _};

/// There is no key.
#[derive(Debug, thiserror::Error)]
#[error("could not make a signing key")]
pub struct KeyError(#[source] rcgen::Error);

/// The key that signs, the one before it, and one that nobody can know.
pub struct Keys {
    signing: KeyPair,
    before: Option<KeyPair>,
    foreign: KeyPair,
}

impl Keys {
    pub(super) fn make() -> Result<Self, KeyError> {
        Ok(Self {
            signing: fresh()?,
            before: None,
            foreign: fresh()?,
        })
    }

    pub(super) fn rotate(&mut self) -> Result<(), KeyError> {
        self.before = Some(std::mem::replace(&mut self.signing, fresh()?));
        Ok(())
    }

    /// Base64 of the PEM; the one before, if that is wanted and there is one.
    pub(super) fn public(&self, stale: bool) -> String {
        let stale = self.before.as_ref().filter(|_| stale);
        STANDARD.encode(stale.unwrap_or(&self.signing).public_key_pem())
    }

    /// `X-Sign` of a body.
    pub(super) fn sign(&self, body: &[u8]) -> String {
        signature(&self.signing, body)
    }

    /// A signature by a key that is not the bank's.
    pub(super) fn sign_foreign(&self, body: &[u8]) -> String {
        signature(&self.foreign, body)
    }
}

fn fresh() -> Result<KeyPair, KeyError> {
    KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(KeyError)
}

/// The signer hashes with SHA-256 itself and answers DER; without randomness there is no signature, and none fits.
fn signature(key: &KeyPair, body: &[u8]) -> String {
    STANDARD.encode(key.sign(body).unwrap_or_default())
}
