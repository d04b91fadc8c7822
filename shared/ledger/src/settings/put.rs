//! One row of settings, made or changed.

use std::collections::BTreeMap;

use domain::ids::MerchantId;
use domain::time::UnixMillis;
use sea_orm::{DatabaseTransaction, Value};
use secrecy::SecretString;

use super::Changed;
use super::old_secret::Rotation;
use crate::vault::{Column, Sealer};
use crate::{LedgerError, sql};

const WHAT: &str = "apply settings";

/// A row to be made or changed: its table, its keys and its settings.
pub(super) struct Wanted {
    pub table: &'static str,
    pub thing: String,
    pub keys: Vec<(&'static str, String)>,
    pub values: Vec<(&'static str, Setting)>,
    /// Whose it is, for the audit.
    pub merchant: MerchantId,
    /// A secret among the values whose predecessor is kept for a while.
    pub rotation: Option<Rotation>,
}

/// What [`Wanted::put`] did, and how the row was before and is now in words without secrets.
pub(super) struct Put {
    pub what: Changed,
    pub before: Option<String>,
    pub after: String,
}

/// Columns that hold no secret and yet are nobody's to read.
const NOT_SHOWN: &str = "hash";

/// What a column should hold.
pub(super) enum Setting {
    Plain(Value),
    /// To be sealed for the row.
    Secret(&'static Column, SecretString),
}

impl Setting {
    pub fn plain(value: impl Into<Value>) -> Self {
        Self::Plain(value.into())
    }
}

impl Wanted {
    pub fn has_secret(&self) -> bool {
        self.values
            .iter()
            .any(|(_, value)| matches!(value, Setting::Secret(..)))
    }

    /// Inserts or updates the row; `None` when it was so already. Table and column names are ours.
    pub async fn put(
        &self,
        tx: &DatabaseTransaction,
        sealer: Option<&Sealer<'_>>,
        now: UnixMillis,
    ) -> Result<Option<Put>, LedgerError> {
        let Some(before) = self.texts(tx).await? else {
            self.insert(tx, sealer, now).await?;
            let after = self.texts(tx).await?.unwrap_or_default();
            let all: Vec<&str> = self.values.iter().map(|(name, _)| *name).collect();
            return Ok(Some(Put {
                what: Changed::Added,
                before: None,
                after: told(&all, &after),
            }));
        };
        let mut different = Vec::new();
        // Before the new secret is written over the old one.
        if let Some(rotation) = &self.rotation
            && rotation.keep(self, tx, sealer.ok_or(LedgerError::Locked)?, now).await?
        {
            different.push(rotation.old.column);
        }
        for (name, value) in &self.values {
            let changed = match value {
                Setting::Plain(value) => self.set(tx, name, value.clone(), now).await?,
                Setting::Secret(column, secret) => {
                    let sealer = sealer.ok_or(LedgerError::Locked)?;
                    self.set_secret(tx, sealer, column, secret, now).await?
                }
            };
            if changed {
                different.push(*name);
            }
        }
        if different.is_empty() {
            return Ok(None);
        }
        if self.table == "registers" {
            let reset = format!("UPDATE registers SET not_before = 0 WHERE {}", self.place(0));
            sql::execute(tx, WHAT, &reset, self.key_values()).await?;
        }
        let after = self.texts(tx).await?.unwrap_or_default();
        Ok(Some(Put {
            before: Some(told(&different, &before)),
            after: told(&different, &after),
            what: Changed::Updated(different),
        }))
    }

    /// The row's settings as texts, but for secrets; `None`: there is no such row.
    async fn texts(&self, tx: &DatabaseTransaction) -> Result<Option<BTreeMap<&'static str, String>>, LedgerError> {
        let shown = self.values.iter().filter_map(|(name, value)| match value {
            Setting::Plain(_) if *name != NOT_SHOWN => Some(*name),
            Setting::Plain(_) | Setting::Secret(..) => None,
        });
        let shown: Vec<&'static str> = shown.collect();
        let columns: Vec<String> = shown
            .iter()
            .map(|name| format!(", CAST({name} AS TEXT) AS {name}"))
            .collect();
        let select = format!(
            "SELECT 1 AS found{} FROM {} WHERE {}",
            columns.concat(),
            self.table,
            self.place(0)
        );
        let Some(row) = sql::query_one(tx, WHAT, &select, self.key_values()).await? else {
            return Ok(None);
        };
        let mut texts = BTreeMap::new();
        for name in shown {
            texts.insert(name, sql::get::<Option<String>>(&row, name)?.unwrap_or_default());
        }
        Ok(Some(texts))
    }

    async fn insert(
        &self,
        tx: &DatabaseTransaction,
        sealer: Option<&Sealer<'_>>,
        now: UnixMillis,
    ) -> Result<(), LedgerError> {
        let mut columns: Vec<&str> = self.keys.iter().map(|(key, _)| *key).collect();
        let mut values: Vec<Value> = self.key_values().collect();
        for (name, value) in &self.values {
            columns.push(name);
            values.push(match value {
                Setting::Plain(value) => value.clone(),
                Setting::Secret(column, secret) => {
                    let sealer = sealer.ok_or(LedgerError::Locked)?;
                    sealer.seal(&self.owner(column), secret, now)?.into()
                }
            });
        }
        values.push(now.0.into());
        let marks: Vec<String> = (1..=values.len()).map(|number| format!("${number}")).collect();
        let insert = format!(
            "INSERT INTO {} ({}, updated_at) VALUES ({})",
            self.table,
            columns.join(", "),
            marks.join(", ")
        );
        sql::execute(tx, WHAT, &insert, values).await?;
        Ok(())
    }

    async fn set(
        &self,
        tx: &DatabaseTransaction,
        name: &str,
        value: Value,
        now: UnixMillis,
    ) -> Result<bool, LedgerError> {
        let update = format!(
            "UPDATE {} SET {name} = $1, updated_at = $2 WHERE {} AND {name} IS DISTINCT FROM $1",
            self.table,
            self.place(2)
        );
        let values = [value, now.0.into()].into_iter().chain(self.key_values());
        Ok(sql::execute(tx, WHAT, &update, values).await? > 0)
    }

    /// Seals the secret unless it is the one that is there. Sealing gives another text each time, so
    /// what is compared is what is in it.
    async fn set_secret(
        &self,
        tx: &DatabaseTransaction,
        sealer: &Sealer<'_>,
        column: &Column,
        secret: &SecretString,
        now: UnixMillis,
    ) -> Result<bool, LedgerError> {
        let owner = self.owner(column);
        let there = self.sealed(tx, column).await?;
        if let Some(text) = there
            && sealer.holds(&owner, &text, secret)?
        {
            return Ok(false);
        }
        self.set(tx, column.column, sealer.seal(&owner, secret, now)?.into(), now)
            .await
    }

    /// A sealed column's text; `None` if it is empty.
    pub(super) async fn sealed(
        &self,
        tx: &DatabaseTransaction,
        column: &Column,
    ) -> Result<Option<String>, LedgerError> {
        let select = format!(
            "SELECT {} AS sealed FROM {} WHERE {}",
            column.column,
            self.table,
            self.place(0)
        );
        let row = sql::query_one(tx, WHAT, &select, self.key_values()).await?;
        Ok(row.map(|row| sql::get(&row, "sealed")).transpose()?.flatten())
    }

    /// Sets columns of the row that are not among its settings; the values are `$1` and so on.
    pub(super) async fn update(
        &self,
        tx: &DatabaseTransaction,
        set: &str,
        values: Vec<Value>,
        only_if: Option<&str>,
    ) -> Result<bool, LedgerError> {
        let condition = only_if.map(|only| format!(" AND {only}")).unwrap_or_default();
        let update = format!(
            "UPDATE {} SET {set} WHERE {}{condition}",
            self.table,
            self.place(values.len())
        );
        let values = values.into_iter().chain(self.key_values());
        Ok(sql::execute(tx, WHAT, &update, values).await? > 0)
    }

    pub(super) fn owner(&self, column: &Column) -> String {
        let keys: Vec<&str> = self.keys.iter().map(|(_, key)| key.as_str()).collect();
        column.owner(&keys)
    }

    fn place(&self, offset: usize) -> String {
        let condition = |(index, (key, _)): (usize, &(&str, String))| format!("{key} = ${}", index + 1 + offset);
        let conditions: Vec<String> = self.keys.iter().enumerate().map(condition).collect();
        conditions.join(" AND ")
    }

    fn key_values(&self) -> impl Iterator<Item = Value> {
        self.keys.iter().map(|(_, key)| Value::from(key.as_str()))
    }
}

/// E.g. `close_at=23:30; credentials=(secret)`.
fn told(names: &[&str], texts: &BTreeMap<&'static str, String>) -> String {
    let one = |name: &&str| format!("{name}={}", texts.get(*name).map_or("(secret)", String::as_str));
    names.iter().map(one).collect::<Vec<_>>().join("; ")
}
