//! `GET /r/{token}/provider.html` and `…/provider.txt`: the receipt as the provider renders it, if it is kept.

use axum::extract::State;
use axum::http::HeaderValue;
use axum::response::{IntoResponse, Response};

use crate::error::ApiError;
use crate::{AppState, documents};

/// It comes from outside: it may show itself and do nothing.
const SHUT_IN: HeaderValue = HeaderValue::from_static(
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'",
);

pub(super) async fn html(State(app): State<AppState>, path: super::InPath) -> Result<Response, ApiError> {
    kept(&app, path, true).await
}

pub(super) async fn text(State(app): State<AppState>, path: super::InPath) -> Result<Response, ApiError> {
    kept(&app, path, false).await
}

async fn kept(app: &AppState, path: super::InPath, html: bool) -> Result<Response, ApiError> {
    let sheet = super::find(app, path).await?;
    let mut kept = documents::rendering(app, sheet.document, html).await?;
    for (name, value) in super::private().into_iter().chain(super::framed(SHUT_IN)) {
        kept.headers_mut().insert(name, value);
    }
    Ok(kept.into_response())
}
