//! A copy of a SQLite ledger, made while it is used. Secrets are sealed in it as they are in the ledger.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use sea_orm::DbBackend;

use crate::{Ledger, LedgerError, sql};

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// PostgreSQL has means of its own.
    #[error("only a SQLite ledger is copied so; PostgreSQL has pg_dump")]
    NotSqlite,
    /// Nothing is ever overwritten.
    #[error("{} exists already; nothing was written", .path.display())]
    Exists {
        /// What is there.
        path: PathBuf,
    },
    /// Its path is not UTF-8.
    #[error("the file's name is not UTF-8")]
    BadName,
    /// The copy cannot be written.
    #[error("cannot write {}", .path.display())]
    Unwritable {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The ledger would not be copied.
    #[error("the ledger cannot be copied")]
    Ledger(#[source] LedgerError),
}

impl Ledger {
    /// Copies the whole ledger as it is at one moment into a new file that only its owner can read.
    /// The file is complete and on the disk when it has its name.
    pub async fn back_up(&self, file: &Path) -> Result<(), BackupError> {
        if self.backend() == DbBackend::Postgres {
            return Err(BackupError::NotSqlite);
        }
        if file.symlink_metadata().is_ok() {
            return Err(BackupError::Exists { path: file.to_owned() });
        }
        let mut name = file.as_os_str().to_owned();
        name.push(".part");
        let part = PathBuf::from(name);
        let text = part.to_str().ok_or(BackupError::BadName)?;
        let failed = |source: io::Error| BackupError::Unwritable {
            path: file.to_owned(),
            source,
        };
        // SQLite fills an empty file, and leaves its mode as it is.
        let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&part);
        made.map_err(|source| match source.kind() {
            io::ErrorKind::AlreadyExists => BackupError::Exists { path: part.clone() },
            _ => failed(source),
        })?;
        let done = match sql::execute(&self.db, "copy the ledger", "VACUUM INTO $1", [text.into()]).await {
            Ok(_) => settle(&part, file).map_err(failed),
            Err(error) => Err(BackupError::Ledger(error)),
        };
        if done.is_err() {
            let _ = std::fs::remove_file(&part);
        }
        done
    }
}

fn settle(part: &Path, file: &Path) -> io::Result<()> {
    File::open(part)?.sync_all()?;
    std::fs::rename(part, file)?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}
