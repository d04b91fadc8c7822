//! What the listeners of simulators have in common below their protocols: connections that can be cut, answers that
//! break off, requests that are carried out later.
//!
//! Why not axum here: a fault must be able to drop a connection with not a byte sent, so each connection has a token
//! that ends it, and one service function is all the routing there is.

use std::convert::Infallible;
use std::error::Error;
use std::future::{Future, pending};
use std::io;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Full, Limited, StreamBody};
use hyper::body::{Body, Frame, Incoming};
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Largest request body; the sheets do not know the real limits.
const BODY_LIMIT: usize = 4 * 1024 * 1024;

pub(crate) const JSON: &str = "application/json; charset=utf-8";

pub(crate) type Answer = Response<BoxBody<Bytes, io::Error>>;

/// Answers the requests of a connection until it ends, or until `cut` is told.
pub(crate) async fn connection<F, B>(
    stream: TcpStream,
    cut: &CancellationToken,
    answer: impl Fn(Request<Incoming>) -> F,
) where
    F: Future<Output = Response<B>>,
    B: Body + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let service = service_fn(|request| {
        let answered = answer(request);
        async { Ok::<_, Infallible>(answered.await) }
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

/// Ends the connection without an answer: the connection's task drops this future together with the socket.
pub(crate) async fn closed<T>(cut: &CancellationToken) -> T {
    cut.cancel();
    pending().await
}

/// Does the work after a while, in a task of its own: the client may leave meanwhile. None when the server shuts down
/// first.
pub(crate) fn later<W>(
    tasks: &TaskTracker,
    over: &CancellationToken,
    after: Duration,
    work: W,
) -> impl Future<Output = Option<W::Output>> + use<W>
where
    W: Future<Output: Send> + Send + 'static,
{
    let (sender, receiver) = oneshot::channel();
    let over = over.clone();
    tasks.spawn(async move {
        tokio::select! {
            () = over.cancelled() => {}
            () = tokio::time::sleep(after) => {
                // Nobody may be listening any more; the document stands all the same.
                let _ = sender.send(work.await);
            }
        }
    });
    async move { receiver.await.ok() }
}

/// A request's whole body, or the answer to one that is too large.
pub(crate) async fn read(body: Incoming) -> Result<Bytes, Answer> {
    match Limited::new(body, BODY_LIMIT).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(_) => Err(text(413, "the body is too large or broke off")),
    }
}

pub(crate) fn text(status: u16, body: &'static str) -> Answer {
    typed(status, "text/plain; charset=utf-8", body)
}

pub(crate) fn typed(status: u16, content_type: &'static str, body: impl Into<Bytes>) -> Answer {
    let body = Full::new(body.into()).map_err(|never| match never {}).boxed();
    let mut answer = Response::new(body);
    *answer.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    let content_type = HeaderValue::from_static(content_type);
    answer.headers_mut().insert(CONTENT_TYPE, content_type);
    answer
}

/// A page of a proxy in between.
pub(crate) fn html(status: u16) -> Answer {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    let body = format!("<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>");
    typed(status.as_u16(), "text/html", body)
}

/// JSON that ends in the middle, together with the connection.
pub(crate) fn broken(status: u16, body: &Bytes) -> Answer {
    let length = HeaderValue::from(body.len());
    let half = body.slice(..body.len() / 2);
    let end = async {
        // Without a pause the first half would be thrown away with the connection instead of being sent.
        tokio::time::sleep(Duration::from_millis(10)).await;
        Err(io::Error::other("broken off on purpose"))
    };
    let frames = stream::iter([Ok(Frame::data(half))]).chain(stream::once(end));
    let mut answer = typed(status, JSON, Bytes::new());
    answer.headers_mut().insert(CONTENT_LENGTH, length);
    *answer.body_mut() = BoxBody::new(StreamBody::new(frames));
    answer
}
