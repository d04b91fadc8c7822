//! Sending callbacks: each due one once, again on schedule until somebody takes it.

use std::collections::HashMap;
use std::future::Future;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream;
use tokio::task::JoinSet;

use super::payment::PaymentId;
use super::shipment::{Ending, Shipment};
use super::simulator::Simulator;
use super::system::System;

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
            let Some(shipment) = Shipment::of(self, &mut books, number, now) else {
                continue;
            };
            let group = *group_of.entry(shipment.payment()).or_insert_with(|| {
                groups.push(Vec::new());
                groups.len() - 1
            });
            groups[group].push(shipment);
        }
        groups
    }
}

/// Nothing is due: look again after this long even so.
const FAR: Duration = Duration::from_secs(60);

async fn send_group<S: System>(group: Vec<Shipment<S>>) -> Vec<Ending> {
    let mut endings = Vec::with_capacity(group.len());
    for shipment in group {
        endings.push(shipment.send().await);
    }
    endings
}
