//! `GET /r/{token}/receipt.pdf`, `…/qr.svg`, `…/qr.png`

use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use receipts::pdf::Form;

use crate::error::ApiError;
use crate::{AppState, drawing};

/// `?form=a4` (as when nothing is said) or `roll80`, `?lang=uk` or `en`.
pub(super) async fn pdf(
    State(app): State<AppState>,
    path: super::InPath,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let sheet = super::find(&app, path).await?;
    let language = super::language(&uri, &headers, &sheet);
    let form = super::wish(&uri, "form").and_then(|word| drawing::form(&word));
    let drawn = drawing::pdf(sheet, language, form.unwrap_or(Form::A4)).await?;
    Ok((super::private(), drawn).into_response())
}

pub(super) async fn svg(State(app): State<AppState>, path: super::InPath) -> Result<Response, ApiError> {
    let sheet = super::find(&app, path).await?;
    Ok((super::private(), drawing::qr_svg(&sheet)?).into_response())
}

pub(super) async fn png(State(app): State<AppState>, path: super::InPath) -> Result<Response, ApiError> {
    let sheet = super::find(&app, path).await?;
    Ok((super::private(), drawing::qr_png(&sheet)?).into_response())
}
