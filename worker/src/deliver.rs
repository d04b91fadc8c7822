//! `Deliver{lane}`: sends the messages of one lane in order, a few at a time, under its lease. A register's work
//! never waits for it, and one lane never waits for another.

mod body;
mod mail;
mod outcome;
mod phone;
mod webhook;

use std::time::{Duration, Instant};

use domain::time::UnixMillis;
use futures_util::future::join_all;
use ledger::LedgerError;
use ledger::deliveries::{
    Batch, Channel, Delivered, DueDelivery, LaneHealth, LaneId, LaneLease, NewTry, SettledDelivery,
};
use ledger::people::Reach;
use ledger::sheet::Sheet;
use metrics::{counter, histogram};
use tracing::{debug, info, warn};

use crate::metrics as names;
use crate::state::WorkerState;
use crate::trouble;
use crate::work_register::{Turn, bell_at};
use outcome::Sent;

/// Messages of one lane that are on their way at the same time, each about another document.
const fn at_once(channel: Channel) -> u32 {
    match channel {
        Channel::Webhook => 8,
        Channel::Mail => 4,
        Channel::Phone => 1,
    }
}

/// Rings for lanes that have something new. Best effort: the sweep finds what no bell rang for.
pub(crate) fn ring(state: &WorkerState, lanes: &[LaneId]) {
    let lanes = lanes.iter().map(ToString::to_string);
    state.doorbell.ring_all(queue::Kind::Deliver, lanes, queue::Due::Now);
}

/// Works a lane for a turn. Safe to repeat and to run anywhere at once: the lease lets one in.
pub async fn work_lane(state: &WorkerState, lane: &LaneId) -> Result<Turn, LedgerError> {
    let Some(lease) = state
        .ledger
        .take_lane(lane, &state.name, state.times.lane_lease())
        .await?
    else {
        return Ok(Turn::Taken);
    };
    let turn = turn(state, &lease).await;
    state.ledger.release_lane(&lease).await?;
    turn
}

async fn turn(state: &WorkerState, lease: &LaneLease) -> Result<Turn, LedgerError> {
    let started = Instant::now();
    loop {
        let (ledger, times) = (&state.ledger, &state.times);
        let batch = ledger
            .begin_deliveries(lease, at_once(lease.channel), times.lane_lease(), ledger.now())
            .await?;
        let due = match batch {
            Batch::Send(due) => due,
            Batch::Rest(until) => return Ok(Turn::Rest(until)),
            Batch::Idle => return Ok(Turn::Idle),
            Batch::Lost => return Ok(Turn::Lost),
        };
        let sent = join_all(due.iter().map(|delivery| one(state, lease, delivery))).await;
        let sent: Vec<Sent> = sent.into_iter().collect::<Result<_, _>>()?;
        let now = ledger.now();
        let health = outcome::health(lease, &sent, times, now);
        let works = outcome::works(&sent);
        let settled: Vec<SettledDelivery> = due
            .iter()
            .zip(&sent)
            .map(|(delivery, sent)| SettledDelivery {
                id: delivery.id.clone(),
                delivered: outcome::delivered(delivery, sent, works, times, now),
                made: sent.made.clone(),
            })
            .collect();
        if !settle(state, lease, &settled, &health, now).await? {
            return Ok(Turn::Lost);
        }
        for (delivery, settled) in due.iter().zip(&settled) {
            report(lease, delivery, settled);
        }
        if let Some(until) = outcome::rests_until(&health) {
            return Ok(Turn::Rest(until));
        }
        if state.stopping.is_cancelled() || started.elapsed() >= times.quantum {
            return Ok(Turn::More);
        }
    }
}

/// Commits what became of a batch, through an outage of the ledger if need be: what was taken is known only here, and
/// would be sent again. Each row is guarded by its state and epoch, so trying again is safe.
async fn settle(
    state: &WorkerState,
    lease: &LaneLease,
    settled: &[SettledDelivery],
    health: &LaneHealth,
    now: UnixMillis,
) -> Result<bool, LedgerError> {
    let give_up = Instant::now() + state.times.lane_lease();
    let mut pause = Duration::from_millis(50);
    loop {
        match state.ledger.settle_deliveries(lease, settled, health, now).await {
            Err(error) if error.is_outage() && Instant::now() < give_up => {
                trouble::log_ledger("commit what became of messages", &error);
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(Duration::from_secs(2));
            }
            done => return done,
        }
    }
}

