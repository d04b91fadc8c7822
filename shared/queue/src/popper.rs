//! Fetches due bells for one worker, only when the worker asks for one.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use apalis_core::worker::context::WorkerContext;
use tokio::{
    sync::{Notify, mpsc, watch},
    time::{sleep, timeout},
};

use crate::{
    doorbell::Doorbell,
    due::{Bell, Popped, Share, now_ms},
    kind::Kind,
    memory::Memory,
    redis_pop::RedisPop,
};

/// How long a popper sleeps at most, in case a wake-up is lost.
const POLL_EVERY: Duration = Duration::from_secs(1);

/// Where a popper takes its bells from.
pub(crate) enum Source {
    Memory(Arc<Memory>),
    Redis(Box<RedisPop>),
}

impl Source {
    /// Due bells, or after a failure how long to wait.
    async fn pop(&mut self, kind: Kind, share: Share) -> Result<Popped, Duration> {
        match self {
            Self::Memory(memory) => Ok(memory.pop(kind, share, now_ms())),
            Self::Redis(redis) => {
                let outcome = redis.pop(kind, share, now_ms()).await;
                match redis.link.note(&outcome) {
                    Some(pause) => Err(pause),
                    None => Ok(outcome.unwrap_or_default()),
                }
            }
        }
    }
}

/// Whether the worker waits for a bell. A worker whose slots are all taken does not, and then
/// nothing is popped: the bell is left for a worker that is free.
#[derive(Default)]
pub(crate) struct Hunger {
    hungry: AtomicBool,
    changed: Notify,
}

impl Hunger {
    pub(crate) fn set(&self, hungry: bool) {
        self.hungry.store(hungry, Ordering::SeqCst);
        if hungry {
            self.changed.notify_one();
        }
    }
}

pub(crate) struct Popper {
    pub(crate) doorbell: Doorbell,
    pub(crate) kind: Kind,
    pub(crate) source: Source,
    pub(crate) worker: WorkerContext,
    pub(crate) hunger: Arc<Hunger>,
    pub(crate) hand_over: mpsc::Sender<Bell>,
    /// Loses its sender when the popper should end.
    pub(crate) stop: watch::Receiver<()>,
}

impl Popper {
    /// Runs until told to stop. A pop under way is always waited for: cancelling it would lose
    /// its bells.
    pub(crate) async fn run(mut self) {
        let mut wake = self.doorbell.wakes().subscribe(self.kind);
        let mut newest_turn = false;
        while self.wanted().await {
            wake.mark_unchanged(); // a ring from here on is seen by the wait below
            let want = self.hand_over.capacity();
            let outcome = self.source.pop(self.kind, Share::of(want, newest_turn)).await;
            newest_turn = !newest_turn;
            match outcome {
                Ok(Popped { bells, .. }) if !bells.is_empty() => self.deliver(bells),
                Ok(Popped { next_due_ms, .. }) => tokio::select! {
                    _ = timeout(until(next_due_ms), wake.changed()) => {}
                    _ = self.stop.changed() => {}
                },
                Err(pause) => tokio::select! {
                    () = sleep(pause) => {}
                    _ = self.stop.changed() => {}
                },
            }
        }
    }

    /// Waits until the worker asks for a bell and holds none; false when it is time to stop.
    async fn wanted(&mut self) -> bool {
        loop {
            if self.stop.has_changed().is_err() || self.worker.is_shutting_down() {
                return false;
            }
            // In this order: the worker lowers its hunger before it takes a bell.
            let empty = self.hand_over.capacity() == self.hand_over.max_capacity();
            if empty && self.hunger.hungry.load(Ordering::SeqCst) {
                return true;
            }
            tokio::select! {
                () = self.hunger.changed.notified() => {}
                _ = self.stop.changed() => {}
            }
        }
    }

    fn deliver(&self, bells: Vec<Bell>) {
        for bell in bells {
            // There is room for all: nobody else sends. An error means the worker is gone.
            if let Err(error) = self.hand_over.try_send(bell) {
                self.doorbell.put_back(self.kind, [error.into_inner()]);
            }
        }
    }
}

fn until(due_ms: Option<i64>) -> Duration {
    due_ms
        .map(|due_ms| Duration::from_millis(u64::try_from(due_ms - now_ms()).unwrap_or(0).max(1)))
        .map_or(POLL_EVERY, |wait| wait.min(POLL_EVERY))
}
