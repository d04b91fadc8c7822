//! Settings fixed for the life of a mailbox.

use std::time::Duration;

use super::certificate::Certificate;

/// How a mailbox is made. `Config::default()` takes mail from anybody, without TLS.
#[derive(Clone)]
pub struct Config {
    /// How it calls itself. Default `mailbox.example`.
    pub hostname: String,
    /// Who must sign in before sending; None lets anybody send and offers no signing in.
    pub user: Option<User>,
    /// Offers and takes signing in only over TLS. Default false.
    pub sign_in_needs_tls: bool,
    /// With one, STARTTLS is offered and `serve_tls` works.
    pub certificate: Option<Certificate>,
    /// Largest message in octets, announced as `SIZE`. Default 10 MiB.
    pub size_limit: usize,
    /// A connection that says nothing for this long is told 421 and closed. Default 5 min.
    pub idle: Duration,
}

/// A name and a password.
#[derive(Clone)]
pub struct User {
    /// The name.
    pub name: String,
    /// The password.
    pub password: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            hostname: "mailbox.example".to_owned(),
            user: None,
            sign_in_needs_tls: false,
            certificate: None,
            size_limit: 10 * 1024 * 1024,
            idle: Duration::from_secs(300),
        }
    }
}
