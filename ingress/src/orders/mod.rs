//! `/v1/orders/{order_id}`: what the shop says of an order, and what became of it.

mod get;
mod put;
mod view;

use axum::Router;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::routing::get;
use domain::ids::{ExternalOrderId, MerchantId};
use serde_json::Value;

use crate::AppState;
use crate::error::ApiError;
use crate::json;

pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/v1/orders/{order_id}", get(get::show).put(put::save))
}

/// The order id as the shop writes it, percent-decoded.
fn order_id(path: Result<Path<String>, PathRejection>) -> Result<ExternalOrderId, ApiError> {
    let Path(text) = path.map_err(|_| ApiError::BadPath)?;
    json::order_id(&text)
}

async fn shown(app: &AppState, merchant: &MerchantId, order: &ExternalOrderId) -> Result<Value, ApiError> {
    let found = app.ledger.order_view(merchant, order).await?;
    found.as_ref().map(view::order).ok_or(ApiError::NotFound("order"))
}
