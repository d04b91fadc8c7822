//! A worker built the way the crate's docs ask for.

use std::{any::Any, future::Future, panic::AssertUnwindSafe, sync::Arc};

use apalis::prelude::{ParallelizeExt, WorkerBuilder, WorkerBuilderExt, WorkerError};
use futures_util::FutureExt;

use crate::{doorbell::Doorbell, kind::Kind};

/// The worker runtime ended although nobody asked it to: a fault in it or in this crate. The
/// handlers in hand go on to their end; start the worker again, or end the process.
#[derive(Debug, thiserror::Error)]
#[error("the worker ended unasked")]
pub struct WorkerEnded(#[source] WorkerError);

/// Hears bells of one kind until `shutdown` completes, then finishes the handlers in hand, puts
/// unheard bells back (4 s at most) and returns.
///
/// Up to `concurrency` handlers run at once, each as a task of its own. A handler that panics is
/// logged with its bell's id and counts as done. The same id may be in two handlers at once.
/// Trouble with Redis neither ends the worker nor touches a handler.
pub async fn run_worker<F, Fut>(
    doorbell: &Doorbell,
    kind: Kind,
    name: &str,
    concurrency: usize,
    handler: F,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), WorkerEnded>
where
    F: Fn(String) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    let handler = Arc::new(handler);
    let worker = WorkerBuilder::new(name)
        .backend(doorbell.backend(kind, 1))
        .concurrency(concurrency.max(1))
        .parallelize(tokio::spawn)
        .build(move |id: String| answer(kind, id, Arc::clone(&handler)));
    // Boxed so that callers may spawn us: through the bare type of `tokio::spawn` the compiler
    // cannot see that the future is `Send`.
    let running = worker.run_until(shutdown.map(Ok::<(), WorkerError>)).boxed();
    running.await.map_err(WorkerEnded)
}

/// Why not apalis's own panic layer: it does not know which bell it was.
async fn answer<F, Fut>(kind: Kind, id: String, handler: Arc<F>)
where
    F: Fn(String) -> Fut,
    Fut: Future<Output = ()>,
{
    let handled = AssertUnwindSafe(async { handler(id.clone()).await })
        .catch_unwind()
        .await;
    if let Err(panic) = handled {
        tracing::error!(
            queue.kind = kind.as_str(),
            queue.id = %id,
            panic = panic_text(panic.as_ref()),
            "A handler panicked on {} {id}",
            kind.as_str()
        );
    }
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}
