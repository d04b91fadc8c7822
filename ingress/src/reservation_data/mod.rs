//! `POST /v1/reservation-data`: a basket as Fondy wants it with a payment. Nothing is kept of it.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, Request, State};
use ledger::settings::Scope;
use payments::reservation_data::{Complaint, Unfit, prepare};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::auth::Caller;
use crate::error::ApiError;
use crate::route::{Route, post};
use crate::{AppState, body};

pub(crate) fn routes() -> Vec<Route> {
    vec![post("/v1/reservation-data", encode)]
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Payment {
    /// Kopecks, as Fondy's `amount`.
    #[serde(default)]
    amount: String,
}

async fn encode(
    State(app): State<AppState>,
    caller: Caller,
    query: Result<Query<Payment>, QueryRejection>,
    request: Request,
) -> Result<Json<Value>, ApiError> {
    caller.may(Scope::Orders)?;
    let amount = payment(query)?;
    let bytes = body::read(request.into_body(), &app.limits).await?;
    match prepare(&bytes, amount) {
        Err(Unfit::BrokenJson) => Err(ApiError::BrokenJson),
        Err(Unfit::Problems(problems)) => Err(ApiError::Basket(problems)),
        Ok(prepared) => Ok(Json(json!({
            "characters": prepared.encoded.len(),
            "reservation_data": prepared.encoded,
            "amount": prepared.total.minor(),
            "lines": prepared.lines,
            "warnings": prepared.warnings.iter().map(view).collect::<Vec<_>>(),
        }))),
    }
}

fn payment(query: Result<Query<Payment>, QueryRejection>) -> Result<Option<u64>, ApiError> {
    let wrong = |detail: &str| ApiError::field("bad_query", "amount", detail);
    let Query(payment) = query.map_err(|_| ApiError::field("bad_query", "query", "the only parameter is amount"))?;
    if payment.amount.is_empty() {
        return Ok(None);
    }
    let digits = payment.amount.bytes().all(|byte| byte.is_ascii_digit());
    let number = payment.amount.parse().ok().filter(|_| digits);
    number
        .map(Some)
        .ok_or_else(|| wrong("it should be kopecks, as Fondy's amount: 26750 for 267.50"))
}

/// A complaint for programs; also in answers that refuse a basket.
pub(crate) fn view(complaint: &Complaint) -> Value {
    json!({
        "line": complaint.line,
        "field": complaint.field,
        "code": complaint.code,
        "detail": complaint.what,
        "next_step": complaint.next_step,
    })
}
