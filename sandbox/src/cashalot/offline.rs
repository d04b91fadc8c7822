//! Offline sessions: going offline, coming back, and the limits of both (sheet §8.3, §11.6, §11.10).

use std::collections::HashSet;

use jiff::Timestamp;

use super::document::{Draft, RecordedDocument};
use super::register::{Line, Register, Shift};
use super::wire::{Code, DocType, Refusal, WorkMode};
use super::world::World;
use crate::kyiv;

/// 36 hours.
pub(super) const SESSION_LIMIT_MINUTES: i64 = 36 * 60;
/// 168 hours.
pub(super) const MONTH_LIMIT_MINUTES: i64 = 168 * 60;

/// The current offline session, or the next one while work is online.
pub(super) struct Session {
    pub id: u64,
    pub seed: u64,
    pub next_n: u64,
    pub begun: Option<Begun>,
}

/// A session that has its `OfflineBegin`.
pub(super) struct Begun {
    pub at: Timestamp,
    last_financial: Option<Timestamp>,
    /// The hash of the session's last document in the chain.
    hash: Option<String>,
    /// The register as the tax service knows it, in case the session's documents are thrown away.
    before: Before,
    /// The position of the online twin to revoke on delivery.
    twin: Option<usize>,
    /// The last try to deliver it was refused.
    refused: bool,
}

struct Before {
    next_local: u64,
    documents: usize,
    shifts: usize,
    last_shift: Option<Shift>,
}

impl Session {
    pub(super) fn minutes(&self) -> i64 {
        let Some(begun) = &self.begun else { return 0 };
        begun.last_financial.map_or(0, |last| minutes_between(begun.at, last))
    }

    /// `PREVDOCHASH` for a draft: begin and end of a session stand outside the chain.
    pub(super) fn hash_before(&self, draft: &Draft) -> Option<String> {
        if is_bracket(draft.doc_type) {
            None
        } else {
            self.begun.as_ref().and_then(|begun| begun.hash.clone())
        }
    }

    /// Takes a document of the session into its duration and its hash chain.
    pub(super) fn note(&mut self, document: &RecordedDocument) {
        let Some(begun) = &mut self.begun else { return };
        if document.is_financial() {
            begun.last_financial = Some(document.at);
        }
        if !is_bracket(document.doc_type) {
            begun.hash.clone_from(&document.hash);
        }
    }
}

fn is_bracket(doc_type: Option<DocType>) -> bool {
    matches!(doc_type, Some(DocType::OfflineBegin | DocType::OfflineEnd))
}

fn minutes_between(from: Timestamp, to: Timestamp) -> i64 {
    to.duration_since(from).as_mins()
}

impl Register {
    /// Which way the next document goes (sheet §11.2 step 8). Changes nothing.
    pub(super) fn line(&self, world: &World) -> Result<Line, Refusal> {
        if self.package_refused() {
            let message = "Пакет офлайн документів відхилено фіскальним сервером";
            return Err(Refusal::new(Code::PackageValidationError, message));
        }
        if world.fsko_up && self.work_mode != WorkMode::DisableOnline {
            return Ok(Line::Online);
        }
        self.offline_possible(world).map(|()| Line::Offline)
    }

    /// Whether the tax service has refused the documents that wait for it.
    pub(super) fn package_refused(&self) -> bool {
        self.session
            .as_ref()
            .and_then(|session| session.begun.as_ref())
            .is_some_and(|begun| begun.refused)
    }

    /// Whether an offline document may be made now.
    pub(super) fn offline_possible(&self, world: &World) -> Result<(), Refusal> {
        if self.work_mode == WorkMode::DisableOffline {
            return Err(fsko_down());
        }
        let not_supported = |message: &str| Err(Refusal::new(Code::OfflineModeNotSupported, message));
        if !self.setup.offline_supported {
            return not_supported("Офлайн режим не дозволено для цього ПРРО");
        }
        let Some(session) = &self.session else {
            return not_supported("Офлайн сесію ще не видано: першу зміну відкривають онлайн");
        };
        let running = session
            .begun
            .as_ref()
            .map_or(0, |begun| minutes_between(begun.at, self.now(world)));
        if running > SESSION_LIMIT_MINUTES {
            return not_supported("Вичерпано 36 годин офлайн сесії");
        }
        let used_up = match session.begun {
            Some(_) => self.monthly_minutes + running > MONTH_LIMIT_MINUTES,
            None => self.monthly_minutes >= MONTH_LIMIT_MINUTES,
        };
        if used_up {
            not_supported("Вичерпано 168 годин офлайн режиму на місяць")
        } else {
            Ok(())
        }
    }

