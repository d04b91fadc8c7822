//! `POST /v1/documents/{id}/resend`

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use domain::ids::DocumentId;
use ledger::audit::Actor;
use ledger::people::Reach;
use ledger::resend::Resent;
use ledger::settings::Scope;
use queue::{Due, Kind};
use serde_json::{Value, json};

use crate::AppState;
use crate::auth::Caller;
use crate::error::ApiError;

/// Makes a held document ready again. The ledger keeps which key asked for it.
pub(super) async fn resend(
    State(app): State<AppState>,
    caller: Caller,
    path: Result<Path<String>, PathRejection>,
) -> Result<Json<Value>, ApiError> {
    let key = caller.may(Scope::Operator)?;
    let id = super::document_id(path)?;
    let reach = Reach::Merchants(vec![key.merchant.clone()]);
    let state = resend_within(&app, &reach, id, &caller.actor()).await?;
    Ok(Json(json!({ "id": id.to_string(), "state": state })))
}

/// The same for whoever reaches the document; answers with its new state.
pub(crate) async fn resend_within(
    app: &AppState,
    reach: &Reach,
    id: DocumentId,
    by: &Actor,
) -> Result<&'static str, ApiError> {
    let own = app.ledger.document_view(None, id).await?;
    own.filter(|(document, _)| reach.sees(&document.merchant))
        .ok_or(ApiError::NotFound("document"))?;
    let state = match app.ledger.resend(id, by, app.ledger.now()).await? {
        Resent::Ready(register) => {
            app.doorbell.ring(Kind::WorkRegister, register.as_str(), Due::Now);
            "ready"
        }
        Resent::Replanned(event) => {
            app.doorbell.ring(Kind::PlanEvent, event.to_string(), Due::Now);
            "closed"
        }
        Resent::Waiting => "waiting",
        Resent::NotFound => return Err(ApiError::NotFound("document")),
        Resent::NotHeld(state) => return Err(ApiError::NotHeld { state }),
        Resent::NotResendable(reason) => {
            return Err(ApiError::CannotBeResent {
                next_step: reason.next_step(),
            });
        }
    };
    let by = by.name.as_str();
    tracing::info!(document.id = %id, by, "Document {id} is {state} again");
    Ok(state)
}
