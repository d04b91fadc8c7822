//! What happens around every request: its id, its address's share, one log line, one count.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::ids::SourceId;
use tracing::Instrument;
use uuid::Uuid;

use crate::AppState;
use crate::address::RemoteAddress;
use crate::error::{ApiError, Weight};
use crate::metrics;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What is known of a request before its handler runs, for the log line after it.
struct Seen {
    id: String,
    method: String,
    route: String,
    source: Option<SourceId>,
    began: Instant,
}

/// The one middleware.
pub(crate) async fn requests(State(app): State<AppState>, mut request: Request, next: Next) -> Response {
    let seen = Seen::of(&request);
    let peer = request.extensions().get::<RemoteAddress>().copied();
    let address = peer.map(|peer| peer.behind(&app.proxies, request.headers()));
    if let Some(address) = address {
        request.extensions_mut().insert(address);
    }
    let span = tracing::info_span!("request", request.id = %seen.id);
    let allowed = address.map_or(Ok(()), |address| app.rates.check_address(address.sender()));
    let mut response = match allowed {
        Ok(()) => next.run(request).instrument(span.clone()).await,
        Err(refused) => refused.into_response(),
    };
    span.in_scope(|| seen.report(&response));
    if let Ok(id) = HeaderValue::from_str(&seen.id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

impl Seen {
    fn of(request: &Request) -> Self {
        let route = request.extensions().get::<MatchedPath>();
        Self {
            id: given_id(request).unwrap_or_else(|| Uuid::now_v7().to_string()),
            method: request.method().to_string(),
            route: route.map_or("unmatched", MatchedPath::as_str).to_owned(),
            source: request
                .uri()
                .path()
                .strip_prefix("/callbacks/")
                // What follows may be a secret.
                .and_then(|rest| rest.split('/').next())
                .and_then(|id| SourceId::parse(id).ok()),
            began: Instant::now(),
        }
    }

    fn report(&self, response: &Response) {
        let took = self.began.elapsed();
        let status = response.status();
        metrics::request(&self.route, status.as_u16());
        if self.route.starts_with("/callbacks/") {
            metrics::callback(took);
        }
        let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let error = response.extensions().get::<Arc<ApiError>>();
        let code = error.map_or("", |error| error.code());
        let reason = error.map(|error| telemetry::chain(&**error)).unwrap_or_default();
        let source = self.source.as_ref().map_or("", SourceId::as_str);
        let status = status.as_u16();
        let (method, route) = (&self.method, &self.route);
        // The same line at three levels: a person acts on `error`, looks at `warn`.
        macro_rules! line {
            ($level:ident) => {
                tracing::$level!(
                    source.id = source,
                    http.status = status,
                    duration_ms,
                    code,
                    reason,
                    "{method} {route} was answered {status}"
                )
            };
        }
        match error.map(|error| error.weight()) {
            None => line!(debug),
            Some(Weight::Usual) => line!(info),
            Some(Weight::Notable) => line!(warn),
            Some(Weight::Ours) => line!(error),
        }
    }
}

/// The caller's own id is kept when it is harmless in a log.
fn given_id(request: &Request) -> Option<String> {
    let id = request.headers().get(&REQUEST_ID)?.to_str().ok()?;
    let harmless = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    ((1..=64).contains(&id.len()) && id.bytes().all(harmless)).then(|| id.to_owned())
}
