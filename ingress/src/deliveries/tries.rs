//! `GET /v1/deliveries/{id}/tries`

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use ledger::people::Reach;
use ledger::settings::Scope;
use serde_json::{Value, json};

use super::view;
use crate::AppState;
use crate::auth::Caller;
use crate::error::ApiError;

/// Every try of a message, oldest first.
pub(super) async fn list(
    State(app): State<AppState>,
    caller: Caller,
    path: Result<Path<String>, PathRejection>,
) -> Result<Json<Value>, ApiError> {
    let merchant = &caller.may(Scope::Receipts)?.merchant;
    let Path(id) = path.map_err(|_| ApiError::BadPath)?;
    let reach = Reach::Merchants(vec![merchant.clone()]);
    let delivery = app.ledger.delivery(&reach, &id).await?;
    let delivery = delivery.ok_or(ApiError::NotFound("delivery"))?;
    let tries = app.ledger.delivery_tries(&reach, &delivery.id).await?;
    let tries: Vec<Value> = tries.iter().map(view::made).collect();
    Ok(Json(json!({ "delivery": view::delivery(&delivery), "tries": tries })))
}
