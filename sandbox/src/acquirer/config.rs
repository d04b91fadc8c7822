//! How a simulator, a merchant and a payment are made.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::Clock;
use crate::schedule::RetrySchedule;

/// Settings fixed for the life of a simulator.
#[derive(Clone, Debug)]
pub struct Config {
    /// How long an answer to a callback is waited for. Default 30 s.
    pub callback_timeout: Duration,
    /// When a callback comes again. None is the system's own schedule, as far as it is documented.
    pub retry_schedule: Option<RetrySchedule>,
    /// The clock. Default: the machine's.
    pub clock: Clock,
    /// Most callbacks under way at once. Default 64.
    pub concurrency: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            callback_timeout: Duration::from_secs(30),
            retry_schedule: None,
            clock: Clock::Real,
            concurrency: 64,
        }
    }
}

/// Who takes payments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merchant {
    /// LiqPay's `public_key`, WayForPay's `merchantAccount`, monobank's `merchantId`.
    pub account: String,
    /// LiqPay's `private_key`, WayForPay's secret key, monobank's `X-Token`.
    pub secret: String,
}

impl Merchant {
    /// A merchant.
    pub fn new(account: &str, secret: &str) -> Self {
        Self {
            account: account.to_owned(),
            secret: secret.to_owned(),
        }
    }
}

/// A payment to be made.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPayment {
    /// The merchant's account; none is the merchant that the simulator knows from the start.
    #[serde(default)]
    pub merchant: Option<String>,
    /// The merchant's own identifier.
    pub order_id: String,
    /// Kopecks.
    pub amount: u64,
    /// ISO letters.
    #[serde(default = "hryvnia")]
    pub currency: String,
    /// What the buyer reads.
    #[serde(default)]
    pub description: String,
    /// Where callbacks go; without it there are none.
    #[serde(default)]
    pub callback_url: Option<String>,
    /// Paying holds the money.
    #[serde(default)]
    pub two_stage: bool,
    /// Made in the system's test mode.
    #[serde(default)]
    pub test: bool,
}

fn hryvnia() -> String {
    "UAH".to_owned()
}

impl NewPayment {
    /// A payment of so many kopecks that nobody is called back about.
    pub fn new(order_id: &str, amount: u64) -> Self {
        Self {
            merchant: None,
            order_id: order_id.to_owned(),
            amount,
            currency: hryvnia(),
            description: String::new(),
            callback_url: None,
            two_stage: false,
            test: false,
        }
    }

    /// With callbacks to this address.
    pub fn callback_url(self, url: &str) -> Self {
        Self {
            callback_url: Some(url.to_owned()),
            ..self
        }
    }

    /// Paying it holds the money.
    pub fn two_stage(self) -> Self {
        Self {
            two_stage: true,
            ..self
        }
    }

    /// Of another merchant than the first.
    pub fn of(self, account: &str) -> Self {
        Self {
            merchant: Some(account.to_owned()),
            ..self
        }
    }
}
