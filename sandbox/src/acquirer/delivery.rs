//! Sending callbacks: each due one once, again on schedule until somebody takes it.

use std::collections::HashMap;
use std::future::Future;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream;
use tokio::task::JoinSet;

use super::books::Books;
use super::callback::{Acknowledgement, Attempt, AttemptOutcome, CallbackId, Posted};
use super::fault::CallbackFault;
use super::outbox::Phase;
use super::payment::PaymentId;
use super::simulator::Simulator;
use super::system::System;
use crate::clock::machine_ms;
use crate::post::{self, Manner, Posting};

/// What one round of `Simulator::deliver_pending` did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeliverySummary {
    /// Callbacks tried.
    pub tried: usize,
    /// Taken.
    pub acknowledged: usize,
    /// Not taken; they come again unless given up.
    pub failed: usize,
    /// Failed for the last time.
    pub given_up: usize,
    /// Still waiting for a later time.
    pub waiting: usize,
    /// How far the next one is on the simulator's clock.
    pub next_in: Option<Duration>,
}

/// One callback taken out of the outbox. Dropped before it is settled (a cancelled task), it goes back.
struct Shipment<S: System> {
    sim: Simulator<S>,
    number: usize,
    payment: PaymentId,
    url: String,
    attempt: usize,
    fault: Option<CallbackFault>,
    /// An older snapshot to post right after.
    replay: Option<usize>,
    settled: bool,
}

impl<S: System> Simulator<S> {
    /// Posts everything due now once, payments side by side, snapshots of one payment in turn.
    pub async fn deliver_pending(&self) -> DeliverySummary {
        let endings: Vec<Ending> = stream::iter(self.take_due(usize::MAX))
            .map(send_group)
            .buffer_unordered(self.shared.config.concurrency.max(1))
            .concat()
            .await;
        let books = self.lock();
        let count = |wanted: Ending| endings.iter().filter(|ending| **ending == wanted).count();
        DeliverySummary {
            tried: endings.len(),
            acknowledged: count(Ending::Acknowledged),
            failed: count(Ending::Failed) + count(Ending::GivenUp),
            given_up: count(Ending::GivenUp),
            waiting: books.outbox.waiting(),
            next_in: books
                .outbox
                .next_due_ms()
                .map(|due| Duration::from_millis(due.saturating_sub(books.now_ms()))),
        }
    }

