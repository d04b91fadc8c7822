//! When to try again: exponential, jittered, capped. The `backoff` crate is used only here, as the
//! calculator of the schedule (see `deny.toml`).

use std::time::Duration;

use ::backoff::ExponentialBackoff;
use ::backoff::backoff::Backoff as _;

/// A schedule of waits.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    /// The first wait.
    pub first: Duration,
    /// No wait is longer, jitter apart.
    pub cap: Duration,
}

impl Schedule {
    /// The same with another cap; the first wait is no longer than it.
    pub fn up_to(self, cap: Duration) -> Self {
        Self {
            first: self.first.min(cap),
            cap,
        }
    }

    /// The wait after `failures` consecutive failures (1 is the first), 30 % up or down by chance so
    /// that registers do not come back all at once.
    pub fn wait(&self, failures: u32) -> Duration {
        let mut schedule = ExponentialBackoff {
            initial_interval: self.first,
            current_interval: self.first,
            multiplier: 2.0,
            randomization_factor: 0.3,
            max_interval: self.cap,
            max_elapsed_time: None,
            ..ExponentialBackoff::default()
        };
        let mut wait = self.first;
        // After some twenty doublings the cap is long reached.
        for _ in 0..failures.clamp(1, 24) {
            wait = schedule.next_backoff().unwrap_or(self.cap);
        }
        wait
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_cap_and_jitter() {
        let schedule = Schedule {
            first: Duration::from_secs(1),
            cap: Duration::from_secs(300),
        };
        for (failures, low, high) in [
            (0, 700, 1_300),
            (1, 700, 1_300),
            (2, 1_400, 2_600),
            (5, 11_200, 20_800),
            (40, 210_000, 390_000),
        ] {
            let wait = schedule.wait(failures).as_millis();
            assert!((low..=high).contains(&wait), "{failures}: {wait}");
        }
    }
}
