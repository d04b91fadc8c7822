//! Money against receipts. Every source's day is compared at night, and whenever somebody asks: the payment
//! system's word, our ledger, the tapes of the registers.
//!
//! ```text
//! begin ─▶ listing ─▶ orders ─▶ touched ─▶ open ─▶ events ─▶ findings ─▶ tape ─▶ ended
//! ```
//! Level-triggered from the ledger: any number of workers plan the same night once, claim a run one at a time,
//! and go on where the last one stopped; each page is committed with its place. A page is some hundred orders,
//! so a day of a million payments needs no more memory than a small one. Single orders are asked about only
//! where the sides do not agree, at a pace, a few at a time.

mod ask;
mod looks;
mod report;
mod stages;

use std::time::Duration;

use domain::time::UnixMillis;
use ledger::LedgerError;
use ledger::reconcile::{Counts, Night, Progress, Run};
use tokio::time::MissedTickBehavior;
use tracing::{info, warn};

pub(crate) use ask::take_in;

pub use crate::kyiv::{Day, day_before, day_named};

use crate::state::WorkerState;
use crate::{kyiv, trouble};

/// Nights that are caught up with when everything was off.
const NIGHTS: u32 = 3;
/// Nights are planned every so many ticks: once a minute.
const PLAN_EVERY: u32 = 12;
/// A run that is stopped by something that does not answer is tried again so often before it goes on without.
const TRIES: u32 = 12;

/// Works until the worker stops.
pub(crate) async fn run(state: WorkerState) {
    tokio::join!(runs(&state), between(&state));
}

async fn runs(state: &WorkerState) {
    let mut ticks = ticks(state);
    for tick in (0..PLAN_EVERY).cycle() {
        tokio::select! {
            () = state.stopping.cancelled() => return,
            _ = ticks.tick() => {}
        }
        // Planning looks at every source, so that is not for each tick.
        if let Err(error) = turn(state, tick == 0).await {
            trouble::log_ledger("reconcile", &error);
        }
    }
}

/// Looks and letters do not wait for a long run.
async fn between(state: &WorkerState) {
    let mut ticks = ticks(state);
    loop {
        tokio::select! {
            () = state.stopping.cancelled() => return,
            _ = ticks.tick() => {}
        }
        if let Err(error) = looks::due(state).await {
            trouble::log_ledger("look at findings", &error);
        }
        if let Err(error) = report::due(state).await {
            trouble::log_ledger("send a daily report", &error);
        }
    }
}

fn ticks(state: &WorkerState) -> tokio::time::Interval {
    let mut ticks = tokio::time::interval(state.times.sweep);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

async fn turn(state: &WorkerState, plan: bool) -> Result<(), LedgerError> {
    if plan {
        plan_nights(state).await?;
    }
    while !state.stopping.is_cancelled() {
        let now = state.ledger.now();
        let Some(run) = state
            .ledger
            .claim_run(None, &state.name, state.times.lease, now)
            .await?
        else {
            return Ok(());
        };
        work(state, run).await?;
    }
    Ok(())
}

/// The nights that should have been by now. Any worker, any number of times.
pub(crate) async fn plan_nights(state: &WorkerState) -> Result<(), LedgerError> {
    let now = state.ledger.now();
    for back in 1..=NIGHTS {
        let Some(day) = kyiv::day_before(now, back) else {
            continue;
        };
        if now < day.to.plus(state.times.reconcile_at) {
            continue;
        }
        let night = Night {
            day: &day.name,
            from: day.from,
            to: day.to,
            take_in: true,
        };
        state.ledger.plan_night(night, now).await?;
    }
    Ok(())
}

/// Claims this run if nobody is at it, and works it. False: somebody else has it, or it has ended.
pub async fn work_run(state: &WorkerState, id: &str) -> Result<bool, LedgerError> {
    let now = state.ledger.now();
    let Some(run) = state
        .ledger
        .claim_run(Some(id), &state.name, state.times.lease, now)
        .await?
    else {
        return Ok(false);
    };
    work(state, run).await?;
    Ok(true)
}

/// One more look at the findings whose look is due.
pub async fn work_looks(state: &WorkerState) -> Result<(), LedgerError> {
    looks::due(state).await
}

/// Why a run's turn stopped before its end.
enum Stop {
    /// Somebody else has it.
    Lost,
    /// Something did not answer.
    Away(String),
    /// It waits for a tape.
    Wait,
    /// The worker stops.
    Stopping,
    Ledger(LedgerError),
}

impl From<LedgerError> for Stop {
    fn from(error: LedgerError) -> Self {
        Self::Ledger(error)
    }
}

/// A run in this worker's hands.
struct AtWork<'a> {
    state: &'a WorkerState,
    run: Run,
    counts: Counts,
    stage: &'static str,
    place: String,
    pace: ask::Pace,
}

impl AtWork<'_> {
    fn progress(&self) -> Progress<'_> {
        Progress {
            stage: self.stage,
            place: &self.place,
            counts: &self.counts,
            length: self.state.times.lease,
            look_in: self.state.times.first_ask,
        }
    }

    /// Commits what a page found, and where the run is now.
    async fn keep(&mut self, judged: &[ledger::reconcile::Judged]) -> Result<(), Stop> {
        let ledger = &self.state.ledger;
        let kept = ledger
            .keep_page(&self.run, self.progress(), judged, ledger.now())
            .await?;
        if !kept {
            return Err(Stop::Lost);
        }
        if self.state.stopping.is_cancelled() {
            return Err(Stop::Stopping);
        }
        Ok(())
    }

    fn go_to(&mut self, stage: &'static str) {
        self.stage = stage;
        self.place.clear();
    }

    /// May something that does not answer stop this run, or did it for too long?
    fn may_wait(&self) -> bool {
        self.run.attempts < TRIES
    }
}

async fn work(state: &WorkerState, run: Run) -> Result<(), LedgerError> {
    let ledger = &state.ledger;
    info!(run.id = %run.id, source.id = %run.source, "Reconciling {} of {}: {}", run.day, run.source, run.stage);
    let stage = stages::parse(&run.stage);
    let mut at_work = AtWork {
        counts: run.counts.clone(),
        place: run.place.clone(),
        stage,
        pace: ask::Pace::new(state.times.gateway_pace),
        state,
        run,
    };
    let stopped = stages::all(&mut at_work).await;
    let (run, now) = (&at_work.run, ledger.now());
    match stopped {
        Ok(problem) => {
            if ledger.end_run(run, &at_work.counts, problem.as_deref(), now).await? {
                info!(run.id = %run.id, source.id = %run.source, "Reconciled {} of {}", run.day, run.source);
            }
            Ok(())
        }
        Err(Stop::Lost) => Ok(()),
        Err(Stop::Wait) => ledger.rest_run(run, now.plus(state.times.first_ask), None).await,
        Err(Stop::Stopping) => ledger.rest_run(run, now, None).await,
        Err(Stop::Away(why)) => {
            warn!(run.id = %run.id, source.id = %run.source, "Reconciling {} of {} waits: {why}", run.day, run.source);
            let until = now.plus(state.times.event_backoff.wait(run.attempts + 1));
            ledger.rest_run(run, until, Some(&why)).await
        }
        Err(Stop::Ledger(error)) => Err(error),
    }
}

/// Since when something under way is late.
fn late_since(state: &WorkerState, now: UnixMillis) -> UnixMillis {
    now.minus(state.times.reconcile_patience)
}

/// How long a run waits for the tapes.
fn tape_patience(state: &WorkerState) -> Duration {
    state.times.tape_patience
}
