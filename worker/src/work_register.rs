//! `WorkRegister{register}`: keeps a register's day and writes its due documents in order, one at a
//! time, under its lease.

use std::time::{Duration, Instant};

use domain::ids::RegisterId;
use domain::time::UnixMillis;
use ledger::LedgerError;
use ledger::leases::Lease;
use ledger::settings::{Capabilities, Register};
use ledger::tape::{Due, DueDocument, Health};
use tracing::{debug, warn};

use crate::grip::Grip;
use crate::providers::{self, Adapter, Failure, Look};
use crate::state::WorkerState;
use crate::{day, send, settle, trouble};

/// What a turn on a register came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Somebody else is at it; they look again before they leave.
    Taken,
    /// Nothing is due now.
    Idle,
    /// Nothing more before this time.
    Rest(UnixMillis),
    /// Nothing is due now; at this time a result is to be asked for.
    Later(UnixMillis),
    /// More is due; the lane was given back to be fair, or because the worker stops.
    More,
    /// The lease was lost, or the document moved on: somebody else is at it.
    Lost,
}

/// What one document's work came to.
pub(crate) enum Step {
    Next,
    Rest(UnixMillis),
    /// The provider's view of the register must be brought in line before anything else.
    Clean(Failure),
    Lost,
}

/// One register under its lease.
pub(crate) struct Lane<'a> {
    pub state: &'a WorkerState,
    pub register: Register,
    pub adapter: Box<dyn Adapter>,
    /// What its provider can do.
    pub can: Capabilities,
    pub grip: Grip<'a>,
    /// When to look at the register.
    pub look_at: UnixMillis,
    /// What names the shift that the ledger believes open.
    pub shift: Option<String>,
    /// The register answered a look in this turn.
    pub seen: bool,
}

impl Lane<'_> {
    /// Compares a look with what the ledger knows: news of the shift calls for a full look.
    pub fn saw(&mut self, look: &Look) {
        let shift = look.shift.as_ref().map(|shift| shift.reference.as_str());
        if look.facts.shift_open.is_some() && shift != self.shift.as_deref() {
            self.look_soon();
        }
    }

    /// The next thing on this register is a full look.
    pub fn look_soon(&mut self) {
        self.look_at = UnixMillis::EPOCH;
    }
}

/// Works a register for a turn. Safe to repeat and to run anywhere at once: the lease lets one in.
pub async fn work_register(state: &WorkerState, id: &RegisterId) -> Result<Turn, LedgerError> {
    let aside = state.ledger.has_backlog(id).await?.then(|| state.aside());
    let state = aside.as_ref().unwrap_or(state);
    let asked = Instant::now();
    let Some(lease) = state.ledger.acquire_lease(id, &state.name, state.times.lease).await? else {
        return Ok(Turn::Taken);
    };
    let turn = turn(state, id, lease.clone(), asked).await;
    // Also after an error: the next worker need not wait for the lease to expire. A document that
    // was being sent stays `sending` and is asked about.
    state.ledger.release_lease(&lease).await?;
    match turn? {
        // A document may have become due between the last look and the release.
        Turn::Idle | Turn::Later(_) if has_due(state, id).await? => Ok(Turn::More),
        other => Ok(other),
    }
}

async fn turn(state: &WorkerState, id: &RegisterId, lease: Lease, asked: Instant) -> Result<Turn, LedgerError> {
    // Under the lease: whoever held it last may have left the register quiet a moment ago.
    let rest = state.ledger.register_rest(id).await?;
    if rest.until > state.ledger.now() {
        return Ok(Turn::Rest(rest.until));
    }
    let Some(register) = state.ledger.register(id).await? else {
        return Ok(Turn::Idle);
    };
    if let Some(rest) = state.breaker.rest(&register.base_url) {
        return Ok(Turn::Rest(state.ledger.now().plus(rest)));
    }
    // A slow provider's register is held for longer from here on: no call may outlive its lease.
    let times = providers::times(state.times, register.provider);
    let slow = (times.lease > state.times.lease).then(|| state.with_times(times));
    let mut asked = asked;
    if slow.is_some() {
        asked = Instant::now();
        if !state.ledger.renew_lease(&lease, times.lease).await? {
            return Ok(Turn::Lost);
        }
    }
    let state = slow.as_ref().unwrap_or(state);
    let adapter = match providers::adapter(state, &register).await {
        Ok(adapter) => adapter,
        Err(failure) => {
            let now = state.ledger.now();
            let health = trouble::health(&register, &failure, &state.times, now);
            state.ledger.note_register(&lease, None, &[], &health, now).await?;
            return Ok(resting(&health));
        }
    };
    let mut lane = Lane {
        state,
        can: register.provider.capabilities(),
        register,
        adapter,
        grip: Grip::new(state, lease, asked),
        look_at: rest.look_at,
        shift: rest.shift,
        seen: false,
    };
    let started = Instant::now();
    let mut documents = 0;
    loop {
        if state.stopping.is_cancelled()
            || documents >= state.times.quantum_documents
            || started.elapsed() >= state.times.quantum
        {
            return if has_due(state, id).await? {
                Ok(Turn::More)
            } else {
                idle(&lane).await
            };
        }
        let now = state.ledger.now();
        let step = if lane.look_at <= now {
            day::tend(&mut lane).await?
        } else {
            let results = results_until(state, id, now);
            let Some(document) = state.ledger.next_due_paced(id, now, results).await? else {
                day::healed(&lane).await?;
                return idle(&lane).await;
            };
            documents += 1;
            work(&mut lane, document, now).await?
        };
        let step = match step {
            Step::Clean(failure) => day::clean(&mut lane, &failure).await?,
            other => other,
        };
        match step {
            Step::Next => {}
            Step::Rest(until) => return Ok(Turn::Rest(until)),
            Step::Lost | Step::Clean(_) => return Ok(Turn::Lost),
        }
    }
}

