//! `GET /v1/documents/{id}/gateway.pdf`: the payment system's own file of a receipt that it made.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::ids::DocumentId;
use ledger::settings::Scope;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::{AppState, drawing};

pub(super) async fn pdf(
    State(app): State<AppState>,
    caller: Caller,
    path: Result<Path<String>, PathRejection>,
) -> Result<Response, ApiError> {
    let merchant = &caller.may_any(&[Scope::Receipts, Scope::Operator])?.merchant;
    let id = super::document_id(path)?;
    let own = app.ledger.document_view(Some(merchant), id).await?;
    own.ok_or(ApiError::NotFound("document"))?;
    file(&app, id).await
}

/// What is kept of a document that whoever asks may see.
pub(crate) async fn file(app: &AppState, id: DocumentId) -> Result<Response, ApiError> {
    let kept = app.ledger.file(id).await?.ok_or(ApiError::NoGatewayFile)?;
    answer(&kept.body, "gateway-receipt")
}

/// A file that came from outside: it is saved, not shown in a page of ours.
pub(crate) fn answer(base64: &str, name: &str) -> Result<Response, ApiError> {
    let bytes = STANDARD.decode(base64).map_err(|_| ApiError::NoGatewayFile)?;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/pdf")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (CACHE_CONTROL, drawing::PRIVATE),
        (
            CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("sandbox; default-src 'none'"),
        ),
    ];
    let name = [(CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.pdf\""))];
    Ok((headers, name, bytes).into_response())
}
