//! `GET /v1/deliveries`

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use domain::ids::DocumentId;
use ledger::deliveries::DeliveryFilter;
use ledger::people::Reach;
use ledger::settings::Scope;
use serde::Deserialize;
use serde_json::{Value, json};

use super::view;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::{AppState, paging};

/// An empty value is one that is not there.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Wanted {
    lane: String,
    state: String,
    document: String,
    after: String,
    limit: String,
}

const STATES: [&str; 6] = ["due", "sending", "done", "held", "failed", "skipped"];

/// The merchant's messages that fit, newest first.
pub(super) async fn list(
    State(app): State<AppState>,
    caller: Caller,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Value>, ApiError> {
    let merchant = &caller.may(Scope::Receipts)?.merchant;
    let Query(wanted) = wanted.map_err(|_| {
        let known = "the parameters are lane, state, document, after and limit, each once";
        ApiError::field("bad_query", "query", known)
    })?;
    let reach = Reach::Merchants(vec![merchant.clone()]);
    let (after, limit) = (paging::after(&wanted.after), paging::limit(&wanted.limit)?);
    let page = app
        .ledger
        .list_deliveries(&reach, &wanted.filter()?, after, limit)
        .await?;
    let deliveries: Vec<Value> = page.rows.iter().map(view::delivery).collect();
    Ok(Json(json!({ "deliveries": deliveries, "next": page.next })))
}

impl Wanted {
    fn filter(&self) -> Result<DeliveryFilter, ApiError> {
        let bad = |field, expected| ApiError::field("bad_query", field, expected);
        if self.lane.contains('\0') {
            return Err(bad("lane", "no lane's id looks so"));
        }
        if !self.state.is_empty() && !STATES.contains(&self.state.as_str()) {
            return Err(bad("state", "it should be due, sending, done, held, failed or skipped"));
        }
        let document = match self.document.as_str() {
            "" => None,
            text => Some(DocumentId::parse(text).map_err(|_| bad("document", "no document's id looks so"))?),
        };
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Ok(DeliveryFilter {
            lane: given(&self.lane),
            state: given(&self.state),
            document: document.map(|id| id.to_string()),
        })
    }
}
