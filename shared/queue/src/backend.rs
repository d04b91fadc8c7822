//! The doorbell as apalis sees it.

use std::{
    convert::Infallible,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use apalis_core::{
    backend::{Backend, BackendConfig, finalize::Ephemeral},
    layers::Identity,
    task::{
        Task,
        builder::TaskBuilder,
        task_id::{RandomId, TaskId},
    },
    worker::context::WorkerContext,
};
use futures_util::{FutureExt, future::BoxFuture};
use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
    time::{sleep, timeout},
};

use crate::{
    doorbell::Doorbell,
    due::Bell,
    kind::Kind,
    popper::{Hunger, Popper},
};

/// Most bells fetched at once.
const MOST_AT_ONCE: usize = 64;
/// How long a stop may take, beyond the handlers, to put unheard bells back.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(4);
/// Pause before a popper that ended by itself (a fault of ours) is replaced.
const POPPER_RESTART: Duration = Duration::from_secs(1);

/// A source of tasks for an apalis worker: the task's argument is the bell's id.
///
/// It never ends and never fails; while Redis is away it is merely silent. A worker's poll never
/// waits for Redis, because a task of its own does that. Made by
/// [`Doorbell::backend`](crate::Doorbell::backend), starts with the worker's first poll.
pub struct DoorbellBackend {
    doorbell: Doorbell,
    kind: Kind,
    at_once: usize,
    running: Option<Running>,
    closing: Option<BoxFuture<'static, ()>>,
}

struct Running {
    bells: mpsc::Receiver<Bell>,
    hunger: Arc<Hunger>,
    popper: JoinHandle<()>,
    stop: watch::Sender<()>,
}

impl DoorbellBackend {
    pub(crate) fn new(doorbell: Doorbell, kind: Kind, prefetch: usize) -> Self {
        let at_once = prefetch.clamp(1, MOST_AT_ONCE);
        Self {
            doorbell,
            kind,
            at_once,
            running: None,
            closing: None,
        }
    }

    fn start(&self, worker: &WorkerContext, delay: Duration) -> Running {
        let (hand_over, bells) = mpsc::channel(self.at_once);
        let (stop, stopped) = watch::channel(());
        let hunger = Arc::new(Hunger::default());
        let popper = Popper {
            doorbell: self.doorbell.clone(),
            kind: self.kind,
            source: self.doorbell.source(),
            worker: worker.clone(),
            hunger: Arc::clone(&hunger),
            hand_over,
            stop: stopped,
        };
        let popper = tokio::spawn(async move {
            sleep(delay).await;
            popper.run().await;
        });
        Running {
            bells,
            hunger,
            popper,
            stop,
        }
    }
}

impl Backend for DoorbellBackend {
    type Task = Task<String>;
    type Error = Infallible;

    fn poll_ready(&mut self, _: &mut Context<'_>, _: &WorkerContext) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn poll_next(
        &mut self,
        cx: &mut Context<'_>,
        worker: &WorkerContext,
    ) -> Poll<Option<Result<Self::Task, Infallible>>> {
        let running = match self.running.take() {
            Some(running) => running,
            None => self.start(worker, Duration::ZERO),
        };
        let running = self.running.insert(running);
        running.hunger.set(false);
        match running.bells.poll_recv(cx) {
            // The task's own id is random: apalis refuses two tasks with one id at the same time,
            // and a bell may well ring again while its handler runs.
            Poll::Ready(Some(bell)) => {
                let id = TaskId::from_string(RandomId::default());
                Poll::Ready(Some(Ok(TaskBuilder::new(bell.id).task_id(id).build())))
            }
            Poll::Ready(None) => {
                if !worker.is_shutting_down() {
                    tracing::error!(
                        queue.kind = self.kind.as_str(),
                        "The popper ended by itself; starting another"
                    );
                    self.running = Some(self.start(worker, POPPER_RESTART));
                    cx.waker().wake_by_ref();
                }
                Poll::Pending
            }
            Poll::Pending => {
                running.hunger.set(true);
                Poll::Pending
            }
        }
    }

    fn poll_close(&mut self, cx: &mut Context<'_>, _: &WorkerContext) -> Poll<Result<(), Infallible>> {
        if let Some(running) = self.running.take() {
            self.closing = Some(close(running, self.doorbell.clone(), self.kind).boxed());
        }
        if let Some(closing) = &mut self.closing {
            ready!(closing.poll_unpin(cx));
            self.closing = None;
        }
        Poll::Ready(Ok(()))
    }
}

/// Puts back what was fetched and not heard, and waits until Redis has it or time is up.
async fn close(mut running: Running, doorbell: Doorbell, kind: Kind) {
    drop(running.stop);
    let put_back = async {
        let _ = running.popper.await; // a panic in it is no reason not to stop
        running.bells.close();
        doorbell.put_back(kind, drain(&mut running.bells));
        doorbell.flushed().await;
    };
    let _ = timeout(CLOSE_TIMEOUT, put_back).await;
}

fn drain(bells: &mut mpsc::Receiver<Bell>) -> impl Iterator<Item = Bell> {
    std::iter::from_fn(|| bells.try_recv().ok())
}

/// A worker that is dropped instead of stopped still gives its unheard bells back.
impl Drop for DoorbellBackend {
    fn drop(&mut self) {
        if let Some(running) = &mut self.running {
            running.bells.close();
            self.doorbell.put_back(self.kind, drain(&mut running.bells));
        }
    }
}

impl BackendConfig for DoorbellBackend {
    type Args = String;
    type Id = RandomId;
    type Kind = Ephemeral;
    type Config = ();
    type Layer = Identity;

    fn config(&self) -> &Self::Config {
        &()
    }

    fn middleware(&mut self, _: &mut WorkerContext) -> Self::Layer {
        Identity::new()
    }
}
