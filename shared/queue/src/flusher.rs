//! Carries bells from the buffer to Redis.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use redis::{Pipeline, RedisError, aio::MultiplexedConnection};
use tokio::{sync::watch, time::sleep};

use crate::{
    buffer::{Buffer, Waiting},
    doorbell::Keys,
    kind::Kind,
    link::Link,
};

/// Bells in one pipeline.
const BATCH: usize = 2_000;
/// Bells in one command, so that no single command keeps the server long.
const PER_COMMAND: usize = 500;
/// How often an idle flusher asks whether Redis is there.
const PING_EVERY: Duration = Duration::from_secs(1);

/// What the flusher knows about Redis, for those who ask.
#[derive(Default)]
pub(crate) struct Health {
    up: AtomicBool,
    connection: Mutex<Option<MultiplexedConnection>>,
}

impl Health {
    pub(crate) fn is_up(&self) -> bool {
        self.up.load(Ordering::Relaxed)
    }

    /// A connection that worked at the last try.
    pub(crate) fn connection(&self) -> Option<MultiplexedConnection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, connection: Option<MultiplexedConnection>) {
        self.up.store(connection.is_some(), Ordering::Relaxed);
        *self.connection.lock().unwrap_or_else(PoisonError::into_inner) = connection;
    }
}

/// Runs until the last doorbell is gone (`open` loses its sender), then writes what is left once.
pub(crate) async fn run(
    mut link: Link,
    keys: Keys,
    buffer: Arc<Buffer>,
    health: Arc<Health>,
    mut open: watch::Receiver<()>,
) {
    let mut pause = None;
    buffer.ring_flusher(); // connect now, not at the first ring
    loop {
        tokio::select! {
            () = sleep(pause.unwrap_or(PING_EVERY)) => {}
            () = buffer.rung(), if pause.is_none() => {}
            _ = open.changed() => {}
        }
        let last = open.has_changed().is_err();
        // At least once, also with nothing to write: that is the ping.
        pause = loop {
            let batch = buffer.take(BATCH);
            let outcome = write(&mut link, &keys, &batch).await;
            let pause = link.note(&outcome);
            health.set(outcome.ok());
            match pause {
                None => buffer.settle(batch.len()),
                Some(_) => buffer.give_back(batch),
            }
            if pause.is_some() || buffer.is_empty() {
                break pause;
            }
        };
        if last {
            return buffer.abandon();
        }
    }
}

async fn write(link: &mut Link, keys: &Keys, batch: &[Waiting]) -> Result<MultiplexedConnection, RedisError> {
    let mut connection = link.connection().await?;
    pipeline(keys, batch).exec_async(&mut connection).await?;
    Ok(connection)
}

fn pipeline(keys: &Keys, batch: &[Waiting]) -> Pipeline {
    let mut pipe = redis::pipe();
    if batch.is_empty() {
        pipe.cmd("PING");
    }
    for kind in Kind::ALL {
        let bells: Vec<_> = batch.iter().filter(|waiting| waiting.kind == kind).collect();
        for chunk in bells.chunks(PER_COMMAND) {
            // Why not NX: a bell that waits for a later time must not hide one that is due now.
            let command = pipe.cmd("ZADD").arg(keys.bells(kind)).arg("LT");
            for waiting in chunk {
                command.arg(waiting.bell.due_ms).arg(&waiting.bell.id);
            }
        }
        if !bells.is_empty() {
            pipe.cmd("PUBLISH").arg(keys.wake(kind)).arg("");
        }
    }
    pipe
}
