use sea_orm::{DbErr, SqlErr};
use vault::{KeyId, VaultError};

/// What can go wrong with the ledger.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The database cannot be reached, or a connection broke. Nothing is known of a statement that
    /// was under way; every function here may be called again.
    #[error("the database cannot be reached")]
    Unreachable(#[source] DbErr),
    /// The database refused a statement.
    #[error("the database refused '{what}'")]
    Refused {
        /// Which of our intents.
        what: &'static str,
        /// The database's words.
        #[source]
        source: DbErr,
    },
    /// A row says something we never wrote.
    #[error("the ledger holds an unknown value in {column}")]
    UnknownValue {
        /// Table and column.
        column: &'static str,
    },
    /// Another register has this fiscal number already (`registers_fiscal_number_key`).
    #[error("another register has this fiscal number")]
    FiscalNumberTaken,
    /// Another document carries this fiscal number already (`documents_fiscal_number_key`).
    #[error("another document has this fiscal number")]
    DocumentNumberTaken,
    /// The same key twice in one merchant or in two (`api_keys_hash_key`).
    #[error("another API key has the same secret")]
    ApiKeyTaken,
    /// The same key names another document (`documents_register_slot_key`).
    #[error("the same key was used for another document")]
    KeyReused,
    /// The payment system makes this order's receipts, so nothing of it is planned for a register of ours.
    #[error("the payment system makes this order's receipts")]
    MadeByGateway,
    /// The register's provider has no such thing.
    #[error("{0} has no such thing")]
    NotAtProvider(&'static str),
    /// The database's address cannot be used.
    #[error("the database address must begin with sqlite:// or postgres://")]
    BadAddress,
    /// A secret was asked for, and the ledger was not unlocked.
    #[error("the ledger is locked: it was opened without its master key")]
    Locked,
    /// The ledger's secrets are sealed under a master key that was not given.
    #[error(
        "this ledger is sealed under master key {needed}, and given was {}; give the key file that belongs to this \
         ledger, nobody can read its secrets without it",
        list(.held)
    )]
    WrongMasterKey {
        /// The key it needs.
        needed: KeyId,
        /// The keys that were given.
        held: Vec<KeyId>,
    },
    /// One secret cannot be sealed or opened. Setting it anew mends one that was spoiled.
    #[error("the secret {owner} cannot be used")]
    Secret {
        /// Whose: `registers/flowers-1/credentials`.
        owner: String,
        /// Why.
        #[source]
        source: VaultError,
    },
    /// Secrets of an earlier version are sealed now, but others that read the SQLite file kept its log
    /// from being emptied: stop them and unlock again.
    #[error(
        "the ledger's file still has traces of secrets from before they were sealed, because other programs use it; \
         stop them and start again"
    )]
    TracesLeft,
}

impl LedgerError {
    pub(crate) fn from_db(what: &'static str, source: DbErr) -> Self {
        match source.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(text)) => unique(&text).unwrap_or(Self::Refused { what, source }),
            Some(_) => Self::Refused { what, source },
            None if is_outage(&source) => Self::Unreachable(source),
            None => Self::Refused { what, source },
        }
    }

    /// True when the same call may work a moment later.
    pub const fn is_outage(&self) -> bool {
        match self {
            Self::Unreachable(_) => true,
            Self::Refused { .. }
            | Self::UnknownValue { .. }
            | Self::FiscalNumberTaken
            | Self::DocumentNumberTaken
            | Self::ApiKeyTaken
            | Self::KeyReused
            | Self::MadeByGateway
            | Self::NotAtProvider(_)
            | Self::BadAddress
            | Self::Locked
            | Self::WrongMasterKey { .. }
            | Self::Secret { .. }
            | Self::TracesLeft => false,
        }
    }
}

fn list(ids: &[KeyId]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// PostgreSQL names the constraint, SQLite its columns.
fn unique(text: &str) -> Option<LedgerError> {
    let names = |constraint: &str, columns: &str| text.contains(constraint) || text.contains(columns);
    if names(
        "registers_fiscal_number_key",
        "registers.provider, registers.fiscal_number",
    ) {
        return Some(LedgerError::FiscalNumberTaken);
    }
    if names(
        "documents_fiscal_number_key",
        "documents.register_id, documents.fiscal_number",
    ) {
        return Some(LedgerError::DocumentNumberTaken);
    }
    if names("api_keys_hash_key", "api_keys.hash") {
        return Some(LedgerError::ApiKeyTaken);
    }
    None
}

/// SQLite's "busy" and "locked", with what they are extended by.
const BUSY: [&str; 5] = ["5", "6", "261", "262", "517"];

/// Did another program have the SQLite file for itself?
pub(crate) fn is_busy(error: &DbErr) -> bool {
    match error {
        DbErr::Conn(inner) | DbErr::Exec(inner) | DbErr::Query(inner) => {
            let sea_orm::RuntimeErr::SqlxError(inner) = inner else {
                return false;
            };
            matches!(&**inner, sea_orm::SqlxError::Database(database)
                if database.code().is_some_and(|code| BUSY.contains(&&*code)))
        }
        _ => false,
    }
}

/// Connection trouble, a server that is starting or stopping (SQLSTATE class 57P, 08, 53), a busy
/// SQLite file, and transactions that lost against another one (40001, 40P01): all pass by.
fn is_outage(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        DbErr::Exec(inner) | DbErr::Query(inner) => {
            let sea_orm::RuntimeErr::SqlxError(inner) = inner else {
                return false;
            };
            match &**inner {
                sea_orm::SqlxError::Database(database) => database.code().is_some_and(|code| {
                    ["57P", "08", "53", "40"]
                        .iter()
                        .any(|class| code.len() == 5 && code.starts_with(class))
                        || BUSY.contains(&&*code)
                        || ["10", "5386", "3338"].contains(&&*code)
                }),
                sea_orm::SqlxError::Io(_)
                | sea_orm::SqlxError::Tls(_)
                | sea_orm::SqlxError::Protocol(_)
                | sea_orm::SqlxError::PoolTimedOut
                | sea_orm::SqlxError::PoolClosed
                | sea_orm::SqlxError::WorkerCrashed
                | sea_orm::SqlxError::BeginFailed => true,
                _ => false,
            }
        }
        _ => false,
    }
}
