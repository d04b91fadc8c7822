//! `GET /v1/orders`

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use ledger::people::Reach;
use ledger::settings::Scope;
use serde_json::{Value, json};

use super::{view, wanted::Wanted};
use crate::AppState;
use crate::auth::Caller;
use crate::error::ApiError;

/// The merchant's orders that fit, newest first. `next`, where there is one, is the `after` of the next
/// page; a page may be shorter than its limit and still have a next.
pub(super) async fn list(
    State(app): State<AppState>,
    caller: Caller,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Value>, ApiError> {
    let merchant = &caller.may(Scope::Receipts)?.merchant;
    let wanted = super::wanted(wanted)?;
    let reach = Reach::Merchants(vec![merchant.clone()]);
    let page = app
        .ledger
        .search_orders(&reach, &wanted.filter()?, wanted.after(), wanted.limit()?)
        .await?;
    let orders: Vec<Value> = page.rows.iter().map(view::row).collect();
    Ok(Json(json!({ "orders": orders, "next": page.next })))
}
