use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use ledger::{Ledger, LedgerError, OpenOptions};
use tests::db::{Database, empty};

use super::bed::{merchant, on_each, order};

#[tokio::test]
async fn opening_again_changes_nothing() {
    on_each(async |bed| {
        bed.sale("A-1", 100).await;
        let again = Ledger::open(&bed.url, OpenOptions::default()).await.unwrap();
        again.ping().await.unwrap();
        let view = again.order_view(&merchant(), &order("A-1")).await.unwrap().unwrap();
        assert_eq!(view.documents.len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_processes_may_open_an_empty_database_at_once() {
    for database in Database::each() {
        println!("on {database}");
        let place = empty(database).await;
        let url = &place.url;
        let opened = futures(8, async |_| Ledger::open(url, OpenOptions::default()).await.map(drop)).await;
        for result in opened {
            result.unwrap();
        }
    }
}

/// Runs the same thing several times at once.
pub async fn futures<T>(count: usize, make: impl AsyncFn(usize) -> T) -> Vec<T> {
    let make = &make;
    futures_util::future::join_all((0..count).map(|number| async move { make(number).await })).await
}

#[tokio::test]
async fn a_new_sqlite_file_is_its_owners_alone() {
    let place = empty(Database::Sqlite).await;
    let ledger = Ledger::open(&place.url, OpenOptions::default()).await.unwrap();
    ledger.ping().await.unwrap();
    let dir = std::path::Path::new(place.url.trim_start_matches("sqlite://"))
        .parent()
        .unwrap();
    let files: Vec<_> = std::fs::read_dir(dir).unwrap().map(Result::unwrap).collect();
    assert!(!files.is_empty());
    for file in files {
        let mode = file.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{:?}", file.file_name());
    }
}

#[tokio::test]
async fn a_wrong_address_is_refused_and_an_absent_server_is_an_outage() {
    let options = OpenOptions {
        acquire_timeout: Duration::from_millis(200),
        ..OpenOptions::default()
    };
    let error = Ledger::open("mysql://127.0.0.1/kasyr", options).await.err().unwrap();
    assert!(matches!(error, LedgerError::BadAddress), "{error:?}");
    let url = format!("postgres://kasyr@127.0.0.1:{}/kasyr", tests::free_port());
    let error = Ledger::open(&url, options).await.err().unwrap();
    assert!(error.is_outage(), "{error:?}");
}
