//! `/v1/documents/{id}`: one fiscal document.

mod get;
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
}

/// What cannot be an id is the id of no document.
fn document_id(path: Result<Path<String>, PathRejection>) -> Result<DocumentId, ApiError> {
    let Path(text) = path.map_err(|_| ApiError::BadPath)?;
    DocumentId::parse(&text).map_err(|_| ApiError::NotFound("document"))
}
