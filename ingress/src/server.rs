//! Connections: accepted up to a limit, cut when silent, finished when the program stops.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::Service;

use crate::address::RemoteAddress;
use crate::config::Limits;

/// After an error that is ours (no file handles left, …) accepting again at once would only burn
/// the processor.
const PAUSE_AFTER_ERROR: Duration = Duration::from_millis(100);

/// How connections are told to end.
#[derive(Clone, Default)]
struct Ends {
    /// Finish the request in hand, take no other.
    politely: CancellationToken,
    /// Now.
    at_once: CancellationToken,
}

/// Serves until `shutdown` completes, then gives requests in hand `limits.stop_within`.
pub(crate) async fn serve(listener: TcpListener, router: Router, limits: &Limits, shutdown: impl Future<Output = ()>) {
    let slots = Arc::new(Semaphore::new(limits.connections.max(1)));
    let connections = TaskTracker::new();
    let ends = Ends::default();
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &slots) => accepted,
            () = &mut shutdown => break,
        };
        match accepted {
            Ok((stream, peer, slot)) => {
                let serving = connection(stream, peer, router.clone(), *limits, ends.clone());
                connections.spawn(hold(slot, serving));
            }
            Err(error) => {
                tracing::error!(error = %error, "A connection could not be accepted");
                tokio::time::sleep(PAUSE_AFTER_ERROR).await;
            }
        }
    }
    drop(listener);
    ends.politely.cancel();
    connections.close();
    if tokio::time::timeout(limits.stop_within, connections.wait())
        .await
        .is_err()
    {
        tracing::warn!(
            connections.open = connections.len(),
            "Cut connections that did not end in time"
        );
        ends.at_once.cancel();
        connections.wait().await;
    }
}

/// A slot first: at the limit, new connections wait in the kernel's queue.
async fn accept(
    listener: &TcpListener,
    slots: &Arc<Semaphore>,
) -> io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let slot = Arc::clone(slots).acquire_owned().await.map_err(io::Error::other)?;
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return Ok((stream, peer, slot)),
            // The peer gave up before it was its turn; nothing is wrong with us.
            Err(error) if is_the_peers(&error) => {}
            Err(error) => return Err(error),
        }
    }
}

fn is_the_peers(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionRefused
    )
}

async fn hold(slot: OwnedSemaphorePermit, work: impl Future<Output = ()>) {
    work.await;
    drop(slot);
}

async fn connection(stream: TcpStream, peer: SocketAddr, router: Router, limits: Limits, ends: Ends) {
    // Answers are small and single: waiting to fill a packet only adds latency.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| answer(router.clone(), peer, request));
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        // It also ends kept connections that stay silent for so long.
        .header_read_timeout(limits.headers_within)
        .keep_alive(true)
        .serve_connection(TokioIo::new(stream), service);
    let mut serving = pin!(serving);
    let mut leaving = false;
    loop {
        tokio::select! {
            ended = serving.as_mut() => {
                if let Err(error) = ended {
                    tracing::debug!(error = %error, "A connection ended early");
                }
                return;
            }
            () = ends.politely.cancelled(), if !leaving => {
                leaving = true;
                serving.as_mut().graceful_shutdown();
            }
            () = ends.at_once.cancelled() => return,
        }
    }
}

async fn answer(
    mut router: Router,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> Result<Response<Body>, std::convert::Infallible> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(RemoteAddress(peer.ip()));
    // A router is always ready.
    router.call(request).await
}
