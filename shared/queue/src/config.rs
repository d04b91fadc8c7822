//! Where the bells hang.

use std::{fmt, str::FromStr};

/// What [`Doorbell::connect`](crate::Doorbell::connect) needs.
#[derive(Clone, Debug)]
pub struct QueueConfig {
    /// Redis, or this process's memory.
    pub url: QueueUrl,
    /// First part of every key. Processes that share bells share it; no braces, please: the
    /// prefix is the hash tag.
    pub prefix: String,
}

/// Where bells are kept: `memory:` or `redis://…`.
#[derive(Clone, Debug)]
pub enum QueueUrl {
    /// In this process only; bells are gone when it ends.
    Memory,
    /// A Redis server, 6.2 or newer.
    Redis(RedisUrl),
}

/// The address of a Redis server, checked for form only. Its `Debug` shows no password.
#[derive(Clone)]
pub struct RedisUrl(pub(crate) redis::Client);

impl fmt::Debug for RedisUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RedisUrl({})", self.0.get_connection_info().addr())
    }
}

/// Why a text is not a queue's address.
#[derive(Debug, thiserror::Error)]
pub enum QueueUrlError {
    /// Neither `memory:` nor a `redis:` or `redis+unix:` address.
    #[error("a queue is `memory:` or `redis://host[:port][/db]`")]
    UnknownScheme,
    /// It starts like a Redis address and is not one, or asks for TLS, which is not built in.
    #[error("not a usable Redis address")]
    Redis(#[source] redis::RedisError),
}

impl FromStr for QueueUrl {
    type Err = QueueUrlError;

    /// Does not connect: a well-formed address of a server that is down is fine.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            Some(("memory", "")) => Ok(Self::Memory),
            Some(("redis" | "rediss" | "redis+unix" | "unix", _)) => redis::Client::open(text)
                .map(|client| Self::Redis(RedisUrl(client)))
                .map_err(QueueUrlError::Redis),
            Some(_) | None => Err(QueueUrlError::UnknownScheme),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_checked_for_form_only() {
        for (text, fine) in [
            ("memory:", true),
            ("redis://127.0.0.1:1/", true),
            ("redis://:secret@example.test:6379/2", true),
            ("", false),
            ("memory:x", false),
            ("http://127.0.0.1/", false),
            ("redis://", false),
            ("rediss://127.0.0.1/", false),
        ] {
            assert_eq!(text.parse::<QueueUrl>().is_ok(), fine, "{text:?}");
        }
    }

    #[test]
    fn a_password_is_not_shown() {
        let url: QueueUrl = "redis://me:hunter2@example.test:6379/".parse().unwrap();
        let shown = format!("{url:?}");
        assert!(shown.contains("example.test") && !shown.contains("hunter2"), "{shown}");
    }
}
