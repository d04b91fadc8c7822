//! `/v1/registers/{id}`: a cash register, and what is asked of it. Nothing here talks to the provider: a
//! question is written into the ledger, and whoever holds the register's lease does it.

mod ask;
mod cash;
mod cleanup;
mod get;
mod list;
mod row;
mod totals;
mod view;

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use domain::ids::RegisterId;
use ledger::actions::Ask;
use ledger::settings::{ApiKey, Register};

use self::ask::asks;
pub(crate) use self::cash::record as plan_cash;
use crate::AppState;
use crate::error::ApiError;
use crate::route::{Route, get, post};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/v1/registers", list::list),
        get("/v1/registers/{id}", get::show),
        get("/v1/registers/{id}/totals", totals::show),
        asks("/v1/registers/{id}/totals", Ask::Totals),
        asks("/v1/registers/{id}/close-shift", Ask::Close),
        asks("/v1/registers/{id}/z-report", Ask::ZReport),
        post("/v1/registers/{id}/cleanup", cleanup::ask),
        asks("/v1/registers/{id}/sync", Ask::Sync),
        post("/v1/registers/{id}/cash-in", cash::put_in),
        post("/v1/registers/{id}/cash-out", cash::take_out),
    ]
}

/// The register, if it is the caller's. What cannot be an id is the id of no register.
async fn own(app: &AppState, key: &ApiKey, path: Result<Path<String>, PathRejection>) -> Result<Register, ApiError> {
    let Path(text) = path.map_err(|_| ApiError::BadPath)?;
    let id = RegisterId::parse(&text).map_err(|_| ApiError::NotFound("register"))?;
    let register = app.ledger.register(&id).await?;
    register
        .filter(|register| register.merchant == key.merchant)
        .ok_or(ApiError::NotFound("register"))
}
