//! `GET /r/{token}/gateway.pdf`: the payment system's own file of a receipt that it made, if it is kept.

use axum::extract::State;
use axum::response::{IntoResponse, Response};

use crate::error::ApiError;
use crate::{AppState, documents};

pub(super) async fn pdf(State(app): State<AppState>, path: super::InPath) -> Result<Response, ApiError> {
    let sheet = super::find(&app, path).await?;
    let mut kept = documents::gateway_file(&app, sheet.document).await?;
    for (name, value) in super::private() {
        kept.headers_mut().insert(name, value);
    }
    Ok(kept.into_response())
}
