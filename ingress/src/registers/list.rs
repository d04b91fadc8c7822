//! `GET /v1/registers`

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use ledger::people::Reach;
use ledger::settings::Scope;
use serde_json::{Value, json};

use super::row;
use crate::AppState;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::paging::{self, Paging};

/// The merchant's registers at a glance, by id.
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
        .registers_list(&reach, paging.after(), paging.limit()?)
        .await?;
    let registers: Vec<Value> = page.rows.iter().map(row::register).collect();
    Ok(Json(json!({ "registers": registers, "next": page.next })))
}
