//! `POST /v1/documents/{id}/resend`

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
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
    let own = app.ledger.document_view(Some(&key.merchant), id).await?;
    own.ok_or(ApiError::NotFound("document"))?;
    let by = caller.actor();
    let state = match app.ledger.resend(id, &by, app.ledger.now()).await? {
        Resent::Ready(register) => {
            app.doorbell.ring(Kind::WorkRegister, register.as_str(), Due::Now);
            "ready"
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
    tracing::info!(document.id = %id, by = by.name, "Document {id} is {state} again");
    Ok(Json(json!({ "id": id.to_string(), "state": state })))
}
