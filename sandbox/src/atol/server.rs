//! The API's listener.

use std::future::Future;
use std::io;
use std::sync::Arc;

use bytes::Bytes;
use hyper::Request;
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderName};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::route::{Call, Route};
use super::simulator::Simulator;
use crate::socket::{self, Answer as Reply, JSON, text};

mod act;
mod job;

/// Serves `/possystem/…` until `shutdown` is done. Connections still open then are cut, and requests still delayed are
/// given up. The state stays: serve another listener to go on.
pub fn serve<S>(
    listener: TcpListener,
    simulator: Simulator,
    shutdown: S,
) -> impl Future<Output = io::Result<()>> + Send + use<S>
where
    S: Future<Output = ()> + Send,
{
    let shared = Arc::new(Shared {
        simulator,
        late: TaskTracker::new(),
        over: CancellationToken::new(),
    });
    let door = shared.simulator.0.door.clone();
    let serving = door.serve(listener, shutdown, {
        let shared = Arc::clone(&shared);
        move |stream| connection(Arc::clone(&shared), stream)
    });
    async move {
        let cut = shared.over.clone();
        // Connections are cut with this future too, should it be dropped.
        let over = cut.drop_guard();
        let served = serving.await;
        drop(over);
        shared.late.close();
        shared.late.wait().await;
        served
    }
}

struct Shared {
    simulator: Simulator,
    /// Requests that are carried out later.
    late: TaskTracker,
    over: CancellationToken,
}

async fn connection(shared: Arc<Shared>, stream: TcpStream) {
    let cut = CancellationToken::new();
    let answered = |request| {
        let (shared, cut) = (Arc::clone(&shared), cut.clone());
        async move { answer(&shared, request, &cut).await }
    };
    shared
        .over
        .run_until_cancelled(socket::connection(stream, &cut, answered))
        .await;
}

async fn answer(shared: &Arc<Shared>, request: Request<Incoming>, cut: &CancellationToken) -> Reply {
    let (head, body) = request.into_parts();
    let Some(route) = Route::of(&head.method, head.uri.path()) else {
        return text(404, "not found");
    };
    let body = match socket::read(body).await {
        Ok(body) => body,
        Err(too_large) => return too_large,
    };
    let header = |name: &HeaderName| Some(head.headers.get(name)?.to_str().ok()?.to_owned());
    let call = Call {
        method: head.method.clone(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        content_type: header(&CONTENT_TYPE),
        token: header(&HeaderName::from_static("token")),
        body,
    };
    let begun = job::begin(&shared.simulator, route, head.uri.path(), call);
    act::act(shared, begun, cut).await
}

fn json(status: u16, body: impl Into<Bytes>) -> Reply {
    socket::typed(status, JSON, body)
}
