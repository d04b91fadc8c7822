//! `POST /v1/registers/{id}/close-shift`, `…/z-report`, `…/totals`, `…/sync`: what is asked without
//! saying more.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use ledger::actions::Ask;
use ledger::settings::Scope;

use crate::AppState;
use crate::actions::{self, Asked};
use crate::auth::Caller;
use crate::error::ApiError;
use crate::route::{Route, post};

/// Asks `what` of the register in the path.
pub(super) fn asks(path: &'static str, what: Ask) -> Route {
    post(path, move |state, caller, path| ask(state, caller, path, what))
}

async fn ask(
    State(app): State<AppState>,
    caller: Caller,
    path: Result<Path<String>, PathRejection>,
    what: Ask,
) -> Result<Asked, ApiError> {
    let key = caller.may(Scope::Operator)?;
    let register = super::own(&app, key, path).await?;
    actions::ask(&app, &caller.actor(), &register.id, what, "").await
}
