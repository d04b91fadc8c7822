use std::path::PathBuf;

use crate::key::KeyId;

/// Why the master key cannot be had. Nothing of a key is in it.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The key file is not there.
    #[error("there is no key file {}", .path.display())]
    Missing {
        /// Which.
        path: PathBuf,
    },
    /// The key file cannot be read.
    #[error("the key file {} cannot be read", .path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Not a regular file.
    #[error("{} is not a file; a key file is expected", .path.display())]
    NotAFile {
        /// Which.
        path: PathBuf,
    },
    /// Somebody else on this machine may read the key file.
    #[error("others can read the key file {0}; make it private: chmod 600 {0}", .path.display())]
    OpenToOthers {
        /// Which.
        path: PathBuf,
    },
    /// There is no key where one should be.
    #[error("{place} has no master key in it")]
    Empty {
        /// The file, or what the text is.
        place: String,
    },
    /// Something else stands where a key should be.
    #[error("{place} is damaged: entry {number} is not base64 of 32 bytes, as a master key is")]
    Damaged {
        /// The file, or what the text is.
        place: String,
        /// Which entry, counted from one.
        number: usize,
    },
    /// A key file is never overwritten by a new one.
    #[error("{} exists already; nothing was changed", .path.display())]
    Exists {
        /// Which.
        path: PathBuf,
    },
    /// The key file cannot be written.
    #[error("the key file {} cannot be written", .path.display())]
    Unwritable {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Another process is changing the key file.
    #[error("somebody else is changing the key file {} just now", .path.display())]
    Busy {
        /// Which.
        path: PathBuf,
    },
}

/// Why a secret cannot be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// It is sealed under a master key that is not among ours.
    #[error("it needs master key {needed}; given were {}", list(.held))]
    UnknownKey {
        /// The one it needs.
        needed: KeyId,
        /// Those that are held.
        held: Vec<KeyId>,
    },
    /// The key is not among those known, and the key file cannot be read again.
    #[error("the master keys cannot be read again")]
    Keys(#[source] KeyError),
    /// It was changed, or it belongs to another owner.
    #[error("it was changed outside of Kasyr, or moved here from another place")]
    Tampered,
    /// It is not a sealed text.
    #[error("it is not a sealed text")]
    Malformed,
    /// No cipher takes a text of that length (256 GiB).
    #[error("it is too long to be sealed")]
    TooLong,
}

fn list(ids: &[KeyId]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
