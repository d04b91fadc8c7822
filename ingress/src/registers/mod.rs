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

use axum::Router;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::routing::{get, post};
use domain::ids::RegisterId;
use ledger::actions::Ask;
use ledger::settings::{ApiKey, Register};

use self::ask::asks;
pub(crate) use self::cash::record as plan_cash;
use crate::AppState;
use crate::error::ApiError;

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/v1/registers", get(list::list))
        .route("/v1/registers/{id}", get(get::show))
        .route("/v1/registers/{id}/totals", get(totals::show).merge(asks(Ask::Totals)))
        .route("/v1/registers/{id}/close-shift", asks(Ask::Close))
        .route("/v1/registers/{id}/z-report", asks(Ask::ZReport))
        .route("/v1/registers/{id}/cleanup", post(cleanup::ask))
        .route("/v1/registers/{id}/sync", asks(Ask::Sync))
        .route("/v1/registers/{id}/cash-in", post(cash::put_in))
        .route("/v1/registers/{id}/cash-out", post(cash::take_out))
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
