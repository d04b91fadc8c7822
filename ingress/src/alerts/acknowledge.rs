//! `POST /v1/alerts/{id}/acknowledge`

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use ledger::alerts::Acknowledged;
use ledger::people::Reach;
use ledger::settings::Scope;
use serde_json::{Value, json};

use crate::AppState;
use crate::auth::Caller;
use crate::error::ApiError;

/// Somebody knows of it. An alert about something that no later event undoes closes with that. Safe to
/// repeat; the first who acknowledged it stays.
pub(super) async fn acknowledge(
    State(app): State<AppState>,
    caller: Caller,
    path: Result<Path<String>, PathRejection>,
) -> Result<Json<Value>, ApiError> {
    let key = caller.may(Scope::Operator)?;
    let Path(id) = path.map_err(|_| ApiError::BadPath)?;
    if id.contains('\0') {
        return Err(ApiError::NotFound("alert"));
    }
    let reach = Reach::Merchants(vec![key.merchant.clone()]);
    let done = app
        .ledger
        .acknowledge_alert(&reach, &id, caller.actor(), app.ledger.now())
        .await?;
    let closed = match done {
        Acknowledged::Done { closed } => closed,
        Acknowledged::WasClosed => true,
        Acknowledged::NotFound => return Err(ApiError::NotFound("alert")),
    };
    Ok(Json(json!({ "id": id, "acknowledged": true, "closed": closed })))
}
