//! How long to wait after a failure, and how often to talk about it.

use std::{error::Error, time::Duration};

use tokio::time::Instant;

const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
const BETWEEN_WARNINGS: Duration = Duration::from_secs(30);

/// One side's trouble with Redis: counts failures in a row, paces retries and warnings.
pub(crate) struct Outage {
    side: &'static str,
    failures: u32,
    warned: Option<Instant>,
}

impl Outage {
    pub(crate) fn new(side: &'static str) -> Self {
        Self {
            side,
            failures: 0,
            warned: None,
        }
    }

    /// Notes a failure; returns how long to wait before the next try.
    pub(crate) fn failed(&mut self, error: &dyn Error) -> Duration {
        self.failures = self.failures.saturating_add(1);
        let quiet = self.warned.is_some_and(|at| at.elapsed() < BETWEEN_WARNINGS);
        if !quiet {
            self.warned = Some(Instant::now());
            let (side, failures) = (self.side, self.failures);
            tracing::warn!(
                queue.side = side,
                failures,
                error = chain(error),
                "Redis fails the queue's {side}: bells are late until it is back"
            );
        }
        pause(self.failures, rand::random_range(0..=100))
    }

    /// Notes a success.
    pub(crate) fn over(&mut self) {
        if self.failures > 0 {
            let (side, failures) = (self.side, self.failures);
            tracing::info!(queue.side = side, failures, "Redis answers the queue's {side} again");
            self.failures = 0;
            // `warned` stays: a server that flaps must not fill the log either.
        }
    }
}

/// An error with all that caused it, in one line.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

/// Doubles from 50 ms to 1 s; of that, between a half and all, so that processes spread out.
fn pause(failures: u32, jitter_percent: u32) -> Duration {
    let doublings = failures.saturating_sub(1).min(8);
    let whole = FIRST_PAUSE.saturating_mul(1 << doublings).min(LONGEST_PAUSE);
    whole / 2 + whole / 200 * jitter_percent.min(100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_second_and_are_jittered() {
        for (failures, jitter, ms) in [
            (1, 0, 25),
            (1, 100, 50),
            (2, 100, 100),
            (5, 100, 800),
            (6, 100, 1000),
            (6, 0, 500),
            (u32::MAX, 100, 1000),
        ] {
            assert_eq!(
                pause(failures, jitter),
                Duration::from_millis(ms),
                "{failures} {jitter}"
            );
        }
    }
}
