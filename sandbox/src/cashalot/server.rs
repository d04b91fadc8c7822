//! The protocol's listener.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hyper::body::Incoming;
use hyper::{Method, Request};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::simulator::Simulator;
use crate::socket::{self, Answer, JSON, text};
use request::Work;

mod act;
mod request;

/// Serves the protocol on `/` and on paths that end in `/fsapi/` until `shutdown` is done. Connections still open then
/// are dropped, and registrations still delayed are given up.
pub async fn serve(
    listener: TcpListener,
    simulator: Simulator,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let tasks = TaskTracker::new();
    let over = CancellationToken::new();
    let shared = Arc::new(Shared { simulator, tasks, over });
    shared.tasks.spawn(deliver_on_a_timer(Arc::clone(&shared)));
    tokio::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => drop(shared.tasks.spawn(connection(Arc::clone(&shared), stream))),
                // Out of file descriptors, or a connection reset before it was taken: the next one may do better.
                Err(error) => tracing::debug!(%error, "Could not accept a connection"),
            },
        }
    }
    shared.over.cancel();
    shared.tasks.close();
    shared.tasks.wait().await;
    Ok(())
}

struct Shared {
    simulator: Simulator,
    /// Connections and delayed registrations.
    tasks: TaskTracker,
    over: CancellationToken,
}

async fn deliver_on_a_timer(shared: Arc<Shared>) {
    let Some(every) = shared.simulator.lock().world.config.delivery_every else {
        return;
    };
    let mut timer = tokio::time::interval(every.max(Duration::from_millis(10)));
    loop {
        tokio::select! {
            () = shared.over.cancelled() => return,
            _ = timer.tick() => shared.simulator.tick(),
        }
    }
}

async fn connection(shared: Arc<Shared>, stream: TcpStream) {
    // Answers are small and written at once; nothing is gained by holding them back.
    let _ = stream.set_nodelay(true);
    let cut = CancellationToken::new();
    let answered = |request| answer(Arc::clone(&shared), request, cut.clone());
    shared
        .over
        .run_until_cancelled(socket::connection(stream, &cut, answered))
        .await;
}

async fn answer(shared: Arc<Shared>, request: Request<Incoming>, cut: CancellationToken) -> Answer {
    let path = request.uri().path();
    if path != "/" && !path.ends_with("/fsapi/") && !path.ends_with("/fsapi") {
        return text(404, "not found");
    }
    if request.method() != Method::POST {
        return text(405, "POST only");
    }
    let body = match socket::read(request.into_body()).await {
        Ok(body) => body,
        Err(too_large) => return too_large,
    };
    match request::begin(&shared.simulator, &body) {
        Work::NotAnObject => text(400, "a JSON object is expected"),
        Work::Refused(answer) => json(answer),
        Work::Begun(begun) => act::act(&shared, begun, cut).await,
    }
}

fn json(body: impl Into<Bytes>) -> Answer {
    socket::typed(200, JSON, body)
}
