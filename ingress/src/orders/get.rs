//! `GET /v1/orders/{order_id}`

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use ledger::settings::Scope;
use serde_json::Value;

use crate::AppState;
use crate::auth::Caller;
use crate::error::ApiError;

/// The order with its events and documents; 404 until it was sent or an event of it was planned.
pub(super) async fn show(
    State(app): State<AppState>,
    caller: Caller,
    path: Result<Path<String>, PathRejection>,
) -> Result<Json<Value>, ApiError> {
    let merchant = &caller.may(Scope::Receipts)?.merchant;
    let order = super::order_id(path)?;
    super::shown(&app, merchant, &order).await.map(Json)
}
