//! `POST /v1/registers/{id}/cleanup`

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use ledger::actions::{Ask, LOSE_DOCUMENTS};
use ledger::settings::Scope;

use crate::actions::{self, Asked};
use crate::auth::Caller;
use crate::error::ApiError;
use crate::{AppState, body, json};

/// Asks that the provider's view of the register be brought in line with the tax service's. With
/// `remove` undelivered offline documents are lost, and that must be said in so many words.
pub(super) async fn ask(
    State(app): State<AppState>,
    caller: Caller,
    path: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Asked, ApiError> {
    let key = caller.may(Scope::Operator)?;
    let register = super::own(&app, key, path).await?;
    let bytes = body::read(request.into_body(), &app.limits).await?;
    let (ask, subject) = read(&bytes)?;
    actions::ask(&app, &caller.actor(), &register.id, ask, subject).await
}

fn read(bytes: &[u8]) -> Result<(Ask, &'static str), ApiError> {
    if bytes.is_empty() {
        return Ok((Ask::Cleanup, ""));
    }
    let body = json::body(bytes)?;
    body.only(&["remove", "confirm"])?;
    let remove = body.flag("remove")?.unwrap_or(false);
    match (remove, body.text("confirm", 255)?) {
        (false, None) => Ok((Ask::Cleanup, "")),
        (false, Some(_)) => Err(body.wrong("confirm", "only removing is confirmed")),
        (true, None) => Ok((Ask::Remove, "")),
        (true, Some(words)) if words == LOSE_DOCUMENTS => Ok((Ask::Remove, LOSE_DOCUMENTS)),
        (true, Some(_)) => Err(body.wrong("confirm", format!("it should be '{LOSE_DOCUMENTS}'"))),
    }
}
