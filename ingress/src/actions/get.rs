//! `GET /v1/actions/{id}`

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use domain::ids::RegisterId;
use ledger::settings::Scope;
use serde_json::Value;

use super::view;
use crate::AppState;
use crate::auth::Caller;
use crate::error::ApiError;

/// The action, if it was asked of one of the caller's registers.
pub(super) async fn show(
    State(app): State<AppState>,
    caller: Caller,
    path: Result<Path<String>, PathRejection>,
) -> Result<Json<Value>, ApiError> {
    let merchant = &caller.may(Scope::Operator)?.merchant;
    let Path(id) = path.map_err(|_| ApiError::BadPath)?;
    // PostgreSQL takes no NUL.
    let id = uuid::Uuid::try_parse(&id)
        .map_err(|_| ApiError::NotFound("action"))?
        .to_string();
    let action = app.ledger.action(&id).await?.ok_or(ApiError::NotFound("action"))?;
    let register = RegisterId::parse(&action.register).map_err(|_| ApiError::NotFound("action"))?;
    let register = app.ledger.register(&register).await?;
    if register.is_none_or(|register| register.merchant != *merchant) {
        return Err(ApiError::NotFound("action"));
    }
    Ok(Json(view::action(&action)))
}
