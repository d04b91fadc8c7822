//! The endpoint: every path and method is taken.

use std::convert::Infallible;
use std::future::{Future, pending};
use std::io;

use bytes::Bytes;
use futures_util::stream;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Full, Limited, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue, LOCATION, RETRY_AFTER};
use hyper::{Request, Response, StatusCode};
use jiff::Timestamp;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use super::fault::FaultKind;
use super::kept::Shop;
use super::request::Received;
use crate::socket::{self, closed};

type Answer = Response<BoxBody<Bytes, Infallible>>;

/// Takes what the shop is told until `shutdown` is done; connections still open then are cut.
pub fn serve<S>(listener: TcpListener, shop: Shop, shutdown: S) -> impl Future<Output = io::Result<()>> + Send + use<S>
where
    S: Future<Output = ()> + Send,
{
    let door = shop.door().clone();
    door.serve(listener, shutdown, move |stream| connection(shop.clone(), stream))
}

async fn connection(shop: Shop, stream: TcpStream) {
    let number = shop.begin_connection();
    let cut = CancellationToken::new();
    let answered = |request| {
        let (shop, cut) = (shop.clone(), cut.clone());
        async move { answer(&shop, number, request, &cut).await }
    };
    socket::connection(stream, &cut, answered).await;
}

async fn answer(shop: &Shop, connection: u64, request: Request<Incoming>, cut: &CancellationToken) -> Answer {
    let (number, path) = keep(shop, connection, &request);
    let (fault, slow) = shop.fault(&path);
    if fault == Some(FaultKind::DropBefore) {
        return closed(cut).await;
    }
    let read = Limited::new(request.into_body(), shop.config().size_limit)
        .collect()
        .await;
    let answer = match read {
        Ok(body) => {
            shop.read(number, body.to_bytes());
            if let Some(by) = slow {
                tokio::time::sleep(by).await;
            }
            under(fault, shop.config().status, cut).await
        }
        Err(_) => empty(413),
    };
    shop.answered(number, answer.status().as_u16());
    answer
}

fn keep(shop: &Shop, connection: u64, request: &Request<Incoming>) -> (u64, String) {
    let path = request.uri().path_and_query();
    let path = path.map_or_else(|| "/".to_owned(), ToString::to_string);
    let header = |(name, value): (&hyper::header::HeaderName, &HeaderValue)| {
        (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let number = shop.keep(Received {
        number: 0,
        connection,
        method: request.method().to_string(),
        path: path.clone(),
        headers: request.headers().iter().map(header).collect(),
        body: Bytes::new(),
        whole: false,
        at: Timestamp::now(),
        answer: None,
    });
    (number, path)
}

async fn under(fault: Option<FaultKind>, usual: u16, cut: &CancellationToken) -> Answer {
    match fault {
        // Slowness was waited for already.
        None | Some(FaultKind::Slow { .. }) => empty(usual),
        Some(FaultKind::Status { status, retry_after }) => {
            let mut answer = empty(status);
            if let Some(seconds) = retry_after {
                answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
            }
            answer
        }
        Some(FaultKind::Redirect { status, to }) => {
            let mut answer = empty(status);
            // What no header can hold is left out, and the client has a redirect to nowhere.
            if let Ok(to) = HeaderValue::from_str(&to) {
                answer.headers_mut().insert(LOCATION, to);
            }
            answer
        }
        Some(FaultKind::Hang) => pending().await,
        Some(FaultKind::DropBefore | FaultKind::DropAfter) => closed(cut).await,
        Some(FaultKind::HugeAnswer { status, bytes }) => huge(status.unwrap_or(usual), bytes),
    }
}

fn empty(status: u16) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::new()).boxed());
    *answer.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    answer
}

const PIECE: &[u8] = &[b'x'; 16 * 1024];

fn huge(status: u16, bytes: u64) -> Answer {
    let pieces = stream::unfold(bytes, |left| async move {
        let length = usize::try_from(left).unwrap_or(PIECE.len()).min(PIECE.len());
        let piece = PIECE.get(..length).filter(|piece| !piece.is_empty())?;
        let frame = Frame::data(Bytes::from_static(piece));
        Some((Ok(frame), left - length as u64))
    });
    let mut answer = empty(status);
    *answer.body_mut() = BoxBody::new(StreamBody::new(pieces));
    answer
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    answer
}