    /// Makes the `OfflineBegin` if the line is offline and no session is running.
    pub(super) fn begin_if_offline(&mut self, world: &mut World, line: Line, cashier: &str) {
        let running = self.session.as_ref().is_some_and(|session| session.begun.is_some());
        if line == Line::Offline && !running {
            let before = self.before();
            self.begin(world, cashier, before, None);
        }
    }

    /// Makes the `OfflineBegin` that takes the place of an online document whose answer was lost: the two share a
    /// local number, and the twin is revoked on delivery (sheet §11.10.9).
    pub(super) fn begin_over_twin(&mut self, world: &mut World, cashier: &str, twin: usize) {
        let before = self.before();
        self.next_local -= 1;
        self.begin(world, cashier, before, Some(twin));
    }

    fn before(&self) -> Before {
        Before {
            next_local: self.next_local,
            documents: self.documents.len(),
            shifts: self.shifts.len(),
            last_shift: self.shifts.last().cloned(),
        }
    }

    fn begin(&mut self, world: &mut World, cashier: &str, before: Before, twin: Option<usize>) {
        let at = self.now(world);
        if let Some(session) = &mut self.session {
            session.begun = Some(Begun {
                at,
                last_financial: None,
                hash: None,
                before,
                twin,
                refused: false,
            });
        }
        let draft = Draft {
            revokes_last_online: twin.is_some(),
            ..Draft::service(DocType::OfflineBegin, cashier)
        };
        self.issue(world, Line::Offline, draft);
    }

    /// Issues a new session id and seed.
    pub(super) fn start_session(&mut self, world: &mut World) {
        let (id, seed) = world.next_session();
        self.session_ids.push(id);
        self.session = Some(Session {
            id,
            seed,
            next_n: 1,
            begun: None,
        });
    }

    /// Hands undelivered documents to the tax service if it can be reached. Called before every command and on a timer.
    /// A refused package stays refused until it is accepted; a new try is all that can tell.
    pub(super) fn deliver(&mut self, world: &mut World) {
        self.turn_month(world);
        let reachable = world.fsko_up && self.work_mode != WorkMode::DisableOnline;
        if !reachable || self.undelivered.is_empty() {
            return;
        }
        if self.knobs.package_refused {
            if let Some(begun) = self.session.as_mut().and_then(|session| session.begun.as_mut()) {
                begun.refused = true;
            }
            return;
        }
        let cashier = self
            .documents
            .last()
            .map(|document| document.cashier.clone())
            .unwrap_or_default();
        self.issue(world, Line::Offline, Draft::service(DocType::OfflineEnd, &cashier));
        for position in std::mem::take(&mut self.undelivered) {
            if let Some(document) = self.documents.get_mut(position) {
                document.delivered = true;
            }
        }
        if let Some(session) = &self.session {
            self.monthly_minutes += session.minutes();
            let twin = session.begun.as_ref().and_then(|begun| begun.twin);
            if let Some(document) = twin.and_then(|twin| self.documents.get_mut(twin)) {
                document.revoked = true;
            }
        }
        self.start_session(world);
    }

    /// A new month of the Kyiv calendar starts with no offline minutes.
    fn turn_month(&mut self, world: &World) {
        let month = kyiv::month(self.now(world));
        if self.month != month {
            self.month = month;
            self.monthly_minutes = 0;
        }
    }

    /// Throws undelivered documents away and goes back to what the tax service knows (`Cleanup` with `Remove`).
    pub(super) fn drop_undelivered(&mut self, world: &mut World) {
        let begun = self.session.as_mut().and_then(|session| session.begun.take());
        let Some(Begun { before, .. }) = begun else { return };
        let lost = self.documents.split_off(before.documents.min(self.documents.len()));
        let stornos: HashSet<_> = self
            .documents
            .iter()
            .filter_map(|document| document.storno_num.clone())
            .collect();
        for document in &mut self.documents {
            document.storned = stornos.contains(&document.num_fiscal);
        }
        for document in &lost {
            self.by_number.remove(&document.num_fiscal);
        }
        self.lost.extend(lost);
        self.undelivered.clear();
        self.next_local = before.next_local;
        self.shifts.truncate(before.shifts);
        if let (Some(last), Some(shift)) = (self.shifts.last_mut(), before.last_shift) {
            *last = shift;
        }
        if world.fsko_up {
            self.start_session(world);
        } else if let Some(session) = &mut self.session {
            // Nobody can issue a new session now, so the old one starts over and its numbers are used again.
            session.next_n = 1;
        }
    }
}

/// The refusal of everything that needs the tax service while it cannot be reached.
pub(super) fn fsko_down() -> Refusal {
    Refusal::new(Code::FiscalServerNotAvailable, "Фіскальний сервер недоступний")
}
