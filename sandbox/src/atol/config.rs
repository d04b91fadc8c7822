//! How a simulator and its groups of registers are set up.

use std::fmt;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::lists;
use crate::clock::Clock;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The settings of a whole simulator.
#[derive(Clone, Debug)]
pub struct Config {
    /// How long a register takes for a document; each draws its own. Default 50 ms; the real service takes 1–10 s.
    pub latency: RangeInclusive<Duration>,
    /// A document that waits longer than this for a register fails. Default 300 s.
    pub queue_timeout: Duration,
    /// How long a token lives. Default 24 h.
    pub token_lifetime: Duration,
    /// What a second request for a token gets.
    pub token_policy: TokenPolicy,
    /// How long results of v4 can be fetched, counted from acceptance. Default 32 days.
    pub retention_v4: Duration,
    /// The same for v5. Default 30 days.
    pub retention_v5: Duration,
    /// Whether v4 has `sell_refund_correction` and `buy_refund_correction`; editions differ. Default no.
    pub v4_refund_corrections: bool,
    /// Whether polling faster than allowed is answered 429 instead of only counted. Default no.
    pub strict_polling: bool,
    /// How long an answer to a callback is waited for, by the machine's clock. Default 10 s.
    pub callback_timeout: Duration,
    /// Most callbacks under way at once. Default 64.
    pub concurrency: usize,
    /// The clock. Default: the machine's, which [`super::Simulator::advance`] can move on.
    pub clock: Clock,
    /// What uuids, fiscal attributes and latencies are drawn from.
    pub seed: u64,
}

impl Default for Config {
    fn default() -> Self {
        let latency = Duration::from_millis(50);
        Self {
            latency: latency..=latency,
            queue_timeout: Duration::from_secs(300),
            token_lifetime: DAY,
            token_policy: TokenPolicy::default(),
            retention_v4: DAY * 32,
            retention_v5: DAY * 30,
            v4_refund_corrections: false,
            strict_polling: false,
            callback_timeout: Duration::from_secs(10),
            concurrency: 64,
            clock: Clock::Moved(Arc::default()),
            seed: 1,
        }
    }
}

impl Config {
    /// As the real service: a document takes 1–10 s.
    pub fn realistic() -> Self {
        Self {
            latency: Duration::from_secs(1)..=Duration::from_secs(10),
            ..Self::default()
        }
    }
}

/// What a login that holds a living token gets when it asks again: both happen (sheet §3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TokenPolicy {
    /// A new token with a full lifetime; the old ones live on.
    #[default]
    New,
    /// The newest one again, with its remaining time.
    Same,
}

/// The edition of the protocol, and of the fiscal documents behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Version {
    /// `/possystem/v4`, FFD 1.05.
    V4,
    /// `/possystem/v5`, FFD 1.2.
    V5,
}

impl Version {
    /// `v4` or `v5`, as in the path.
    pub fn name(self) -> &'static str {
        match self {
            Self::V4 => "v4",
            Self::V5 => "v5",
        }
    }
}

/// A password of the sandbox. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    pub(super) fn is(&self, text: &str) -> bool {
        self.0 == text
    }
}

impl From<&str> for Password {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// The password of groups made by [`GroupSetup::v4`] and [`GroupSetup::v5`]; good for nothing else.
pub const DEFAULT_PASS: &str = "sandbox-pass-0001";

/// The INN of these groups: its check digit is right and nobody has it.
pub const DEFAULT_INN: &str = "9999999998";

/// A merchant's group of registers. Several groups may share a login, if they share its password too.
#[derive(Clone, Debug)]
pub struct GroupSetup {
    /// `group_code`, the path's segment.
    pub group_code: String,
    /// The only edition that its registers support.
    pub version: Version,
    /// `login` of getToken.
    pub login: String,
    /// `pass` of getToken.
    pub pass: Password,
    /// The owner's INN; a document of another one fails at the register.
    pub inn: String,
    /// Where the owner sells. Only told: what the service does with another one is not documented.
    pub payment_address: String,
    /// How many registers work the queue off; at least 1.
    pub registers: usize,
    /// The VAT types that are allowed; `vat18` and `vat118` never are in `sell` and `buy`.
    pub vat_types: Vec<String>,
    /// Whether results carry `ofd_inn` and `ofd_receipt_url`.
    pub ofd_links: bool,
}

impl GroupSetup {
    /// One register of FFD 1.05 whose login is the group's code with `-login`.
    pub fn v4(group_code: &str) -> Self {
        Self::of(group_code, Version::V4)
    }

    /// One register of FFD 1.2 whose login is the group's code with `-login`.
    pub fn v5(group_code: &str) -> Self {
        Self::of(group_code, Version::V5)
    }

    /// One register of this edition.
    pub fn of(group_code: &str, version: Version) -> Self {
        Self {
            group_code: group_code.to_owned(),
            version,
            login: format!("{group_code}-login"),
            pass: Password::from(DEFAULT_PASS),
            inn: DEFAULT_INN.to_owned(),
            payment_address: "https://shop.example".to_owned(),
            registers: 1,
            vat_types: lists::vat_types(version).map(str::to_owned).collect(),
            ofd_links: true,
        }
    }
}
