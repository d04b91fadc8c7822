//! `POST /v1/documents/{id}/fetch`

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use domain::ids::RegisterId;
use ledger::actions::Ask;
use ledger::settings::Scope;

use crate::AppState;
use crate::actions::{self, Asked};
use crate::auth::Caller;
use crate::error::ApiError;

/// Asks that the document's text and HTML be fetched from the tax service, and kept.
pub(super) async fn ask(
    State(app): State<AppState>,
    caller: Caller,
    path: Result<Path<String>, PathRejection>,
) -> Result<Asked, ApiError> {
    let key = caller.may(Scope::Operator)?;
    let id = super::document_id(path)?;
    let found = app.ledger.document_view(Some(&key.merchant), id).await?;
    let (document, _) = found.ok_or(ApiError::NotFound("document"))?;
    if document.fiscal_number.is_none() {
        return Err(ApiError::NotRegistered { state: document.state });
    }
    let register = RegisterId::parse(&document.register).map_err(|_| ApiError::NotFound("document"))?;
    actions::ask(&app, &caller.actor(), &register, Ask::Fetch, &id.to_string()).await
}
