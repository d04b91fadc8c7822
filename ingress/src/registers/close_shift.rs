//! `POST /v1/registers/{id}/close-shift`

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use ledger::actions::Ask;
use ledger::settings::Scope;

use crate::AppState;
use crate::actions::{self, Asked};
use crate::auth::Caller;
use crate::error::ApiError;

/// Asks that the shift which is open now be closed, with its Z-report.
pub(super) async fn ask(
    State(app): State<AppState>,
    caller: Caller,
    path: Result<Path<String>, PathRejection>,
) -> Result<Asked, ApiError> {
    let key = caller.may(Scope::Operator)?;
    let register = super::own(&app, key, path).await?;
    actions::ask(&app, key, &register.id, Ask::Close, "").await
}
