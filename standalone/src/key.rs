//! The master key of the standalone edition: a file beside the ledger, made when the ledger is new.

use std::path::{Path, PathBuf};

use ledger::{Ledger, LedgerError, OpenOptions};
use program::StartError;
use vault::{KeyError, KeyFile, KeyId, KeySource, Vault};

use crate::config::Base;

/// The key file when neither `KASYR_MASTER_KEY_FILE` nor `KASYR_MASTER_KEY` is set.
const DEFAULT_FILE: &str = "kasyr.key";

/// Why there is no open ledger.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// As any program.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The ledger is sealed, and its key file is gone.
    #[error(
        "this ledger is sealed under master key {needed}, and its key file {DEFAULT_FILE} is not in this folder. Put the \
         key file back, or name it in KASYR_MASTER_KEY_FILE; without it nobody can read the keys and PINs in the ledger"
    )]
    KeyFileGone {
        /// The key it needs.
        needed: KeyId,
    },
    /// Programs that share a ledger have to be given the same key.
    #[error(
        "KASYR_MASTER_KEY_FILE is not set. Every program on this ledger needs the same key file; make one with \
         kasyr create-master-key FILE"
    )]
    KeyNotNamed,
    /// No key file can be made.
    #[error("the ledger's master key cannot be made")]
    NoKeyFile(#[source] KeyError),
}

impl Base {
    /// Opens the ledger, locked: its secrets cannot be read.
    pub async fn connect(&self) -> Result<Ledger, StartError> {
        program::connect_ledger(&self.ledger, OpenOptions::default()).await
    }

    /// Opens the ledger and unlocks it.
    pub async fn open(&self) -> Result<Ledger, OpenError> {
        Ok(self.open_with_keys().await?.0)
    }

    /// The same, with the keys that unlocked it.
    pub async fn open_with_keys(&self) -> Result<(Ledger, Vault), OpenError> {
        let vault = match &self.vault {
            Some(config) => Some(program::read_keys(config)?),
            None => default_file()?,
        };
        let locked = self.connect().await?;
        let vault = match vault {
            Some(vault) => vault,
            None => self.make_file(&locked).await?,
        };
        Ok((program::unlock(&locked, vault.clone()).await?, vault))
    }

    /// The key file, unless the keys are given as they are.
    pub fn key_file(&self) -> Option<&Path> {
        match self.vault.as_ref().map(|config| &config.source) {
            None => Some(Path::new(DEFAULT_FILE)),
            Some(KeySource::File(path)) => Some(path),
            Some(KeySource::Text(_)) => None,
        }
    }

    /// Only for a ledger in a file of one's own, and only while nothing in it is sealed.
    async fn make_file(&self, locked: &Ledger) -> Result<Vault, OpenError> {
        let failed = |error: LedgerError| OpenError::Start(StartError::Ledger(error));
        if let Some(needed) = locked.master_key().await.map_err(failed)? {
            return Err(OpenError::KeyFileGone { needed });
        }
        if self.ledger.sqlite_file().is_none() {
            return Err(OpenError::KeyNotNamed);
        }
        let file = KeyFile::new(DEFAULT_FILE);
        match file.create() {
            Ok(_) => announce(file.path()),
            // Another command was first.
            Err(KeyError::Exists { .. }) => {}
            Err(error) => return Err(OpenError::NoKeyFile(error)),
        }
        default_file()?.ok_or(OpenError::KeyNotNamed)
    }
}

fn default_file() -> Result<Option<Vault>, OpenError> {
    match Vault::new(&KeySource::File(PathBuf::from(DEFAULT_FILE))) {
        Ok(vault) => Ok(Some(vault)),
        Err(KeyError::Missing { .. }) => Ok(None),
        Err(error) => Err(OpenError::Start(StartError::MasterKey(error))),
    }
}

/// Said once, when the key is made. Not to the output, which may be for another program.
#[expect(clippy::print_stderr, reason = "a notice to the person who started it")]
fn announce(file: &Path) {
    let shown = file.canonicalize().unwrap_or_else(|_| file.to_owned());
    eprintln!(
        "Kasyr made its master key, the file {}.
The keys and PINs in the ledger are sealed with it.
  Copy it to a safe place now: if it is ever lost, nobody can read them again.
  Keep it apart from the backups of the ledger: whoever has both has your keys.
",
        shown.display()
    );
}
