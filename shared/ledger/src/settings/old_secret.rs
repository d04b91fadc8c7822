//! A secret that was replaced and is good for a while longer, for messages signed with it are still on
//! their way.

use std::time::Duration;

use domain::time::UnixMillis;
use sea_orm::{DatabaseTransaction, Value};
use secrecy::SecretString;

use super::put::Wanted;
use crate::vault::{Column, Sealer};
use crate::{Ledger, LedgerError, sql};

/// The secret a row should have, and where the one before it is kept until when.
pub(super) struct Rotation {
    pub secret: SecretString,
    pub column: &'static Column,
    pub old: &'static Column,
    pub until: &'static str,
    pub hours: u32,
}

impl Rotation {
    /// Puts the row's secret aside if another one is wanted. Called before the new one is written; true
    /// if anything changed. With no hours nothing is kept, not even what an earlier change put aside.
    pub async fn keep(
        &self,
        row: &Wanted,
        tx: &DatabaseTransaction,
        sealer: &Sealer<'_>,
        now: UnixMillis,
    ) -> Result<bool, LedgerError> {
        if self.hours == 0 {
            let forget = format!("{0} = NULL, {1} = NULL", self.old.column, self.until);
            let there = format!("{} IS NOT NULL", self.old.column);
            return row.update(tx, &forget, Vec::new(), Some(&there)).await;
        }
        let Some(text) = row.sealed(tx, self.column).await? else {
            return Ok(false);
        };
        let Some(before) = sealer.open(&row.owner(self.column), &text)? else {
            // A spoiled secret has signed nothing that could be believed.
            return Ok(false);
        };
        if vault::same(&before, &self.secret) {
            return Ok(false);
        }
        let until = now.plus(Duration::from_secs(u64::from(self.hours) * 3600));
        let keep = format!("{} = $1, {} = $2", self.old.column, self.until);
        let values: Vec<Value> = vec![sealer.seal(&row.owner(self.old), &before, now)?.into(), until.0.into()];
        row.update(tx, &keep, values, None).await
    }
}

impl Ledger {
    /// Wipes the secrets that were replaced and whose time is over; says how many.
    pub async fn forget_old_secrets(&self, now: UnixMillis) -> Result<u64, LedgerError> {
        let mut gone = 0;
        for table in ["sources", "shop_webhooks"] {
            let forget = format!(
                "UPDATE {table} SET old_secret = NULL, old_until = NULL WHERE old_secret IS NOT NULL AND old_until <= $1"
            );
            gone += sql::execute(&self.db, "wipe old secrets", &forget, [now.0.into()]).await?;
        }
        Ok(gone)
    }
}
