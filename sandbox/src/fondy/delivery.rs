//! Sending callbacks: each due one once, again on schedule until somebody answers 200.

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream;
use tokio::task::JoinSet;

use super::callback::{Acknowledgement, Attempt, AttemptOutcome, CallbackId};
use super::fault::Fault;
use super::message::Message;
use super::outbox::Phase;
use super::post::{manner, post};
use super::simulator::{Simulator, State};
use crate::clock::machine_ms;

/// What one round of [`Simulator::deliver_pending`] did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeliverySummary {
    /// Callbacks tried.
    pub tried: usize,
    /// Answered 200.
    pub acknowledged: usize,
    /// Not answered 200; they come again unless given up.
    pub failed: usize,
    /// Failed for the last time.
    pub given_up: usize,
    /// Still waiting for a later time.
    pub waiting: usize,
    /// How far the next one is on the simulator's clock.
    pub next_in: Option<Duration>,
}

/// One callback taken out of the outbox. Dropped before it is settled (a cancelled task), it goes back.
struct Shipment {
    sim: Simulator,
    id: usize,
    url: String,
    message: Arc<Message>,
    number: usize,
    fault: Option<Fault>,
    /// An older snapshot to post right after.
    replay: Option<(usize, Arc<Message>)>,
    settled: bool,
}

impl Simulator {
    /// Posts everything due now once, orders side by side, snapshots of one order in turn.
    pub async fn deliver_pending(&self) -> DeliverySummary {
        let groups = self.take_due(usize::MAX);
        let outcomes: Vec<Ending> = stream::iter(groups)
            .map(send_group)
            .buffer_unordered(self.shared.config.concurrency.max(1))
            .concat()
            .await;
        let state = self.lock();
        let count = |wanted: Ending| outcomes.iter().filter(|ending| **ending == wanted).count();
        DeliverySummary {
            tried: outcomes.len(),
            acknowledged: count(Ending::Acknowledged),
            failed: count(Ending::Failed) + count(Ending::GivenUp),
            given_up: count(Ending::GivenUp),
            waiting: state.outbox.waiting(),
            next_in: state
                .outbox
                .next_due_ms()
                .map(|due| Duration::from_millis(due.saturating_sub(state.now_ms()))),
        }
    }

    /// Sends callbacks as they fall due until `shutdown`. What is under way then goes back and would be sent again.
    pub async fn run_delivery(&self, shutdown: impl Future<Output = ()>) {
        let mut shutdown = std::pin::pin!(shutdown);
        let mut under_way = JoinSet::new();
        loop {
            // A permit stored by a change made meanwhile ends this wait at once, so no callback is overlooked.
            let changed = self.shared.wake.notified();
            let room = self.shared.config.concurrency.max(1).saturating_sub(under_way.len());
            for group in self.take_due(room) {
                under_way.spawn(send_group(group));
            }
            let full = under_way.len() >= self.shared.config.concurrency.max(1);
            let pause = if full { FAR } else { self.until_next() };
            tokio::select! {
                () = &mut shutdown => break,
                () = changed => {}
                () = tokio::time::sleep(pause) => {}
                Some(_) = under_way.join_next() => {}
            }
        }
        under_way.shutdown().await;
    }

    fn until_next(&self) -> Duration {
        let state = self.lock();
        let now = state.now_ms();
        state
            .outbox
            .next_due_ms()
            .map_or(FAR, |due| Duration::from_millis(due.saturating_sub(now)).min(FAR))
    }

    /// Due callbacks, those of one order together and in turn.
    fn take_due(&self, limit: usize) -> Vec<Vec<Shipment>> {
        let mut state = self.lock();
        let now = state.now_ms();
        let mut groups: Vec<Vec<Shipment>> = Vec::new();
        let mut group_of: HashMap<usize, usize> = HashMap::new();
        for id in state.outbox.take_due(now, limit) {
            let Some((order, shipment)) = self.ship(&mut state, id, now) else {
                continue;
            };
            let group = *group_of.entry(order).or_insert_with(|| {
                groups.push(Vec::new());
                groups.len() - 1
            });
            groups[group].push(shipment);
        }
        groups
    }

