//! What the live pages watch.

use crate::{Ledger, LedgerError, sql};

impl Ledger {
    /// A text that changes whenever something visible has changed: the newest keys of the tables that grow with
    /// every deed. Each is one look at the end of an index.
    pub async fn pulse(&self) -> Result<String, LedgerError> {
        let row = sql::query_one(
            &self.db,
            "feel the pulse",
            "SELECT COALESCE((SELECT max(id) FROM attempts), '') || ' ' || COALESCE((SELECT max(id) FROM audit), '')
                 || ' ' || COALESCE((SELECT max(id) FROM events), '') AS pulse",
            [],
        )
        .await?;
        row.map_or_else(|| Ok(String::new()), |row| sql::get(&row, "pulse"))
    }
}
