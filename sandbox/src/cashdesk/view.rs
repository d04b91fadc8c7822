//! Registers and shifts as they stand, for tests and the control channel.

use jiff::Timestamp;
use serde::Serialize;

use super::config::Mode;
use super::instant;
use super::register::{Register, Shift};
use super::state::State;
use super::totals::Totals;

/// A register as it stands.
#[derive(Clone, Debug, Serialize)]
pub struct RegisterView {
    /// The register's fiscal number.
    pub num_fiscal: u64,
    /// Cloud or SmartConnect.
    pub mode: Mode,
    /// Whether a shift is open.
    pub shift_open: bool,
    /// Minutes since the open shift was opened; 0 when closed.
    pub shift_age_minutes: i64,
    /// Minutes of the longest shift so far, the open one included: tests read here that shifts were closed in time.
    pub longest_shift_minutes: i64,
    /// What the box holds, in kopecks.
    pub cash_in_box_kopecks: i64,
    /// Documents on the tape.
    pub documents: usize,
    /// Offline documents the tax service does not have yet.
    pub queued: usize,
    /// Whether the signing key is there.
    pub key_ok: bool,
    /// Whether the tax service can be reached.
    pub tax_up: bool,
    /// Where webhooks go.
    pub webhook_url: Option<String>,
    /// Requests that met another one of the same register under way.
    pub overlaps: u64,
}

impl RegisterView {
    pub(super) fn of(state: &State, register: &Register) -> Self {
        let now = register.now(&state.world);
        let minutes = |shift: &Shift| {
            let end = shift.closed_at.unwrap_or(now);
            end.duration_since(shift.opened_at).as_mins()
        };
        let open = register.open_shift();
        Self {
            num_fiscal: register.setup.num_fiscal,
            mode: register.setup.mode,
            shift_open: open.is_some(),
            shift_age_minutes: open.map_or(0, minutes),
            longest_shift_minutes: register.shifts.iter().map(minutes).max().unwrap_or(0),
            cash_in_box_kopecks: register.cash,
            documents: register.documents.len(),
            queued: register.queue.len(),
            key_ok: register.key_ok,
            tax_up: register.tax_up,
            webhook_url: register.webhook_url.clone(),
            overlaps: state.flights.overlaps(register.setup.num_fiscal),
        }
    }
}

/// A shift with its totals; those of a closed one are what its Z-report says.
#[derive(Clone, Debug, Serialize)]
pub struct ShiftView {
    /// When it was opened.
    #[serde(serialize_with = "instant::serialize")]
    pub opened_at: Timestamp,
    /// When it was closed; None while it is open.
    #[serde(serialize_with = "instant::optional")]
    pub closed_at: Option<Timestamp>,
    /// `ORDERNUM` of its Z-report.
    pub z_ordernum: Option<String>,
    /// What the box held at its start, in kopecks.
    pub cash_start_kopecks: i64,
    /// Sums of its documents.
    pub totals: Totals,
    /// How many documents it has, its opening and its Z-report included.
    pub documents: usize,
}

impl ShiftView {
    pub(super) fn all(register: &Register) -> Vec<Self> {
        let view = |shift: &Shift| {
            let last = register.of_shift(shift).last();
            Self {
                opened_at: shift.opened_at,
                closed_at: shift.closed_at,
                z_ordernum: shift
                    .closed_at
                    .and_then(|_| last.map(|document| document.ordernum.clone())),
                cash_start_kopecks: shift.cash_start,
                totals: Totals::of(register.of_shift(shift)),
                documents: shift.documents.len(),
            }
        };
        register.shifts.iter().map(view).collect()
    }
}
