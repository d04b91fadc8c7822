//! Requests under way: two at once for one register are an overlap.
//!
//! A client that gives up and at once sends its next request is no overlap, though the server may read the new request
//! an instant before it notices that the old connection is gone. So a pair is only suspected at first: it counts when
//! the older request is answered, or is still there after a grace period.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How long the end of a connection may go unnoticed.
const GRACE: Duration = Duration::from_millis(250);

#[derive(Default)]
pub(crate) struct Flights {
    last_id: u64,
    under_way: HashMap<u64, Vec<u64>>,
    suspects: Vec<Suspect>,
    counted: HashMap<u64, u64>,
}

struct Suspect {
    register: u64,
    older: u64,
    since: Instant,
}

/// How a request's handling ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Landing {
    /// The simulator answered or closed the connection itself.
    Ours,
    /// The client had gone.
    ClientGone,
}

/// Who counts the requests under way.
pub(crate) trait Tower: Clone {
    fn end(&self, register: u64, id: u64, landing: Landing);
}

/// A request's presence at its register, if it is one that is counted. Dropped without `land`, its client has gone.
pub(crate) struct Flight<T: Tower> {
    tower: T,
    id: Option<(u64, u64)>,
    gone: Gone,
}

/// Whether a request's client has gone.
#[derive(Clone, Default)]
pub(crate) struct Gone(Arc<AtomicBool>);

impl Gone {
    pub(crate) fn is_true(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    fn set(&self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

impl<T: Tower> Flight<T> {
    pub(crate) fn begun(tower: &T, flights: &mut Flights, register: Option<u64>) -> Self {
        Self {
            tower: tower.clone(),
            id: register.map(|register| (register, flights.begin(register))),
            gone: Gone::default(),
        }
    }

    pub(crate) fn gone(&self) -> Gone {
        self.gone.clone()
    }

    /// The answer is ready, or the connection is about to be closed by us.
    pub(crate) fn land(mut self) {
        self.end(Landing::Ours);
    }

    /// As `land`, when the request is yet to be carried out: its documents will be late.
    pub(crate) fn land_early(self) {
        self.gone.set();
        self.land();
    }

    fn end(&mut self, landing: Landing) {
        if let Some((register, id)) = self.id.take() {
            self.tower.end(register, id, landing);
        }
    }
}

impl<T: Tower> Drop for Flight<T> {
    fn drop(&mut self) {
        if self.id.is_some() {
            self.gone.set();
            self.end(Landing::ClientGone);
        }
    }
}

impl Flights {
    pub(crate) fn begin(&mut self, register: u64) -> u64 {
        self.last_id += 1;
        let others = self.under_way.entry(register).or_default();
        let since = Instant::now();
        self.suspects.extend(others.iter().map(|older| Suspect {
            register,
            older: *older,
            since,
        }));
        others.push(self.last_id);
        self.last_id
    }

    pub(crate) fn end(&mut self, register: u64, id: u64, landing: Landing) {
        if let Some(others) = self.under_way.get_mut(&register) {
            others.retain(|other| *other != id);
        }
        let (ended, open) = std::mem::take(&mut self.suspects)
            .into_iter()
            .partition(|suspect| suspect.older == id);
        self.suspects = open;
        let ended: Vec<Suspect> = ended;
        let overlaps = ended
            .iter()
            .filter(|suspect| landing == Landing::Ours || suspect.since.elapsed() > GRACE);
        for suspect in overlaps {
            *self.counted.entry(suspect.register).or_default() += 1;
        }
    }

    /// Requests of one register that are still being handled.
    pub(crate) fn under_way(&self, register: u64) -> usize {
        self.under_way.get(&register).map_or(0, Vec::len)
    }

    /// Overlaps of one register so far.
    pub(crate) fn overlaps(&self, register: u64) -> u64 {
        let lasting = self
            .suspects
            .iter()
            .filter(|suspect| suspect.register == register && suspect.since.elapsed() > GRACE);
        self.counted.get(&register).copied().unwrap_or(0) + lasting.count() as u64
    }

    /// Overlaps of all registers so far.
    pub(crate) fn total(&self) -> u64 {
        let lasting = self.suspects.iter().filter(|suspect| suspect.since.elapsed() > GRACE);
        self.counted.values().sum::<u64>() + lasting.count() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_after_the_answer_is_no_overlap() {
        let mut flights = Flights::default();
        let first = flights.begin(1);
        flights.end(1, first, Landing::Ours);
        let second = flights.begin(1);
        flights.end(1, second, Landing::Ours);
        assert_eq!(flights.total(), 0);
    }

    #[test]
    fn two_requests_for_one_register_are_an_overlap() {
        let mut flights = Flights::default();
        let first = flights.begin(1);
        flights.begin(1);
        flights.begin(2);
        flights.end(1, first, Landing::Ours);
        assert_eq!((flights.overlaps(1), flights.overlaps(2), flights.total()), (1, 0, 1));
    }

    #[test]
    fn a_client_that_had_left_does_not_overlap_with_its_next_request() {
        let mut flights = Flights::default();
        let first = flights.begin(1);
        flights.begin(1);
        flights.end(1, first, Landing::ClientGone);
        assert_eq!(flights.total(), 0);
    }
}
