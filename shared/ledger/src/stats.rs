//! Numbers for the gauges.

use domain::time::UnixMillis;

use crate::{Ledger, LedgerError, sql};

/// How much waits, and how long.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Documents per open state: `waiting`, `ready`, `sending`, `in_doubt`, `pending`, `held`.
    pub documents: Vec<(String, i64)>,
    /// Events that are not planned.
    pub events_waiting: i64,
    /// When the oldest unfinished document (not held) was made.
    pub oldest_document: Option<UnixMillis>,
    /// When the oldest unplanned event came.
    pub oldest_event: Option<UnixMillis>,
    /// Registers that are backing off: id and consecutive failures.
    pub resting: Vec<(String, i64)>,
    /// Open alerts per kind and severity.
    pub alerts: Vec<(String, String, i64)>,
}

impl Ledger {
    /// Reads the gauges. Only open rows are counted, over partial indexes.
    pub async fn stats(&self) -> Result<Stats, LedgerError> {
        const WHAT: &str = "read the gauges";
        let pairs = async |statement: &str| -> Result<Vec<(String, i64)>, LedgerError> {
            let rows = sql::query(&self.db, WHAT, statement, []).await?;
            rows.iter()
                .map(|row| Ok((sql::get(row, "name")?, sql::get(row, "number")?)))
                .collect()
        };
        let mut documents = pairs(
            "SELECT state AS name, count(*) AS number FROM documents
             WHERE state IN ('waiting', 'ready', 'sending', 'in_doubt', 'pending') GROUP BY state",
        )
        .await?;
        documents.extend(
            pairs("SELECT state AS name, count(*) AS number FROM documents WHERE state = 'held' GROUP BY state")
                .await?,
        );
        let resting = pairs("SELECT id AS name, failures AS number FROM registers WHERE failures > 0").await?;
        let alerts = sql::query(
            &self.db,
            WHAT,
            "SELECT kind, severity, count(*) AS number FROM alerts WHERE resolved_at IS NULL GROUP BY kind, severity",
            [],
        )
        .await?
        .iter()
        .map(|row| {
            Ok((
                sql::get(row, "kind")?,
                sql::get(row, "severity")?,
                sql::get(row, "number")?,
            ))
        })
        .collect::<Result<_, LedgerError>>()?;
        let oldest = sql::query_one(
            &self.db,
            WHAT,
            "SELECT min(created_at) AS oldest FROM documents
             WHERE state IN ('waiting', 'ready', 'sending', 'in_doubt', 'pending')",
            [],
        )
        .await?;
        let events = sql::query_one(
            &self.db,
            WHAT,
            "SELECT count(*) AS number, min(received_at) AS oldest FROM events WHERE state = 'new'",
            [],
        )
        .await?;
        let time = |row: &Option<sea_orm::QueryResult>| -> Result<Option<UnixMillis>, LedgerError> {
            let oldest: Option<i64> = row.as_ref().map(|row| sql::get(row, "oldest")).transpose()?.flatten();
            Ok(oldest.map(UnixMillis))
        };
        Ok(Stats {
            documents,
            events_waiting: events
                .as_ref()
                .map(|row| sql::get(row, "number"))
                .transpose()?
                .unwrap_or(0),
            oldest_document: time(&oldest)?,
            oldest_event: time(&events)?,
            resting,
            alerts,
        })
    }
}
