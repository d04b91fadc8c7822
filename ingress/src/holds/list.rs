//! `GET /v1/holds`

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use ledger::people::Reach;
use ledger::settings::Scope;
use serde_json::{Value, json};

use super::view;
use crate::AppState;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::paging::{self, Paging};

/// The merchant's held documents, the longest-waiting first, each with its next step.
pub(super) async fn list(
    State(app): State<AppState>,
    caller: Caller,
    paging: Result<Query<Paging>, QueryRejection>,
) -> Result<Json<Value>, ApiError> {
    let merchant = &caller.may(Scope::Operator)?.merchant;
    let paging = paging::read(paging)?;
    let reach = Reach::Merchants(vec![merchant.clone()]);
    let page = app
        .ledger
        .held_documents(&reach, paging.after(), paging.limit()?)
        .await?;
    let holds: Vec<Value> = page.rows.iter().map(view::held).collect();
    Ok(Json(json!({ "holds": holds, "next": page.next })))
}
