use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use secrecy::{ExposeSecret as _, SecretString};

use crate::error::{KeyError, VaultError};
use crate::file::KeyFile;
use crate::fingerprint::FingerprintKey;
use crate::key::{KeyId, MasterKey};
use crate::keys::MasterKeys;
use crate::sealed::Sealed;

/// Where the master keys come from.
#[derive(Clone, Debug)]
pub enum KeySource {
    /// A key file. It is read again when a secret needs a key that is not known yet.
    File(PathBuf),
    /// The keys themselves, separated by white space or commas; the first is the current one.
    Text(SecretString),
}

/// Seals secrets and opens them with the master keys it holds. Cheap to clone.
#[derive(Clone)]
pub struct Vault(Arc<Inner>);

struct Inner {
    file: Option<KeyFile>,
    keys: RwLock<Arc<MasterKeys>>,
}

impl Vault {
    /// Reads the keys.
    pub fn new(source: &KeySource) -> Result<Self, KeyError> {
        let (file, keys) = match source {
            KeySource::File(path) => {
                let file = KeyFile::new(path);
                let keys = file.read()?;
                (Some(file), keys)
            }
            KeySource::Text(text) => (
                None,
                MasterKeys::parse(text.expose_secret(), "the list of master keys")?,
            ),
        };
        Ok(Self::of(file, keys))
    }

    /// With a new key that is nowhere but in this process: for a ledger that goes with it.
    pub fn in_memory() -> Self {
        Self::of(None, MasterKeys::only(MasterKey::generate()))
    }

    fn of(file: Option<KeyFile>, keys: MasterKeys) -> Self {
        Self(Arc::new(Inner {
            file,
            keys: RwLock::new(Arc::new(keys)),
        }))
    }

    /// The key file, if the keys come from one.
    pub fn file(&self) -> Option<&KeyFile> {
        self.0.file.as_ref()
    }

    /// The ids of the keys it holds, the current one first.
    pub fn held(&self) -> Vec<KeyId> {
        self.keys().ids()
    }

    /// Reads the key file again, as it is done by itself when a key is missing. What was known stays
    /// known: a secret that was read just before the end of a rotation still needs the old key.
    pub fn reload(&self) -> Result<(), KeyError> {
        if let Some(file) = &self.0.file {
            let found = file.read()?;
            let mut keys = self.0.keys.write().unwrap_or_else(PoisonError::into_inner);
            *keys = Arc::new(found.and(&keys));
        }
        Ok(())
    }

    /// Does it hold this key, or find it in the key file?
    pub fn has(&self, id: KeyId) -> Result<(), VaultError> {
        self.keys_with(id).map(drop)
    }

    /// Seals a secret for its owner under the master key `under`, which must be held. `now` is in
    /// milliseconds since 1970.
    pub fn seal(
        &self,
        under: KeyId,
        owner: &str,
        secret: &SecretString,
        fingerprints: &FingerprintKey,
        now: i64,
    ) -> Result<String, VaultError> {
        let keys = self.keys_with(under)?;
        let master = self.key(&keys, under)?;
        Ok(Sealed::seal(master, owner, secret, fingerprints, now)?.text())
    }

    /// Opens a sealed text for its owner.
    pub fn open(&self, owner: &str, text: &str) -> Result<SecretString, VaultError> {
        let sealed = Sealed::parse(text)?;
        let keys = self.keys_with(sealed.header.key_id)?;
        sealed.open(self.key(&keys, sealed.header.key_id)?, owner)
    }

    /// The same secret under the master key `to`. `None`: it is so already.
    pub fn rewrap(&self, to: KeyId, owner: &str, text: &str) -> Result<Option<String>, VaultError> {
        let sealed = Sealed::parse(text)?;
        let from = sealed.header.key_id;
        if from == to {
            return Ok(None);
        }
        self.keys_with(from)?;
        let keys = self.keys_with(to)?;
        let again = sealed.rewrap(self.key(&keys, from)?, self.key(&keys, to)?, owner)?;
        Ok(Some(again.text()))
    }

