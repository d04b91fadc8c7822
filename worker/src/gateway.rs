//! `Expect{…}`: receipts that a payment system's own register makes. Nothing goes to a register of ours; the payment
//! system is asked for what it made until all is there.
//!
//! ```text
//! event ─ confirm ─ says ──▶ expectation (look_at) ──bell or sweep──▶ claim ─ get_kkt_logs ─ settle ─▶ files
//! ```
//! A claimed look that nobody ends becomes due again, so a death at any point costs time only. Asking twice is harmless:
//! all questions only read, and what they bring is unique by its transaction.

mod client;
mod code;
mod day;
mod event;
mod file;
mod look;
mod probe;
mod settlement;
pub mod when;
mod words;

use domain::time::UnixMillis;
use ledger::LedgerError;
use queue::Kind;
use tracing::warn;

use crate::state::WorkerState;
use crate::trouble;
use crate::work_register::bell_at;

pub(crate) use event::expect;
pub use look::look;
pub(crate) use probe::begin as probe;

/// A bell that means a day, not an expectation.
const DAY: &str = "day:";

/// Has a look made when it is due.
pub(crate) fn ring_at(state: &WorkerState, id: &str, at: UnixMillis) {
    state.doorbell.ring(Kind::Expect, id, bell_at(state, at));
}

/// The bells of what is due now.
pub(crate) async fn due(state: &WorkerState, limit: u32) -> Result<Vec<String>, LedgerError> {
    let now = state.ledger.now();
    let mut due = state.ledger.due_expectations(now, limit).await?;
    if state.gateway.receipt_path.is_some() {
        let days = state.ledger.due_gateway_days(now, limit).await?;
        due.extend(days.into_iter().map(|id| format!("{DAY}{id}")));
    }
    Ok(due)
}

/// The bell's handler: failures are logged and left to the sweep.
pub(crate) async fn handle(state: WorkerState, bell: String) {
    let done = match bell.strip_prefix(DAY) {
        Some(day) => day::ask(&state, day).await,
        None => look(&state, &bell).await,
    };
    match done {
        Ok(Some(again)) => ring_at(&state, &bell, again),
        Ok(None) => {}
        Err(error) => {
            trouble::log_ledger("look at a payment system's register", &error);
            warn!("A look at a payment system's register was not finished; it is made again");
        }
    }
}
