//! Sending callbacks as they fall due.

use std::future::Future;
use std::time::Duration;

use tokio::task::JoinSet;

use super::callback::{Delivery, Parcel};
use super::simulator::Simulator;
use super::state::{State, instant};
use crate::post::{self, Manner, Posting};

/// Somebody else may move the clock: with something to wait for, look again this soon.
const LOOK: Duration = Duration::from_millis(20);

/// Nothing is due: look again after this long even so.
const FAR: Duration = Duration::from_secs(60);

impl Simulator {
    /// Works on and sends callbacks until `shutdown`. One that is under way then is given up, and never sent again.
    pub async fn run(&self, shutdown: impl Future<Output = ()>) {
        let mut shutdown = std::pin::pin!(shutdown);
        let mut under_way = JoinSet::new();
        loop {
            // A permit stored by a change made meanwhile ends this wait at once, so no callback is overlooked.
            let changed = self.0.wake.notified();
            let (parcels, timeout) = self.take_due(under_way.len());
            for parcel in parcels {
                under_way.spawn(deliver(self.clone(), parcel, timeout));
            }
            tokio::select! {
                () = &mut shutdown => break,
                () = changed => {}
                () = tokio::time::sleep(self.until_next()) => {}
                Some(_) = under_way.join_next() => {}
            }
        }
        under_way.shutdown().await;
    }

    fn take_due(&self, under_way: usize) -> (Vec<Parcel>, Duration) {
        self.look(|state| {
            let now_ms = state.now_ms();
            let config = &state.desk.config;
            let (timeout, most) = (config.callback_timeout, config.concurrency.max(1));
            let parcels = state
                .desk
                .outbox
                .take_due(now_ms, instant(now_ms), most.saturating_sub(under_way));
            (parcels, timeout)
        })
    }

    fn until_next(&self) -> Duration {
        let left = |state: &State| {
            Some(Duration::from_millis(
                state.next_due_ms()?.saturating_sub(state.now_ms()),
            ))
        };
        // Due already and not taken: too much is under way, and its end wakes us.
        self.read(left)
            .map_or(FAR, |left| left.clamp(Duration::from_millis(1), LOOK))
    }
}

async fn deliver(simulator: Simulator, parcel: Parcel, timeout: Duration) {
    let mut ending = Ending {
        simulator,
        number: parcel.number,
        delivery: Delivery::Failed,
    };
    let posting = Posting {
        url: &parcel.url,
        user_agent: "atol-simulator",
        content_type: "application/json; charset=utf-8",
        headers: &[],
        body: parcel.body.as_bytes(),
    };
    if let Ok(Ok(answered)) = tokio::time::timeout(timeout, post::send(&posting, Manner::Plain)).await {
        ending.delivery = Delivery::Answered(answered.status);
    }
}

/// Notes how a callback ended, a shutdown included.
struct Ending {
    simulator: Simulator,
    number: usize,
    delivery: Delivery,
}

impl Drop for Ending {
    fn drop(&mut self) {
        let (number, delivery) = (self.number, self.delivery);
        self.simulator
            .look(|state| state.desk.outbox.delivered(number, delivery));
        self.simulator.0.delivered.notify_waiters();
    }
}
