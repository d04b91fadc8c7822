//! `POST /callbacks/{source}`: what payment systems tell; `POST /callbacks/{source}/{secret}`: what providers tell.

mod atol_online;
mod cashdesk;
mod fondy;
mod keys;
mod liqpay;
mod monobank;
mod notice;
mod wayforpay;

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use domain::ids::SourceId;
use ledger::events::{NewEvent, Origin, Recorded};
use ledger::settings::{Source, SourceKind};

use crate::address::RemoteAddress;
use crate::error::ApiError;
use crate::inbox::InboxError;
use crate::metrics::{self, Outcome};
use crate::route::{Route, post};
use crate::{AppState, body};

pub(crate) use monobank::BankKeys;

/// Where monobank's signature stands.
const X_SIGN: &str = "x-sign";

pub(crate) fn routes() -> Vec<Route> {
    vec![
        post("/callbacks/{source}", receive),
        post("/callbacks/{source}/{secret}", notice::receive),
    ]
}

/// What a callback says once it is believed.
struct Told {
    key: String,
    fingerprint: String,
    event: domain::event::Event,
    /// The JSON the payment system waits for; most wait for 200 and nothing else.
    reply: Option<String>,
}

/// Answers 200 only once the event is committed: a payment system stops sending after that. A
/// repeated callback is answered the same way. Never a redirect; they are not followed.
async fn receive(
    State(app): State<AppState>,
    path: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Response, ApiError> {
    let Path(id) = path.map_err(|_| ApiError::BadPath)?;
    let source = find_source(&app, &id).await?;
    let kind = source.kind.as_str();
    if !source.kind.is_payment() {
        // The address of a provider's notices does not end here.
        metrics::event(kind, Outcome::Refused);
        return Err(ApiError::UnknownSource);
    }
    let address = request.extensions().get::<RemoteAddress>();
    if !source.allows(address.map(|address| address.0)) {
        metrics::event(kind, Outcome::NotAllowed);
        return Err(ApiError::AddressNotAllowed);
    }
    app.rates.check_source(source.id.as_str())?;
    let content_type = header_text(&request, CONTENT_TYPE.as_str());
    let x_sign = header_text(&request, X_SIGN);
    let bytes = body::read(request.into_body(), &app.limits).await?;

    let told = match source.kind {
        SourceKind::Fondy => fondy::read(&app, &source, content_type.as_deref(), &bytes),
        SourceKind::LiqPay => liqpay::read(&app, &source, &bytes),
        SourceKind::WayForPay => wayforpay::read(&app, &source, &bytes),
        SourceKind::Monobank => monobank::read(&app, &source, x_sign.as_deref(), &bytes).await,
        SourceKind::CashDesk | SourceKind::AtolOnline => Err(ApiError::UnknownSource),
    }
    .inspect_err(|error| metrics::event(kind, refused(error)))?;
    let reply = told.reply.clone();
    let recorded = app.inbox.record(new_event(&app, &source, told, &bytes)).await;
    metrics::event(kind, outcome(&recorded));
    match recorded.map_err(ApiError::Inbox)? {
        Recorded::New(_) | Recorded::Repeated(_) => Ok(accepted(reply)),
        Recorded::Conflict(_) => Err(ApiError::KeyReused),
    }
}

async fn find_source(app: &AppState, id: &str) -> Result<Arc<Source>, ApiError> {
    let id = SourceId::parse(id).map_err(|_| ApiError::UnknownSource)?;
    let read = async { Ok::<_, ApiError>(app.ledger.source(&id).await?.map(Arc::new)) };
    let found = app.sources.get_or_read(&id, read).await?;
    found.ok_or(ApiError::UnknownSource)
}

fn header_text(request: &Request, name: &str) -> Option<String> {
    request.headers().get(name)?.to_str().ok().map(str::to_owned)
}

/// What is said once the event is committed.
fn accepted(reply: Option<String>) -> Response {
    match reply {
        Some(json) => ([(CONTENT_TYPE, "application/json")], json).into_response(),
        None => StatusCode::OK.into_response(),
    }
}

fn new_event(app: &AppState, source: &Source, told: Told, bytes: &[u8]) -> NewEvent {
    NewEvent {
        merchant: source.merchant.clone(),
        origin: Origin::Source(source.id.clone()),
        key: told.key,
        fingerprint: told.fingerprint,
        event: told.event,
        // PostgreSQL stores no NUL; a form body may hold one in a field nobody reads.
        raw: String::from_utf8_lossy(bytes).replace('\0', "\u{fffd}"),
        received_at: app.ledger.now(),
    }
}

/// Not believed, or not to be told now.
fn refused(error: &ApiError) -> Outcome {
    if error.status() == StatusCode::SERVICE_UNAVAILABLE {
        Outcome::Unavailable
    } else {
        Outcome::Refused
    }
}

pub(crate) fn outcome(recorded: &Result<Recorded, InboxError>) -> Outcome {
    match recorded {
        Ok(Recorded::New(_)) => Outcome::New,
        Ok(Recorded::Repeated(_)) => Outcome::Repeated,
        Ok(Recorded::Conflict(_)) => Outcome::Conflict,
        Err(InboxError::Refused(_)) => Outcome::Refused,
        Err(InboxError::Full | InboxError::Closed | InboxError::TooSlow | InboxError::Away) => Outcome::Unavailable,
    }
}
