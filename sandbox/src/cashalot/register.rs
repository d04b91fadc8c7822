//! One registrar: its tape, its shifts, and putting a document on the tape.

use std::collections::HashMap;

use jiff::Timestamp;

use super::config::RegisterSetup;
use super::control_number::Signs;
use super::document::{Draft, RecordedDocument};
use super::offline::Session;
use super::totals::Totals;
use super::wire::{Answer, DocType, WorkMode};
use super::world::{OperatorId, World};
use super::xml;

pub(super) struct Register {
    pub setup: RegisterSetup,
    pub operators: Vec<OperatorId>,
    pub work_mode: WorkMode,
    pub send_to_cabinet: bool,
    pub licence_expires: Option<Timestamp>,
    pub next_local: u64,
    /// Every shift so far; the last one is open while it has no closing.
    pub shifts: Vec<Shift>,
    /// None before the first online shift opening, and where offline work is not permitted.
    pub session: Option<Session>,
    /// Every session id ever issued to this registrar.
    pub session_ids: Vec<u64>,
    /// Offline minutes of the finished sessions of `month`.
    pub monthly_minutes: i64,
    pub month: (i16, i8),
    pub documents: Vec<RecordedDocument>,
    /// Documents that `Cleanup(Remove=true)` threw away.
    pub lost: Vec<RecordedDocument>,
    /// Positions of offline documents the tax service does not have yet.
    pub undelivered: Vec<usize>,
    pub by_number: HashMap<String, usize>,
    pub desync: Option<Desync>,
    pub knobs: Knobs,
    last_at: Timestamp,
}

/// Switches of the control channel that outlive a single request.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Knobs {
    pub package_refused: bool,
    pub close_on_cleanup: bool,
    /// One shot: the Z-report of the next closing succeeds, its closing document does not.
    pub close_fails: bool,
    /// One shot: the next check is registered online, its answer is lost on the way to Cashälot.
    pub lose_registered: bool,
}

/// Cashälot's own view of the register no longer equals the tax service's.
pub(super) struct Desync {
    pub kind: DesyncKind,
    /// What `TransactionsRegistrarState` keeps showing until a clean-up.
    pub stale_state: Answer,
}

/// What the next document command is refused with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DesyncKind {
    /// `InconsistentRegistrarState`.
    Inconsistent,
    /// `CheckLocalNumberInvalid`.
    LocalNumber,
}

#[derive(Clone, Debug)]
pub(super) struct Shift {
    pub id: u64,
    pub open_num: String,
    pub opened_at: Timestamp,
    pub opened_by: OperatorId,
    pub first_local: u64,
    pub testing: bool,
    pub totals: Totals,
    pub z_num: Option<String>,
    pub closing: Option<Closing>,
    /// Positions on the tape.
    pub documents: Vec<usize>,
}

#[derive(Clone, Debug)]
pub(super) struct Closing {
    pub num: String,
    pub at: Timestamp,
    pub by: OperatorId,
}

/// Which way a document goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    Online,
    Offline,
}

impl Register {
    pub(super) fn new(setup: RegisterSetup, operator: OperatorId) -> Self {
        Self {
            operators: vec![operator],
            work_mode: WorkMode::Normal,
            send_to_cabinet: false,
            licence_expires: setup.licence_expires,
            next_local: setup.first_local,
            shifts: Vec::new(),
            session: None,
            session_ids: Vec::new(),
            monthly_minutes: 0,
            month: (0, 0),
            documents: Vec::new(),
            lost: Vec::new(),
            undelivered: Vec::new(),
            by_number: HashMap::new(),
            desync: None,
            knobs: Knobs::default(),
            last_at: Timestamp::MIN,
            setup,
        }
    }

    pub(super) fn open_shift(&self) -> Option<&Shift> {
        self.shifts.last().filter(|shift| shift.closing.is_none())
    }

    pub(super) fn open_shift_mut(&mut self) -> Option<&mut Shift> {
        self.shifts.last_mut().filter(|shift| shift.closing.is_none())
    }

    pub(super) fn document(&self, num_fiscal: &str) -> Option<&RecordedDocument> {
        self.by_number
            .get(num_fiscal)
            .and_then(|position| self.documents.get(*position))
    }

    /// The position of the last document that was not revoked.
    pub(super) fn last_document(&self) -> Option<usize> {
        self.documents.iter().rposition(|document| !document.revoked)
    }

    /// Now on this register's tape: never before its last document.
    pub(super) fn now(&self, world: &World) -> Timestamp {
        world.now().max(self.last_at)
    }

