//! A fresh ledger for each test, on either database.

use std::fmt;

use ledger::{Ledger, OpenOptions};
use tokio::sync::OnceCell;

use crate::servers::Postgres;
use crate::{TempDir, unique};

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    /// One file.
    Sqlite,
    /// A schema of one shared private server.
    Postgres,
}

impl Database {
    /// Every database: what holds on one must hold on the other.
    pub fn each() -> [Self; 2] {
        [Self::Sqlite, Self::Postgres]
    }
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        })
    }
}

/// An empty place for a ledger: no tables yet. SQLite's file goes with it; a schema of the shared
/// server goes with that server, when the test process ends.
#[derive(Debug)]
pub struct TestPlace {
    /// What programs call `KASYR_DATABASE_URL`.
    pub url: String,
    _dir: Option<TempDir>,
}

/// A migrated ledger and its place.
pub struct TestLedger {
    /// What programs call `KASYR_DATABASE_URL`.
    pub url: String,
    /// The ledger, open.
    pub ledger: Ledger,
    _place: TestPlace,
}

/// The server of this test process. Started with the first test that asks; its supervisor stops it
/// when the process ends.
pub async fn shared_postgres() -> &'static Postgres {
    static SHARED: OnceCell<Postgres> = OnceCell::const_new();
    SHARED.get_or_init(Postgres::start).await
}

/// An empty place for a ledger, for programs that open it themselves.
pub async fn empty(database: Database) -> TestPlace {
    match database {
        Database::Sqlite => {
            let dir = TempDir::new();
            TestPlace {
                url: format!("sqlite://{}", dir.join("kasyr.db").display()),
                _dir: Some(dir),
            }
        }
        Database::Postgres => TestPlace {
            url: shared_postgres().await.create_schema(&unique("ledger")).await,
            _dir: None,
        },
    }
}

/// A fresh ledger.
pub async fn fresh(database: Database) -> TestLedger {
    let place = empty(database).await;
    let ledger = Ledger::open(&place.url, OpenOptions::default())
        .await
        .expect("a fresh ledger opens")
        .unlock(crate::vault())
        .await
        .expect("a fresh ledger takes the test's master key");
    TestLedger {
        url: place.url.clone(),
        ledger,
        _place: place,
    }
}
