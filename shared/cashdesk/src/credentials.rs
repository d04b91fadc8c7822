//! Who we are to CashDesk (sheet §3).

use std::fmt;

use secrecy::SecretString;

/// How requests are signed. `Debug` prints no secret and no address.
#[derive(Clone)]
pub enum Credentials {
    /// A user of the cabinet: `POST /authenticate` gives a token for a while.
    Login {
        /// The user's e-mail.
        email: String,
        /// The user's password.
        password: SecretString,
        /// The integrator's or the company's name; every request carries it.
        developer_id: String,
    },
    /// A permanent key made in the cabinet.
    ApiToken {
        /// The key. Some methods want it in the address, so addresses must never be logged.
        token: SecretString,
        /// The integrator's or the company's name; every request carries it.
        developer_id: String,
    },
}

impl Credentials {
    pub(crate) fn developer_id(&self) -> &str {
        match self {
            Self::Login { developer_id, .. } | Self::ApiToken { developer_id, .. } => developer_id,
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let way = match self {
            Self::Login { .. } => "Login",
            Self::ApiToken { .. } => "ApiToken",
        };
        f.debug_struct(way)
            .field("developer_id", &self.developer_id())
            .finish_non_exhaustive()
    }
}
