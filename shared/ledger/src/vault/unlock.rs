use std::sync::Arc;

use domain::time::UnixMillis;
use sea_orm::Value;
use secrecy::SecretString;
use vault::{FingerprintKey, Header, KeyId, Vault, VaultError};

use super::{Column, Unlocked, columns, key_id, refused};
use crate::{Ledger, LedgerError, sql};

/// For whom the fingerprints' key is sealed.
pub(super) const FINGERPRINT_KEY: &str = "vault/fingerprint_key";

/// Secrets in clear that are sealed in one transaction.
const AT_ONCE: u64 = 100;

/// A secret that is under none of our keys.
struct Strange {
    keys: Vec<String>,
    text: String,
    updated_at: UnixMillis,
}

impl Ledger {
    /// The same ledger, able to read and write its secrets. The first time this makes the ledger's
    /// vault; a master key that is not the ledger's is refused. What an earlier version left in
    /// clear is sealed, and a SQLite file is scrubbed, so that no trace of it stays. Safe to repeat and
    /// to call from several processes at once.
    pub async fn unlock(&self, vault: Vault) -> Result<Self, LedgerError> {
        let unknown = |column| LedgerError::UnknownValue { column };
        let (under, sealed) = match self.vault_row().await? {
            Some(row) => row,
            None => {
                self.make_vault(&vault).await?;
                self.vault_row().await?.ok_or_else(|| unknown("vault.key_id"))?
            }
        };
        let opened = vault.has(under).and_then(|()| vault.open(FINGERPRINT_KEY, &sealed));
        let opened = opened.map_err(|source| wrong_key(FINGERPRINT_KEY, source))?;
        let fingerprints = FingerprintKey::parse(&opened).ok_or_else(|| unknown("vault.fingerprint_key"))?;
        let mut unlocked = self.clone();
        unlocked.unlocked = Some(Unlocked {
            vault,
            fingerprints: Arc::new(fingerprints),
        });
        for column in columns::ALL {
            while unlocked.seal_what_is_clear(column).await? {}
        }
        unlocked.scrub().await?;
        Ok(unlocked)
    }

    async fn vault_row(&self) -> Result<Option<(KeyId, String)>, LedgerError> {
        let select = "SELECT key_id, fingerprint_key FROM vault";
        let Some(row) = sql::query_one(&self.db, "read the vault", select, []).await? else {
            return Ok(None);
        };
        Ok(Some((
            key_id(&sql::get::<String>(&row, "key_id")?)?,
            sql::get(&row, "fingerprint_key")?,
        )))
    }

    /// Makes the vault under the current key, unless somebody else just did. An earlier version may
    /// have left traces in the file of a ledger that has settings already.
    async fn make_vault(&self, vault: &Vault) -> Result<(), LedgerError> {
        let now = self.now();
        let fingerprints = FingerprintKey::generate();
        let Some(under) = vault.held().first().copied() else {
            return Err(LedgerError::Locked);
        };
        let sealed = vault
            .seal(under, FINGERPRINT_KEY, &fingerprints.text(), &fingerprints, now.0)
            .map_err(|source| refused(FINGERPRINT_KEY, source))?;
        sql::execute(
            &self.db,
            "make the vault",
            "INSERT INTO vault (id, key_id, fingerprint_key, rotated_at, scrubbed_at)
             VALUES (1, $1, $2, $3, CASE WHEN EXISTS (SELECT 1 FROM registers) OR EXISTS (SELECT 1 FROM sources)
                 OR EXISTS (SELECT 1 FROM shop_webhooks) THEN NULL ELSE $3 END)
             ON CONFLICT (id) DO NOTHING",
            [under.to_string().into(), sealed.into(), now.0.into()],
        )
        .await?;
        Ok(())
    }

    /// Seals some of a column's secrets that an earlier version left in clear; true if there may be
    /// more. What is sealed under a key that nobody gave us is a refusal: its owner's secret could
    /// not be read.
    async fn seal_what_is_clear(&self, column: &Column) -> Result<bool, LedgerError> {
        const WHAT: &str = "seal what is in clear";
        let strange = self.strange(column).await?;
        if strange.is_empty() {
            return Ok(false);
        }
        let vault = &self.unlocked()?.vault;
        let tx = self.begin(WHAT).await?;
        let update = format!(
            "UPDATE {} SET {1} = $1 WHERE {1} = $2 AND {2}",
            column.table,
            column.column,
            column.place(2)
        );
        let mut sealed = 0;
        for row in strange {
            let keys: Vec<&str> = row.keys.iter().map(String::as_str).collect();
            let owner = column.owner(&keys);
            if let Some(header) = Header::read(&row.text) {
                vault.has(header.key_id).map_err(|source| wrong_key(&owner, source))?;
                continue;
            }
            // When it was set is not known; it was not later.
            let clear = SecretString::from(row.text.as_str());
            let text = self.seal(&tx, &owner, &clear, row.updated_at).await?;
            let values = [text.into(), row.text.into()].into_iter();
            let values = values.chain(keys.iter().map(|key| Value::from(*key)));
            sealed += sql::execute(&tx, WHAT, &update, values).await?;
        }
        if sealed > 0 {
            sql::execute(&tx, WHAT, "UPDATE vault SET scrubbed_at = NULL", []).await?;
        }
        sql::commit(tx, WHAT).await?;
        Ok(true)
    }

    async fn strange(&self, column: &Column) -> Result<Vec<Strange>, LedgerError> {
        let heads: Vec<String> = self.unlocked()?.vault.held().into_iter().map(Header::head).collect();
        let select = format!(
            "SELECT {}, {} AS text, updated_at FROM {} WHERE {} LIMIT {AT_ONCE}",
            column.keys.join(", "),
            column.column,
            column.table,
            column.under_none_of(heads.len())
        );
        let values = heads.into_iter().map(Value::from);
        let rows = sql::query(&self.db, "look for secrets in clear", &select, values).await?;
        rows.iter()
            .map(|row| {
                Ok(Strange {
                    keys: column
                        .keys
                        .iter()
                        .map(|key| sql::get(row, key))
                        .collect::<Result<_, _>>()?,
                    text: sql::get(row, "text")?,
                    updated_at: UnixMillis(sql::get(row, "updated_at")?),
                })
            })
            .collect()
    }
}

/// Another master key than the ledger's is told in its own words.
fn wrong_key(owner: &str, source: VaultError) -> LedgerError {
    match source {
        VaultError::UnknownKey { needed, held } => LedgerError::WrongMasterKey { needed, held },
        VaultError::Keys(_) | VaultError::Tampered | VaultError::Malformed | VaultError::TooLong => {
            refused(owner, source)
        }
    }
}
