//! How fast results may be asked for: a provider that tells them later limits the questions about one register. The
//! lease lets one process ask at a time, so what this one remembers is enough; after another process's turn one
//! question may come a moment early, which costs an answer.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::ids::RegisterId;

/// When each register was last asked for a result. As large as the registers themselves.
#[derive(Default)]
pub(crate) struct Pace(Mutex<HashMap<RegisterId, Instant>>);

impl Pace {
    /// A question begins now.
    pub fn asking(&self, register: &RegisterId) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(register.clone(), Instant::now());
    }

    /// How long the next question has to wait; `None`: it may begin.
    pub fn rest(&self, register: &RegisterId, pace: Duration) -> Option<Duration> {
        let asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let rest = pace.checked_sub(asked.get(register)?.elapsed())?;
        (!rest.is_zero()).then_some(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_register_that_was_just_asked_rests_and_others_do_not() {
        let pace = Pace::default();
        let till = |id| RegisterId::parse(id).unwrap();
        let long = Duration::from_secs(3600);
        assert_eq!(pace.rest(&till("a"), long), None);
        pace.asking(&till("a"));
        assert!(pace.rest(&till("a"), long).is_some_and(|rest| rest <= long));
        assert_eq!(pace.rest(&till("b"), long), None);
        assert_eq!(pace.rest(&till("a"), Duration::ZERO), None);
    }
}
