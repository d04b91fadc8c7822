//! The key file: read, made, and changed in a rotation. It is replaced as a whole and on the disk
//! before anything relies on it, so that a crash leaves the old file or the new one.

use std::fs::{File, OpenOptions, Permissions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _, fchown};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::error::KeyError;
use crate::key::{KeyId, MasterKey};
use crate::keys::MasterKeys;

/// A file with master keys, base64, a line each; the first is the current one. `#` begins a comment.
#[derive(Clone, Debug)]
pub struct KeyFile {
    path: PathBuf,
}

/// The right to change a key file; nobody else can while this lives.
pub struct KeyFileLock {
    /// The file itself, behind any links.
    path: PathBuf,
    _folder: File,
}

impl KeyFile {
    /// At this path. Nothing is read yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the keys. A file that others on this machine can read is refused: see [`is_private`].
    pub fn read(&self) -> Result<MasterKeys, KeyError> {
        let path = || self.path.clone();
        let failed = |source: io::Error| match source.kind() {
            io::ErrorKind::NotFound => KeyError::Missing { path: path() },
            _ => KeyError::Unreadable { path: path(), source },
        };
        // Asked before it is opened: opening a pipe would wait for its other end.
        if !std::fs::metadata(&self.path).map_err(failed)?.is_file() {
            return Err(KeyError::NotAFile { path: path() });
        }
        let mut file = File::open(&self.path).map_err(failed)?;
        let found = file.metadata().map_err(failed)?;
        if !is_private(found.mode(), found.uid()) {
            return Err(KeyError::OpenToOthers { path: path() });
        }
        let mut text = Zeroizing::new(String::with_capacity(usize::try_from(found.len()).unwrap_or(0) + 1));
        file.read_to_string(&mut text).map_err(failed)?;
        MasterKeys::parse_file(&text, &format!("the key file {}", self.path.display()))
    }

    /// Makes the file with one new key in it, for its owner's eyes only. Never overwrites one.
    pub fn create(&self) -> Result<KeyId, KeyError> {
        let folder = self.folder()?;
        folder.lock().map_err(|source| self.unwritable(source))?;
        if self.path.symlink_metadata().is_ok() {
            return Err(KeyError::Exists {
                path: self.path.clone(),
            });
        }
        let keys = MasterKeys::only(MasterKey::generate());
        write(&self.path, &folder, &keys, None).map_err(|source| self.unwritable(source))?;
        Ok(keys.current().id())
    }

    /// Takes the right to change the file. It is refused while somebody else has it.
    pub fn lock(&self) -> Result<KeyFileLock, KeyError> {
        let path = self.path.canonicalize().map_err(|source| KeyError::Unreadable {
            path: self.path.clone(),
            source,
        })?;
        let folder = Self::new(&path).folder()?;
        match folder.try_lock() {
            Ok(()) => Ok(KeyFileLock { path, _folder: folder }),
            Err(TryLockError::WouldBlock) => Err(KeyError::Busy {
                path: self.path.clone(),
            }),
            Err(TryLockError::Error(source)) => Err(self.unwritable(source)),
        }
    }

    fn folder(&self) -> Result<File, KeyError> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new("."))).map_err(|source| self.unwritable(source))
    }

    fn unwritable(&self, source: io::Error) -> KeyError {
        KeyError::Unwritable {
            path: self.path.clone(),
            source,
        }
    }
}

impl KeyFileLock {
    /// Puts a new current key before those in the file: the first step of a rotation. On the disk
    /// when this returns.
    pub fn add_key(&self) -> Result<KeyId, KeyError> {
        let keys = KeyFile::new(&self.path).read()?.with_new();
        self.replace(&keys)?;
        Ok(keys.current().id())
    }

    /// Removes all but the current key: the last step, when nothing needs the others any more.
    pub fn drop_old_keys(&self) -> Result<(), KeyError> {
        let keys = KeyFile::new(&self.path).read()?.newest();
        self.replace(&keys)
    }

    fn replace(&self, keys: &MasterKeys) -> Result<(), KeyError> {
        let file = KeyFile::new(&self.path);
        let replaced = || {
            let old = self.path.metadata()?;
            write(&self.path, &self._folder, keys, Some(&old))
        };
        replaced().map_err(|source| file.unwritable(source))
    }
}

/// Writes beside the file, then takes its place. Owner and mode stay: a key file that root changed
/// must not become root's.
fn write(path: &Path, folder: &File, keys: &MasterKeys, old: Option<&std::fs::Metadata>) -> io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let beside = PathBuf::from(name);
    // One that a crash left; whoever holds the lock is alone here.
    let _ = std::fs::remove_file(&beside);
    let written = || {
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&beside)?;
        file.write_all(keys.file_text().as_bytes())?;
        if let Some(old) = old {
            let new = file.metadata()?;
            if (new.uid(), new.gid()) != (old.uid(), old.gid()) {
                fchown(&file, Some(old.uid()), Some(old.gid()))?;
            }
            file.set_permissions(Permissions::from_mode(old.mode() & 0o777))?;
        }
        file.sync_all()?;
        std::fs::rename(&beside, path)?;
        folder.sync_all()
    };
    let done = written();
    if done.is_err() {
        let _ = std::fs::remove_file(&beside);
    }
    done
}

/// Only its owner may read a key file. Root's may also be read by a group, for that is how systemd,
/// Kubernetes (`defaultMode: 0440` with `fsGroup`) and Docker hand a secret to a program. Nobody
/// else may read it, and none but the owner may write it.
const fn is_private(mode: u32, owner: u32) -> bool {
    let for_others = mode & 0o007;
    let for_group = mode & 0o070;
    for_others == 0 && (for_group == 0 || (owner == 0 && for_group == 0o040))
}

#[cfg(test)]
mod tests;
