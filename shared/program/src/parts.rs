//! The settings of what every program stands on.

use std::net::SocketAddr;
use std::path::PathBuf;

use queue::{QueueConfig, QueueUrl};
use secrecy::{ExposeSecret as _, SecretString};
use telemetry::{LogConfig, LogFormat};

use crate::reader::{Problem, Reader};

/// Where the ledger is.
#[derive(Clone, Debug)]
pub struct LedgerConfig {
    /// `KASYR_DATABASE_URL`: `sqlite://FILE` or `postgres://…`. No default: an empty ledger in the
    /// wrong place would forget what was registered. It may hold a password.
    pub url: SecretString,
}

impl LedgerConfig {
    /// Checks the scheme only; nothing is connected.
    pub fn from_env(env: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<Problem>> {
        let mut reader = Reader::new(env);
        let url = reader.required("KASYR_DATABASE_URL", |url| {
            let known = ["sqlite:", "postgres://", "postgresql://"];
            if known.iter().any(|scheme| url.starts_with(scheme)) {
                Ok(SecretString::from(url))
            } else {
                Err("it should begin with sqlite:// or postgres://".to_owned())
            }
        });
        reader.finish(url.map(|url| Self { url }))
    }

    /// The file of a SQLite ledger.
    pub fn sqlite_file(&self) -> Option<PathBuf> {
        ledger::sqlite_file(self.url.expose_secret())
    }
}

/// `KASYR_QUEUE_URL` (`memory:` or `redis://…`; no default, for bells rung in one process's memory
/// are not heard by another) and `KASYR_QUEUE_PREFIX` (default `kasyr`).
pub fn queue_from_env(env: impl Fn(&str) -> Option<String>) -> Result<QueueConfig, Vec<Problem>> {
    let mut reader = Reader::new(env);
    let url = reader.required("KASYR_QUEUE_URL", |url| {
        url.parse::<QueueUrl>().map_err(|error| error.to_string())
    });
    let prefix = reader
        .optional("KASYR_QUEUE_PREFIX")
        .unwrap_or_else(|| "kasyr".to_owned());
    let prefix = reader.read("KASYR_QUEUE_PREFIX", &prefix, |prefix| {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':');
        if prefix.len() <= 64 && prefix.bytes().all(fits) {
            Ok(prefix.to_owned())
        } else {
            Err("it should have at most 64 latin letters, digits, '-', '_', '.' and ':'".to_owned())
        }
    });
    reader.finish(url.zip(prefix).map(|(url, prefix)| QueueConfig { url, prefix }))
}

/// Where metrics and health are served.
#[derive(Clone, Copy, Debug)]
pub struct MetricsConfig {
    /// `KASYR_METRICS_ADDR`, e.g. `127.0.0.1:9464`. Unset: they are not served.
    pub addr: Option<SocketAddr>,
}

impl MetricsConfig {
    /// Nothing is bound yet.
    pub fn from_env(env: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<Problem>> {
        let mut reader = Reader::new(env);
        let addr = match reader.optional("KASYR_METRICS_ADDR") {
            None => Some(None),
            Some(text) => reader.read("KASYR_METRICS_ADDR", &text, socket_addr).map(Some),
        };
        reader.finish(addr.map(|addr| Self { addr }))
    }
}

/// What is logged unless `KASYR_LOG` says otherwise: our own words, and from libraries only what goes
/// wrong.
const DEFAULT_FILTER: &str = "info,sea_orm_migration=warn,apalis_core=warn";

/// `KASYR_LOG` (default `info`, libraries a little quieter) and `KASYR_LOG_FORMAT` (`text`, the default, or `json`).
pub fn log_from_env(env: impl Fn(&str) -> Option<String>) -> Result<LogConfig, Vec<Problem>> {
    let mut reader = Reader::new(env);
    let filter = reader
        .optional("KASYR_LOG")
        .unwrap_or_else(|| DEFAULT_FILTER.to_owned());
    let format = reader.optional("KASYR_LOG_FORMAT").unwrap_or_else(|| "text".to_owned());
    let format = reader.read("KASYR_LOG_FORMAT", &format, |text| {
        LogFormat::parse(text).ok_or_else(|| "it should be 'text' or 'json'".to_owned())
    });
    reader.finish(format.map(|format| LogConfig { filter, format }))
}

/// Reads an address and a port.
pub fn socket_addr(text: &str) -> Result<SocketAddr, String> {
    text.parse()
        .map_err(|_| "it should be an address and a port, such as 127.0.0.1:8080".to_owned())
}
