//! What all registers share: settings, the clock and the number sequences.

use std::time::Duration;

use jiff::Timestamp;

use super::config::Config;
use super::switches::Switches;
use crate::clock::Clock;

pub(super) struct World {
    pub config: Config,
    pub switches: Switches,
    pub clock: Clock,
    /// Where links point, without a slash at the end.
    pub base: String,
    fiscal: u64,
    session: u64,
}

impl World {
    pub(super) fn new(config: Config) -> Self {
        let base = config
            .public_url
            .as_deref()
            .unwrap_or("http://cashdesk.example")
            .trim_end_matches('/')
            .to_owned();
        Self {
            config,
            switches: Switches::default(),
            clock: Clock::default(),
            base,
            fiscal: 0xA0,
            session: 300_000,
        }
    }

    pub(super) fn now_ms(&self) -> u64 {
        self.clock.now_ms()
    }

    pub(super) fn now(&self) -> Timestamp {
        let ms = i64::try_from(self.now_ms()).unwrap_or(i64::MAX);
        Timestamp::from_millisecond(ms).unwrap_or(Timestamp::MAX)
    }

    /// Moves the clock on; the machine's own becomes a moved one.
    pub(super) fn advance(&mut self, by: Duration) {
        if let Clock::Real = self.clock {
            self.clock = Clock::Moved(std::sync::Arc::default());
        }
        self.clock.advance(by);
    }

    /// The next fiscal number of a document made online: greater than all before it, with gaps.
    pub(super) fn next_fiscal(&mut self) -> String {
        self.fiscal += 1 + self.fiscal % 3;
        format!("{}{:x}", self.config.fiscal_prefix, self.fiscal)
    }

    /// A fresh offline session's id.
    pub(super) fn next_session(&mut self) -> u64 {
        self.session += 1;
        self.session
    }
}
