//! A group of registers: what it accepted, what waits, what was printed.

use std::collections::{HashMap, VecDeque};

use bytes::Bytes;
use jiff::Timestamp;

use super::answer::Status;
use super::config::{GroupSetup, Version};
use super::document::{AcceptedDocument, FiscalNumbers, RecordedDocument, RegistrationError};
use super::operation::Operation;
use super::register::Register;
use super::state::instant;
use super::validate::Receipt;

pub(super) struct Group {
    pub setup: GroupSetup,
    pub registers: Vec<Register>,
    pub entries: Vec<Entry>,
    /// Entries that wait for a register, oldest first.
    pub waiting: VecDeque<usize>,
    /// No register takes a document before.
    pub paused_until_ms: u64,
    /// How far its work is done, on the simulator's clock.
    pub worked_until_ms: u64,
    pub documents: Vec<RecordedDocument>,
    pub polls: Polls,
    by_uuid: HashMap<String, usize>,
    by_external_id: HashMap<String, usize>,
}

/// A registration that was accepted.
pub(super) struct Entry {
    pub version: Version,
    pub operation: Operation,
    pub uuid: String,
    pub receipt: Receipt,
    pub accepted_ms: u64,
    pub stage: Stage,
    request: Bytes,
    repeats: u64,
    changed_repeats: u64,
}

pub(super) enum Stage {
    Waiting,
    AtRegister,
    Final(Final),
}

pub(super) struct Final {
    pub at_ms: u64,
    /// None when no register took it.
    pub device_code: Option<String>,
    pub outcome: Outcome,
}

pub(super) enum Outcome {
    Printed(FiscalNumbers),
    Failed {
        error: RegistrationError,
        /// Where the error's type has one.
        error_id: Option<String>,
    },
}

/// What a registration led to.
pub(super) enum Registered {
    New(String),
    Known(String),
}

impl Group {
    /// The group of this place among all, from 0.
    pub(super) fn new(setup: GroupSetup, place: usize, now_ms: u64) -> Self {
        let registers = (0..setup.registers.max(1)).map(|number| Register::new(place, number));
        Self {
            registers: registers.collect(),
            setup,
            entries: Vec::new(),
            waiting: VecDeque::new(),
            paused_until_ms: 0,
            worked_until_ms: now_ms,
            documents: Vec::new(),
            polls: Polls::default(),
            by_uuid: HashMap::new(),
            by_external_id: HashMap::new(),
        }
    }

    pub(super) fn knows(&self, external_id: &str) -> bool {
        self.by_external_id.contains_key(external_id)
    }

    pub(super) fn entry(&self, uuid: &str) -> Option<&Entry> {
        self.entries.get(*self.by_uuid.get(uuid)?)
    }

    pub(super) fn place(&self, uuid: &str) -> Option<usize> {
        self.by_uuid.get(uuid).copied()
    }

    /// Puts a document into the queue, unless its `external_id` is known: contents are not compared, but counted.
    pub(super) fn register(
        &mut self,
        (version, operation): (Version, Operation),
        receipt: Receipt,
        request: &Bytes,
        (uuid, now_ms): (String, u64),
    ) -> Registered {
        if let Some(entry) = self
            .by_external_id
            .get(&receipt.external_id)
            .and_then(|place| self.entries.get_mut(*place))
        {
            entry.repeats += 1;
            let same = entry.operation == operation && entry.request == request;
            entry.changed_repeats += u64::from(!same);
            return Registered::Known(entry.uuid.clone());
        }
        let place = self.entries.len();
        self.by_uuid.insert(uuid.clone(), place);
        self.by_external_id.insert(receipt.external_id.clone(), place);
        self.waiting.push_back(place);
        self.entries.push(Entry {
            version,
            operation,
            uuid: uuid.clone(),
            receipt,
            accepted_ms: now_ms,
            stage: Stage::Waiting,
            request: request.clone(),
            repeats: 0,
            changed_repeats: 0,
        });
        Registered::New(uuid)
    }

    pub(super) fn accepted(&self) -> Vec<AcceptedDocument> {
        self.entries.iter().map(|entry| entry.view(&self.setup)).collect()
    }
}

impl Entry {
    pub(super) fn status(&self) -> Status {
        match &self.stage {
            Stage::Waiting | Stage::AtRegister => Status::Wait,
            Stage::Final(end) => end.status(),
        }
    }

    fn view(&self, setup: &GroupSetup) -> AcceptedDocument {
        let (final_at, error): (Option<Timestamp>, _) = match &self.stage {
            Stage::Waiting | Stage::AtRegister => (None, None),
            Stage::Final(end) => (Some(instant(end.at_ms)), end.error()),
        };
        AcceptedDocument {
            group: setup.group_code.clone(),
            version: self.version,
            operation: self.operation,
            external_id: self.receipt.external_id.clone(),
            uuid: self.uuid.clone(),
            total: self.receipt.total,
            status: self.status(),
            error,
            accepted_at: instant(self.accepted_ms),
            final_at,
            repeats: self.repeats,
            changed_repeats: self.changed_repeats,
            callback_url: self.receipt.posted_to().map(str::to_owned),
        }
    }
}

impl Final {
    pub(super) fn status(&self) -> Status {
        match self.outcome {
            Outcome::Printed(_) => Status::Done,
            Outcome::Failed { .. } => Status::Fail,
        }
    }

    fn error(&self) -> Option<RegistrationError> {
        match self.outcome {
            Outcome::Printed(_) => None,
            Outcome::Failed { error, .. } => Some(error),
        }
    }
}

/// Requests for results: one a second for each register is allowed (sheet §6.2).
#[derive(Default)]
pub(super) struct Polls {
    recent_ms: VecDeque<u64>,
    pub too_fast: u64,
}

impl Polls {
    /// Whether this one is answered. One that is too fast is counted, and answered all the same unless `strict`.
    pub(super) fn take(&mut self, now_ms: u64, registers: usize, strict: bool) -> bool {
        while self
            .recent_ms
            .front()
            .is_some_and(|at| at.saturating_add(1000) <= now_ms)
        {
            self.recent_ms.pop_front();
        }
        let too_fast = self.recent_ms.len() >= registers;
        self.too_fast += u64::from(too_fast);
        let answered = !(too_fast && strict);
        if answered {
            self.recent_ms.push_back(now_ms);
        }
        answered
    }
}
