//! The protocol's listener.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use hyper::Request;
use hyper::body::Incoming;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::simulator::Simulator;
use crate::socket::{self, Answer};
use request::Work;

mod act;
mod drawn;
mod request;

/// Serves `/api/v2` and the public check pages until `shutdown` is done. Connections still open then are dropped, and
/// registrations still delayed are given up.
pub async fn serve(
    listener: TcpListener,
    simulator: Simulator,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    simulator.listens_at(listener.local_addr()?);
    let door = simulator.door().clone();
    let tasks = TaskTracker::new();
    let over = CancellationToken::new();
    let shared = Arc::new(Shared { simulator, tasks, over });
    shared.tasks.spawn(upload_on_a_timer(Arc::clone(&shared)));
    let connections = Arc::clone(&shared);
    let served = door.serve(listener, shutdown, move |stream| {
        connection(Arc::clone(&connections), stream)
    });
    let served = served.await;
    shared.over.cancel();
    shared.tasks.close();
    shared.tasks.wait().await;
    served
}

struct Shared {
    simulator: Simulator,
    /// The timer and delayed registrations.
    tasks: TaskTracker,
    over: CancellationToken,
}

async fn upload_on_a_timer(shared: Arc<Shared>) {
    let Some(every) = shared.simulator.lock().world.config.upload_every else {
        return;
    };
    let mut timer = tokio::time::interval(every.max(Duration::from_millis(10)));
    loop {
        tokio::select! {
            () = shared.over.cancelled() => return,
            _ = timer.tick() => shared.simulator.deliver_offline(),
        }
    }
}

async fn connection(shared: Arc<Shared>, stream: TcpStream) {
    let cut = CancellationToken::new();
    let answered = |request| answer(Arc::clone(&shared), request, cut.clone());
    socket::connection(stream, &cut, answered).await;
}

async fn answer(shared: Arc<Shared>, request: Request<Incoming>, cut: CancellationToken) -> Answer {
    let (head, body) = request.into_parts();
    let body = match socket::read(body).await {
        Ok(body) => body,
        Err(too_large) => return too_large,
    };
    match request::begin(&shared.simulator, &head, &body) {
        Work::Refused(reply) => drawn::drawn(reply),
        Work::Begun(begun) => act::act(&shared, begun, cut).await,
    }
}
