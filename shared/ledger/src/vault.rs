//! Secrets at rest: columns that are sealed before they reach the database (design §8).
//!
//! A ledger that was opened only is *locked*: everything but its secrets can be read. [`Ledger::unlock`]
//! gives it the master key. Which one new secrets are sealed under is said by the one row of the table
//! `vault`, not by the program's key file: every seal reads that row under a lock, so that a rotation
//! and a process that does not know of it yet cannot pass each other.

pub(crate) mod columns;
mod rotate;
mod scrub;
mod unlock;

use std::sync::Arc;

use domain::time::UnixMillis;
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use secrecy::SecretString;
use vault::{FingerprintKey, KeyId, Vault, VaultError};

pub(crate) use columns::Column;
pub use rotate::Rewrapped;

use crate::{Ledger, LedgerError, sql};

/// What an unlocked ledger seals and opens with.
#[derive(Clone)]
pub(crate) struct Unlocked {
    pub vault: Vault,
    pub fingerprints: Arc<FingerprintKey>,
}

/// Seals within one transaction, under the master key that the ledger names while it lasts.
pub(crate) struct Sealer<'a> {
    unlocked: &'a Unlocked,
    under: KeyId,
}

impl Sealer<'_> {
    /// Seals a secret for its owner.
    pub fn seal(&self, owner: &str, secret: &SecretString, now: UnixMillis) -> Result<String, LedgerError> {
        let Unlocked { vault, fingerprints } = self.unlocked;
        vault
            .seal(self.under, owner, secret, fingerprints, now.0)
            .map_err(|source| refused(owner, source))
    }

    /// Is it this secret that was sealed? A text that was spoiled is none: setting the secret anew
    /// mends it.
    pub fn holds(&self, owner: &str, text: &str, secret: &SecretString) -> Result<bool, LedgerError> {
        Ok(self.open(owner, text)?.is_some_and(|there| vault::same(&there, secret)))
    }

    /// The secret that was sealed; `None` if its text was spoiled.
    pub fn open(&self, owner: &str, text: &str) -> Result<Option<SecretString>, LedgerError> {
        match self.unlocked.vault.open(owner, text) {
            Ok(there) => Ok(Some(there)),
            Err(VaultError::Tampered | VaultError::Malformed) => Ok(None),
            Err(source @ (VaultError::UnknownKey { .. } | VaultError::Keys(_) | VaultError::TooLong)) => {
                Err(refused(owner, source))
            }
        }
    }
}

impl Ledger {
    /// The master key that secrets are sealed under; `None` for a ledger that never had a secret sealed.
    pub async fn master_key(&self) -> Result<Option<KeyId>, LedgerError> {
        let row = sql::query_one(&self.db, "read the vault", "SELECT key_id FROM vault", []).await?;
        row.map(|row| key_id(&sql::get::<String>(&row, "key_id")?)).transpose()
    }

    /// What seals in this transaction. Before it locks rows that others lock after the vault's: see
    /// `apply`.
    pub(crate) async fn sealer(&self, tx: &DatabaseTransaction) -> Result<Sealer<'_>, LedgerError> {
        Ok(Sealer {
            unlocked: self.unlocked()?,
            under: lock(tx).await?,
        })
    }

    /// Seals one secret in this transaction.
    pub(crate) async fn seal(
        &self,
        tx: &DatabaseTransaction,
        owner: &str,
        secret: &SecretString,
        now: UnixMillis,
    ) -> Result<String, LedgerError> {
        self.sealer(tx).await?.seal(owner, secret, now)
    }

    /// Opens a sealed text for its owner.
    pub(crate) fn open_sealed(&self, owner: &str, text: &str) -> Result<SecretString, LedgerError> {
        let unlocked = self.unlocked()?;
        unlocked
            .vault
            .open(owner, text)
            .map_err(|source| refused(owner, source))
    }

    pub(crate) fn unlocked(&self) -> Result<&Unlocked, LedgerError> {
        self.unlocked.as_ref().ok_or(LedgerError::Locked)
    }
}

fn refused(owner: &str, source: VaultError) -> LedgerError {
    LedgerError::Secret {
        owner: owner.to_owned(),
        source,
    }
}

/// Reads the vault's row and keeps it as it is until the transaction ends. An update that changes
/// nothing is the lock both databases know.
async fn lock(tx: &impl ConnectionTrait) -> Result<KeyId, LedgerError> {
    let update = "UPDATE vault SET rotated_at = rotated_at RETURNING key_id";
    let row = sql::query_one(tx, "lock the vault", update, []).await?;
    let row = row.ok_or(LedgerError::UnknownValue { column: "vault.key_id" })?;
    key_id(&sql::get::<String>(&row, "key_id")?)
}

fn key_id(text: &str) -> Result<KeyId, LedgerError> {
    KeyId::parse(text).ok_or(LedgerError::UnknownValue { column: "vault.key_id" })
}
