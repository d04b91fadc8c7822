//! `GET /v1/alerts`

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use ledger::settings::Scope;
use serde::Deserialize;
use serde_json::{Value, json};

use super::view;
use crate::AppState;
use crate::auth::Caller;
use crate::error::ApiError;

/// With `all`, so many.
const NEWEST: u64 = 200;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    #[serde(default)]
    all: bool,
}

/// The merchant's open alerts, oldest first; with `?all=true` the newest, closed ones too.
pub(super) async fn list(
    State(app): State<AppState>,
    caller: Caller,
    which: Result<Query<Which>, QueryRejection>,
) -> Result<Json<Value>, ApiError> {
    let merchant = &caller.may(Scope::Operator)?.merchant;
    let Query(which) =
        which.map_err(|_| ApiError::field("bad_query", "all", "the only parameter is 'all': true or false"))?;
    let alerts = if which.all {
        app.ledger.recent_alerts(Some(merchant), NEWEST).await?
    } else {
        app.ledger.open_alerts(Some(merchant)).await?
    };
    let alerts: Vec<Value> = alerts.iter().map(view::alert).collect();
    Ok(Json(json!({ "alerts": alerts })))
}
