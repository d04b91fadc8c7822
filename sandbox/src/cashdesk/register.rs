//! One register: its tape, its shifts, its box, and putting a document on the tape.

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::config::{Mode, RegisterSetup};
use super::document::{DocKind, Draft, RecordedDocument};
use super::refusal::{Ground, Refusal};
use super::world::World;

pub(super) struct Register {
    pub setup: RegisterSetup,
    pub key_ok: bool,
    /// Whether the tax service can be reached from here.
    pub tax_up: bool,
    pub webhook_url: Option<String>,
    /// What the box holds, in kopecks.
    pub cash: i64,
    pub documents: Vec<RecordedDocument>,
    /// Every shift so far; the last one is open while it was not closed.
    pub shifts: Vec<Shift>,
    /// Places of offline documents that the tax service does not have yet.
    pub queue: Vec<usize>,
    /// Places of documents that were made, or uploaded, and not yet announced.
    pub news: Vec<News>,
    /// The running offline session's id and the number of its last document.
    session: Option<(u64, u64)>,
    own_number: u64,
    last_at: Timestamp,
}

#[derive(Clone, Debug)]
pub(super) struct Shift {
    pub id: Uuid,
    pub opened_at: Timestamp,
    pub closed_at: Option<Timestamp>,
    /// What the box held at its start, in kopecks.
    pub cash_start: i64,
    pub offline: bool,
    /// Places on the tape.
    pub documents: Vec<usize>,
}

/// Something to announce.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct News {
    pub place: usize,
    pub uploaded: bool,
}

/// Which way a document goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    Online,
    Offline,
}

impl Register {
    pub(super) fn new(setup: RegisterSetup, tax_up: bool) -> Self {
        Self {
            key_ok: setup.key_ok,
            tax_up,
            webhook_url: setup.webhook_url.clone(),
            cash: setup.cash_in_box_kopecks,
            documents: Vec::new(),
            shifts: Vec::new(),
            queue: Vec::new(),
            news: Vec::new(),
            session: None,
            own_number: 0,
            last_at: Timestamp::MIN,
            setup,
        }
    }

    pub(super) fn open_shift(&self) -> Option<&Shift> {
        self.shifts.last().filter(|shift| shift.closed_at.is_none())
    }

    /// Documents of a shift, in order.
    pub(super) fn of_shift<'a>(&'a self, shift: &'a Shift) -> impl Iterator<Item = &'a RecordedDocument> {
        shift.documents.iter().filter_map(|place| self.documents.get(*place))
    }

    /// Now on this register's tape: never before its last document.
    pub(super) fn now(&self, world: &World) -> Timestamp {
        world.now().max(self.last_at)
    }

    /// The way the next document goes, or why there can be none.
    pub(super) fn line(&self) -> Result<Line, Refusal> {
        if !self.key_ok {
            return Err(Refusal::new(Ground::NoLink, "Ключ підпису касира не знайдено"));
        }
        match (self.tax_up, self.setup.mode) {
            (true, Mode::Cloud | Mode::SmartConnect) => Ok(Line::Online),
            (false, Mode::SmartConnect) => Ok(Line::Offline),
            (false, Mode::Cloud) => Err(Refusal::new(
                Ground::NoLink,
                "Немає зв'язку з сервером податкової служби",
            )),
        }
    }

    /// Hands queued offline documents to the tax service, where it can be reached.
    pub(super) fn upload(&mut self) {
        if !self.tax_up {
            return;
        }
        for place in std::mem::take(&mut self.queue) {
            if let Some(document) = self.documents.get_mut(place) {
                document.uploaded = true;
                self.news.push(News { place, uploaded: true });
            }
        }
        self.session = None;
    }

    /// Puts a document on the tape and returns its place. A shift's opening makes the shift, a Z-report closes it.
    pub(super) fn issue(&mut self, world: &mut World, line: Line, draft: Draft) -> usize {
        if line == Line::Online {
            self.upload();
        }
        let at = self.now(world);
        self.last_at = at;
        let place = self.documents.len();
        if draft.kind == DocKind::OpenShift {
            self.shifts.push(Shift {
                id: Uuid::new_v4(),
                opened_at: at,
                closed_at: None,
                cash_start: self.cash,
                offline: line == Line::Offline,
                documents: Vec::new(),
            });
        }
        let document = self.recorded(world, line, at, draft);
        if let Some(shift) = self.shifts.last_mut() {
            shift.documents.push(place);
            if document.kind == DocKind::ZReport {
                shift.closed_at = Some(at);
            }
        }
        if document.offline {
            self.queue.push(place);
        }
        self.documents.push(document);
        self.news.push(News { place, uploaded: false });
        place
    }

    fn recorded(&mut self, world: &mut World, line: Line, at: Timestamp, draft: Draft) -> RecordedDocument {
        self.own_number += 1;
        let offline_id = (line == Line::Offline).then(|| self.next_offline(world));
        let ordernum = offline_id.clone().unwrap_or_else(|| world.next_fiscal());
        let cash = draft.cash();
        self.cash += draft.kind.cash_sign() * cash;
        let previous = self.documents.last().map_or("", |document| document.hash.as_str());
        let signed = format!("{previous} {} {ordernum} {at} {}", draft.kind.name(), draft.sum_kopecks);
        RecordedDocument {
            register: self.setup.num_fiscal,
            kind: draft.kind,
            ordernum,
            uuid: Uuid::new_v4(),
            local_number: draft.local_number,
            at,
            sum_kopecks: draft.sum_kopecks,
            cash_kopecks: cash,
            cashless_kopecks: draft.sum_kopecks - cash,
            round_kopecks: draft.round_kopecks,
            global_discount_kopecks: draft.global_discount_kopecks,
            products: draft.products,
            payments: draft.payments,
            taxes: draft.taxes,
            footer: draft.footer,
            offline: offline_id.is_some(),
            uploaded: offline_id.is_none(),
            offline_id,
            foreign: draft.foreign,
            late: false,
            shift: self.shifts.len().saturating_sub(1),
            cash_in_box_kopecks: self.cash,
            hash: hex(&Sha256::digest(signed)),
            own_number: self.own_number,
        }
    }

    /// `session.number.control`.
    fn next_offline(&mut self, world: &mut World) -> String {
        let (session, last) = self.session.get_or_insert_with(|| (world.next_session(), 0));
        *last += 1;
        format!("{session}.{last}.{}", (*session * 7 + *last * 13) % 10_000)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
