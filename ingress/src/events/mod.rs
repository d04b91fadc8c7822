//! `POST /v1/events`: payments and refunds of any other payment system, told by the shop.

mod means;
pub(crate) mod post;
mod read;

use axum::Router;
use axum::routing::post;

use crate::AppState;

pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/v1/events", post(post::receive))
}
