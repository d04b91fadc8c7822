//! Webhooks waiting for their time.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Serialize;

use crate::cashdesk::config::Config;
use crate::cashdesk::document::RecordedDocument;
use crate::cashdesk::instant;
use crate::cashdesk::switches::Switches;
use crate::clock::millis;

/// How far a webhook has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeliveryState {
    /// It will be posted, for the first time or again.
    Waiting,
    /// It is being posted.
    Sending,
    /// Answered with a 2xx.
    Taken,
    /// Not taken for a day.
    GivenUp,
}

/// One POST.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct DeliveryAttempt {
    /// When, on the simulator's clock.
    #[serde(serialize_with = "instant::serialize")]
    pub at: Timestamp,
    /// What was answered; None when nothing was.
    pub status: Option<u16>,
}

/// A webhook with all its attempts. A document that is announced again after its upload has two.
#[derive(Clone, Debug, Serialize)]
pub struct RecordedDelivery {
    /// The register.
    pub register: u64,
    /// CashDesk's id of the document.
    pub uuid: String,
    /// `check_type`.
    pub check_type: &'static str,
    /// `ORDERNUM`.
    pub ordernum: String,
    /// `local_number`.
    pub local_number: Option<u64>,
    /// How far it has come.
    pub state: DeliveryState,
    /// Every POST, duplicates included.
    pub attempts: Vec<DeliveryAttempt>,
    /// The document's place on the tape.
    #[serde(skip)]
    pub(super) place: usize,
    /// Times it was due and posted; a duplicate does not count.
    #[serde(skip)]
    pub(super) rounds: usize,
    #[serde(skip)]
    pub(super) first_ms: u64,
    #[serde(skip)]
    slot: Option<(u64, u64)>,
    /// Held back until the next one of its register has been posted.
    #[serde(skip)]
    held: bool,
}

#[derive(Default)]
pub(in crate::cashdesk) struct Outbox {
    pub(super) records: Vec<RecordedDelivery>,
    /// Due time, then the order of scheduling, then the record.
    due: BTreeSet<(u64, u64, usize)>,
    next_rank: u64,
}

impl Outbox {
    /// Takes a document up for posting, when the switches say.
    pub(in crate::cashdesk) fn add(
        &mut self,
        document: &RecordedDocument,
        place: usize,
        now_ms: u64,
        switches: &Switches,
        config: &Config,
    ) {
        let number = self.records.len();
        let waiting = |record: &RecordedDelivery| record.held && record.register == document.register;
        let overtaken = self.records.iter().position(waiting);
        let held = switches.webhook_reordered && overtaken.is_none();
        self.records.push(RecordedDelivery {
            register: document.register,
            uuid: document.uuid.to_string(),
            check_type: document.kind.name(),
            ordernum: document.ordernum.clone(),
            local_number: document.local_number,
            state: DeliveryState::Waiting,
            attempts: Vec::new(),
            place,
            rounds: 0,
            first_ms: 0,
            slot: None,
            held,
        });
        let due = now_ms.saturating_add(millis(switches.webhook_delay));
        // Should no other one follow, the held one leaves after the first gap.
        let patience = if held {
            config.webhook_schedule.first_delay_ms()
        } else {
            0
        };
        self.schedule(number, due.saturating_add(patience));
        if let Some(overtaken) = overtaken {
            self.schedule(overtaken, due);
            if let Some(record) = self.records.get_mut(overtaken) {
                record.held = false;
            }
        }
    }

    /// (Re)schedules a record behind those already due at the same moment.
    pub(super) fn schedule(&mut self, number: usize, due_ms: u64) {
        self.unschedule(number);
        let rank = self.next_rank;
        self.next_rank += 1;
        let Some(record) = self.records.get_mut(number) else {
            return;
        };
        record.state = DeliveryState::Waiting;
        record.slot = Some((due_ms, rank));
        self.due.insert((due_ms, rank, number));
    }

    fn unschedule(&mut self, number: usize) {
        if let Some((due_ms, rank)) = self.records.get_mut(number).and_then(|record| record.slot.take()) {
            self.due.remove(&(due_ms, rank, number));
        }
    }

    /// Removes up to `limit` records due at `now_ms`, in order; only those of one register if it is given.
    pub(super) fn take_due(&mut self, now_ms: u64, limit: usize, register: Option<u64>) -> Vec<usize> {
        let meant = |number: &usize| {
            let record = self.records.get(*number);
            register.is_none_or(|register| record.is_some_and(|record| record.register == register))
        };
        let due = self.due.iter().take_while(|(due_ms, ..)| *due_ms <= now_ms);
        let numbers: Vec<usize> = due.map(|(.., number)| *number).filter(meant).take(limit).collect();
        for number in &numbers {
            self.unschedule(*number);
            if let Some(record) = self.records.get_mut(*number) {
                record.state = DeliveryState::Sending;
                record.held = false;
            }
        }
        numbers
    }

    /// Makes everything that waits due now.
    pub(in crate::cashdesk) fn hurry(&mut self, now_ms: u64) {
        let waiting: Vec<usize> = self.due.iter().map(|(.., number)| *number).collect();
        for number in waiting {
            self.schedule(number, now_ms);
        }
    }

    pub(super) fn next_due_ms(&self) -> Option<u64> {
        self.due.first().map(|(due_ms, ..)| *due_ms)
    }

    pub(super) fn waiting(&self) -> usize {
        self.due.len()
    }

    /// Webhooks of one register, or of all, in the order in which they were made.
    pub(in crate::cashdesk) fn deliveries(&self, register: Option<u64>) -> Vec<RecordedDelivery> {
        let meant = |record: &&RecordedDelivery| register.is_none_or(|register| record.register == register);
        self.records.iter().filter(meant).cloned().collect()
    }
}
