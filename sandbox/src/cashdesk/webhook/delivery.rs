//! Posting webhooks: each due one once, again on schedule until it is taken with a 2xx or a day is over.

use std::collections::BTreeMap;
use std::future::Future;
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use serde_json::Value;
use tokio::task::JoinSet;

use super::outbox::{DeliveryAttempt, DeliveryState};
use crate::cashdesk::print::{self, Printout};
use crate::cashdesk::representation::representation;
use crate::cashdesk::simulator::Simulator;
use crate::cashdesk::state::State;
use crate::cashdesk::wire::Wishes;
use crate::clock::millis;
use crate::post::{self, Manner, Posting};

/// What one round of `Simulator::deliver_pending` did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeliverySummary {
    /// Webhooks tried.
    pub tried: usize,
    /// Answered with a 2xx.
    pub taken: usize,
    /// Not taken; they come again unless given up.
    pub failed: usize,
    /// Failed for the last time.
    pub given_up: usize,
    /// Still waiting for a later time.
    pub waiting: usize,
    /// How far the next one is on the simulator's clock.
    pub next_in: Option<Duration>,
}

/// One webhook taken out of the outbox. Dropped before it is settled (a cancelled task), it goes back.
pub(in crate::cashdesk) struct Shipment {
    simulator: Simulator,
    number: usize,
    url: String,
    body: Value,
    printout: Printout,
    copies: u32,
    settled: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Taken,
    Failed,
    GivenUp,
}

/// Nothing is due: look again after this long even so.
const FAR: Duration = Duration::from_secs(60);

impl Simulator {
    /// Posts every webhook that is due now once, registers side by side, those of one register in turn.
    pub async fn deliver_pending(&self) -> DeliverySummary {
        let endings: Vec<Ending> = stream::iter(self.take_due(usize::MAX))
            .map(send_group)
            .buffer_unordered(self.concurrency())
            .concat()
            .await;
        let state = self.lock();
        let count = |wanted: Ending| endings.iter().filter(|ending| **ending == wanted).count();
        let next = state.outbox.next_due_ms();
        DeliverySummary {
            tried: endings.len(),
            taken: count(Ending::Taken),
            failed: count(Ending::Failed) + count(Ending::GivenUp),
            given_up: count(Ending::GivenUp),
            waiting: state.outbox.waiting(),
            next_in: next.map(|due| Duration::from_millis(due.saturating_sub(state.world.now_ms()))),
        }
    }

    /// Posts webhooks as they fall due until `shutdown`. What is under way then goes back and would be sent again.
    pub async fn run_delivery(&self, shutdown: impl Future<Output = ()>) {
        let mut shutdown = std::pin::pin!(shutdown);
        let mut under_way = JoinSet::new();
        loop {
            // A permit stored by a change made meanwhile ends this wait at once, so no webhook is overlooked.
            let changed = self.changed();
            for group in self.take_due(self.concurrency().saturating_sub(under_way.len())) {
                under_way.spawn(send_group(group));
            }
            let full = under_way.len() >= self.concurrency();
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
        let now = state.world.now_ms();
        let next = state.outbox.next_due_ms();
        next.map_or(FAR, |due| Duration::from_millis(due.saturating_sub(now)).min(FAR))
    }

    /// Due webhooks, those of one register together and in turn.
    fn take_due(&self, limit: usize) -> Vec<Vec<Shipment>> {
        let mut state = self.lock();
        let mut groups: BTreeMap<u64, Vec<Shipment>> = BTreeMap::new();
        for (register, shipment) in self.shipments(&mut state, limit, None) {
            groups.entry(register).or_default().push(shipment);
        }
        groups.into_values().collect()
    }

    /// What is to be posted before a request for this register is answered. Taken with the lock that the request was
    /// carried out under, so that `run_delivery` cannot take it first.
    pub(in crate::cashdesk) fn before_reply(&self, state: &mut State, register: Option<u64>) -> Vec<Shipment> {
        match register {
            Some(register) if state.world.switches.webhook_before_reply => {
                let shipments = self.shipments(state, usize::MAX, Some(register)).into_iter();
                shipments.map(|(_, shipment)| shipment).collect()
            }
            Some(_) | None => Vec::new(),
        }
    }

    fn shipments(&self, state: &mut State, limit: usize, register: Option<u64>) -> Vec<(u64, Shipment)> {
        let now = state.world.now_ms();
        let due = state.outbox.take_due(now, limit, register).into_iter();
        due.filter_map(|number| self.ship(state, number, now)).collect()
    }

    /// None when the register has no address any more: then it is given up.
    fn ship(&self, state: &mut State, number: usize, now: u64) -> Option<(u64, Shipment)> {
        let State {
            world,
            registers,
            outbox,
            ..
        } = state;
        let record = outbox.records.get_mut(number)?;
        record.state = DeliveryState::GivenUp;
        let register = registers.get(&record.register)?;
        let document = register.documents.get(record.place)?;
        let url = register.webhook_url.clone()?;
        record.state = DeliveryState::Sending;
        record.rounds += 1;
        if record.rounds == 1 {
            record.first_ms = now;
        }
        let wishes = Wishes::default();
        let shipment = Shipment {
            simulator: self.clone(),
            number,
            url,
            body: representation(document, &world.base),
            printout: print::of_document(document, &register.setup, &world.base, &wishes, &world.switches),
            copies: 1 + world.switches.webhook_duplicates,
            settled: false,
        };
        Some((record.register, shipment))
    }
}

/// Posts them in turn.
pub(in crate::cashdesk) async fn send_all(group: Vec<Shipment>) {
    send_group(group).await;
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
        self.printout.fill(&mut self.body);
        let body = self.body.to_string();
        let mut taken = false;
        for _ in 0..self.copies {
            taken |= self.post(body.as_bytes()).await;
        }
        self.settle(taken)
    }

    async fn post(&self, body: &[u8]) -> bool {
        let posting = Posting {
            url: &self.url,
            user_agent: "sandbox",
            content_type: "application/json",
            headers: &[],
            body,
        };
        let (at, limit) = {
            let state = self.simulator.lock();
            (state.world.now(), state.world.config.webhook_timeout)
        };
        let answered = tokio::time::timeout(limit, post::send(&posting, Manner::Plain)).await;
        let status = answered.ok().and_then(Result::ok).map(|answered| answered.status);
        if let Some(record) = self.simulator.lock().outbox.records.get_mut(self.number) {
            record.attempts.push(DeliveryAttempt { at, status });
        }
        status.is_some_and(|status| (200..300).contains(&status))
    }

    fn settle(&mut self, taken: bool) -> Ending {
        self.settled = true;
        let State { world, outbox, .. } = &mut *self.simulator.lock();
        let now = world.now_ms();
        let Some(record) = outbox.records.get_mut(self.number) else {
            return Ending::GivenUp;
        };
        if taken {
            record.state = DeliveryState::Taken;
            return Ending::Taken;
        }
        let last = record.first_ms.saturating_add(millis(world.config.webhook_for));
        let next = world.config.webhook_schedule.next(record.rounds, record.first_ms, now);
        match next.filter(|due| *due <= last) {
            Some(due) => {
                outbox.schedule(self.number, due);
                Ending::Failed
            }
            None => {
                record.state = DeliveryState::GivenUp;
                Ending::GivenUp
            }
        }
    }
}

impl Drop for Shipment {
    fn drop(&mut self) {
        if !self.settled {
            let mut state = self.simulator.lock();
            let now = state.world.now_ms();
            state.outbox.schedule(self.number, now);
        }
    }
}