    fn keys(&self) -> Arc<MasterKeys> {
        let keys = self.0.keys.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&keys)
    }

    /// The keys, read again if this one is not among them: a rotation may have added it.
    fn keys_with(&self, id: KeyId) -> Result<Arc<MasterKeys>, VaultError> {
        let keys = self.keys();
        if keys.get(id).is_some() {
            return Ok(keys);
        }
        self.reload().map_err(VaultError::Keys)?;
        let keys = self.keys();
        self.key(&keys, id)?;
        Ok(keys)
    }

    fn key<'a>(&self, keys: &'a MasterKeys, id: KeyId) -> Result<&'a MasterKey, VaultError> {
        keys.get(id).ok_or_else(|| VaultError::UnknownKey {
            needed: id,
            held: keys.ids(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWNER: &str = "sources/flowers-fondy/secret";

    fn text_of(keys: &[&MasterKey]) -> KeySource {
        let texts: Vec<String> = keys.iter().map(|key| key.text().expose_secret().to_owned()).collect();
        KeySource::Text(texts.join(" ").into())
    }

    #[test]
    fn old_keys_still_open_and_an_unknown_one_is_named() {
        let [old, new, other] = [(); 3].map(|()| MasterKey::generate());
        let fingerprints = FingerprintKey::generate();
        let before = Vault::new(&text_of(&[&old])).unwrap();
        let text = before.seal(old.id(), OWNER, &"1234".into(), &fingerprints, 0).unwrap();
        let both = Vault::new(&text_of(&[&new, &old])).unwrap();
        assert_eq!(both.open(OWNER, &text).unwrap().expose_secret(), "1234");
        assert_eq!(both.held(), [new.id(), old.id()]);

        let again = both.rewrap(new.id(), OWNER, &text).unwrap().unwrap();
        assert_eq!(both.rewrap(new.id(), OWNER, &again).unwrap(), None);
        let after = Vault::new(&text_of(&[&new])).unwrap();
        assert_eq!(after.open(OWNER, &again).unwrap().expose_secret(), "1234");

        let wrong = Vault::new(&text_of(&[&other])).unwrap();
        for (vault, text, needed) in [(&wrong, &text, &old), (&wrong, &again, &new), (&before, &again, &new)] {
            let error = vault.open(OWNER, text).unwrap_err();
            assert!(
                matches!(&error, VaultError::UnknownKey { needed: id, held } if *id == needed.id() && *held == vault.held()),
                "{error}"
            );
            assert!(error.to_string().contains(&needed.id().to_string()), "{error}");
        }
        let error = before
            .seal(new.id(), OWNER, &"1234".into(), &fingerprints, 0)
            .unwrap_err();
        assert!(matches!(error, VaultError::UnknownKey { .. }), "{error}");
    }

    #[test]
    fn a_running_vault_follows_its_file() {
        let path = std::env::temp_dir().join(format!("kasyr-vault-source-{}.key", std::process::id()));
        let _ = std::fs::remove_file(&path);
        let file = KeyFile::new(&path);
        let old = file.create().unwrap();
        let source = KeySource::File(path.clone());
        let running = Vault::new(&source).unwrap();
        let fingerprints = FingerprintKey::generate();
        let lock = file.lock().unwrap();
        let new = lock.add_key().unwrap();
        assert_eq!(running.held(), [old], "it does not look before it must");
        let text = running.seal(new, OWNER, &"1234".into(), &fingerprints, 0).unwrap();
        assert_eq!(running.held(), [new, old]);
        lock.drop_old_keys().unwrap();
        let later = Vault::new(&source).unwrap();
        assert_eq!(later.open(OWNER, &text).unwrap().expose_secret(), "1234");
        assert!(matches!(later.has(old), Err(VaultError::UnknownKey { .. })));
        running.reload().unwrap();
        assert_eq!(running.held(), [new, old], "what it knew it may use");
        std::fs::remove_file(&path).unwrap();
        let other = MasterKey::generate().id();
        assert!(matches!(
            running.has(other),
            Err(VaultError::Keys(KeyError::Missing { .. }))
        ));
    }
}
