//! Secrets in settings: a literal, an environment variable or a file.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::SecretString;
use serde::Deserialize;

/// How secrets that live elsewhere are fetched.
pub struct Places<'a> {
    /// An environment variable.
    pub env: &'a dyn Fn(&str) -> Option<String>,
    /// A file, relative to the settings file.
    pub file: &'a dyn Fn(&str) -> std::io::Result<Vec<u8>>,
}

#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "a secret is { env = \"NAME\" }, { file = \"PATH\" } or a text"
)]
pub(super) enum Secret {
    Literal(SecretString),
    Env(Env),
    File(File),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Env {
    env: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    file: String,
}

impl Secret {
    /// A text: surrounding white space of a file or variable is not part of it.
    pub fn text(&self, places: &Places<'_>) -> Result<SecretString, String> {
        let text = match self {
            Self::Literal(secret) => return not_empty(secret.clone()),
            Self::Env(Env { env }) => from_env(env, places)?,
            Self::File(File { file }) => {
                String::from_utf8(from_file(file, places)?).map_err(|_| format!("the file {file} is not text"))?
            }
        };
        not_empty(text.trim().to_owned().into())
    }

    /// Base64: a file is a certificate or key container as it is and is encoded here; a literal or a
    /// variable has base64 already.
    pub fn base64(&self, places: &Places<'_>) -> Result<SecretString, String> {
        match self {
            Self::File(File { file }) => not_empty(STANDARD.encode(from_file(file, places)?).into()),
            Self::Literal(_) | Self::Env(_) => self.text(places),
        }
    }
}

fn from_env(name: &str, places: &Places<'_>) -> Result<String, String> {
    (places.env)(name).ok_or_else(|| format!("the environment variable {name} is not set"))
}

fn from_file(path: &str, places: &Places<'_>) -> Result<Vec<u8>, String> {
    (places.file)(path).map_err(|error| format!("the file {path} cannot be read: {error}"))
}

fn not_empty(secret: SecretString) -> Result<SecretString, String> {
    use secrecy::ExposeSecret as _;
    if secret.expose_secret().is_empty() {
        Err("the secret is empty".to_owned())
    } else {
        Ok(secret)
    }
}