    /// Sends callbacks as they fall due until `shutdown`. What is under way then goes back and would be sent again.
    pub async fn run_delivery(&self, shutdown: impl Future<Output = ()>) {
        let mut shutdown = std::pin::pin!(shutdown);
        let mut under_way = JoinSet::new();
        let most = self.shared.config.concurrency.max(1);
        loop {
            // A permit stored by a change made meanwhile ends this wait at once, so no callback is overlooked.
            let changed = self.shared.wake.notified();
            for group in self.take_due(most.saturating_sub(under_way.len())) {
                under_way.spawn(send_group(group));
            }
            let pause = if under_way.len() >= most {
                FAR
            } else {
                self.until_next()
            };
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
        let books = self.lock();
        let now = books.now_ms();
        let next = books.outbox.next_due_ms();
        next.map_or(FAR, |due| Duration::from_millis(due.saturating_sub(now)).min(FAR))
    }

    /// Due callbacks, those of one payment together and in turn.
    fn take_due(&self, limit: usize) -> Vec<Vec<Shipment<S>>> {
        let mut books = self.lock();
        let now = books.now_ms();
        let mut groups: Vec<Vec<Shipment<S>>> = Vec::new();
        let mut group_of: HashMap<PaymentId, usize> = HashMap::new();
        for number in books.outbox.take_due(now, limit) {
            let Some(shipment) = self.ship(&mut books, number, now) else {
                continue;
            };
            let group = *group_of.entry(shipment.payment).or_insert_with(|| {
                groups.push(Vec::new());
                groups.len() - 1
            });
            groups[group].push(shipment);
        }
        groups
    }

    fn ship(&self, books: &mut Books<S>, number: usize, now: u64) -> Option<Shipment<S>> {
        let payment = books.outbox.get(number)?.payment;
        let first = books.payment(payment).ok()?.callbacks.first().map(|id| id.0);
        let record = books.outbox.get_mut(number)?;
        let url = record.url.clone()?;
        record.attempts += 1;
        if record.attempts == 1 {
            record.first_ms = now;
        }
        // What is never delivered is not delivered by a retry either.
        let lasts = record.fault == Some(CallbackFault::Lose);
        let fault = record.fault.clone().filter(|_| lasts || record.attempts == 1);
        let replays = fault == Some(CallbackFault::ReplayOld);
        Some(Shipment {
            sim: self.clone(),
            number,
            payment,
            url,
            attempt: record.attempts,
            fault,
            replay: first.filter(|first| replays && *first != number),
            settled: false,
        })
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

async fn send_group<S: System>(group: Vec<Shipment<S>>) -> Vec<Ending> {
    let mut endings = Vec::with_capacity(group.len());
    for shipment in group {
        endings.push(shipment.send().await);
    }
    endings
}

impl<S: System> Shipment<S> {
    async fn send(mut self) -> Ending {
        let mut taken = false;
        let copies = match &self.fault {
            Some(CallbackFault::Drop | CallbackFault::Lose) => {
                let mut books = self.sim.lock();
                books.log(self.number, self.attempt, self.fault.as_ref(), AttemptOutcome::Dropped);
                0
            }
            Some(CallbackFault::Duplicate { copies }) => copies.saturating_add(1),
            Some(_) | None => 1,
        };
        for _ in 0..copies {
            taken |= self.post(self.number, self.fault.as_ref()).await;
        }
        if let Some(older) = self.replay {
            self.post(older, None).await;
        }
        self.settle(taken)
    }

    /// Posts one body and books the attempt, and the acknowledgement if there is one.
    async fn post(&self, number: usize, fault: Option<&CallbackFault>) -> bool {
        let Some(posted) = self.sim.lock().posted(number, fault) else {
            return false;
        };
        let outcome = self.outcome(&posted, fault).await;
        let taken = outcome == AttemptOutcome::Acknowledged;
        let mut books = self.sim.lock();
        if taken {
            acknowledge(&mut books, number, posted.body, fault);
        }
        books.log(number, self.attempt, fault, outcome);
        taken
    }

    async fn outcome(&self, posted: &Posted, fault: Option<&CallbackFault>) -> AttemptOutcome {
        let posting = Posting {
            url: &self.url,
            user_agent: USER_AGENT,
            content_type: posted.content_type,
            headers: &posted.headers,
            body: &posted.body,
        };
        let limit = self.sim.shared.config.callback_timeout;
        match tokio::time::timeout(limit, post::send(&posting, manner(fault))).await {
            Err(_) => AttemptOutcome::TimedOut,
            Ok(Err(error)) => AttemptOutcome::Broken(error.to_string()),
            Ok(Ok(answer)) if answer.status != 200 => AttemptOutcome::Refused(answer.status),
            Ok(Ok(answer)) => match self.accepts(&answer.body) {
                Ok(()) => AttemptOutcome::Acknowledged,
                Err(why) => AttemptOutcome::NotAccepted(why),
            },
        }
    }

    fn accepts(&self, body: &[u8]) -> Result<(), String> {
        let books = self.sim.lock();
        let payment = books.payment(self.payment).map_err(|illegal| illegal.to_string())?;
        let merchant = books.merchant(&payment.merchant);
        let merchant = merchant.map_err(|illegal| illegal.to_string())?;
        S::accepts(&books, &merchant, payment, body)
    }

    fn settle(&mut self, taken: bool) -> Ending {
        self.settled = true;
        let mut books = self.sim.lock();
        let now = books.now_ms();
        let Some(record) = books.outbox.get(self.number) else {
            return Ending::GivenUp;
        };
        let (made, first_ms, phase) = (record.attempts, record.first_ms, record.phase);
        if taken || phase == Phase::Acknowledged {
            books.outbox.enter(self.number, Phase::Acknowledged);
            return Ending::Acknowledged;
        }
        match books.schedule.next(made, first_ms, now) {
            Some(due) => {
                books.outbox.schedule(self.number, due);
                Ending::Failed
            }
            None => {
                books.outbox.enter(self.number, Phase::GivenUp);
                Ending::GivenUp
            }
        }
    }
}

impl<S: System> Drop for Shipment<S> {
    fn drop(&mut self) {
        if !self.settled {
            let mut books = self.sim.lock();
            let now = books.now_ms();
            books.outbox.schedule(self.number, now);
        }
    }
}

const USER_AGENT: &str = "sandbox";

/// Faults of the body and of the schedule travel plainly.
fn manner(fault: Option<&CallbackFault>) -> Manner {
    if let Some(CallbackFault::SlowSend { over }) = fault {
        return Manner::Slow(*over);
    }
    if fault == Some(&CallbackFault::Reset) {
        Manner::Reset
    } else {
        Manner::Plain
    }
}

/// Books that a callback was taken. One that still waits (a replay of it was taken) keeps coming, as the system's would.
pub(super) fn acknowledge<S: System>(books: &mut Books<S>, number: usize, body: Bytes, fault: Option<&CallbackFault>) {
    let Some(record) = books.outbox.get(number) else { return };
    let acknowledgement = Acknowledgement {
        callback: CallbackId(number),
        stage: record.stage,
        refunded: record.refunded,
        body,
        fault: fault.cloned(),
        at: Instant::now(),
        unix_ms: machine_ms(),
    };
    let (payment, phase) = (record.payment, record.phase);
    match phase {
        Phase::Sending | Phase::Taken => books.outbox.enter(number, Phase::Acknowledged),
        Phase::Waiting | Phase::Acknowledged | Phase::GivenUp => {}
    }
    if let Ok(payment) = books.payment_mut(payment) {
        payment.acknowledgements.push(acknowledgement);
    }
}

impl<S: System> Books<S> {
    pub(super) fn log(
        &mut self,
        number: usize,
        attempt: usize,
        fault: Option<&CallbackFault>,
        outcome: AttemptOutcome,
    ) {
        let Some(payment) = self.outbox.get(number).map(|record| record.payment) else {
            return;
        };
        let at_ms = self.now_ms();
        self.outbox.attempts.push(Attempt {
            callback: CallbackId(number),
            payment,
            number: attempt,
            at_ms,
            fault: fault.cloned(),
            outcome,
        });
    }
}
