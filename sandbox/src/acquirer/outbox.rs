//! Callbacks waiting for their time. Every operation costs O(log n) of what is really open.

use std::collections::{BTreeSet, VecDeque};

use super::callback::Attempt;
use super::fault::CallbackFault;
use super::fields::Fields;
use super::payment::{Payment, PaymentId, Stage};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Waiting,
    Sending,
    Acknowledged,
    GivenUp,
    /// Handed to a test that posts it itself.
    Taken,
}

pub(super) struct Record {
    pub(super) payment: PaymentId,
    pub(super) url: Option<String>,
    pub(super) fields: Fields,
    pub(super) fault: Option<CallbackFault>,
    pub(super) stage: Stage,
    pub(super) refunded: u64,
    pub(super) attempts: usize,
    pub(super) first_ms: u64,
    pub(super) phase: Phase,
    /// Its place among the due ones.
    slot: Option<(u64, u64)>,
}

impl Record {
    pub(super) fn new(payment: &Payment, fields: Fields, fault: Option<CallbackFault>) -> Self {
        Self {
            payment: payment.id,
            url: payment.callback_url.clone(),
            fields,
            fault,
            stage: payment.stage,
            refunded: payment.refunded(),
            attempts: 0,
            first_ms: 0,
            phase: Phase::Waiting,
            slot: None,
        }
    }

    /// Held back to let the next snapshot overtake it.
    pub(super) fn is_held_for_reordering(&self) -> bool {
        self.fault == Some(CallbackFault::Reorder) && self.attempts == 0 && self.phase == Phase::Waiting
    }
}

#[derive(Default)]
pub(super) struct Outbox {
    records: Vec<Record>,
    /// Due time, then the order of scheduling, then the record.
    due: BTreeSet<(u64, u64, usize)>,
    untaken: VecDeque<usize>,
    next_rank: u64,
    sending: usize,
    pub(super) attempts: Vec<Attempt>,
}

impl Outbox {
    /// Keeps a record; it is sent only once scheduled.
    pub(super) fn add(&mut self, record: Record) -> usize {
        let id = self.records.len();
        self.records.push(record);
        self.untaken.push_back(id);
        id
    }

    pub(super) fn get(&self, id: usize) -> Option<&Record> {
        self.records.get(id)
    }

    pub(super) fn get_mut(&mut self, id: usize) -> Option<&mut Record> {
        self.records.get_mut(id)
    }

    /// (Re)schedules a record behind those already due at the same moment.
    pub(super) fn schedule(&mut self, id: usize, due_ms: u64) {
        self.unschedule(id);
        self.enter(id, Phase::Waiting);
        let rank = self.next_rank;
        self.next_rank += 1;
        if let Some(record) = self.records.get_mut(id) {
            record.slot = Some((due_ms, rank));
            self.due.insert((due_ms, rank, id));
        }
    }

    pub(super) fn enter(&mut self, id: usize, phase: Phase) {
        let Some(record) = self.records.get_mut(id) else { return };
        self.sending -= usize::from(record.phase == Phase::Sending);
        self.sending += usize::from(phase == Phase::Sending);
        record.phase = phase;
    }

    fn unschedule(&mut self, id: usize) {
        if let Some((due_ms, rank)) = self.records.get_mut(id).and_then(|record| record.slot.take()) {
            self.due.remove(&(due_ms, rank, id));
        }
    }

    /// Removes up to `limit` records due at `now_ms`, in order.
    pub(super) fn take_due(&mut self, now_ms: u64, limit: usize) -> Vec<usize> {
        let due = self.due.iter().take_while(|(due_ms, ..)| *due_ms <= now_ms);
        let ids: Vec<usize> = due.take(limit).map(|(.., id)| *id).collect();
        for id in &ids {
            self.unschedule(*id);
            self.enter(*id, Phase::Sending);
        }
        ids
    }

    pub(super) fn next_due_ms(&self) -> Option<u64> {
        self.due.first().map(|(due_ms, ..)| *due_ms)
    }

    pub(super) fn waiting(&self) -> usize {
        self.due.len()
    }

    pub(super) fn sending(&self) -> usize {
        self.sending
    }

    /// Everything made since the last call and not yet finished; it will not be sent any more.
    pub(super) fn take_all(&mut self) -> Vec<usize> {
        let mut taken = Vec::new();
        while let Some(id) = self.untaken.pop_front() {
            if self.get(id).is_some_and(|record| record.phase == Phase::Waiting) {
                self.unschedule(id);
                self.enter(id, Phase::Taken);
                taken.push(id);
            }
        }
        taken
    }
}
