//! The settings of the server itself.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use ledger::settings::AddressRange;
use ledger::settings_rules::address_ranges;
use program::{Problem, Reader, keep, socket_addr};

use super::admin::{AdminConfig, base};

/// How ingress serves.
#[derive(Clone, Debug)]
pub struct IngressConfig {
    /// `KASYR_PUBLIC_ADDR`: where callbacks and the API are served, default `127.0.0.1:8080`. The
    /// program binds it; [`run`](crate::run) is given the bound listener.
    pub public_addr: SocketAddr,
    /// How much of everything.
    pub limits: Limits,
    /// `KASYR_PRODUCTION`, default `false`: refuse payment sources whose merchant or key is printed
    /// in public documents.
    pub production: bool,
    /// `KASYR_TRUSTED_PROXIES`, default none: addresses and networks of proxies whose `X-Forwarded-For` says
    /// where a request came from. Without it a source's allowed addresses are compared with the proxy's.
    pub trusted_proxies: Vec<AddressRange>,
    /// `KASYR_PUBLIC_URL`: how the world reaches the public address, for the callback addresses people copy.
    pub public_url: Option<String>,
    /// The admin pages.
    pub admin: AdminConfig,
}

/// How much of everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// `KASYR_MAX_BODY_BYTES`, default 262144.
    pub body_bytes: usize,
    /// `KASYR_BODY_TIMEOUT_MS`, default 10000: from the end of the headers to the end of the body.
    pub body_within: Duration,
    /// `KASYR_HEADER_TIMEOUT_MS`, default 30000: for the headers of a request, and for the silence
    /// before it on a kept connection.
    pub headers_within: Duration,
    /// `KASYR_MAX_CONNECTIONS`, default 1024; more wait in the kernel's queue.
    pub connections: usize,
    /// `KASYR_INBOX_EVENTS`, default 4096: events that may wait for a commit.
    pub inbox_events: usize,
    /// `KASYR_COMMIT_TIMEOUT_MS`, default 10000: how long an event may wait for its commit before
    /// its sender is told to come again. Payment systems wait 30 s.
    pub commit_within: Duration,
    /// `KASYR_STOP_TIMEOUT_MS`, default 15000: for requests in hand when the program stops.
    pub stop_within: Duration,
    /// `KASYR_RATE_PER_SOURCE` and `…_BURST`, default 200 and 1000: requests a second of one payment
    /// source or API key.
    pub per_source: Rate,
    /// `KASYR_RATE_PER_ADDRESS` and `…_BURST`, default 500 and 2000: requests a second of one
    /// address. Behind a proxy that is not among the trusted all requests come from one address: set it to 0 there.
    pub per_address: Rate,
}

/// Requests a second, and how many may come at once after a silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// 0 turns the limit off.
    pub per_second: u32,
    /// At least one.
    pub burst: u32,
}

