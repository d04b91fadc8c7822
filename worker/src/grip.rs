//! Holding on to a register: its lease, and how much of it is left.

use std::time::Instant;

use ledger::LedgerError;
use ledger::leases::Lease;

use crate::state::WorkerState;

/// A lease and when it was last extended.
pub(crate) struct Grip<'a> {
    pub state: &'a WorkerState,
    pub lease: Lease,
    renewed: Instant,
}

impl<'a> Grip<'a> {
    /// A lease that was asked for at `asked`.
    pub fn new(state: &'a WorkerState, lease: Lease, asked: Instant) -> Self {
        Self {
            state,
            lease,
            renewed: asked,
        }
    }

    /// Makes sure that a provider's call that begins now fits into what is left of the lease; to be
    /// asked before every single one. False: the lease is lost, or the ledger is too slow to tell.
    pub async fn keep(&mut self) -> Result<bool, LedgerError> {
        if self.room_for_call() && self.renewed.elapsed() < self.state.times.lease / 3 {
            return Ok(true);
        }
        let asked = Instant::now();
        let kept = self
            .state
            .ledger
            .renew_lease(&self.lease, self.state.times.lease)
            .await?;
        if kept {
            self.renewed = asked;
        }
        Ok(kept && self.room_for_call())
    }

    /// The lease was extended to its full length by something asked for at `asked`.
    pub fn extended(&mut self, asked: Instant) {
        self.renewed = asked;
    }

    /// May the request leave whose intent was just committed? It must end inside the lease, and it
    /// must leave soon: a doubt about it counts from the intent, so a request that left much later
    /// might still be carried out when it is believed absent.
    pub fn may_leave(&self) -> bool {
        self.room_for_call() && self.renewed.elapsed() <= self.state.times.call_timeout / 4
    }

    /// Would a call that begins now end inside the lease?
    fn room_for_call(&self) -> bool {
        self.renewed.elapsed() + self.state.times.call_timeout < self.state.times.lease
    }
}
