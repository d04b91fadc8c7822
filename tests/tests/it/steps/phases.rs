//! Where a process died, as seen from outside. How many awaits have to wait depends on the
//! machine's mood, so a number is no place; these are, and each must have been met.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use super::scene::{Act, Stage};

/// How far the pipeline was, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// The event may be stored; no document is made of it.
    Unplanned,
    /// The document is made, no intent is committed.
    Ready,
    /// The intent is committed; nothing is at the provider.
    Intended,
    /// The provider has it; the outcome is not committed.
    AtProvider,
    /// The outcome is committed.
    Done,
}

const ALL: [Phase; 5] = [
    Phase::Unplanned,
    Phase::Ready,
    Phase::Intended,
    Phase::AtProvider,
    Phase::Done,
];

impl Phase {
    /// How far it is now.
    pub async fn of(stage: &Stage, act: &Act) -> Self {
        // The tape first: what is not on it now may still come, and then counts as intended.
        let at_provider = stage.shop.till.papers().len() > act.receipts_before();
        let documents = stage.bed.documents(&act.order).await;
        match documents
            .get(act.documents_before)
            .map(|document| document.state.as_str())
        {
            None => Self::Unplanned,
            Some("ready" | "waiting") => Self::Ready,
            Some("registered") => Self::Done,
            Some(_) if at_provider => Self::AtProvider,
            Some(_) => Self::Intended,
        }
    }
}

/// How often each phase was met.
#[derive(Default)]
pub struct Phases(Mutex<BTreeMap<Phase, usize>>);

impl Phases {
    pub fn note(&self, phase: Phase) {
        *self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(phase)
            .or_default() += 1;
    }

    /// Each was met.
    pub fn complete(&self) -> bool {
        let met = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ALL.iter().all(|phase| met.contains_key(phase))
    }
}

impl fmt::Display for Phases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
