//! The sweep: finds whatever is due and has no bell ringing, and rings. No input; may run anywhere,
//! any number of times at once.

use domain::ids::RegisterId;
use ledger::{LedgerError, wall_clock};
use queue::{Due, Kind};
use tokio::time::MissedTickBehavior;

use crate::state::WorkerState;
use crate::trouble;

/// At most so many bells per kind and pass; the rest waits for the next one.
const BELLS: u32 = 500;

/// Rings until the worker stops.
pub(crate) async fn run(state: WorkerState) {
    let mut ticks = tokio::time::interval(state.times.sweep);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut after = None;
    loop {
        tokio::select! {
            () = state.stopping.cancelled() => return,
            _ = ticks.tick() => {}
        }
        match sweep(&state, after.as_ref()).await {
            Ok(last) => after = last,
            Err(error) => trouble::log_ledger("sweep", &error),
        }
    }
}

/// One pass. Begins after the register `after`, so that many busy registers all get their turn; says
/// where the next pass should begin.
pub async fn sweep(state: &WorkerState, after: Option<&RegisterId>) -> Result<Option<RegisterId>, LedgerError> {
    let now = wall_clock();
    let events = state.ledger.due_events(now, state.times.sweep_grace, BELLS).await?;
    state
        .doorbell
        .ring_all(Kind::PlanEvent, events.iter().map(ToString::to_string), Due::Now);
    let registers = state.ledger.due_registers(now, after, BELLS).await?;
    state
        .doorbell
        .ring_all(Kind::WorkRegister, registers.iter().map(ToString::to_string), Due::Now);
    let full = registers.len() >= usize::try_from(BELLS).unwrap_or(usize::MAX);
    Ok(if full { registers.into_iter().last() } else { None })
}
