//! `/v1/documents/{id}`: one fiscal document.

mod close;
mod fetch;
mod get;
mod qr;
mod receipt;
mod resend;
pub(crate) mod view;

use axum::Router;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::routing::{get, post};
use domain::ids::DocumentId;

use crate::AppState;
use crate::error::ApiError;

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/v1/documents/{id}", get(get::show))
        .route("/v1/documents/{id}/resend", post(resend::resend))
        .route("/v1/documents/{id}/close", post(close::close))
        .route("/v1/documents/{id}/fetch", post(fetch::ask))
        .route("/v1/documents/{id}/receipt.txt", get(receipt::text))
        .route("/v1/documents/{id}/receipt.html", get(receipt::html))
        .route("/v1/documents/{id}/qr.png", get(qr::show))
}

/// What cannot be an id is the id of no document.
fn document_id(path: Result<Path<String>, PathRejection>) -> Result<DocumentId, ApiError> {
    let Path(text) = path.map_err(|_| ApiError::BadPath)?;
    DocumentId::parse(&text).map_err(|_| ApiError::NotFound("document"))
}
