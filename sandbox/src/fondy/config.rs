//! Settings fixed for the life of a simulator.

use std::time::Duration;

use super::{Clock, RetrySchedule};

/// How a simulator is made. `Config::default()` behaves as the real gateway on the machine's clock.
#[derive(Clone, Debug)]
pub struct Config {
    /// Decides every random fault; the same seed and orders give the same faults whatever the timing.
    pub seed: u64,
    /// How long an answer to a callback is waited for. Default 30 s.
    pub callback_timeout: Duration,
    /// When a callback comes again. Default [`RetrySchedule::gateway`].
    pub retry_schedule: RetrySchedule,
    /// The clock. Default: the machine's.
    pub clock: Clock,
    /// Most callbacks under way at once. Default 64.
    pub concurrency: usize,
    /// Path of the receipt-link endpoint, which our sources lost. Default `/api/receipt_link`.
    pub receipt_path: String,
    /// How long a receipt link lives. Default 1 h.
    pub receipt_link_life: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            seed: 1,
            callback_timeout: Duration::from_secs(30),
            retry_schedule: RetrySchedule::gateway(),
            clock: Clock::Real,
            concurrency: 64,
            receipt_path: "/api/receipt_link".to_owned(),
            receipt_link_life: Duration::from_secs(3600),
        }
    }
}
