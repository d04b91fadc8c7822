//! `GET /v1/documents/{id}/provider.txt` and `GET /v1/documents/{id}/provider.html`: as the provider renders it.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::header::{
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, LAST_MODIFIED, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::response::{IntoResponse, Response};
use domain::ids::DocumentId;
use domain::time::UnixMillis;
use ledger::settings::Scope;

use crate::AppState;
use crate::auth::Caller;
use crate::error::ApiError;

/// The page comes from outside and has a buyer's goods in it: it may show itself, on one of our pages,
/// and do nothing.
const SHUT_IN: HeaderValue = HeaderValue::from_static(
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'",
);

/// The provider's text.
pub(super) async fn text(
    State(app): State<AppState>,
    caller: Caller,
    path: Result<Path<String>, PathRejection>,
) -> Result<Response, ApiError> {
    kept(&app, &caller, path, false).await
}

/// The provider's page.
pub(super) async fn html(
    State(app): State<AppState>,
    caller: Caller,
    path: Result<Path<String>, PathRejection>,
) -> Result<Response, ApiError> {
    kept(&app, &caller, path, true).await
}

/// From the ledger; the tax service is not asked.
async fn kept(
    app: &AppState,
    caller: &Caller,
    path: Result<Path<String>, PathRejection>,
    html: bool,
) -> Result<Response, ApiError> {
    let merchant = &caller.may_any(&[Scope::Receipts, Scope::Operator])?.merchant;
    let id = super::document_id(path)?;
    let own = app.ledger.document_view(Some(merchant), id).await?;
    own.ok_or(ApiError::NotFound("document"))?;
    rendering(app, id, html).await
}

/// What is kept of a document the caller may see.
pub(crate) async fn rendering(app: &AppState, id: DocumentId, html: bool) -> Result<Response, ApiError> {
    let rendering = app.ledger.rendering(id, html).await?.ok_or(ApiError::NotFetched)?;
    let kind = if html {
        "text/html; charset=utf-8"
    } else {
        "text/plain; charset=utf-8"
    };
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(kind)),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (CONTENT_SECURITY_POLICY, SHUT_IN),
        (X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN")),
    ];
    let fetched = fetched(rendering.fetched_at).map(|at| [(LAST_MODIFIED, at)]);
    Ok((headers, fetched, rendering.body).into_response())
}

/// When it was fetched, as HTTP writes times.
fn fetched(at: UnixMillis) -> Option<HeaderValue> {
    let at = jiff::Timestamp::from_millisecond(at.0).ok()?;
    HeaderValue::try_from(at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_http_does() {
        let at = fetched(UnixMillis(1_741_183_439_000)).unwrap();
        assert_eq!(at, "Wed, 05 Mar 2025 14:03:59 GMT");
    }
}
