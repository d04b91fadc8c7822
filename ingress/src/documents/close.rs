//! `POST /v1/documents/{id}/close`

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use domain::ids::DocumentId;
use ledger::audit::Actor;
use ledger::close_hold::Closed;
use ledger::people::Reach;
use ledger::settings::Scope;
use serde_json::{Value, json};

use crate::auth::Caller;
use crate::error::ApiError;
use crate::{AppState, body, json as reader};

/// The longest reason, in characters.
const MAX_REASON: usize = 500;

/// Closes a held document that a person settled another way; the reason is kept with who gave it. Refunds
/// that waited for it are held from now on. The second time it is not held any more: 409.
pub(super) async fn close(
    State(app): State<AppState>,
    caller: Caller,
    path: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Json<Value>, ApiError> {
    let key = caller.may(Scope::Operator)?;
    let id = super::document_id(path)?;
    let bytes = body::read(request.into_body(), &app.limits).await?;
    let body = reader::body(&bytes)?;
    body.only(&["reason"])?;
    let reason = body.needed("reason", body.filled("reason", MAX_REASON)?)?;
    let reach = Reach::Merchants(vec![key.merchant.clone()]);
    let refunds = close_within(&app, &reach, id, &reason, &caller.actor()).await?;
    Ok(Json(
        json!({ "id": id.to_string(), "state": "closed", "refunds_held": refunds }),
    ))
}

/// The same for whoever reaches the document: how many refunds that waited for it are held now.
pub(crate) async fn close_within(
    app: &AppState,
    reach: &Reach,
    id: DocumentId,
    reason: &str,
    by: &Actor,
) -> Result<u64, ApiError> {
    let reason: String = reason.chars().take(MAX_REASON).collect();
    match app.ledger.close_hold(reach, id, &reason, by, app.ledger.now()).await? {
        Closed::Done { refunds } => {
            let by = by.name.as_str();
            tracing::info!(document.id = %id, by, "Document {id} was settled another way and is closed");
            Ok(refunds)
        }
        Closed::NotFound => Err(ApiError::NotFound("document")),
        Closed::NotHeld(state) => Err(ApiError::NotHeld { state }),
        Closed::NoReason => Err(ApiError::field("missing_field", "reason", "it should say something")),
    }
}
