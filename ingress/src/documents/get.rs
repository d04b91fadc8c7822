//! `GET /v1/documents/{id}`

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use ledger::settings::Scope;
use serde_json::Value;

use super::view;
use crate::AppState;
use crate::auth::Caller;
use crate::error::ApiError;

/// The document with its attempts, if it is the caller's.
pub(super) async fn show(
    State(app): State<AppState>,
    caller: Caller,
    path: Result<Path<String>, PathRejection>,
) -> Result<Json<Value>, ApiError> {
    let merchant = &caller.may(Scope::Receipts)?.merchant;
    let id = super::document_id(path)?;
    let found = app.ledger.document_view(Some(merchant), id).await?;
    let (document, attempts) = found.ok_or(ApiError::NotFound("document"))?;
    let receipt_url = super::receipt_url(&app, &document).await?;
    Ok(Json(view::with_attempts(&document, receipt_url.as_deref(), &attempts)))
}
