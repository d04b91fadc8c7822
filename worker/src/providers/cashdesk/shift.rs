//! Which shift is open, and what is known of one that is closed.

use ::cashdesk::{AskXReport, ShiftDocument, ShiftOfRegister, TaxObject, ZReport};
use domain::document::{Presence, Registration};
use domain::ids::FiscalNumber;
use domain::time::UnixMillis;
use ledger::day::Facts;
use serde::{Deserialize, Serialize};

use super::session::Session;
use super::{CashDesk, no_fiscal_number, registration};
use crate::kyiv;
use crate::providers::{Closed, Failure, ListedDocument, ListedShift, Look, SeenShift};

/// What is kept of the register's state with an intent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Before {
    /// The open shift.
    pub shift: Option<String>,
}

/// A register as its cabinet shows it.
pub(super) struct Seen {
    pub open: Option<bool>,
    /// None where none is open.
    pub shift: Option<SeenShift>,
    pub object: TaxObject,
}

impl Seen {
    pub fn look(&self, is_cloud: bool) -> Look {
        let before = Before {
            shift: self.shift.as_ref().map(|shift| shift.reference.clone()),
        };
        Look {
            before: serde_json::to_string(&before).unwrap_or_default(),
            last_fiscal_number: None,
            facts: Facts {
                shift_open: self.open,
                offline_supported: Some(!is_cloud),
                ..Facts::default()
            },
            shift: self.shift.clone(),
        }
    }

    /// Does the open shift run with the tax service? None where that is not told.
    pub fn is_online(&self) -> Option<bool> {
        self.object
            .shift
            .as_ref()
            .filter(|_| self.open == Some(true))
            .and_then(|shift| shift.offline)
            .map(|offline| !offline)
    }

    /// What is told of a shift that was once seen open. CashDesk tells the number of a Z-report in the answer to it
    /// only, so the closing of a shift that somebody else closed, or whose answer was lost, is named after the shift.
    pub fn listed(&self, reference: &str) -> Option<ListedShift> {
        let is_open = self.open? && self.shift.as_ref().is_some_and(|shift| shift.reference == reference);
        let number = (!is_open).then(|| unnumbered(reference));
        Some(ListedShift {
            provider_id: None,
            opened_at: self
                .shift
                .as_ref()
                .filter(|_| is_open)
                .and_then(|shift| shift.opened_at),
            closing_number: number.clone(),
            z_number: number.clone(),
            closing: number.map(|fiscal_number| ListedDocument {
                fiscal_number,
                local_number: None,
                at: None,
                is_receipt: false,
                revoked: false,
                says: None,
            }),
        })
    }
}

impl CashDesk {
    /// One request, and a second one where the first leaves the shift open to guesses.
    pub(super) async fn see(&self, session: &mut Session) -> Result<Seen, Failure> {
        let answer = session.ask("tax_objects", self.client.tax_object(self.number)).await?;
        let object = answer.value;
        let mut open = answer.shift_open;
        let mut shift = object.shift.as_ref().and_then(named);
        if open.is_none() || (open == Some(true) && shift.is_none()) {
            let asked = AskXReport::totals(self.number);
            let report = session.ask("shift/xReport", self.client.x_report(&asked)).await?;
            open = open.or(report.shift_open).or(report.value.shift_state);
            shift = shift.or_else(|| Some(by_opening(report.value.opened.as_deref())));
        }
        Ok(Seen {
            open,
            shift: shift.filter(|_| open == Some(true)),
            object,
        })
    }

    /// Makes the Z-report, which closes the shift.
    pub(super) async fn close(&self, session: &mut Session) -> Result<Closed, Failure> {
        let request = ZReport::new(self.number);
        let made = session.ask("shift", self.client.z_report(&request)).await?.value;
        let at = session
            .attempts
            .last()
            .map(|attempt| attempt.started_at.plus(attempt.duration));
        let closing = match &made.order_num {
            Some(number) => closing(number, &made, at),
            None => self.named(session, &made, at).await,
        };
        let closing = closing.ok_or_else(no_fiscal_number)?;
        Ok(Closed {
            z: Some(closing.clone()),
            closing,
        })
    }

    /// The answer gave an id only: its representation has the number, if there is one. Else the id has to do.
    async fn named(&self, session: &mut Session, made: &ShiftDocument, at: Option<UnixMillis>) -> Option<Registration> {
        let uuid = made.uuid.as_deref()?;
        match session.ask("checks/json", self.client.check_json(uuid)).await {
            Ok(answer) => registration(&answer.value, None)
                .ok()
                .or_else(|| closing(uuid, made, at)),
            Err(_) => closing(uuid, made, at),
        }
    }
}

fn closing(number: &str, made: &ShiftDocument, at: Option<UnixMillis>) -> Option<Registration> {
    Some(Registration {
        fiscal_number: FiscalNumber::parse(number).ok()?,
        local_number: 0,
        registered_at: at.map(kyiv::write).unwrap_or_default(),
        presence: presence(number, Presence::Offline),
        url: None,
        qr_code: None,
        rendering: None,
        provider_id: made.uuid.clone(),
    })
}

/// Numbers given without the tax service have dots in them.
pub(super) fn presence(number: &str, offline: Presence) -> Presence {
    let made_offline = number.contains('.') && number.chars().all(|c| c.is_ascii_digit() || c == '.');
    if made_offline { offline } else { Presence::Online }
}

fn named(shift: &ShiftOfRegister) -> Option<SeenShift> {
    let opened_at = shift.open_date.as_deref().and_then(at);
    match &shift.id {
        Some(id) => Some(seen(id.clone(), opened_at)),
        None => Some(by_opening(Some(shift.open_date.as_deref()?))),
    }
}

/// A shift without an id is known by when it was opened.
fn by_opening(opened: Option<&str>) -> SeenShift {
    match opened {
        Some(text) => seen(format!("opened {text}"), at(text)),
        None => seen("the open shift".to_owned(), None),
    }
}

fn seen(reference: String, opened_at: Option<UnixMillis>) -> SeenShift {
    SeenShift {
        reference,
        provider_id: None,
        operator: None,
        opened_at,
        first_local: None,
    }
}

fn at(text: &str) -> Option<UnixMillis> {
    kyiv::read_dotted(text).or_else(|| kyiv::read(text))
}

fn unnumbered(reference: &str) -> String {
    const LONGEST: usize = 120;
    format!("Z-{}", reference.chars().take(LONGEST).collect::<String>())
}
