//! `POST /v1/events`

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use domain::ids::{EventId, MerchantId, RegisterId};
use ledger::events::{NewEvent, Origin, Recorded};
use ledger::settings::Scope;
use serde_json::{Value, json};

use super::read;
use crate::auth::Caller;
use crate::callbacks::outcome;
use crate::error::ApiError;
use crate::metrics::{self, Outcome};
use crate::{AppState, body, idempotency};

/// The metric's label.
const SOURCE_KIND: &str = "api";

/// Answers 202 only once the event is committed. The same key with the same content is the same
/// event and gets the same answer; with another content it is refused.
pub(super) async fn receive(
    State(app): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    request: Request,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let merchant = &caller.may(Scope::Events)?.merchant;
    let key = idempotency::key(&headers)?;
    let bytes = body::read(request.into_body(), &app.limits).await?;
    let accepted = record(&app, merchant, key, &bytes).await?;
    let status = if accepted.new { "accepted" } else { "already_accepted" };
    let answer = json!({ "event_id": accepted.id.to_string(), "status": status });
    Ok((StatusCode::ACCEPTED, Json(answer)))
}

/// An event that is committed.
pub(crate) struct Accepted {
    pub id: EventId,
    /// False: it was committed before.
    pub new: bool,
}

/// Commits the event that a body tells of, whoever sends it: a shop, or a person by a page. The same key
/// with the same content is the same event; with another content it is refused.
pub(crate) async fn record(
    app: &AppState,
    merchant: &MerchantId,
    key: String,
    body: &[u8],
) -> Result<Accepted, ApiError> {
    let event = new_event(app, merchant, key, body)
        .await
        .inspect_err(|_| metrics::event(SOURCE_KIND, Outcome::Refused))?;
    let recorded = app.inbox.record(event).await;
    metrics::event(SOURCE_KIND, outcome(&recorded));
    match recorded.map_err(ApiError::Inbox)? {
        Recorded::New(id) => Ok(Accepted { id, new: true }),
        Recorded::Repeated(id) => Ok(Accepted { id, new: false }),
        Recorded::Conflict(_) => Err(ApiError::KeyReused),
    }
}

async fn new_event(app: &AppState, merchant: &MerchantId, key: String, bytes: &[u8]) -> Result<NewEvent, ApiError> {
    let told = read::told(bytes)?;
    let register = register(app, merchant, told.register.as_deref()).await?;
    Ok(NewEvent {
        merchant: merchant.clone(),
        fingerprint: told.fingerprint(&register),
        origin: Origin::Api(register),
        key,
        event: told.event,
        // A JSON body that was read holds no NUL.
        raw: String::from_utf8_lossy(bytes).into_owned(),
        received_at: app.ledger.now(),
    })
}

/// The register named, or the merchant's only one: with several, a guess could fiscalise a sale at
/// the wrong till.
async fn register(app: &AppState, merchant: &MerchantId, named: Option<&str>) -> Result<RegisterId, ApiError> {
    let read = async {
        let registers = app.ledger.register_settings(merchant, None, u32::MAX).await?;
        let ids: Arc<[RegisterId]> = registers.rows.into_iter().map(|register| register.id).collect();
        Ok::<_, ApiError>(ids)
    };
    let registers = app.registers.get_or_read(merchant, read).await?;
    match (named, &registers[..]) {
        (Some(named), all) => all
            .iter()
            .find(|register| register.as_str() == named)
            .cloned()
            .ok_or_else(|| ApiError::field("unknown_register", "register", "the merchant has no such register")),
        (None, [only]) => Ok(only.clone()),
        (None, []) => Err(ApiError::field(
            "no_register",
            "register",
            "the merchant has no register",
        )),
        (None, _) => Err(ApiError::field(
            "missing_field",
            "register",
            "the merchant has several registers; say which",
        )),
    }
}
