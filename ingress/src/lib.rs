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
mod admin;
mod alerts;
mod auth;
mod body;
mod cache;
mod callbacks;
pub mod config;
mod day;
mod deliveries;
mod documents;
mod drawing;
mod error;
mod events;
mod export;
mod holds;
mod idempotency;
mod inbox;
mod json;
mod lanes;
pub mod metrics;
mod openapi;
mod orders;
mod paging;
mod rates;
mod receipt_page;
mod reconciliation;
mod refunds;
mod registers;
mod reservation_data;
mod route;
mod server;
mod state;
mod upkeep;
mod watch;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use ledger::Ledger;
use queue::Doorbell;
use tokio::net::TcpListener;

pub use admin::admin_routes;
pub use admin::register_check;
pub use config::{IngressConfig, Limits, Rate};
pub use inbox::Inbox;
pub use route::{public_routes, router};
pub use state::AppState;
use upkeep::Upkeep;

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

/// Where ingress listens; the program has bound both.
pub struct Listeners {
    /// Callbacks and the API.
    pub public: TcpListener,
    /// The admin pages; `None`: they are not served.
    pub admin: Option<TcpListener>,
}

/// An address that cannot be listened on.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {addr} ({variable}); is another Kasyr running?")]
pub struct BindError {
    addr: SocketAddr,
    variable: &'static str,
    source: std::io::Error,
}

impl Listeners {
    /// Binds both addresses.
    pub async fn bind(config: &IngressConfig) -> Result<Self, BindError> {
        Ok(Self {
            public: bind(config.public_addr, "KASYR_PUBLIC_ADDR").await?,
            admin: Some(bind(config.admin.addr, "KASYR_ADMIN_ADDR").await?),
        })
    }
}

async fn bind(addr: SocketAddr, variable: &'static str) -> Result<TcpListener, BindError> {
    TcpListener::bind(addr)
        .await
        .map_err(|source| BindError { addr, variable, source })
}

impl From<TcpListener> for Listeners {
    fn from(public: TcpListener) -> Self {
        Self { public, admin: None }
    }
}

/// Serves on `listeners` until `shutdown` completes, then finishes what is in hand: requests get
/// `limits.stop_within`, and every event taken is committed or its sender told to come again.
pub async fn run(
    config: IngressConfig,
    parts: Parts,
    listeners: impl Into<Listeners>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), IngressError> {
    let Listeners { public, admin } = listeners.into();
    let limits = config.limits;
    let doorbell = parts.doorbell.clone();
    let (state, inbox) = AppState::new(parts, &config);
    let stopping = state.stopping.clone();
    let upkeep = Upkeep {
        ledger: state.ledger.clone(),
        rates: state.rates(),
        sign_ins: Arc::clone(&state.sign_ins),
    };
    let mut committer = tokio::spawn(inbox.run());
    let pages = admin.map(|listener| (listener, admin::router(state.clone())));
    let public = server::serve(public, router(state), &limits, stopping.clone().cancelled_owned());
    let pages = async {
        if let Some((listener, router)) = pages {
            server::serve(listener, router, &limits, stopping.clone().cancelled_owned()).await;
        }
    };
    let serving = async { tokio::join!(public, pages) };
    let told = async {
        shutdown.await;
        stopping.cancel();
        std::future::pending::<()>().await;
    };
    tokio::select! {
        _ = serving => {}
        () = told => {}
        () = upkeep.run() => {}
        ended = &mut committer => return Err(IngressError::InboxEnded(ended.err())),
    }
    // The servers' futures owned the routers and with it the inbox's last sender: the committer ends
    // once the queue is empty.
    if tokio::time::timeout(limits.commit_within, &mut committer)
        .await
        .is_err()
    {
        tracing::error!("Stopped before the ledger took the last events; their senders were not answered 200");
        committer.abort();
    }
    let _ = tokio::time::timeout(BELLS_OUT, doorbell.flushed()).await;
    Ok(())
}