/// Nothing is due: until when?
async fn idle(lane: &Lane<'_>) -> Result<Turn, LedgerError> {
    let (state, id) = (lane.state, &lane.register.id);
    let result = if lane.can.later {
        state.ledger.next_result(id).await?
    } else {
        None
    };
    let rest = state.pace.rest(id, state.times.result_pace).unwrap_or_default();
    Ok(match result {
        Some(at) => Turn::Later(at.max(state.ledger.now().plus(rest))),
        None => Turn::Idle,
    })
}

async fn has_due(state: &WorkerState, id: &RegisterId) -> Result<bool, LedgerError> {
    let now = state.ledger.now();
    let results = results_until(state, id, now);
    state.ledger.has_due_paced(id, now, results).await
}

/// Results whose time came until then may be asked for. However many there are, between two questions there is time
/// for what is to be sent, and a turn ends instead of waiting.
fn results_until(state: &WorkerState, id: &RegisterId, now: UnixMillis) -> UnixMillis {
    match state.pace.rest(id, state.times.result_pace) {
        Some(_) => UnixMillis::EPOCH,
        None => now,
    }
}

async fn work(lane: &mut Lane<'_>, document: DueDocument, now: UnixMillis) -> Result<Step, LedgerError> {
    match document.due {
        Due::Ready => send::send(lane, document).await,
        Due::InDoubt => settle::settle(lane, document).await,
        Due::Pending => {
            lane.state.pace.asking(&lane.register.id);
            settle::settle(lane, document).await
        }
        Due::Sending => {
            let ledger = &lane.state.ledger;
            if !ledger.doubt_abandoned(&lane.grip.lease, document.id, now).await? {
                return Ok(Step::Lost);
            }
            warn!(document.id = %document.id, "Document {} was being sent when its worker stopped; asking about it", document.id);
            Ok(Step::Next)
        }
    }
}

fn resting(health: &Health) -> Turn {
    match health {
        Health::Trouble { until, .. } | Health::Quiet(until) => Turn::Rest(*until),
        Health::Good | Health::Unchanged => Turn::Idle,
    }
}

/// The bell's handler: rings again for what is left; failures are logged and left to the sweep.
pub(crate) async fn handle(state: WorkerState, id: String) {
    let Ok(id) = RegisterId::parse(&id) else {
        warn!("A bell rang for something that is not a register");
        return;
    };
    let again = match work_register(&state, &id).await {
        Ok(Turn::Taken | Turn::Idle | Turn::Lost) => None,
        Ok(Turn::Rest(until) | Turn::Later(until)) => Some(bell_at(&state, until)),
        Ok(Turn::More) => Some(queue::Due::Now),
        Err(error) => {
            trouble::log_ledger("work a register", &error);
            Some(bell_at(&state, state.ledger.now().plus(Duration::from_secs(1))))
        }
    };
    debug!(register.id = %id, again = ?again, "Worked register {id}");
    if let Some(due) = again {
        state.doorbell.ring(queue::Kind::WorkRegister, id.as_str(), due);
    }
}

/// Bells live by the machine's clock.
pub(crate) fn bell_at(state: &WorkerState, at: UnixMillis) -> queue::Due {
    queue::Due::At(state.ledger.by_machine(at).0)
}
