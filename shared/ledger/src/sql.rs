//! Small helpers over sea-orm for statements that entities cannot say.

use domain::time::UnixMillis;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, QueryResult, SqliteTransactionMode, Statement, TransactionOptions,
    TransactionTrait, Value,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{Ledger, LedgerError};

/// The database's clock in milliseconds since 1970, as SQL.
pub(crate) fn clock(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => "(extract(epoch from clock_timestamp()) * 1000)::bigint",
        _ => "CAST(unixepoch('subsec') * 1000 AS INTEGER)",
    }
}

/// Runs a statement with `$1…` placeholders; says how many rows it changed.
pub(crate) async fn execute(
    db: &impl ConnectionTrait,
    what: &'static str,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<u64, LedgerError> {
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    let done = db
        .execute_raw(statement)
        .await
        .map_err(|error| LedgerError::from_db(what, error))?;
    Ok(done.rows_affected())
}

/// All rows of a query.
pub(crate) async fn query(
    db: &impl ConnectionTrait,
    what: &'static str,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<QueryResult>, LedgerError> {
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    db.query_all_raw(statement)
        .await
        .map_err(|error| LedgerError::from_db(what, error))
}

/// The first row of a query.
pub(crate) async fn query_one(
    db: &impl ConnectionTrait,
    what: &'static str,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Option<QueryResult>, LedgerError> {
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    db.query_one_raw(statement)
        .await
        .map_err(|error| LedgerError::from_db(what, error))
}

/// Reads a column of a row.
pub(crate) fn get<T: sea_orm::TryGetable>(row: &QueryResult, column: &'static str) -> Result<T, LedgerError> {
    row.try_get("", column)
        .map_err(|error| LedgerError::from_db(column, error))
}

/// Rows of `column` that are in a JSON array of texts: one statement whatever their number, so that it is
/// parsed once.
pub(crate) fn is_in(backend: DbBackend, column: &str, array: &str) -> String {
    match backend {
        DbBackend::Postgres => format!("{column} IN (SELECT json_array_elements_text({array}::json))"),
        _ => format!("{column} IN (SELECT value FROM json_each({array}))"),
    }
}

/// SHA-256 in hex: a fixed-length key for a text of any length.
pub(crate) fn digest(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        for nibble in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
        }
    }
    text
}

/// A version 7 UUID made at `at`, as text: ids of one table go by the time that programs go by.
pub(crate) fn id_at(at: UnixMillis) -> String {
    let fresh = Uuid::now_v7().into_bytes();
    let [_, _, _, _, _, _, rest @ ..] = fresh;
    uuid::Builder::from_unix_timestamp_millis(u64::try_from(at.0).unwrap_or(0), &rest)
        .into_uuid()
        .to_string()
}

/// Smaller than every id of [`id_at`] that was made at `at` or later, and larger than all earlier ones.
pub(crate) fn first_id_at(at: UnixMillis) -> String {
    // 48 bits of time: what lies outside is before or after every id.
    let millis = u64::try_from(at.0).unwrap_or(0).min((1 << 48) - 1);
    Uuid::from_u128(u128::from(millis) << 80).to_string()
}

impl Ledger {
    /// A transaction. On SQLite it waits for the other writer at its start: one that has read before
    /// it writes is refused at once, without waiting. PostgreSQL does not know the mode.
    pub(crate) async fn begin(&self, what: &'static str) -> Result<DatabaseTransaction, LedgerError> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        self.db
            .begin_with_options(options)
            .await
            .map_err(|error| LedgerError::from_db(what, error))
    }
}

/// Commits; on an error it is unknown whether the transaction took place.
pub(crate) async fn commit(tx: DatabaseTransaction, what: &'static str) -> Result<(), LedgerError> {
    tx.commit().await.map_err(|error| LedgerError::from_db(what, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_go_by_the_time_they_were_made_at() {
        let at = UnixMillis(1_800_000_000_000);
        let later = UnixMillis(at.0 + 1);
        for _ in 0..100 {
            let id = id_at(at);
            assert!(first_id_at(at) < id && id < first_id_at(later), "{id}");
            assert_eq!(Uuid::parse_str(&id).unwrap().get_version_num(), 7);
        }
        assert!(first_id_at(UnixMillis(-1)) < first_id_at(at));
        assert!(first_id_at(UnixMillis(i64::MAX)) > id_at(later));
    }
}
