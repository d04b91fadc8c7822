//! How much needs a person: shown on every page, so it costs next to nothing.

use domain::time::UnixMillis;

use crate::holds::{a_moment_ago, is_doubtful};
use crate::page::Values;
use crate::people::Reach;
use crate::{Ledger, LedgerError, plan, sql};

/// How much needs a person. None is above [`MOST`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Documents that wait for a person.
    pub holds: u64,
    /// Documents nobody knows the fate of for longer than a moment.
    pub doubts: u64,
    /// Open alerts that nobody has acknowledged, but for those that only tell of a hold.
    pub alerts: u64,
}

/// Counting stops here: more is "more than".
pub const MOST: u64 = 1_000;

impl Ledger {
    /// Counts what needs a person, over partial indexes.
    pub async fn attention(&self, reach: &Reach, now: UnixMillis) -> Result<Counts, LedgerError> {
        let mut values = Values::default();
        let most = values.take(i64::try_from(MOST).unwrap_or(i64::MAX));
        let doubtful = is_doubtful(&values.take(a_moment_ago(now).0));
        let document_held = values.take(plan::DOCUMENT_HELD);
        let documents = values.within(reach, "documents.merchant_id");
        let alerts = values.within(reach, "alerts.merchant_id");
        let statement = format!(
            "SELECT (SELECT count(*) FROM (SELECT 1 FROM documents WHERE state = 'held' AND {documents}
                     LIMIT {most}) AS held) AS holds,
                 (SELECT count(*) FROM (SELECT 1 FROM documents WHERE {doubtful} AND {documents}
                     LIMIT {most}) AS doubtful) AS doubts,
                 (SELECT count(*) FROM (SELECT 1 FROM alerts WHERE resolved_at IS NULL AND acknowledged_at IS NULL
                     AND kind <> {document_held} AND {alerts} LIMIT {most}) AS open) AS alerts"
        );
        let row = sql::query_one(&self.db, "count what needs a person", &statement, values.into_vec()).await?;
        let Some(row) = row else {
            return Ok(Counts::default());
        };
        let count = |column| Ok::<_, LedgerError>(u64::try_from(sql::get::<i64>(&row, column)?).unwrap_or(0));
        Ok(Counts {
            holds: count("holds")?,
            doubts: count("doubts")?,
            alerts: count("alerts")?,
        })
    }
}
