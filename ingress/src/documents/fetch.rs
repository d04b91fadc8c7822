//! `POST /v1/documents/{id}/fetch`

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use domain::ids::{DocumentId, RegisterId};
use ledger::actions::Ask;
use ledger::audit::Actor;
use ledger::gateway::MadeBy;
use ledger::people::Reach;
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
    let reach = Reach::Merchants(vec![key.merchant.clone()]);
    fetch_within(&app, &reach, id, &caller.actor()).await
}

/// The same for whoever reaches the document.
pub(crate) async fn fetch_within(app: &AppState, reach: &Reach, id: DocumentId, by: &Actor) -> Result<Asked, ApiError> {
    let found = app.ledger.document_view(None, id).await?;
    let (document, _) = found
        .filter(|(document, _)| reach.sees(&document.merchant))
        .ok_or(ApiError::NotFound("document"))?;
    if document.fiscal_number.is_none() {
        return Err(ApiError::NotRegistered { state: document.state });
    }
    if document.made_by == MadeBy::Gateway.as_str() {
        return Err(ApiError::MadeByGateway);
    }
    let register = RegisterId::parse(&document.register).map_err(|_| ApiError::NotFound("document"))?;
    actions::ask(app, by, &register, Ask::Fetch, &id.to_string()).await
}
