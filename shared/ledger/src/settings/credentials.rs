//! How a register's keys are written as one text, which is then sealed as a whole.

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::Credentials;
use crate::{LedgerError, json};

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::KeyPin(_) => "KeyPin",
            Self::Keys { .. } => "Keys",
            Self::SmartId => "SmartId",
            Self::Stored => "Stored",
            Self::Login { .. } => "Login",
            Self::ApiToken(_) => "ApiToken",
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum CredentialsJson {
    KeyPin(String),
    Keys {
        certificate: String,
        private_key: String,
        password: String,
    },
    SmartId,
    Stored,
    Login {
        login: String,
        password: String,
    },
    ApiToken(String),
}

/// The text to be sealed.
pub(super) fn write(credentials: &Credentials) -> SecretString {
    let secret = |secret: &SecretString| secret.expose_secret().to_owned();
    json::write(&match credentials {
        Credentials::KeyPin(pin) => CredentialsJson::KeyPin(secret(pin)),
        Credentials::Keys {
            certificate,
            private_key,
            password,
        } => CredentialsJson::Keys {
            certificate: secret(certificate),
            private_key: secret(private_key),
            password: secret(password),
        },
        Credentials::SmartId => CredentialsJson::SmartId,
        Credentials::Stored => CredentialsJson::Stored,
        Credentials::Login { login, password } => CredentialsJson::Login {
            login: login.clone(),
            password: secret(password),
        },
        Credentials::ApiToken(token) => CredentialsJson::ApiToken(secret(token)),
    })
    .into()
}

/// Reads an opened text back.
pub(super) fn read(text: &SecretString) -> Result<Credentials, LedgerError> {
    Ok(match json::read(text.expose_secret(), "registers.credentials")? {
        CredentialsJson::KeyPin(pin) => Credentials::KeyPin(pin.into()),
        CredentialsJson::Keys {
            certificate,
            private_key,
            password,
        } => Credentials::Keys {
            certificate: certificate.into(),
            private_key: private_key.into(),
            password: password.into(),
        },
        CredentialsJson::SmartId => Credentials::SmartId,
        CredentialsJson::Stored => Credentials::Stored,
        CredentialsJson::Login { login, password } => Credentials::Login {
            login,
            password: password.into(),
        },
        CredentialsJson::ApiToken(token) => Credentials::ApiToken(token.into()),
    })
}
