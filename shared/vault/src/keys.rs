use std::sync::Arc;

use secrecy::ExposeSecret as _;
use zeroize::Zeroizing;

use crate::error::KeyError;
use crate::key::{KeyId, MasterKey};

/// What stands at the top of every key file we write.
const ABOUT: &str = "\
# The master key of Kasyr. Without it nobody can read the secrets in the ledger, nor bring them back.
# Keep a copy in a safe place, but not where backups of the ledger are kept.
# One key a line; the first is the current one.
";

/// The current master key, and older ones that are still accepted. Never empty.
#[derive(Clone)]
pub struct MasterKeys(Vec<Arc<MasterKey>>);

impl MasterKeys {
    /// Only this one.
    pub fn only(key: MasterKey) -> Self {
        Self(vec![Arc::new(key)])
    }

    /// Keys separated by white space or commas; the first is the current one. `place` is for the error.
    pub fn parse(text: &str, place: &str) -> Result<Self, KeyError> {
        let entries = text.split(|c: char| c.is_whitespace() || c == ',');
        Self::read(entries, place)
    }

    /// A key file's text: a key a line, comments from `#` on.
    pub fn parse_file(text: &str, place: &str) -> Result<Self, KeyError> {
        let entries = text.lines().map(|line| line.split('#').next().unwrap_or(line).trim());
        Self::read(entries, place)
    }

    fn read<'a>(entries: impl Iterator<Item = &'a str>, place: &str) -> Result<Self, KeyError> {
        let place = || place.to_owned();
        let mut keys: Vec<Arc<MasterKey>> = Vec::new();
        for (index, entry) in entries.filter(|entry| !entry.is_empty()).enumerate() {
            let key = MasterKey::parse(entry).ok_or_else(|| KeyError::Damaged {
                place: place(),
                number: index + 1,
            })?;
            keys.push(Arc::new(key));
        }
        if keys.is_empty() {
            return Err(KeyError::Empty { place: place() });
        }
        Ok(Self(keys))
    }

    /// The text of a key file.
    pub(crate) fn file_text(&self) -> Zeroizing<String> {
        // Wiped as a whole: it must not grow and leave a copy behind.
        let mut text = Zeroizing::new(String::with_capacity(ABOUT.len() + 64 * self.0.len()));
        text.push_str(ABOUT);
        for key in &self.0 {
            text.push_str(key.text().expose_secret());
            text.push('\n');
        }
        text
    }

    /// The one new secrets of a new ledger are sealed under, and a rotation leads to.
    pub fn current(&self) -> &MasterKey {
        &self.0[0]
    }

    /// The key with this id.
    pub fn get(&self, id: KeyId) -> Option<&MasterKey> {
        self.0.iter().map(Arc::as_ref).find(|key| key.id() == id)
    }

    /// The ids of all, the current one first.
    pub fn ids(&self) -> Vec<KeyId> {
        self.0.iter().map(|key| key.id()).collect()
    }

    /// These, after a new current one.
    pub(crate) fn with_new(&self) -> Self {
        let new = Arc::new(MasterKey::generate());
        Self([new].into_iter().chain(self.0.iter().cloned()).collect())
    }

    /// These, and after them those of `others` that are not among them.
    pub(crate) fn and(&self, others: &Self) -> Self {
        let missing = others.0.iter().filter(|key| self.get(key.id()).is_none());
        Self(self.0.iter().chain(missing).cloned().collect())
    }

    /// Only the current one.
    pub(crate) fn newest(&self) -> Self {
        Self(self.0.iter().take(1).cloned().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_from_files_and_texts() {
        let [one, two] = [MasterKey::generate(), MasterKey::generate()];
        let ids = [one.id(), two.id()];
        let [one, two] = [one, two].map(|key| key.text().expose_secret().to_owned());
        for (text, in_file) in [
            (format!("{one}\n{two}\n"), true),
            (format!("# new\n  {one}  # since today\n\n#old\n{two}"), true),
            (format!("{one},{two}"), false),
            (format!(" {one} ,\n {two}\t"), false),
        ] {
            let keys = if in_file {
                MasterKeys::parse_file(&text, "it")
            } else {
                MasterKeys::parse(&text, "it")
            };
            assert_eq!(keys.unwrap().ids(), ids, "{in_file}");
        }
        let keys = MasterKeys::parse(&format!("{one} {two}"), "it").unwrap();
        let again = MasterKeys::parse_file(&keys.file_text(), "it").unwrap();
        assert_eq!(again.ids(), ids);
        assert_eq!(keys.newest().ids(), ids[..1]);
        assert_eq!(keys.with_new().ids()[1..], ids);
    }

    #[test]
    fn what_is_wrong_with_them_is_told_without_showing_them() {
        for (text, expected) in [
            ("", "it has no master key in it"),
            ("# nothing\n\n", "it has no master key in it"),
            (
                "c2VjcmV0",
                "it is damaged: entry 1 is not base64 of 32 bytes, as a master key is",
            ),
        ] {
            let error = MasterKeys::parse_file(text, "it").err().unwrap();
            assert_eq!(error.to_string(), expected);
        }
    }
}
