//! When a callback that was not taken is sent again.

use std::time::Duration;

use crate::clock::millis;

/// What the delays are counted from; no payment system's documents say it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RetryBase {
    /// The first attempt.
    First,
    /// The attempt before.
    #[default]
    Previous,
}

/// Delays between attempts.
#[derive(Clone, Debug)]
pub struct RetrySchedule {
    delays: Vec<Duration>,
    base: RetryBase,
    repeat_last: bool,
}

impl RetrySchedule {
    /// Fondy's own: 2, 60, 300, 600, 3600 and 86400 s, then it gives up.
    pub fn gateway() -> Self {
        Self::ending([2, 60, 300, 600, 3600, 86400].map(Duration::from_secs).to_vec())
    }

    /// These delays, then it gives up.
    pub fn ending(delays: Vec<Duration>) -> Self {
        Self {
            delays,
            base: RetryBase::default(),
            repeat_last: false,
        }
    }

    /// These delays, then the last one again and again until it is taken. An empty list never sends twice.
    pub fn repeating(delays: Vec<Duration>) -> Self {
        Self {
            repeat_last: true,
            ..Self::ending(delays)
        }
    }

    /// The same delays counted from another moment.
    pub fn counted_from(self, base: RetryBase) -> Self {
        Self { base, ..self }
    }

    /// The first delay: how long a callback that is reordered or delayed is held back.
    pub(crate) fn first_delay_ms(&self) -> u64 {
        self.delays.first().copied().map_or(2000, millis)
    }

    /// When to send after `made` attempts, or `None` to give up.
    pub(crate) fn next(&self, made: usize, first_ms: u64, now_ms: u64) -> Option<u64> {
        let index = made.saturating_sub(1);
        let beyond = self.repeat_last && index >= self.delays.len();
        let delay = if beyond {
            self.delays.last()
        } else {
            self.delays.get(index)
        }
        .copied()
        .map(millis)?;
        let from = match self.base {
            RetryBase::First if !beyond => first_ms,
            RetryBase::First | RetryBase::Previous => now_ms,
        };
        // Counted from the first attempt, a slow answer may have eaten the delay: then it is due at once.
        Some(from.saturating_add(delay).max(now_ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_follow_their_base_and_their_end() {
        let seconds = |list: &[u64]| list.iter().copied().map(Duration::from_secs).collect::<Vec<_>>();
        let table = [
            (RetrySchedule::gateway(), 1, Some(12_000)),
            (RetrySchedule::gateway(), 6, Some(86_410_000)),
            (RetrySchedule::gateway(), 7, None),
            (RetrySchedule::gateway().counted_from(RetryBase::First), 2, Some(60_000)),
            (RetrySchedule::gateway().counted_from(RetryBase::First), 1, Some(10_000)),
            (RetrySchedule::repeating(seconds(&[1, 5])), 9, Some(15_000)),
            (RetrySchedule::repeating(Vec::new()), 1, None),
        ];
        for (schedule, made, expected) in table {
            assert_eq!(schedule.next(made, 0, 10_000), expected, "{schedule:?} after {made}");
        }
    }
}
