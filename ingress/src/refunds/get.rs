//! `GET /v1/refunds/{id}`

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use ledger::people::Reach;
use ledger::settings::Scope;
use serde_json::Value;

use super::view;
use crate::AppState;
use crate::auth::Caller;
use crate::error::ApiError;

pub(super) async fn show(
    State(app): State<AppState>,
    caller: Caller,
    path: Result<Path<String>, PathRejection>,
) -> Result<Json<Value>, ApiError> {
    let key = caller.may(Scope::Operator)?;
    let Path(id) = path.map_err(|_| ApiError::BadPath)?;
    let reach = Reach::Merchants(vec![key.merchant.clone()]);
    let refund = app.ledger.refund(&reach, &id).await?;
    let refund = refund.ok_or(ApiError::NotFound("refund"))?;
    Ok(Json(view::refund(&refund)))
}
