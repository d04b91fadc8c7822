use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use domain::time::UnixMillis;
use migrations::Migrator;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend};
use sea_orm_migration::MigratorTrait;

use crate::error::is_busy;
use crate::vault::Unlocked;
use crate::{LedgerError, sql};

/// The ledger. Cheap to clone.
#[derive(Clone)]
pub struct Ledger {
    pub(crate) db: DatabaseConnection,
    aside: DatabaseConnection,
    clock: Clock,
    /// Without it the ledger is locked: its secrets cannot be read.
    pub(crate) unlocked: Option<Unlocked>,
}

/// Where the time comes from that programs give to the ledger's `now` arguments.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The machine's.
    #[default]
    Machine,
    /// The machine's plus so many milliseconds, which a test moves: it lives through a month in a
    /// minute.
    Moved(Arc<AtomicI64>),
}

impl Clock {
    fn now(&self) -> UnixMillis {
        match self {
            Self::Machine => wall_clock(),
            Self::Moved(by) => UnixMillis(wall_clock().0.saturating_add(by.load(Ordering::SeqCst))),
        }
    }
}

/// How to open the ledger.
#[derive(Clone, Copy, Debug)]
pub struct OpenOptions {
    /// Most connections at a time.
    pub max_connections: u32,
    /// Most connections at a time of [`Ledger::aside`]. SQLite, which has one writer, shares the others.
    pub aside_connections: u32,
    /// How long a statement may wait for a free connection before it fails as an outage.
    pub acquire_timeout: Duration,
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self {
            max_connections: 16,
            aside_connections: 8,
            acquire_timeout: Duration::from_secs(5),
        }
    }
}

/// The machine's clock. Programs ask [`Ledger::now`].
pub fn wall_clock() -> UnixMillis {
    let since = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    UnixMillis::EPOCH.plus(since)
}

impl Ledger {
    /// Opens the ledger, locked, and brings its schema up to date; see [`Ledger::unlock`]. Safe to
    /// call from several processes at once. `url` is `sqlite://FILE` (made if missing, readable by its owner only) or
    /// `postgres://…` (`?options=-c search_path=…` is honoured).
    pub async fn open(url: &str, options: OpenOptions) -> Result<Self, LedgerError> {
        if url.starts_with("sqlite:") {
            // By one connection. Of several, those that looked before a table changed go on with its old
            // columns, and sqlx panics over a `SELECT *` that brings more.
            let alone = OpenOptions {
                max_connections: 1,
                ..options
            };
            let alone = Self::connect(url, alone).await?;
            alone.migrate().await?;
            let closed = alone.db.close().await;
            closed.map_err(|error| LedgerError::from_db("migrate", error))?;
        }
        let ledger = Self::connect(url, options).await?;
        ledger.migrate().await?;
        Ok(ledger)
    }

