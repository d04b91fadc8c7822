//! Bells rung by this process that Redis does not have yet.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{Notify, watch},
    time::Instant,
};

use crate::{due::Bell, kind::Kind};

/// How many bells may wait. At 200 bytes each: about 20 MB at worst.
const CAPACITY: usize = 65_536;
/// How long a bell waits for a Redis that is away. By then the sweep has found its work anyway.
const KEEP: Duration = Duration::from_secs(10);

/// A bell that waits to be written.
pub(crate) struct Waiting {
    pub(crate) kind: Kind,
    pub(crate) bell: Bell,
    rung: Instant,
}

/// A bounded queue that never makes the ringer wait.
pub(crate) struct Buffer {
    inner: Mutex<Inner>,
    /// How many accepted bells have been written or dropped.
    settled: watch::Sender<u64>,
    rung: Notify,
    dropped: AtomicU64,
}

#[derive(Default)]
struct Inner {
    waiting: VecDeque<Waiting>,
    accepted: u64,
}

impl Buffer {
    pub(crate) fn new() -> Self {
        Self {
            inner: Mutex::default(),
            settled: watch::Sender::new(0),
            rung: Notify::new(),
            dropped: AtomicU64::new(0),
        }
    }

    pub(crate) fn push(&self, kind: Kind, bells: impl IntoIterator<Item = Bell>) {
        let rung = Instant::now();
        let mut refused = 0;
        {
            let mut inner = self.lock();
            for bell in bells {
                if inner.waiting.len() < CAPACITY {
                    inner.waiting.push_back(Waiting { kind, bell, rung });
                    inner.accepted += 1;
                } else {
                    refused += 1;
                }
            }
        }
        self.count_dropped(refused);
        self.ring_flusher();
    }

    /// Takes up to `most` bells, oldest first. Each must come to [`Buffer::settle`] or
    /// [`Buffer::give_back`].
    pub(crate) fn take(&self, most: usize) -> Vec<Waiting> {
        let mut inner = self.lock();
        let count = most.min(inner.waiting.len());
        inner.waiting.drain(..count).collect()
    }

    /// These bells are written.
    pub(crate) fn settle(&self, count: usize) {
        self.settled.send_modify(|settled| *settled += count as u64);
    }

    /// These bells could not be written: they wait on in front, in their order. Whatever has waited
    /// too long, among them and behind them, is dropped. Writing a bell again is safe even if Redis
    /// has it: the earliest ring counts.
    pub(crate) fn give_back(&self, batch: Vec<Waiting>) {
        let mut expired = 0;
        {
            let mut inner = self.lock();
            for waiting in batch.into_iter().rev() {
                inner.waiting.push_front(waiting);
            }
            while inner
                .waiting
                .front()
                .is_some_and(|oldest| oldest.rung.elapsed() >= KEEP)
            {
                inner.waiting.pop_front();
                expired += 1;
            }
        }
        self.drop_and_settle(expired);
    }

    /// Drops everything that waits.
    pub(crate) fn abandon(&self) {
        let count = self.take(usize::MAX).len();
        self.drop_and_settle(count);
    }

    pub(crate) fn count_dropped(&self, count: usize) {
        self.dropped.fetch_add(count as u64, Ordering::Relaxed);
    }

    pub(crate) fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lock().waiting.is_empty()
    }

    /// Makes [`Buffer::rung`] complete once.
    pub(crate) fn ring_flusher(&self) {
        self.rung.notify_one();
    }

    /// Completes soon after a push, also one that came before the call.
    pub(crate) async fn rung(&self) {
        self.rung.notified().await;
    }

    /// Waits until every bell accepted so far is written or dropped.
    pub(crate) async fn flushed(&self) {
        let accepted = self.lock().accepted;
        let mut settled = self.settled.subscribe();
        // The sender is part of `self`, so waiting cannot fail.
        let _ = settled.wait_for(|settled| *settled >= accepted).await;
    }

    fn drop_and_settle(&self, count: usize) {
        self.count_dropped(count);
        self.settle(count);
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bells(count: usize) -> impl Iterator<Item = Bell> {
        (0..count).map(|n| Bell {
            id: n.to_string(),
            due_ms: 0,
        })
    }

    #[tokio::test(start_paused = true)]
    async fn a_full_buffer_drops_what_comes_and_counts_it() {
        let buffer = Buffer::new();
        buffer.push(Kind::PlanEvent, bells(CAPACITY + 3));
        assert_eq!(buffer.dropped(), 3);
        assert_eq!(buffer.take(usize::MAX).len(), CAPACITY);
    }

    #[tokio::test(start_paused = true)]
    async fn unwritten_bells_keep_their_place_until_they_are_too_old() {
        let buffer = Buffer::new();
        buffer.push(Kind::PlanEvent, bells(3));
        buffer.give_back(buffer.take(2));
        let ids: Vec<_> = buffer.take(3).into_iter().map(|waiting| waiting.bell.id).collect();
        assert_eq!(ids, ["0", "1", "2"]);
        buffer.settle(3);

        buffer.push(Kind::PlanEvent, bells(3));
        let batch = buffer.take(1);
        tokio::time::advance(KEEP).await;
        buffer.push(Kind::PlanEvent, bells(1));
        buffer.give_back(batch);
        assert_eq!((buffer.take(9).len(), buffer.dropped()), (1, 3));
        buffer.settle(1);
        buffer.flushed().await;
    }
}
