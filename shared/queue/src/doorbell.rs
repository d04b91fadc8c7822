//! The handle everybody holds.

use std::{
    sync::{Arc, Once},
    time::Duration,
};

use tokio::{sync::watch, time::timeout};

use crate::{
    MAX_ID_BYTES,
    backend::DoorbellBackend,
    buffer::Buffer,
    config::{QueueConfig, QueueUrl},
    due::{Bell, Due, now_ms},
    flusher::{self, Health},
    kind::Kind,
    link::Link,
    listener,
    memory::Memory,
    popper::Source,
    redis_pop::RedisPop,
    wakes::Wakes,
};

/// How long [`Doorbell::depth`] waits for Redis.
const DEPTH_TIMEOUT: Duration = Duration::from_millis(500);

/// Rings bells and makes backends that hear them. Cloning is cheap; all clones are one doorbell.
#[derive(Clone)]
pub struct Doorbell(Arc<Inner>);

struct Inner {
    buffer: Arc<Buffer>,
    wakes: Arc<Wakes>,
    store: Store,
}

enum Store {
    Memory(Arc<Memory>),
    Redis(Redis),
}

struct Redis {
    client: redis::Client,
    keys: Keys,
    health: Arc<Health>,
    listening: Once,
    /// Background tasks end when this goes.
    open: watch::Sender<()>,
}

/// The names this doorbell uses in Redis.
#[derive(Clone)]
pub(crate) struct Keys(Arc<str>);

impl Keys {
    pub(crate) fn bells(&self, kind: Kind) -> String {
        format!("{{{}}}:bell:{}", self.0, kind.as_str())
    }

    pub(crate) fn wake(&self, kind: Kind) -> String {
        format!("{{{}}}:wake:{}", self.0, kind.as_str())
    }
}

impl Doorbell {
    /// Returns at once and cannot fail: Redis is connected in the background, again and again
    /// with growing, jittered pauses up to a second. Must be called inside a tokio runtime.
    pub fn connect(config: QueueConfig) -> Self {
        let buffer = Arc::new(Buffer::new());
        let store = match config.url {
            QueueUrl::Memory => Store::Memory(Arc::default()),
            QueueUrl::Redis(url) => {
                let (open, opened) = watch::channel(());
                let health = Arc::new(Health::default());
                let keys = Keys(config.prefix.into());
                let link = Link::new(url.0.clone(), "flusher");
                tokio::spawn(flusher::run(
                    link,
                    keys.clone(),
                    Arc::clone(&buffer),
                    Arc::clone(&health),
                    opened,
                ));
                Store::Redis(Redis {
                    client: url.0,
                    keys,
                    health,
                    listening: Once::new(),
                    open,
                })
            }
        };
        Self(Arc::new(Inner {
            buffer,
            wakes: Arc::new(Wakes::new()),
            store,
        }))
    }

    /// Rings once for `id`. Never waits and never fails: what cannot be kept is dropped and
    /// counted. Ringing again while the bell still waits changes nothing, unless it is earlier.
    pub fn ring(&self, kind: Kind, id: impl Into<String>, due: Due) {
        self.ring_all(kind, [id.into()], due);
    }

    /// [`Doorbell::ring`] for many ids of one kind.
    pub fn ring_all(&self, kind: Kind, ids: impl IntoIterator<Item = String>, due: Due) {
        let due_ms = due.score(now_ms());
        self.put_back(kind, ids.into_iter().map(|id| Bell { id, due_ms }));
    }

    /// Rings bells that have their due time already.
    pub(crate) fn put_back(&self, kind: Kind, bells: impl IntoIterator<Item = Bell>) {
        // Collected before any lock is taken: the caller's iterator may itself ring.
        let (fit, unfit): (Vec<_>, Vec<_>) = bells
            .into_iter()
            .partition(|bell| (1..=MAX_ID_BYTES).contains(&bell.id.len()));
        match &self.0.store {
            Store::Memory(memory) => {
                let refused = memory.add(kind, fit);
                self.0.buffer.count_dropped(refused);
                self.0.wakes.wake(kind);
            }
            Store::Redis(_) => self.0.buffer.push(kind, fit),
        }
        if !unfit.is_empty() {
            self.0.buffer.count_dropped(unfit.len());
            tracing::error!(
                queue.kind = kind.as_str(),
                count = unfit.len(),
                "Dropped bells whose id is empty or longer than {MAX_ID_BYTES} bytes"
            );
        }
    }

    /// A source of tasks for one apalis worker; see the crate's docs for how to build around it.
    ///
    /// Bells are fetched only when the worker has a free slot, at most `prefetch` (1 to 64) at a
    /// time. With 1 a worker never holds a bell it cannot start, so free workers are never kept
    /// waiting by a busy one; more trades that for fewer round trips.
    pub fn backend(&self, kind: Kind, prefetch: usize) -> DoorbellBackend {
        DoorbellBackend::new(self.clone(), kind, prefetch)
    }

    /// How many bells of a kind wait, due or not. `None` while Redis is away; answers within
    /// half a second.
    pub async fn depth(&self, kind: Kind) -> Option<u64> {
        match &self.0.store {
            Store::Memory(memory) => Some(memory.depth(kind)),
            Store::Redis(redis) => {
                let mut connection = redis.health.connection()?;
                let mut command = redis::cmd("ZCARD");
                command.arg(redis.keys.bells(kind));
                timeout(DEPTH_TIMEOUT, command.query_async(&mut connection))
                    .await
                    .ok()?
                    .ok()
            }
        }
    }

    /// Whether Redis answered the last time it was asked, which is about once a second. Always
    /// true in memory.
    pub fn is_up(&self) -> bool {
        match &self.0.store {
            Store::Memory(_) => true,
            Store::Redis(redis) => redis.health.is_up(),
        }
    }

    /// How many bells this process has dropped since it started: for lack of room, because Redis
    /// was away for more than ten seconds, or because the id did not fit.
    pub fn dropped(&self) -> u64 {
        self.0.buffer.dropped()
    }

    /// Waits until every bell rung before the call is in Redis or dropped, at most about a dozen
    /// seconds. For tests, and for the end of a program that rang.
    pub async fn flushed(&self) {
        self.0.buffer.flushed().await;
    }

    pub(crate) fn wakes(&self) -> &Wakes {
        &self.0.wakes
    }

    /// Where a popper takes its bells from; the first one also starts the listener.
    pub(crate) fn source(&self) -> Source {
        match &self.0.store {
            Store::Memory(memory) => Source::Memory(Arc::clone(memory)),
            Store::Redis(redis) => {
                redis.listening.call_once(|| {
                    let wakes = Arc::clone(&self.0.wakes);
                    let opened = redis.open.subscribe();
                    tokio::spawn(listener::run(redis.client.clone(), redis.keys.clone(), wakes, opened));
                });
                let link = Link::new(redis.client.clone(), "popper");
                Source::Redis(Box::new(RedisPop::new(link, redis.keys.clone())))
            }
        }
    }
}
