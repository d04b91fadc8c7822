//! `GET /v1/reconciliation`

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use ledger::people::Reach;
use ledger::reconcile::FindingFilter;
use ledger::settings::Scope;
use serde::Deserialize;
use serde_json::{Value, json};

use super::view;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::{AppState, day, paging};

/// Runs that are shown with the findings.
const RUNS: u32 = 20;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Wish {
    day: String,
    source: String,
    after: String,
    limit: String,
}

/// The open findings and the newest runs, of a day and a source if named.
pub(super) async fn list(
    State(app): State<AppState>,
    caller: Caller,
    wish: Result<Query<Wish>, QueryRejection>,
) -> Result<Json<Value>, ApiError> {
    let merchant = &caller.may(Scope::Operator)?.merchant;
    let Query(wish) = wish.map_err(|_| {
        ApiError::field(
            "bad_query",
            "query",
            "the parameters are 'day', 'source', 'after' and 'limit'",
        )
    })?;
    if !wish.day.is_empty() && day::midnight(&wish.day, 0).is_none() {
        return Err(ApiError::field(
            "bad_query",
            "day",
            "it should be a day such as 2026-11-21",
        ));
    }
    let some = |text: &'_ str| (!text.is_empty()).then(|| text.to_owned());
    let (day, source) = (some(wish.day.trim()), some(wish.source.trim()));
    let reach = Reach::Merchants(vec![merchant.clone()]);
    let filter = FindingFilter {
        day: day.as_deref(),
        source: source.as_deref(),
        ..FindingFilter::default()
    };
    let limit = paging::limit(&wish.limit)?;
    let found = app
        .ledger
        .findings(&reach, &filter, paging::after(&wish.after), limit)
        .await?;
    let runs = app
        .ledger
        .reconciliations(&reach, day.as_deref(), source.as_deref(), None, RUNS)
        .await?;
    let stats = app.ledger.finding_stats(&reach, &filter).await?;
    let open: Value = stats
        .iter()
        .map(|one| (one.kind.as_str().to_owned(), Value::from(one.open)))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let findings: Vec<Value> = found.rows.iter().map(view::finding).collect();
    let runs: Vec<Value> = runs.rows.iter().map(view::run).collect();
    Ok(Json(
        json!({ "open": open, "findings": findings, "next": found.next, "runs": runs }),
    ))
}
