//! `/v1/orders`: what the shop says of an order, what became of it, and which orders there are.

mod export;
mod get;
mod list;
mod put;
mod receivers;
mod settle;
mod view;
pub(crate) mod wanted;

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query};
use domain::ids::{ExternalOrderId, MerchantId};
use serde_json::Value;

use self::wanted::Wanted;
use crate::error::ApiError;
use crate::json;
use crate::route::{Route, get, post, put};
use crate::{AppState, documents};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/v1/orders", list::list),
        get("/v1/orders.csv", export::csv),
        get("/v1/orders/{order_id}", get::show),
        put("/v1/orders/{order_id}", put::save),
        post("/v1/orders/{order_id}/settlement", settle::ask),
    ]
}

/// The order id as the shop writes it, percent-decoded.
fn order_id(path: Result<Path<String>, PathRejection>) -> Result<ExternalOrderId, ApiError> {
    let Path(text) = path.map_err(|_| ApiError::BadPath)?;
    json::order_id(&text)
}

fn wanted(query: Result<Query<Wanted>, QueryRejection>) -> Result<Wanted, ApiError> {
    let Query(wanted) = query.map_err(|_| {
        let known = "the parameters are text, register, status, kind, from, to, amount, after and limit, each once";
        ApiError::field("bad_query", "query", known)
    })?;
    Ok(wanted)
}

async fn shown(app: &AppState, merchant: &MerchantId, order: &ExternalOrderId) -> Result<Value, ApiError> {
    let found = app.ledger.order_view(merchant, order).await?;
    let order = found.ok_or(ApiError::NotFound("order"))?;
    let mut shown = Vec::with_capacity(order.documents.len());
    for document in &order.documents {
        let receipt_url = documents::receipt_url(app, document).await?;
        shown.push(documents::view::document(document, receipt_url.as_deref()));
    }
    Ok(view::order(&order, shown))
}
