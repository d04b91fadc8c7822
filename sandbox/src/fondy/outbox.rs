//! Callbacks waiting for their time. Every operation costs O(log n) of what is really open.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use super::callback::{Attempt, Callback, CallbackId};
use super::fault::Fault;
use super::message::Message;
use super::order::Order;
use super::{Hold, OrderRef, Status};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Waiting,
    Sending,
    Acknowledged,
    GivenUp,
    /// Handed to a test that posts it itself.
    Taken,
}

#[derive(Debug)]
pub(super) struct Record {
    pub(super) order: usize,
    pub(super) key: OrderRef,
    pub(super) url: Option<String>,
    pub(super) message: Arc<Message>,
    pub(super) fault: Option<Fault>,
    pub(super) status: Status,
    pub(super) hold: Hold,
    pub(super) reversed: u64,
    pub(super) attempts: usize,
    pub(super) first_ms: u64,
    pub(super) phase: Phase,
    /// Its place among the due ones.
    slot: Option<(u64, u64)>,
}

impl Record {
    /// A record of `order`, number `index`, as it is now.
    pub(super) fn new(index: usize, order: &Order, message: Message) -> Self {
        Self {
            order: index,
            key: order.key.clone(),
            url: order.terms.callback_url.clone(),
            message: Arc::new(message),
            fault: None,
            status: order.status,
            hold: order.hold,
            reversed: order.reversed,
            attempts: 0,
            first_ms: 0,
            phase: Phase::Waiting,
            slot: None,
        }
    }

    /// Held back to let the next snapshot overtake it.
    pub(super) fn is_held_for_reordering(&self) -> bool {
        self.fault == Some(Fault::Reorder) && self.attempts == 0 && self.phase == Phase::Waiting
    }
}

#[derive(Debug, Default)]
pub(super) struct Outbox {
    records: Vec<Record>,
    /// Due time, then the order of scheduling, then the record.
    due: BTreeSet<(u64, u64, usize)>,
    untaken: VecDeque<usize>,
    next_rank: u64,
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
        let Some(record) = self.records.get_mut(id) else { return };
        let rank = self.next_rank;
        self.next_rank += 1;
        record.phase = Phase::Waiting;
        record.slot = Some((due_ms, rank));
        self.due.insert((due_ms, rank, id));
    }

    fn unschedule(&mut self, id: usize) {
        if let Some((due_ms, rank)) = self.records.get_mut(id).and_then(|record| record.slot.take()) {
            self.due.remove(&(due_ms, rank, id));
        }
    }

    /// Removes up to `limit` records due at `now_ms`, in order.
    pub(super) fn take_due(&mut self, now_ms: u64, limit: usize) -> Vec<usize> {
        let ids: Vec<usize> = self
            .due
            .iter()
            .take_while(|(due_ms, ..)| *due_ms <= now_ms)
            .take(limit)
            .map(|(.., id)| *id)
            .collect();
        for id in &ids {
            self.unschedule(*id);
            if let Some(record) = self.records.get_mut(*id) {
                record.phase = Phase::Sending;
            }
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
        let sending = |record: &&Record| record.phase == Phase::Sending;
        self.records.iter().filter(sending).count()
    }

    /// Hands out everything made since the last call and not yet finished; it will not be sent any more.
    pub(super) fn take_all(&mut self) -> Vec<Callback> {
        let mut taken = Vec::new();
        while let Some(id) = self.untaken.pop_front() {
            let open = self.get(id).is_some_and(|record| record.phase == Phase::Waiting);
            if !open {
                continue;
            }
            self.unschedule(id);
            if let Some(record) = self.records.get_mut(id) {
                record.phase = Phase::Taken;
            }
            taken.extend(self.view(id));
        }
        taken
    }

    pub(super) fn view(&self, id: usize) -> Option<Callback> {
        let record = self.get(id)?;
        let signed = record.message.clean();
        Some(Callback {
            id: CallbackId(id),
            order: record.key.clone(),
            url: record.url.clone(),
            content_type: signed.content_type,
            body: signed.body,
            attempts: record.attempts,
            acknowledged: record.phase == Phase::Acknowledged,
            finished: match record.phase {
                Phase::Waiting | Phase::Sending => false,
                Phase::Acknowledged | Phase::GivenUp | Phase::Taken => true,
            },
            status: record.status,
            hold: record.hold,
            reversed: record.reversed,
        })
    }
}
