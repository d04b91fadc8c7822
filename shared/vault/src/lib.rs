//! This crate knows how secrets are kept at rest: sealed so that only the master key opens them.
//!
//! ```text
//! secret ──data key, made for this one secret──▶ sealed     XChaCha20-Poly1305, both times; what is
//! data key ──────── master key ────────────────▶ wrapped    authenticated with them names the owner
//!
//! k1.<master key's id>.<set at, ms>.<fingerprint>.<wrapped>.<sealed>
//! ```
//!
//! A sealed text opens only for the owner it was sealed for (`registers/flowers-1/credentials`), so
//! that it cannot be moved to another row. Another master key means wrapping the data keys again;
//! the secrets themselves are not touched ([`Vault::rewrap`]). The header can be read without a key:
//! when the secret was set, and a fingerprint by which equal secrets of one ledger are known. The
//! fingerprint is keyed, so a short PIN cannot be found by trying them all.
//!
//! Keys are wiped from memory when they are dropped and print nothing. The only input and output
//! here is the key file.

mod aead;
mod error;
mod file;
mod fingerprint;
mod key;
mod keys;
mod sealed;
mod source;

pub use error::{KeyError, VaultError};
pub use file::{KeyFile, KeyFileLock};
pub use fingerprint::FingerprintKey;
pub use key::{KeyId, MasterKey};
pub use keys::MasterKeys;
pub use sealed::{HEAD, Header};
pub use source::{KeySource, Vault};

use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

/// Are these two secrets the same? The time it takes tells nothing but whether their lengths differ.
pub fn same(one: &SecretString, other: &SecretString) -> bool {
    one.expose_secret()
        .as_bytes()
        .ct_eq(other.expose_secret().as_bytes())
        .into()
}
