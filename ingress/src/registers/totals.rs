//! `GET /v1/registers/{id}/totals`

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use ledger::settings::Scope;
use serde_json::Value;

use super::view;
use crate::AppState;
use crate::auth::Caller;
use crate::error::ApiError;

/// The totals last read from the register, beside ours as they are now.
pub(super) async fn show(
    State(app): State<AppState>,
    caller: Caller,
    path: Result<Path<String>, PathRejection>,
) -> Result<Json<Value>, ApiError> {
    let key = caller.may(Scope::Operator)?;
    let register = super::own(&app, key, path).await?;
    let totals = app.ledger.totals(&register.id).await?;
    Ok(Json(view::totals(totals.as_ref())))
}
