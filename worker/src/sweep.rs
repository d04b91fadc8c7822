//! The sweep: finds whatever is due and has no bell ringing, and rings. No input; may run anywhere,
//! any number of times at once. While the queue is away nothing can ring, so the sweep does the work
//! itself: more slowly, but receipts come out.

use std::sync::Arc;

use domain::ids::{EventId, RegisterId};
use ledger::LedgerError;
use ledger::deliveries::LaneId;
use queue::{Due, Kind};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

use crate::state::WorkerState;
use crate::{deliver, gateway, plan_event, settlement, trouble, work_register};

/// At most so many bells per kind and pass; the rest waits for the next one.
const BELLS: u32 = 500;

/// So many at a time while the queue is away.
const AT_ONCE: usize = 32;

/// Looks until the worker stops.
pub(crate) async fn run(state: WorkerState) {
    let mut ticks = tokio::time::interval(state.times.sweep);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut after = After::default();
    loop {
        tokio::select! {
            () = state.stopping.cancelled() => return,
            _ = ticks.tick() => {}
        }
        match look(&state, &after).await {
            Ok(found) => {
                after = found.next_after();
                if state.doorbell.is_up() {
                    ring(&state, &found);
                } else {
                    work(&state, found).await;
                }
            }
            Err(error) => trouble::log_ledger("sweep", &error),
        }
    }
}

/// Does once what is due now, without bells: for a program that lives for one command.
pub async fn once(state: &WorkerState) -> Result<(), LedgerError> {
    let found = look(state, &After::default()).await?;
    work(state, found).await;
    Ok(())
}

/// What is due and may have no bell.
struct Found {
    events: Vec<EventId>,
    registers: Vec<RegisterId>,
    lanes: Vec<LaneId>,
    settlements: Vec<String>,
    /// Bells of [`gateway`].
    looks: Vec<String>,
}

impl Found {
    /// Where the next pass begins, so that many busy registers and lanes all get their turn.
    fn next_after(&self) -> After {
        After {
            register: last_if_full(&self.registers),
            lane: last_if_full(&self.lanes),
        }
    }
}

/// The last ones that were found, if there may be more.
#[derive(Default)]
struct After {
    register: Option<RegisterId>,
    lane: Option<LaneId>,
}

fn last_if_full<T: Clone>(found: &[T]) -> Option<T> {
    let full = found.len() >= usize::try_from(BELLS).unwrap_or(usize::MAX);
    found.last().filter(|_| full).cloned()
}

async fn look(state: &WorkerState, after: &After) -> Result<Found, LedgerError> {
    let now = state.ledger.now();
    let events = state.ledger.due_events(now, state.times.sweep_grace, BELLS).await?;
    let registers = state.ledger.due_registers(now, after.register.as_ref(), BELLS).await?;
    let lanes = state.ledger.due_lanes(now, after.lane.as_ref(), BELLS).await?;
    let settlements = state.ledger.due_settlements(now, BELLS).await?;
    let looks = gateway::due(state, BELLS).await?;
    Ok(Found {
        settlements,
        events,
        registers,
        lanes,
        looks,
    })
}

fn ring(state: &WorkerState, found: &Found) {
    let bell = &state.doorbell;
    bell.ring_all(Kind::PlanEvent, found.events.iter().map(ToString::to_string), Due::Now);
    bell.ring_all(
        Kind::WorkRegister,
        found.registers.iter().map(ToString::to_string),
        Due::Now,
    );
    bell.ring_all(Kind::Settle, found.settlements.iter().cloned(), Due::Now);
    bell.ring_all(Kind::Deliver, found.lanes.iter().map(ToString::to_string), Due::Now);
    bell.ring_all(Kind::Expect, found.looks.iter().cloned(), Due::Now);
}

/// Does the work without bells. Whoever else does it meanwhile is kept out by the ledger.
async fn work(state: &WorkerState, found: Found) {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let mut tasks = JoinSet::new();
    for id in found.events {
        let (state, places) = (state.clone(), places.clone());
        tasks.spawn(async move {
            // The semaphore is never closed.
            let _place = places.acquire_owned().await;
            plan_event::handle(state, id.to_string()).await;
        });
    }
    for id in found.registers {
        let (state, places) = (state.clone(), places.clone());
        tasks.spawn(async move {
            let _place = places.acquire_owned().await;
            work_register::handle(state, id.to_string()).await;
        });
    }
    for lane in found.lanes {
        let (state, places) = (state.clone(), places.clone());
        tasks.spawn(async move {
            let _place = places.acquire_owned().await;
            deliver::handle(state, lane.to_string()).await;
        });
    }
    for id in found.settlements {
        let (state, places) = (state.clone(), places.clone());
        tasks.spawn(async move {
            let _place = places.acquire_owned().await;
            settlement::handle(state, id).await;
        });
    }
    for bell in found.looks {
        let (state, places) = (state.clone(), places.clone());
        tasks.spawn(async move {
            let _place = places.acquire_owned().await;
            gateway::handle(state, bell).await;
        });
    }
    while let Some(ended) = tasks.join_next().await {
        if let Err(error) = ended {
            tracing::error!(error = %error, "A sweep's task ended badly; its work is found again");
        }
    }
}
