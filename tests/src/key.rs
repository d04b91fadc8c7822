use std::sync::OnceLock;

use secrecy::{ExposeSecret as _, SecretString};
use vault::{KeySource, MasterKey, Vault};

/// The master key of this test process, as programs are given it in `KASYR_MASTER_KEY`.
pub fn master_key() -> &'static SecretString {
    static KEY: OnceLock<SecretString> = OnceLock::new();
    KEY.get_or_init(|| MasterKey::generate().text())
}

/// The vault with that key.
pub fn vault() -> Vault {
    Vault::new(&KeySource::Text(master_key().clone())).expect("a new key is a key")
}

/// The variable that gives a program the key.
pub fn key_variable() -> (&'static str, String) {
    ("KASYR_MASTER_KEY", master_key().expose_secret().to_owned())
}