    /// Puts a document on the tape, numbered for its line, and returns its position.
    pub(super) fn issue(&mut self, world: &mut World, line: Line, draft: Draft) -> usize {
        let at = self.now(world);
        self.last_at = at;
        let num_local = self.next_local;
        self.next_local += 1;
        let previous_hash = match line {
            Line::Online => None,
            Line::Offline => self.session.as_ref().and_then(|session| session.hash_before(&draft)),
        };
        let num_fiscal = match line {
            Line::Online => world.next_fiscal(),
            Line::Offline => self.next_offline_number(at, num_local, &draft, previous_hash.as_deref()),
        };
        let position = self.documents.len();
        self.by_number.insert(num_fiscal.clone(), position);
        let mut document = self.recorded(draft, num_fiscal, num_local, at, line);
        document.previous_hash = previous_hash;
        if line == Line::Offline {
            document.hash = Some(xml::hash(&self.setup, &document, world.config.xml_encoding));
            self.undelivered.push(position);
            if let Some(session) = &mut self.session {
                session.note(&document);
            }
        }
        if let Some(shift) = self.open_shift_mut() {
            shift.documents.push(position);
        }
        self.documents.push(document);
        position
    }

    /// Puts a shift opening on the tape; it is the first document of the new shift.
    pub(super) fn issue_opening(&mut self, world: &mut World, line: Line, by: OperatorId, draft: Draft) -> usize {
        let (first_local, testing) = (self.next_local, draft.testing);
        let position = self.issue(world, line, draft);
        let id = world.next_shift();
        if let Some(document) = self.documents.get_mut(position) {
            document.shift_id = Some(id);
            self.shifts.push(Shift {
                id,
                open_num: document.num_fiscal.clone(),
                opened_at: document.at,
                opened_by: by,
                first_local,
                testing,
                totals: Totals::default(),
                z_num: None,
                closing: None,
                documents: vec![position],
            });
        }
        if line == Line::Online && self.setup.offline_supported {
            self.start_session(world);
        }
        position
    }

    /// Puts the Z-report of the open shift on the tape.
    pub(super) fn issue_z_report(&mut self, world: &mut World, line: Line, cashier: &str) -> usize {
        let (totals, testing) = match self.open_shift() {
            Some(shift) => (shift.totals.to_answer().to_json(), shift.testing),
            None => (Totals::default().to_answer().to_json(), false),
        };
        let position = self.issue(world, line, Draft::z_report(totals, cashier).testing(testing));
        let number = self.documents.get(position).map(|document| document.num_fiscal.clone());
        if let Some(shift) = self.open_shift_mut() {
            shift.z_num = number;
        }
        position
    }

    /// Puts the closing of the open shift on the tape.
    pub(super) fn issue_closing(&mut self, world: &mut World, line: Line, by: OperatorId, draft: Draft) -> usize {
        let position = self.issue(world, line, draft);
        let closing = self.documents.get(position).map(|document| Closing {
            num: document.num_fiscal.clone(),
            at: document.at,
            by,
        });
        if let Some(shift) = self.open_shift_mut() {
            shift.closing = closing;
        }
        position
    }

    /// A draft of the closing document of the open shift.
    pub(super) fn closing_draft(&self, cashier: &str) -> Draft {
        let testing = self.open_shift().is_some_and(|shift| shift.testing);
        Draft::service(DocType::CloseShift, cashier).testing(testing)
    }

    fn recorded(
        &self,
        draft: Draft,
        num_fiscal: String,
        num_local: u64,
        at: Timestamp,
        line: Line,
    ) -> RecordedDocument {
        RecordedDocument {
            register: self.setup.num_fiscal,
            num_fiscal,
            num_local,
            class: draft.class,
            doc_type: draft.doc_type,
            doc_sub_type: draft.doc_sub_type,
            at,
            sum_kopecks: draft.sum_kopecks,
            comment: draft.comment,
            ret_num: draft.ret_num,
            storno_num: draft.storno_num,
            check: draft.check,
            offline: line == Line::Offline,
            delivered: line == Line::Online,
            revoked: false,
            storned: false,
            shift_id: self.open_shift().map(|shift| shift.id),
            foreign: draft.foreign,
            late: false,
            testing: draft.testing,
            cashier: draft.cashier,
            previous_hash: None,
            hash: None,
            revokes_last_online: draft.revokes_last_online,
        }
    }

    fn next_offline_number(&mut self, at: Timestamp, num_local: u64, draft: &Draft, previous: Option<&str>) -> String {
        let Some(session) = &mut self.session else {
            // `offline::line` lets nothing go offline without a session.
            return format!("0.{num_local}.1");
        };
        let signs = Signs {
            seed: session.seed,
            at,
            num_local,
            register: self.setup.num_fiscal,
            register_local: self.setup.num_local,
            total: draft.total(),
            previous_hash: previous,
        };
        let number = format!("{}.{}.{}", session.id, session.next_n, signs.control_number());
        session.next_n += 1;
        number
    }
}
