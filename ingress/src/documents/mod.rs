//! `/v1/documents/{id}`: one fiscal document.

mod close;
mod fetch;
mod get;
mod qr;
mod receipt;
mod resend;
pub(crate) mod view;

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use domain::ids::DocumentId;

use crate::error::ApiError;
use crate::route::{Route, get, post};

pub(crate) use self::close::close_within;
pub(crate) use self::fetch::fetch_within;
pub(crate) use self::qr::answer as picture;
pub(crate) use self::receipt::rendering;
pub(crate) use self::resend::resend_within;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/v1/documents/{id}", get::show),
        post("/v1/documents/{id}/resend", resend::resend),
        post("/v1/documents/{id}/close", close::close),
        post("/v1/documents/{id}/fetch", fetch::ask),
        get("/v1/documents/{id}/receipt.txt", receipt::text),
        get("/v1/documents/{id}/receipt.html", receipt::html),
        get("/v1/documents/{id}/qr.png", qr::show),
    ]
}

/// What cannot be an id is the id of no document.
fn document_id(path: Result<Path<String>, PathRejection>) -> Result<DocumentId, ApiError> {
    let Path(text) = path.map_err(|_| ApiError::BadPath)?;
    DocumentId::parse(&text).map_err(|_| ApiError::NotFound("document"))
}
