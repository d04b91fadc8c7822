//! `GET /v1/registers/{id}`

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use ledger::settings::Scope;
use serde_json::Value;

use super::view::{self, Shown};
use crate::AppState;
use crate::auth::Caller;
use crate::error::ApiError;

/// So many shifts are shown.
const SHIFTS: u64 = 5;

/// The register as the last look at it found it.
pub(super) async fn show(
    State(app): State<AppState>,
    caller: Caller,
    path: Result<Path<String>, PathRejection>,
) -> Result<Json<Value>, ApiError> {
    let key = caller.may(Scope::Operator)?;
    let register = super::own(&app, key, path).await?;
    let id = &register.id;
    let shown = Shown {
        day: app.ledger.day(id).await?,
        condition: app.ledger.condition(id).await?,
        open: app.ledger.open_documents(id).await?,
        shifts: app.ledger.recent_shifts(id, SHIFTS).await?,
        register,
    };
    Ok(Json(view::register(&shown)))
}
