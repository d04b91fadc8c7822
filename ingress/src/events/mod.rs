//! `POST /v1/events`: payments and refunds of any other payment system, told by the shop.

mod means;
mod post;
mod read;
mod refund;

use axum::Router;
use axum::routing::post;

use crate::AppState;

pub(crate) use refund::{Refund, record_refund};

pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/v1/events", post(post::receive))
}
