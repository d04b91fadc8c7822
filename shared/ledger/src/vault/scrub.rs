use sea_orm::{ConnectionTrait as _, DbBackend};

use crate::{Ledger, LedgerError, sql};

impl Ledger {
    /// Writes a SQLite file anew if it may have traces of secrets that were in clear: in pages that
    /// are free now, in what is left of rows that were changed, in its write-ahead log. PostgreSQL's
    /// files are its server's matter.
    pub(super) async fn scrub(&self) -> Result<(), LedgerError> {
        if self.backend() == DbBackend::Postgres || !self.has_traces().await? {
            return Ok(());
        }
        self.db
            .execute_unprepared("VACUUM")
            .await
            .map_err(|error| LedgerError::from_db("write the ledger's file anew", error))?;
        self.empty_log().await?;
        let values = [self.now().0.into()];
        sql::execute(
            &self.db,
            "note that no trace is left",
            "UPDATE vault SET scrubbed_at = $1",
            values,
        )
        .await?;
        Ok(())
    }

    async fn has_traces(&self) -> Result<bool, LedgerError> {
        let select = "SELECT 1 AS found FROM vault WHERE scrubbed_at IS NULL";
        let row = sql::query_one(&self.db, "ask whether traces are left", select, []).await?;
        Ok(row.is_some())
    }

    /// Waits for those who just read from the log, as long as the connection's busy time-out.
    async fn empty_log(&self) -> Result<(), LedgerError> {
        let row = sql::query_one(&self.db, "empty the log", "PRAGMA wal_checkpoint(TRUNCATE)", []).await?;
        match row.map(|row| sql::get::<i64>(&row, "busy")).transpose()? {
            Some(0) => Ok(()),
            Some(_) | None => Err(LedgerError::TracesLeft),
        }
    }
}
