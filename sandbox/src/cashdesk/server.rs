//! The protocol's listener.
//!
//! Why not axum here: a fault must be able to drop a connection with not a byte sent, so each connection is a task of
//! ours with a token that ends it, and one service function is all the routing there is.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Full, Limited, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::simulator::Simulator;
use request::Work;

mod act;
mod drawn;
mod request;

/// Largest request body; the sheet does not know the real limit.
const BODY_LIMIT: usize = 4 * 1024 * 1024;

type Answer = Response<BoxBody<Bytes, io::Error>>;

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
    let service = service_fn(|request| {
        let (shared, cut) = (Arc::clone(&shared), cut.clone());
        async move { Ok::<_, Infallible>(answer(shared, request, cut).await) }
    });
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        // Dropping the connection closes its socket; the client reads the end of the stream and no answer.
        () = cut.cancelled() => {}
        served = connection => if let Err(error) = served {
            tracing::trace!(%error, "A connection ended early");
        },
    }
}

async fn answer(shared: Arc<Shared>, request: Request<Incoming>, cut: CancellationToken) -> Answer {
    let (head, body) = request.into_parts();
    let body = match Limited::new(body, BODY_LIMIT).collect().await {
        Ok(body) => body.to_bytes(),
        Err(_) => return typed(413, "text/plain; charset=utf-8", "the body is too large or broke off"),
    };
    match request::begin(&shared.simulator, &head, &body) {
        Work::Refused(reply) => drawn::drawn(reply),
        Work::Begun(begun) => act::act(&shared, begun, cut).await,
    }
}

fn typed(status: u16, content_type: &'static str, body: impl Into<Bytes>) -> Answer {
    let body = Full::new(body.into()).map_err(|never| match never {}).boxed();
    let mut answer = Response::new(body);
    *answer.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    answer
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    answer
}

/// An answer whose body ends in the middle, together with the connection.
fn broken(body: Bytes) -> Answer {
    let length = HeaderValue::from(body.len());
    let half = body.slice(..body.len() / 2);
    let end = async {
        // Without a pause the first half would be thrown away with the connection instead of being sent.
        tokio::time::sleep(Duration::from_millis(10)).await;
        Err(io::Error::other("broken off on purpose"))
    };
    let frames = stream::iter([Ok(Frame::data(half))]).chain(stream::once(end));
    let mut answer = typed(200, drawn::JSON, Bytes::new());
    answer.headers_mut().insert(CONTENT_LENGTH, length);
    *answer.body_mut() = BoxBody::new(StreamBody::new(frames));
    answer
}
