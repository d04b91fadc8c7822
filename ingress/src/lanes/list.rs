//! `GET /v1/lanes`

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use ledger::people::Reach;
use ledger::settings::Scope;
use serde_json::{Value, json};

use crate::AppState;
use crate::auth::Caller;
use crate::deliveries::view;
use crate::error::ApiError;
use crate::paging::{self, Paging};

/// The merchant's lanes, by id. Of each, messages are counted to a thousand.
pub(super) async fn list(
    State(app): State<AppState>,
    caller: Caller,
    paging: Result<Query<Paging>, QueryRejection>,
) -> Result<Json<Value>, ApiError> {
    let merchant = &caller.may(Scope::Receipts)?.merchant;
    let paging = paging::read(paging)?;
    let reach = Reach::Merchants(vec![merchant.clone()]);
    let page = app.ledger.lanes(&reach, paging.after(), paging.limit()?).await?;
    let lanes: Vec<Value> = page.rows.iter().map(view::lane).collect();
    Ok(Json(json!({ "lanes": lanes, "next": page.next })))
}