    async fn connect(url: &str, options: OpenOptions) -> Result<Self, LedgerError> {
        let sqlite = url.starts_with("sqlite:");
        if !sqlite && !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(LedgerError::BadAddress);
        }
        if sqlite {
            make_private(url);
        }
        let mut connect = ConnectOptions::new(url.to_owned());
        connect
            .max_connections(if sqlite {
                options.max_connections.min(4)
            } else {
                options.max_connections
            })
            .min_connections(1)
            .acquire_timeout(options.acquire_timeout)
            .connect_timeout(options.acquire_timeout)
            .sqlx_logging(false);
        if sqlite {
            connect.test_before_acquire(false);
            connect.map_sqlx_sqlite_opts(|sqlite| {
                // FULL: a commit is on the disk before it is answered, also after a power cut.
                sqlite
                    .create_if_missing(true)
                    .busy_timeout(Duration::from_secs(10))
                    .foreign_keys(true)
                    .pragma("journal_mode", "WAL")
                    .pragma("synchronous", "FULL")
                    // What is replaced or removed is overwritten, not only forgotten.
                    .pragma("secure_delete", "ON")
            });
        } else {
            // A broken connection is noticed and replaced; no extra round trip for a fresh one. Short,
            // for after a restart of the database every connection left in the pool fails once.
            connect.test_before_acquire_if_idle_for(Duration::from_millis(500));
            // A process that is frozen inside a transaction must not keep its row locks for ever.
            connect
                .map_sqlx_postgres_opts(|postgres| postgres.options([("idle_in_transaction_session_timeout", "20s")]));
        }
        let db = pool(connect.clone()).await?;
        let aside = if sqlite {
            db.clone()
        } else {
            connect
                .max_connections(options.aside_connections)
                .min_connections(0)
                .connect_lazy(true);
            pool(connect).await?
        };
        Ok(Self {
            db,
            aside,
            clock: Clock::Machine,
            unlocked: None,
        })
    }

    /// The same ledger through connections of its own, for work that comes in masses: however many of
    /// its statements wait for a connection, those of everybody else do not wait behind them.
    pub fn aside(&self) -> Self {
        Self {
            db: self.aside.clone(),
            aside: self.aside.clone(),
            clock: self.clock.clone(),
            unlocked: self.unlocked.clone(),
        }
    }

    /// The same ledger by another clock.
    pub fn by_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// A point in time by the machine's clock, for timers and bells that know no other.
    pub fn by_machine(&self, at: UnixMillis) -> UnixMillis {
        match &self.clock {
            Clock::Machine => at,
            Clock::Moved(by) => UnixMillis(at.0.saturating_sub(by.load(Ordering::SeqCst))),
        }
    }

    /// What time it is: the one place programs ask. Leases live by the database's own clock instead.
    pub fn now(&self) -> UnixMillis {
        self.clock.now()
    }

    /// Several processes start at once: on PostgreSQL an advisory lock lets one migrate at a time;
    /// SQLite's own write lock does the same, and a loser finds the work done when it tries again.
    async fn migrate(&self) -> Result<(), LedgerError> {
        let mut tries = 0;
        loop {
            let done = match self.backend() {
                DbBackend::Postgres => self.migrate_locked().await,
                _ => Migrator::up(&self.db, None).await,
            };
            match done {
                Ok(()) => return Ok(()),
                // A newer version has been here. Its changes suit ours, so we go on; a process that is
                // restarted while the others are updated must not stay down.
                Err(_) if self.is_newer().await? => return Ok(()),
                Err(error) if tries >= 20 => return Err(LedgerError::from_db("migrate", error)),
                Err(_) => tries += 1,
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Does the schema have everything of ours and more?
    async fn is_newer(&self) -> Result<bool, LedgerError> {
        let rows = sql::query(
            &self.db,
            "read the migrations",
            "SELECT version FROM seaql_migrations",
            [],
        )
        .await;
        let Ok(rows) = rows else {
            return Ok(false);
        };
        let applied = rows
            .iter()
            .map(|row| sql::get(row, "version"))
            .collect::<Result<HashSet<String>, _>>()?;
        let ours: HashSet<String> = Migrator::migrations()
            .iter()
            .map(|migration| migration.name().to_owned())
            .collect();
        Ok(applied.is_superset(&ours) && applied.len() > ours.len())
    }

    async fn migrate_locked(&self) -> Result<(), sea_orm::DbErr> {
        use sea_orm::TransactionTrait;
        let tx = self.db.begin().await?;
        tx.execute_unprepared("SELECT pg_advisory_xact_lock(hashtext('kasyr-migrate' || current_schema()))")
            .await?;
        Migrator::up(&tx, None).await?;
        tx.commit().await
    }

    /// Answers when the database does.
    pub async fn ping(&self) -> Result<(), LedgerError> {
        self.db
            .execute_unprepared("SELECT 1")
            .await
            .map_err(|error| LedgerError::from_db("ping", error))?;
        Ok(())
    }

    pub(crate) fn backend(&self) -> DbBackend {
        self.db.get_database_backend()
    }
}

/// The switch to a write-ahead log needs a new SQLite file for itself and does not wait for it as long as
/// statements do: of several programs that start at once, the losers try again.
async fn pool(options: ConnectOptions) -> Result<DatabaseConnection, LedgerError> {
    let mut tries = 0;
    loop {
        match Database::connect(options.clone()).await {
            Ok(db) => return Ok(db),
            Err(error) if tries < 100 && is_busy(&error) => tries += 1,
            Err(error) => return Err(LedgerError::from_db("connect", error)),
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// The file of a SQLite ledger. `None`: another database's address, or a ledger in memory.
pub fn sqlite_file(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"))?;
    let path = path.split('?').next().unwrap_or(path);
    (!path.is_empty() && path != ":memory:").then(|| path.into())
}

/// Buyers are in that file: nobody but its owner should read it.
fn make_private(url: &str) {
    use std::os::unix::fs::OpenOptionsExt;
    let Some(path) = sqlite_file(url) else {
        return;
    };
    // An existing file keeps its mode; a directory that is missing is reported by the connection.
    let _ = std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path);
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn fresh() -> (String, DatabaseConnection) {
        let name = format!("kasyr-upgrade-{}.db", uuid::Uuid::now_v7());
        let url = format!("sqlite://{}?mode=rwc", std::env::temp_dir().join(name).display());
        let db = Database::connect(&url).await.unwrap();
        (url, db)
    }

    fn remove(url: &str) {
        let path = url.trim_start_matches("sqlite://").split('?').next().unwrap();
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{path}{end}"));
        }
    }

    /// The first version's documents stay, with everything that refers to them, and the register's own
    /// may join them.
    #[tokio::test]
    async fn a_sqlite_ledger_of_the_first_version_is_brought_up_to_date() {
        let (url, db) = fresh().await;
        Migrator::up(&db, Some(1)).await.unwrap();
        for statement in [
            "INSERT INTO merchants (id, name, updated_at) VALUES ('m', 'M', 0)",
            "INSERT INTO registers (id, merchant_id, provider, fiscal_number, base_url, refund_policy, vat, credentials,
                 updated_at) VALUES ('r', 'm', 'cashalot', '4000999001', 'http://127.0.0.1:9/', 'storno-first', '{}',
                 '{}', 0)",
            "INSERT INTO orders (id, merchant_id, external_key, external_id, version, created_at, updated_at)
                 VALUES ('o', 'm', 'k', 'A-1', 1, 0, 0)",
            "INSERT INTO events (id, merchant_id, origin, dedup_key, fingerprint, external_id, kind, event, raw, state,
                 not_before, attempts, received_at) VALUES ('e', 'm', 'x', 'k', 'f', 'A-1', 'paid', '{}', '', 'planned',
                 0, 0, 0)",
            "INSERT INTO documents (id, merchant_id, register_id, order_id, event_id, slot, token, kind, state, amount,
                 means, created_at, updated_at) VALUES ('d', 'm', 'r', 'o', 'e', 'sale', 't', 'sale', 'ready', 1, '{}',
                 0, 0)",
            "INSERT INTO attempts (id, document_id, register_id, epoch, command, request, outcome, started_at,
                 duration_ms) VALUES ('a', 'd', 'r', 1, 'RegisterCheck', '{}', 'done', 0, 0)",
        ] {
            db.execute_unprepared(statement).await.unwrap();
        }
        db.close().await.unwrap();

        let ledger = Ledger::open(&url, OpenOptions::default()).await.unwrap();
        let insert = |id: &str, kind: &str, order: &str| {
            format!(
                "INSERT INTO documents (id, merchant_id, register_id, order_id, slot, token, kind, state, amount, means,
                     created_at, updated_at)
                 VALUES ('{id}', 'm', 'r', {order}, '{id}', '{id}', '{kind}', 'ready', 0, '{{}}', 0, 0)"
            )
        };
        let run = async |statement: String| ledger.db.execute_unprepared(&statement).await;
        run(insert("c", "closing", "NULL")).await.unwrap();
        assert!(
            run(insert("x", "closing", "'o'")).await.is_err(),
            "a closing has no order"
        );
        assert!(run(insert("y", "sale", "NULL")).await.is_err(), "a sale has one");
        assert!(run(insert("z", "gift", "NULL")).await.is_err(), "there is no such kind");
        assert!(
            run("DELETE FROM documents WHERE id = 'd'".to_owned()).await.is_err(),
            "its attempt still refers to it"
        );
        let day = ledger.day(&domain::ids::RegisterId::parse("r").unwrap()).await.unwrap();
        assert_eq!(day.look_at, UnixMillis::EPOCH, "a look is due");
        remove(&url);
    }

    /// Every form in which a text may stand in a file.
    fn stands_in(bytes: &[u8], text: &str) -> bool {
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    }

    /// Its secrets were in clear, and some were changed and removed: the file keeps what it forgot.
    #[tokio::test]
    async fn a_sqlite_ledger_from_before_the_vault_is_sealed_without_a_trace() {
        let (url, db) = fresh().await;
        // The version before had these, and did not overwrite what it removed.
        Migrator::up(&db, Some(3)).await.unwrap();
        let long = "canary-long-".repeat(2_000);
        let register = |id: &str, number: u64, credentials: &str| {
            format!(
                "INSERT INTO registers (id, merchant_id, provider, fiscal_number, base_url, refund_policy, vat,
                     credentials, updated_at)
                 VALUES ('{id}', 'm', 'cashalot', '{number}', 'http://127.0.0.1:9/', 'storno-first',
                     '{{\"default\":null,\"rates\":[]}}', '{credentials}', 7)"
            )
        };
        for statement in [
            "PRAGMA journal_mode = WAL",
            "PRAGMA secure_delete = OFF",
            "INSERT INTO merchants (id, name, updated_at) VALUES ('m', 'M', 0)",
            &register("r", 4_000_999_001, "{\"key_pin\":\"canary-now\"}"),
            &register("s", 4_000_999_002, "{\"key_pin\":\"canary-old\"}"),
            &register("t", 4_000_999_003, &format!("{{\"key_pin\":\"{long}\"}}")),
            "UPDATE registers SET credentials = '{\"key_pin\":\"canary-new\"}' WHERE id = 's'",
            "DELETE FROM registers WHERE id = 't'",
        ] {
            db.execute_unprepared(statement).await.unwrap();
        }
        let files = || {
            let path = sqlite_file(&url).unwrap();
            let wal = format!("{}-wal", path.display());
            [std::fs::read(path).unwrap(), std::fs::read(wal).unwrap_or_default()].concat()
        };
        for canary in ["canary-now", "canary-new", "canary-long-"] {
            assert!(stands_in(&files(), canary), "{canary} is there to be found");
        }

        let ledger = Ledger::open(&url, OpenOptions::default()).await.unwrap();
        // The other program still has the file open; it only must not be in the middle of reading.
        let ledger = ledger.unlock(vault::Vault::in_memory()).await.unwrap();
        for canary in ["canary-now", "canary-old", "canary-new", "canary-long-", "key_pin"] {
            assert!(!stands_in(&files(), canary), "{canary}");
        }
        let registers = ledger.registers(None).await.unwrap();
        let pins: Vec<&str> = registers
            .iter()
            .map(|register| match &register.credentials {
                crate::settings::Credentials::KeyPin(pin) => secrecy::ExposeSecret::expose_secret(pin),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(pins, ["canary-now", "canary-new"]);
        remove(&url);
    }

    /// Somebody reads while the file is written anew: it is not called clean, and the next time it is.
    #[tokio::test]
    async fn a_file_that_others_read_is_not_called_clean() {
        let (url, db) = fresh().await;
        let ledger = Ledger::open(&url, OpenOptions::default()).await.unwrap();
        for statement in [
            "INSERT INTO merchants (id, name, updated_at) VALUES ('m', 'M', 0)",
            "INSERT INTO shop_webhooks (merchant_id, url, secret, updated_at) VALUES ('m', 'http://127.0.0.1:9/', 'canary', 7)",
        ] {
            db.execute_unprepared(statement).await.unwrap();
        }
        let reading = sea_orm::TransactionTrait::begin(&db).await.unwrap();
        let rows = sql::query(&reading, "read", "SELECT secret FROM shop_webhooks", [])
            .await
            .unwrap();
        assert_eq!(rows.len(), 1);
        // Its one connection so far: it waits for nobody.
        ledger.db.execute_unprepared("PRAGMA busy_timeout = 50").await.unwrap();
        let vault = vault::Vault::in_memory();
        let error = ledger.unlock(vault.clone()).await.err().unwrap();
        assert!(matches!(error, LedgerError::TracesLeft), "{error:?}");
        reading.rollback().await.unwrap();
        ledger.unlock(vault).await.unwrap();
        let bytes = std::fs::read(sqlite_file(&url).unwrap()).unwrap();
        assert!(!stands_in(&bytes, "canary"));
        remove(&url);
    }

    #[tokio::test]
    async fn a_program_that_is_older_than_the_ledger_goes_on() {
        let (url, db) = fresh().await;
        Migrator::up(&db, None).await.unwrap();
        db.execute_unprepared(
            "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29990101_000001_later', 0)",
        )
        .await
        .unwrap();
        db.close().await.unwrap();
        Ledger::open(&url, OpenOptions::default()).await.unwrap();
        remove(&url);
    }
}