impl Default for IngressConfig {
    fn default() -> Self {
        Self {
            public_addr: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            limits: Limits::default(),
            production: false,
            trusted_proxies: Vec::new(),
            public_url: None,
            admin: AdminConfig::default(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 256 * 1024,
            body_within: Duration::from_secs(10),
            headers_within: Duration::from_secs(30),
            connections: 1024,
            inbox_events: 4096,
            commit_within: Duration::from_secs(10),
            stop_within: Duration::from_secs(15),
            per_source: Rate {
                per_second: 200,
                burst: 1000,
            },
            per_address: Rate {
                per_second: 500,
                burst: 2000,
            },
        }
    }
}

impl IngressConfig {
    /// Every setting has a default; a malformed one is a problem.
    pub fn from_env(env: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<Problem>> {
        let mut reader = Reader::new(&env);
        let default = Self::default();
        let public_addr = match reader.optional("KASYR_PUBLIC_ADDR") {
            None => Some(default.public_addr),
            Some(text) => reader.read("KASYR_PUBLIC_ADDR", &text, socket_addr),
        };
        let limits = Limits::read(&mut reader);
        let production = reader.or("KASYR_PRODUCTION", default.production, "'true' or 'false'");
        let trusted_proxies = match reader.optional("KASYR_TRUSTED_PROXIES") {
            None => Some(Vec::new()),
            Some(text) => reader.read("KASYR_TRUSTED_PROXIES", &text, |text| {
                address_ranges(text).map_err(|error| error.to_string())
            }),
        };
        let public_url = match reader.optional("KASYR_PUBLIC_URL") {
            None => Some(None),
            Some(text) => reader.read("KASYR_PUBLIC_URL", &text, base).map(Some),
        };
        let mut problems = Vec::new();
        let own = keep(
            reader.finish(public_addr.zip(public_url).zip(trusted_proxies)),
            &mut problems,
        );
        let admin = keep(AdminConfig::from_env(env), &mut problems);
        match (own, admin) {
            (Some(((public_addr, public_url), trusted_proxies)), Some(admin)) => Ok(Self {
                public_addr,
                limits,
                production,
                trusted_proxies,
                public_url,
                admin,
            }),
            _ => Err(problems),
        }
    }

    /// How the world reaches a path of the public address.
    pub fn public_link(&self, path: &str) -> String {
        match &self.public_url {
            Some(url) => format!("{url}{path}"),
            None => format!("http://{}{path}", self.public_addr),
        }
    }
}

impl Limits {
    fn read(reader: &mut Reader<impl Fn(&str) -> Option<String>>) -> Self {
        let default = Self::default();
        Self {
            body_bytes: count(reader, "KASYR_MAX_BODY_BYTES", default.body_bytes),
            body_within: millis(reader, "KASYR_BODY_TIMEOUT_MS", default.body_within),
            headers_within: millis(reader, "KASYR_HEADER_TIMEOUT_MS", default.headers_within),
            connections: count(reader, "KASYR_MAX_CONNECTIONS", default.connections),
            inbox_events: count(reader, "KASYR_INBOX_EVENTS", default.inbox_events),
            commit_within: millis(reader, "KASYR_COMMIT_TIMEOUT_MS", default.commit_within),
            stop_within: millis(reader, "KASYR_STOP_TIMEOUT_MS", default.stop_within),
            per_source: rate(
                reader,
                "KASYR_RATE_PER_SOURCE",
                "KASYR_RATE_PER_SOURCE_BURST",
                default.per_source,
            ),
            per_address: rate(
                reader,
                "KASYR_RATE_PER_ADDRESS",
                "KASYR_RATE_PER_ADDRESS_BURST",
                default.per_address,
            ),
        }
    }
}

fn count(reader: &mut Reader<impl Fn(&str) -> Option<String>>, variable: &'static str, default: usize) -> usize {
    let Some(text) = reader.optional(variable) else {
        return default;
    };
    let read = |text: &str| match text.parse::<u32>() {
        Ok(number) if number > 0 => usize::try_from(number).map_err(|_| TOO_MUCH.to_owned()),
        Ok(_) | Err(_) => Err(TOO_MUCH.to_owned()),
    };
    reader.read(variable, &text, read).unwrap_or(default)
}

const TOO_MUCH: &str = "it should be a whole number above zero";

fn millis(reader: &mut Reader<impl Fn(&str) -> Option<String>>, variable: &'static str, default: Duration) -> Duration {
    let Some(text) = reader.optional(variable) else {
        return default;
    };
    let read = |text: &str| match text.parse::<u32>() {
        Ok(number) if number > 0 => Ok(Duration::from_millis(u64::from(number))),
        Ok(_) | Err(_) => Err(format!("{TOO_MUCH}, in milliseconds")),
    };
    reader.read(variable, &text, read).unwrap_or(default)
}

fn rate(
    reader: &mut Reader<impl Fn(&str) -> Option<String>>,
    per_second: &'static str,
    burst: &'static str,
    default: Rate,
) -> Rate {
    let per_second = reader.or(per_second, default.per_second, "a whole number, 0 for no limit");
    // Somebody who raises the rate alone does not mean to keep a smaller burst.
    let default_burst = default.burst.max(per_second);
    Rate {
        per_second,
        burst: reader.or(burst, default_burst, "a whole number"),
    }
}