    fn ship(&self, state: &mut State, id: usize, now: u64) -> Option<(usize, Shipment)> {
        let (order, first_fault) = state.outbox.get(id).map(|record| (record.order, record.fault))?;
        let older = state.orders[order]
            .callbacks
            .iter()
            .copied()
            .take_while(|earlier| *earlier < id)
            .next();
        let replay = older.and_then(|older| Some((older, Arc::clone(&state.outbox.get(older)?.message))));
        let record = state.outbox.get_mut(id)?;
        let url = record.url.clone()?;
        record.attempts += 1;
        if record.attempts == 1 {
            record.first_ms = now;
        }
        let fault = first_fault.filter(|_| record.attempts == 1);
        let shipment = Shipment {
            sim: self.clone(),
            id,
            url,
            message: Arc::clone(&record.message),
            number: record.attempts,
            fault,
            replay: replay.filter(|_| fault == Some(Fault::ReplayOld)),
            settled: false,
        };
        Some((order, shipment))
    }
}

/// Nothing is due: look again after this long even so.
const FAR: Duration = Duration::from_secs(60);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Acknowledged,
    Failed,
    GivenUp,
}

async fn send_group(group: Vec<Shipment>) -> Vec<Ending> {
    let mut endings = Vec::with_capacity(group.len());
    for shipment in group {
        endings.push(shipment.send().await);
    }
    endings
}

impl Shipment {
    async fn send(mut self) -> Ending {
        if self.fault == Some(Fault::Drop) {
            self.sim
                .lock()
                .log(self.id, self.number, self.fault, AttemptOutcome::Dropped);
            return self.settle(false);
        }
        let mut acknowledged = self.post_once(self.id, &self.message, self.fault).await == AttemptOutcome::Acknowledged;
        if let Some(Fault::Duplicate(times)) = self.fault {
            for _ in 0..times {
                acknowledged |=
                    self.post_once(self.id, &self.message, self.fault).await == AttemptOutcome::Acknowledged;
            }
        }
        if let Some((older, message)) = &self.replay {
            self.post_once(*older, message, None).await;
        }
        self.settle(acknowledged)
    }

    /// Posts one body and books the attempt, and the acknowledgement if there is one.
    async fn post_once(&self, id: usize, message: &Message, fault: Option<Fault>) -> AttemptOutcome {
        let signed = message.render(fault);
        let manner = manner(fault);
        let outcome = post(&self.url, &signed, manner, self.sim.shared.config.callback_timeout).await;
        let mut state = self.sim.lock();
        if outcome == AttemptOutcome::Acknowledged {
            acknowledge(&mut state, id, signed.body, fault);
        }
        state.log(id, self.number, fault, outcome.clone());
        outcome
    }

    fn settle(&mut self, acknowledged: bool) -> Ending {
        self.settled = true;
        let mut state = self.sim.lock();
        let now = state.now_ms();
        let Some(record) = state.outbox.get_mut(self.id) else {
            return Ending::GivenUp;
        };
        if acknowledged || record.phase == Phase::Acknowledged {
            record.phase = Phase::Acknowledged;
            return Ending::Acknowledged;
        }
        let (made, first_ms) = (record.attempts, record.first_ms);
        match state.config.retry_schedule.next(made, first_ms, now) {
            Some(due) => {
                state.outbox.schedule(self.id, due);
                Ending::Failed
            }
            None => {
                if let Some(record) = state.outbox.get_mut(self.id) {
                    record.phase = Phase::GivenUp;
                }
                Ending::GivenUp
            }
        }
    }
}

impl Drop for Shipment {
    fn drop(&mut self) {
        if !self.settled {
            let mut state = self.sim.lock();
            let now = state.now_ms();
            state.outbox.schedule(self.id, now);
        }
    }
}

/// Books an answer 200. A callback that still waits (a replay of it was answered) keeps coming, as the gateway's would.
pub(super) fn acknowledge(state: &mut State, id: usize, body: Bytes, fault: Option<Fault>) {
    let Some(record) = state.outbox.get_mut(id) else { return };
    match record.phase {
        Phase::Sending | Phase::Taken => record.phase = Phase::Acknowledged,
        Phase::Waiting | Phase::Acknowledged | Phase::GivenUp => {}
    }
    let (order, status, hold, reversed) = (record.order, record.status, record.hold, record.reversed);
    state.orders[order].acknowledgements.push(Acknowledgement {
        callback: CallbackId(id),
        status,
        hold,
        reversed,
        body,
        fault,
        at: Instant::now(),
        unix_ms: machine_ms(),
    });
}

impl State {
    pub(super) fn log(&mut self, id: usize, number: usize, fault: Option<Fault>, outcome: AttemptOutcome) {
        let Some(order) = self.outbox.get(id).map(|record| record.key.clone()) else {
            return;
        };
        let at_ms = self.now_ms();
        self.outbox.attempts.push(Attempt {
            callback: CallbackId(id),
            order,
            number,
            at_ms,
            fault,
            outcome,
        });
    }
}
