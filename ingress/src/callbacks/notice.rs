//! `POST /callbacks/{source}/{secret}`: what providers tell of documents by themselves.
//!
//! Nothing signs it. The secret in the address keeps strangers out, and nothing that is told is believed: it is kept,
//! and the register's worker asks the provider.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use ledger::notices::{NewNotice, NoticePlace, NoticeRecorded};
use ledger::settings::{Source, SourceKind};
use queue::{Due, Kind};
use secrecy::SecretString;

use super::{atol_online, cashdesk, find_source, refused};
use crate::address::RemoteAddress;
use crate::config::Limits;
use crate::error::ApiError;
use crate::inbox::InboxError;
use crate::metrics::{self, Outcome};
use crate::{AppState, body};

/// A check comes with its pictures in base64 (`cashdesk.md` §11).
const BODY_BYTES: usize = 8 * 1024 * 1024;

/// What is said once a notice is committed.
const ACCEPTED: &str = r#"{"status":"accepted"}"#;

/// Answers 200 only once the notice is committed, in the same way for a repeated one. A wrong secret is answered like a
/// source that does not exist.
pub(super) async fn receive(
    State(app): State<AppState>,
    path: Result<Path<(String, String)>, PathRejection>,
    request: Request,
) -> Result<Response, ApiError> {
    let Path((id, secret)) = path.map_err(|_| ApiError::BadPath)?;
    let secret = SecretString::from(secret);
    let source = find_source(&app, &id).await?;
    let kind = source.kind.as_str();
    if source.kind.is_payment() || !source.is_believed(&secret, app.ledger.now()) {
        metrics::event(kind, Outcome::Refused);
        return Err(ApiError::UnknownSource);
    }
    let address = request.extensions().get::<RemoteAddress>();
    if !source.allows(address.map(|address| address.0)) {
        metrics::event(kind, Outcome::NotAllowed);
        return Err(ApiError::AddressNotAllowed);
    }
    app.rates.check_source(source.id.as_str())?;
    let limits = Limits {
        body_bytes: BODY_BYTES.max(app.limits.body_bytes),
        ..app.limits
    };
    let bytes = body::read(request.into_body(), &limits).await?;
    let told = read(&app, &source, &bytes).await;
    let recorded = match told {
        Ok(notice) => record(&app, &source, &notice).await,
        Err(error) => Err(error),
    }
    .inspect_err(|error| metrics::event(kind, refused(error)))?;
    metrics::event(kind, outcome(recorded));
    if recorded == (NoticeRecorded::New { ring: true }) {
        app.doorbell
            .ring(Kind::WorkRegister, source.register.as_str(), Due::Now);
    }
    // A conflict too: it is kept, and an alert tells of it. CashDesk sends again for 24 hours what is answered with
    // anything but 2xx, and no repetition would make the two stories one.
    Ok(([(CONTENT_TYPE, "application/json")], ACCEPTED).into_response())
}

async fn read(app: &AppState, source: &Source, bytes: &[u8]) -> Result<NewNotice, ApiError> {
    let place = app.ledger.notice_place(&source.register).await?;
    let place: NoticePlace = place.ok_or(ApiError::UnknownSource)?;
    match source.kind {
        SourceKind::CashDesk => cashdesk::read(&place, bytes),
        SourceKind::AtolOnline => atol_online::read(&place, bytes),
        SourceKind::Fondy | SourceKind::LiqPay | SourceKind::WayForPay | SourceKind::Monobank => {
            Err(ApiError::UnknownSource)
        }
    }
}

/// In no longer than an event may take; what was not in time may be committed still, and is found when it comes again.
async fn record(app: &AppState, source: &Source, notice: &NewNotice) -> Result<NoticeRecorded, ApiError> {
    let recording = app.ledger.record_notice(source, notice, app.ledger.now());
    match tokio::time::timeout(app.limits.commit_within, recording).await {
        Ok(recorded) => Ok(recorded?),
        Err(_) => Err(ApiError::Inbox(InboxError::TooSlow)),
    }
}

const fn outcome(recorded: NoticeRecorded) -> Outcome {
    match recorded {
        NoticeRecorded::New { .. } => Outcome::New,
        NoticeRecorded::Repeated => Outcome::Repeated,
        NoticeRecorded::Conflict => Outcome::Conflict,
    }
}
