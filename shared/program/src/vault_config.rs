use secrecy::SecretString;
use vault::{KeySource, Vault};

use crate::reader::{Problem, Reader};

/// Where the master key is, under which the ledger's secrets are sealed.
#[derive(Clone, Debug)]
pub struct VaultConfig {
    /// `KASYR_MASTER_KEY_FILE`, a file with a key a line, or `KASYR_MASTER_KEY`, the keys themselves
    /// separated by white space or commas. In both the first is the current one.
    pub source: KeySource,
}

impl VaultConfig {
    /// One of the two has to be set.
    pub fn from_env(env: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<Problem>> {
        let missing = Problem {
            variable: "KASYR_MASTER_KEY_FILE",
            text: "it is not set. It names the file with the master key, under which the ledger's secrets are sealed; \
                   make one with: kasyr create-master-key FILE"
                .to_owned(),
        };
        Self::if_set(env)?.ok_or_else(|| vec![missing])
    }

    /// `None` if neither is set. A file is not read yet.
    pub fn if_set(env: impl Fn(&str) -> Option<String>) -> Result<Option<Self>, Vec<Problem>> {
        let mut reader = Reader::new(env);
        let file = reader.optional("KASYR_MASTER_KEY_FILE");
        let text = reader.optional("KASYR_MASTER_KEY");
        let source = match (file, text) {
            (None, None) => None,
            (Some(file), None) => Some(KeySource::File(file.into())),
            (None, Some(text)) => reader.read("KASYR_MASTER_KEY", &text, |text| {
                let source = KeySource::Text(SecretString::from(text));
                match Vault::new(&source) {
                    Ok(_) => Ok(source),
                    Err(error) => Err(error.to_string()),
                }
            }),
            (Some(file), Some(_)) => reader.read("KASYR_MASTER_KEY_FILE", &file, |_| {
                Err("it and KASYR_MASTER_KEY are both set; set one of them only".to_owned())
            }),
        };
        reader.finish(Some(source.map(|source| Self { source })))
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    fn read(file: Option<&str>, text: Option<&str>) -> Result<VaultConfig, Vec<String>> {
        let env = |name: &str| match name {
            "KASYR_MASTER_KEY_FILE" => file.map(str::to_owned),
            "KASYR_MASTER_KEY" => text.map(str::to_owned),
            _ => None,
        };
        VaultConfig::from_env(env).map_err(|problems| problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn the_key_is_a_file_or_a_text() {
        let key = vault::MasterKey::generate();
        let text = key.text();
        let config = read(None, Some(text.expose_secret())).unwrap();
        assert_eq!(Vault::new(&config.source).unwrap().held(), [key.id()]);
        assert!(!format!("{config:?}").contains(text.expose_secret()));
        let config = read(Some("/run/kasyr.key"), None).unwrap();
        assert!(matches!(config.source, KeySource::File(path) if path == std::path::Path::new("/run/kasyr.key")));
    }

    #[test]
    fn none_both_and_a_damaged_one_are_told_without_showing_them() {
        for (file, text, expected) in [
            (None, None, "KASYR_MASTER_KEY_FILE: it is not set"),
            (Some("f"), Some("canary"), "are both set"),
            (
                None,
                Some("canary"),
                "KASYR_MASTER_KEY: the list of master keys is damaged",
            ),
            (
                None,
                Some(" , "),
                "KASYR_MASTER_KEY: the list of master keys has no master key in it",
            ),
        ] {
            let problems = read(file, text).unwrap_err().concat();
            assert!(problems.contains(expected), "{problems}");
            assert!(!problems.contains("canary"), "{problems}");
        }
    }
}