/// Sends one message; what came of it is decided by [`outcome`]. One that cannot be read stands in nobody's way.
async fn one(state: &WorkerState, lease: &LaneLease, delivery: &DueDelivery) -> Result<Sent, LedgerError> {
    attempt(state, lease, delivery).await.or_else(outcome::unreadable)
}

async fn attempt(state: &WorkerState, lease: &LaneLease, delivery: &DueDelivery) -> Result<Sent, LedgerError> {
    let Some(sheet) = state.ledger.sheet(&Reach::Everything, delivery.document).await? else {
        return Ok(Sent::skipped("no_receipt"));
    };
    let began = (state.ledger.now(), Instant::now());
    let mut sent = match lease.channel {
        Channel::Mail => mail::send(state, delivery, &sheet).await,
        Channel::Webhook => webhook::send(state, lease, delivery, &sheet).await?,
        Channel::Phone => phone::send(state, delivery, &sheet).await?,
    };
    if let Some(made) = &mut sent.made {
        (made.started_at, made.duration) = (began.0, began.1.elapsed());
    }
    if let (Some(made), true) = (&sent.made, sent.is_done()) {
        observe(made, lease, &sheet, state);
    }
    Ok(sent)
}

fn observe(made: &NewTry, lease: &LaneLease, sheet: &Sheet, state: &WorkerState) {
    histogram!(names::DELIVERY_SECONDS, "channel" => lease.channel.as_str()).record(made.duration.as_secs_f64());
    let since = state.ledger.now().since(sheet.done_at);
    histogram!(names::SECONDS_TO_DELIVER, "channel" => lease.channel.as_str()).record(since.as_secs_f64());
}

fn report(lease: &LaneLease, delivery: &DueDelivery, settled: &SettledDelivery) {
    let (channel, id, lane) = (lease.channel.as_str(), &delivery.id, &lease.lane);
    let outcome = match &settled.delivered {
        Delivered::Done => "done",
        Delivered::Again { unclear: true, .. } => "unclear",
        Delivered::Again { unclear: false, .. } => "again",
        Delivered::Held(_) => "held",
        Delivered::Failed(_) => "failed",
        Delivered::Skipped(_) => "skipped",
    };
    counter!(names::DELIVERIES, "channel" => channel, "outcome" => outcome).increment(1);
    match &settled.delivered {
        Delivered::Done => debug!(delivery.id = %id, "Message {id} on {lane} was taken"),
        Delivered::Again { trouble, .. } => {
            info!(delivery.id = %id, trouble, "Message {id} on {lane} is tried again: {trouble}");
        }
        Delivered::Held(trouble) => {
            warn!(delivery.id = %id, trouble, "Message {id} on {lane} waits for a person: {trouble}");
        }
        Delivered::Failed(trouble) | Delivered::Skipped(trouble) => {
            info!(delivery.id = %id, trouble, "Message {id} on {lane} is not sent: {trouble}");
        }
    }
}

/// The bell's handler: rings again for what is left; failures are logged and left to the sweep.
pub(crate) async fn handle(state: WorkerState, id: String) {
    let lane = LaneId::from_bell(id);
    let again = match work_lane(&state, &lane).await {
        Ok(Turn::Taken | Turn::Idle | Turn::Lost) => None,
        Ok(Turn::Rest(until) | Turn::Later(until)) => Some(bell_at(&state, until)),
        Ok(Turn::More) => Some(queue::Due::Now),
        Err(error) => {
            trouble::log_ledger("deliver messages", &error);
            None
        }
    };
    if let Some(due) = again {
        state.doorbell.ring(queue::Kind::Deliver, lane.as_str(), due);
    }
}
