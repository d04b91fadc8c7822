//! `POST /v1/registers/{id}/z-report`

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use ledger::actions::Ask;
use ledger::settings::Scope;

use crate::AppState;
use crate::actions::{self, Asked};
use crate::auth::Caller;
use crate::error::ApiError;

/// Asks for the Z-report of the open shift; after it only closing makes sense.
pub(super) async fn ask(
    State(app): State<AppState>,
    caller: Caller,
    path: Result<Path<String>, PathRejection>,
) -> Result<Asked, ApiError> {
    let key = caller.may(Scope::Operator)?;
    let register = super::own(&app, key, path).await?;
    actions::ask(&app, key, &register.id, Ask::ZReport, "").await
}
