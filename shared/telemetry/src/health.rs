//! The second listener: `/metrics`, `/healthz`, `/readyz`. Not for the public.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::mask;
use crate::metrics::MetricsHandle;

/// A check that takes longer is as good as a failed one: whoever asks has a limit too.
const CHECK_LIMIT: Duration = Duration::from_secs(2);

/// How long open connections may hold up a stop.
const STOP_LIMIT: Duration = Duration::from_secs(2);

/// What a readiness check found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadyState {
    /// Work can be taken. What is degraded costs latency at most; empty when all is well.
    Ready {
        /// One plain sentence per thing.
        degraded: Vec<String>,
    },
    /// No work can be taken.
    NotReady {
        /// One plain sentence per thing.
        reasons: Vec<String>,
    },
}

type BoxedCheck = dyn Fn() -> Pin<Box<dyn Future<Output = ReadyState> + Send>> + Send + Sync;

/// How the program tells whether it is ready. Cheap to clone.
#[derive(Clone)]
pub struct Readiness(Arc<BoxedCheck>);

impl Readiness {
    /// `check` is called for every question and given two seconds. It must be safe to repeat.
    pub fn new<F, Fut>(check: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ReadyState> + Send + 'static,
    {
        Self(Arc::new(move || Box::pin(check())))
    }

    /// Runs the check within its limit.
    pub async fn state(&self) -> ReadyState {
        match tokio::time::timeout(CHECK_LIMIT, (self.0)()).await {
            Ok(state) => state,
            Err(_) => ReadyState::NotReady {
                reasons: vec![format!("the check took longer than {CHECK_LIMIT:?}")],
            },
        }
    }
}

/// Serves metrics and health until `shutdown` completes, and keeps the metrics up meanwhile.
/// Requests in hand are finished within two seconds.
///
/// - `/metrics`: Prometheus' text format
/// - `/healthz`: 200 as long as the process answers
/// - `/readyz`: 200 with `"status":"ready"` or `"degraded"`, 503 with `"not_ready"`
pub async fn serve(
    listener: TcpListener,
    handle: MetricsHandle,
    readiness: Readiness,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let (stop, stopped) = oneshot::channel::<()>();
    let server = axum::serve(listener, router(handle.clone(), readiness))
        .with_graceful_shutdown(async {
            // A dropped sender means the same.
            let _ = stopped.await;
        })
        .into_future();
    let mut server = std::pin::pin!(server);
    tokio::select! {
        ended = &mut server => return ended,
        () = handle.keep_up() => {}
        () = shutdown => {}
    }
    let _ = stop.send(());
    match tokio::time::timeout(STOP_LIMIT, server).await {
        Ok(ended) => ended,
        Err(_) => Ok(()),
    }
}

fn router(handle: MetricsHandle, readiness: Readiness) -> Router {
    let metrics = Router::new().route("/metrics", get(metrics)).with_state(handle);
    Router::new()
        .route("/healthz", get(|| async { "alive\n" }))
        .route("/readyz", get(ready))
        .with_state(readiness)
        .merge(metrics)
}

async fn metrics(State(handle): State<MetricsHandle>) -> impl IntoResponse {
    let content_type = "text/plain; version=0.0.4; charset=utf-8";
    ([(header::CONTENT_TYPE, content_type)], handle.render())
}

async fn ready(State(readiness): State<Readiness>) -> (StatusCode, Json<Value>) {
    match readiness.state().await {
        ReadyState::Ready { degraded } => {
            let status = if degraded.is_empty() { "ready" } else { "degraded" };
            let body = json!({ "status": status, "degraded": masked(&degraded) });
            (StatusCode::OK, Json(body))
        }
        ReadyState::NotReady { reasons } => {
            let body = json!({ "status": "not_ready", "reasons": masked(&reasons) });
            (StatusCode::SERVICE_UNAVAILABLE, Json(body))
        }
    }
}

/// A reason may quote an error, and an error a connection string.
fn masked(lines: &[String]) -> Vec<String> {
    lines.iter().map(|line| mask::text(line).into_owned()).collect()
}

#[cfg(test)]
mod tests;
