//! A new master key, while everything runs. The steps, each safe to repeat and each leaving a ledger
//! that can be read:
//!
//! 1. the key file has the new key before the old one (`vault::KeyFileLock::add_key`);
//! 2. [`Ledger::switch_master_key`]: from here on every seal is under the new key;
//! 3. [`Ledger::rewrap_secrets`] until nothing is left: what was sealed before is wrapped again;
//! 4. the key file has the new key only (`vault::KeyFileLock::drop_old_keys`).
//!
//! Whoever seals holds the vault's row, and step 2 waits for it, so nothing is sealed under the old
//! key after step 2. Running processes find the new key in the file when they meet it.

use domain::time::UnixMillis;
use sea_orm::Value;
use vault::{Header, KeyId};

use super::unlock::FINGERPRINT_KEY;
use super::{Column, columns, lock, refused};
use crate::audit::{self, NewAudit, deed};
use crate::{Ledger, LedgerError, sql};

/// How far the wrapping is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rewrapped {
    /// Secrets wrapped again by this call.
    pub done: u64,
    /// Secrets that are still under another key.
    pub left: u64,
}

impl Ledger {
    /// Makes `to` the master key that secrets are sealed under from now on. Nothing to do if it is
    /// already. It must be among the keys given.
    pub async fn switch_master_key(&self, to: KeyId, now: UnixMillis) -> Result<(), LedgerError> {
        const WHAT: &str = "change the master key";
        let vault = &self.unlocked()?.vault;
        let tx = self.begin(WHAT).await?;
        if lock(&tx).await? == to {
            return Ok(());
        }
        let row = sql::query_one(&tx, WHAT, "SELECT fingerprint_key FROM vault", []).await?;
        let sealed: String =
            row.map(|row| sql::get(&row, "fingerprint_key"))
                .transpose()?
                .ok_or(LedgerError::UnknownValue {
                    column: "vault.fingerprint_key",
                })?;
        let again = vault
            .rewrap(to, FINGERPRINT_KEY, &sealed)
            .map_err(|source| refused(FINGERPRINT_KEY, source))?;
        sql::execute(
            &tx,
            WHAT,
            "UPDATE vault SET key_id = $1, fingerprint_key = $2, rotated_at = $3",
            [to.to_string().into(), again.unwrap_or(sealed).into(), now.0.into()],
        )
        .await?;
        let entry = NewAudit {
            merchant: None,
            action: deed::MASTER_KEY_ROTATED,
            subject: "vault".to_owned(),
            before: None,
            after: Some(format!("master key {to}")),
        };
        audit::record(&tx, &"command line".into(), &entry, now).await?;
        sql::commit(tx, WHAT).await
    }

    /// Wraps at most `limit` secrets again that are not under the ledger's master key. Each is one
    /// statement that names the text it replaces: what somebody else changed meanwhile stays, and no
    /// lock is held that anybody would wait for.
    pub async fn rewrap_secrets(&self, limit: u64) -> Result<Rewrapped, LedgerError> {
        let to = self.master_key().await?.ok_or(LedgerError::Locked)?;
        let mut done = 0;
        for column in columns::ALL {
            done += self.rewrap_column(column, to, limit - done).await?;
        }
        let mut left = 0;
        for column in columns::ALL {
            let count = format!(
                "SELECT count(*) AS left_over FROM {} WHERE {}",
                column.table,
                column.under_none_of(1)
            );
            let values = [Value::from(Header::head(to))];
            let row = sql::query_one(&self.db, "count what is under an old key", &count, values).await?;
            let count: i64 = row.map(|row| sql::get(&row, "left_over")).transpose()?.unwrap_or(0);
            left += u64::try_from(count).unwrap_or(0);
        }
        Ok(Rewrapped { done, left })
    }

    async fn rewrap_column(&self, column: &Column, to: KeyId, limit: u64) -> Result<u64, LedgerError> {
        const WHAT: &str = "wrap secrets again";
        let vault = &self.unlocked()?.vault;
        let select = format!(
            "SELECT {}, {} AS text FROM {} WHERE {} LIMIT {limit}",
            column.keys.join(", "),
            column.column,
            column.table,
            column.under_none_of(1)
        );
        let update = format!(
            "UPDATE {} SET {1} = $1 WHERE {1} = $2 AND {2}",
            column.table,
            column.column,
            column.place(2)
        );
        let rows = sql::query(&self.db, WHAT, &select, [Header::head(to).into()]).await?;
        let mut done = 0;
        for row in &rows {
            let keys: Vec<String> = column
                .keys
                .iter()
                .map(|key| sql::get(row, key))
                .collect::<Result<_, _>>()?;
            let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
            let text: String = sql::get(row, "text")?;
            let owner = column.owner(&keys);
            let again = vault
                .rewrap(to, &owner, &text)
                .map_err(|source| refused(&owner, source))?;
            if let Some(again) = again {
                let values = [again.into(), text.into()].into_iter();
                let values = values.chain(keys.iter().map(|key| Value::from(*key)));
                done += sql::execute(&self.db, WHAT, &update, values).await?;
            }
        }
        Ok(done)
    }
}
