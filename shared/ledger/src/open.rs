use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use domain::time::UnixMillis;
use migrations::Migrator;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend};
use sea_orm_migration::MigratorTrait;

use crate::LedgerError;

/// The ledger. Cheap to clone.
#[derive(Clone)]
pub struct Ledger {
    pub(crate) db: DatabaseConnection,
    aside: DatabaseConnection,
    clock: Clock,
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
    /// Opens the ledger and brings its schema up to date. Safe to call from several processes at
    /// once. `url` is `sqlite://FILE` (made if missing, readable by its owner only) or
    /// `postgres://…` (`?options=-c search_path=…` is honoured).
    pub async fn open(url: &str, options: OpenOptions) -> Result<Self, LedgerError> {
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
        })
    }

    /// The same ledger through connections of its own, for work that comes in masses: however many of
    /// its statements wait for a connection, those of everybody else do not wait behind them.
    pub fn aside(&self) -> Self {
        Self {
            db: self.aside.clone(),
            aside: self.aside.clone(),
            clock: self.clock.clone(),
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
                Err(error) if tries >= 20 => return Err(LedgerError::from_db("migrate", error)),
                Err(_) => tries += 1,
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
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

async fn pool(options: ConnectOptions) -> Result<DatabaseConnection, LedgerError> {
    Database::connect(options)
        .await
        .map_err(|error| LedgerError::from_db("connect", error))
}

/// Keys and buyers are in that file: nobody but its owner should read it.
fn make_private(url: &str) {
    use std::os::unix::fs::OpenOptionsExt;
    let path = url.trim_start_matches("sqlite://").trim_start_matches("sqlite:");
    let path = path.split('?').next().unwrap_or(path);
    if path.is_empty() || path == ":memory:" {
        return;
    }
    // An existing file keeps its mode; a directory that is missing is reported by the connection.
    let _ = std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path);
}
