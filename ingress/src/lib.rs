//! This crate knows how events, orders and questions come in over HTTP, and what is answered.
//!
//! ```text
//! connection ─▶ server ─▶ watch ─▶ rate limit by address ─▶ one handler (its file mirrors the URL)
//!                         (request id, log line, metrics)        │
//!     callback: read bytes ─▶ verify ─▶ typed event ─▶ inbox ═══╡ one commit for all that gathered
//!                                                      │        ╰─▶ 200 only after the commit
//!                                                      ╰─▶ doorbell rings, best effort
//! ```
//!
//! Two promises are kept here: nothing is acknowledged before it is committed to the ledger, and
//! nothing secret or personal leaves in an answer or a log line.

mod actions;
mod address;
mod alerts;
mod auth;
mod body;
mod cache;
mod callbacks;
pub mod config;
mod documents;
mod error;
mod events;
mod export;
mod holds;
mod idempotency;
mod inbox;
mod json;
pub mod metrics;
mod orders;
mod paging;
mod rates;
mod registers;
mod route;
mod server;
mod state;
mod watch;

use std::future::Future;
use std::time::Duration;

use ledger::Ledger;
use queue::Doorbell;
use tokio::net::TcpListener;

pub use config::{IngressConfig, Limits, Rate};
pub use inbox::Inbox;
pub use route::router;
pub use state::AppState;

/// How long bells that were rung may take to get out at the end. A lost bell costs latency only.
const BELLS_OUT: Duration = Duration::from_secs(2);

/// What ingress works with.
#[derive(Clone)]
pub struct Parts {
    /// Where events and orders are kept.
    pub ledger: Ledger,
    /// Rung after a commit.
    pub doorbell: Doorbell,
}

/// Why ingress ended by itself.
#[derive(Debug, thiserror::Error)]
pub enum IngressError {
    /// The task that commits events ended while the server was running; nothing could be
    /// acknowledged any more. Start the program again.
    #[error("the inbox ended while the server was running")]
    InboxEnded(#[source] Option<tokio::task::JoinError>),
}

/// Serves on `listener` until `shutdown` completes, then finishes what is in hand: requests get
/// `limits.stop_within`, and every event taken is committed or its sender told to come again.
pub async fn run(
    config: IngressConfig,
    parts: Parts,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), IngressError> {
    let doorbell = parts.doorbell.clone();
    let (state, inbox) = AppState::new(parts, &config);
    let rates = state.rates();
    let mut committer = tokio::spawn(inbox.run());
    let serving = server::serve(listener, router(state), &config.limits, shutdown);
    tokio::select! {
        () = serving => {}
        () = rates.forget_idle() => {}
        ended = &mut committer => return Err(IngressError::InboxEnded(ended.err())),
    }
    // The server's future owned the router and with it the inbox's last sender: the committer ends
    // once the queue is empty.
    if tokio::time::timeout(config.limits.commit_within, &mut committer)
        .await
        .is_err()
    {
        tracing::error!("Stopped before the ledger took the last events; their senders were not answered 200");
        committer.abort();
    }
    let _ = tokio::time::timeout(BELLS_OUT, doorbell.flushed()).await;
    Ok(())
}
