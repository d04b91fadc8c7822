//! When a bell is due.

use std::time::{SystemTime, UNIX_EPOCH};

/// How far ahead of the present [`Due::First`] is placed, in milliseconds.
const FIRST_AHEAD_MS: i64 = 60 * 60 * 1000;

/// Scores are doubles in Redis: whole numbers stay exact only up to here.
const LATEST_MS: i64 = (1 << 53) - 1;

/// When a bell is due. Of several rings for one id the earliest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// As soon as a worker is free, after those that are due already (or before them: a worker
    /// takes from both ends in turn).
    Now,
    /// Ahead of everything that became due within the last hour: for a register that was idle, so
    /// that it does not queue behind the busy ones.
    First,
    /// Not before this time, in unix milliseconds. A time in the past is [`Due::Now`].
    At(i64),
}

impl Due {
    pub(crate) fn score(self, now_ms: i64) -> i64 {
        match self {
            Self::Now => now_ms,
            Self::First => now_ms.saturating_sub(FIRST_AHEAD_MS),
            Self::At(at_ms) => at_ms.clamp(0, LATEST_MS),
        }
    }
}

/// The present in unix milliseconds.
pub(crate) fn now_ms() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_millis()).ok())
        .unwrap_or(0)
}

/// One bell on its way: the id and its due time in unix milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bell {
    pub(crate) id: String,
    pub(crate) due_ms: i64,
}

/// What one pop brought.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Popped {
    pub(crate) bells: Vec<Bell>,
    /// Due time of the next bell that is not due yet.
    pub(crate) next_due_ms: Option<i64>,
}

/// How many bells to take from each end of what is due.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Share {
    pub(crate) oldest: usize,
    pub(crate) newest: usize,
}

impl Share {
    /// Half and half; the odd one goes to the end whose turn it is, so that pops of one bell
    /// alternate.
    pub(crate) fn of(count: usize, newest_turn: bool) -> Self {
        let (less, more) = (count / 2, count - count / 2);
        match newest_turn {
            true => Self {
                oldest: less,
                newest: more,
            },
            false => Self {
                oldest: more,
                newest: less,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn due_times_become_scores_that_redis_keeps_exactly() {
        for (due, score) in [
            (Due::Now, 5_000_000),
            (Due::First, 1_400_000),
            (Due::At(7), 7),
            (Due::At(-1), 0),
            (Due::At(i64::MAX), 9_007_199_254_740_991),
        ] {
            assert_eq!(due.score(5_000_000), score, "{due:?}");
        }
    }

    #[test]
    fn pops_of_one_bell_alternate_between_the_ends() {
        for (count, newest_turn, oldest, newest) in [
            (1, false, 1, 0),
            (1, true, 0, 1),
            (5, false, 3, 2),
            (5, true, 2, 3),
            (4, true, 2, 2),
        ] {
            let share = Share::of(count, newest_turn);
            assert_eq!((share.oldest, share.newest), (oldest, newest));
        }
    }
}
