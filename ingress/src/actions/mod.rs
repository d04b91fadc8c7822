//! `/v1/actions/{id}`: what was asked of a register, and what came of it.

mod get;
pub(crate) mod view;

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::ids::RegisterId;
use ledger::actions::Ask;
use ledger::audit::Actor;
use queue::{Due, Kind};
use serde_json::json;

use crate::AppState;
use crate::error::ApiError;
use crate::route::{Route, get};

pub(crate) fn routes() -> Vec<Route> {
    vec![get("/v1/actions/{id}", get::show)]
}

/// Something was asked: 202, and where to see what comes of it.
pub(crate) struct Asked {
    id: String,
}

impl IntoResponse for Asked {
    fn into_response(self) -> Response {
        let location = [(header::LOCATION, format!("/v1/actions/{}", self.id))];
        let body = json!({ "action_id": self.id, "status": "asked" });
        (StatusCode::ACCEPTED, location, Json(body)).into_response()
    }
}

/// Asks something of a register. What is asked already and not done is not asked again: then this is
/// the earlier action.
pub(crate) async fn ask(
    app: &AppState,
    by: &Actor,
    register: &RegisterId,
    ask: Ask,
    subject: &str,
) -> Result<Asked, ApiError> {
    let action = app.ledger.ask(register, ask, subject, by, app.ledger.now()).await?;
    app.doorbell.ring(Kind::WorkRegister, register.as_str(), Due::Now);
    tracing::info!(
        register.id = %register, action.id = %action.id, ask = ask.as_str(), by = by.name,
        "Asked register {register}: {}", ask.as_str()
    );
    Ok(Asked { id: action.id })
}
