//! A short breaker per provider address: when a connection fails, the other registers there are not
//! tried for a moment, so that an outage is not met by a stampede.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Which addresses are left alone, and until when.
#[derive(Default)]
pub(crate) struct Breaker {
    open: Mutex<HashMap<String, Instant>>,
}

impl Breaker {
    /// Leaves `address` alone for `pause`.
    pub fn trip(&self, address: &str, pause: Duration) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, until| *until > Instant::now());
        open.insert(address.to_owned(), Instant::now() + pause);
    }

    /// How long `address` is still left alone.
    pub fn rest(&self, address: &str) -> Option<Duration> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.get(address)
            .and_then(|until| until.checked_duration_since(Instant::now()))
            .filter(|rest| !rest.is_zero())
    }

    /// `address` answered.
    pub fn close(&self, address: &str) {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).remove(address);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tripped_address_rests_and_its_answer_ends_that() {
        let breaker = Breaker::default();
        breaker.trip("a", Duration::from_secs(60));
        assert!(breaker.rest("a").is_some());
        assert!(breaker.rest("b").is_none());
        breaker.close("a");
        assert!(breaker.rest("a").is_none());
    }
}
