//! The API's listener.
//!
//! Why not axum here: a fault must be able to drop a connection with not a byte sent, so each connection has a token
//! that ends it, and one service function is all the routing there is.

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
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::route::{Call, Route};
use super::simulator::Simulator;

mod act;
mod job;

/// Largest request body; the sheet does not know the real limit.
const BODY_LIMIT: usize = 4 * 1024 * 1024;

type Reply = Response<BoxBody<Bytes, io::Error>>;

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
    let service = service_fn(|request| {
        let (shared, cut) = (Arc::clone(&shared), cut.clone());
        async move { Ok::<_, Infallible>(answer(&shared, request, &cut).await) }
    });
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        // Dropping the connection closes its socket; the client reads the end of the stream and no answer.
        () = cut.cancelled() => {}
        () = shared.over.cancelled() => {}
        served = connection => if let Err(error) = served {
            tracing::trace!(%error, "A connection ended early");
        },
    }
}

async fn answer(shared: &Arc<Shared>, request: Request<Incoming>, cut: &CancellationToken) -> Reply {
    let (head, body) = request.into_parts();
    let Some(route) = Route::of(&head.method, head.uri.path()) else {
        return text(StatusCode::NOT_FOUND, "not found");
    };
    let body = match Limited::new(body, BODY_LIMIT).collect().await {
        Ok(body) => body.to_bytes(),
        Err(_) => return text(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large or broke off"),
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
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    typed(status, "application/json; charset=utf-8", body)
}

fn text(status: StatusCode, body: &'static str) -> Reply {
    typed(status, "text/plain; charset=utf-8", body)
}

fn html(status: u16) -> Reply {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    let body = format!("<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>");
    typed(status, "text/html", body)
}

fn typed(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Reply {
    let mut reply = Response::new(Full::new(body.into()).map_err(|never| match never {}).boxed());
    *reply.status_mut() = status;
    let headers = reply.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    reply
}

/// An answer whose body ends in the middle, together with the connection.
fn broken(status: u16, body: Bytes) -> Reply {
    let length = HeaderValue::from(body.len());
    let half = body.slice(..body.len() / 2);
    let end = async {
        // Without a pause the first half would be thrown away with the connection instead of being sent.
        tokio::time::sleep(Duration::from_millis(10)).await;
        Err(io::Error::other("broken off on purpose"))
    };
    let frames = stream::iter([Ok(Frame::data(half))]).chain(stream::once(end));
    let mut reply = json(status, Bytes::new());
    reply.headers_mut().insert(CONTENT_LENGTH, length);
    *reply.body_mut() = BoxBody::new(StreamBody::new(frames));
    reply
}
