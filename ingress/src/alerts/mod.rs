//! `/v1/alerts`: what a person should look at.

mod acknowledge;
mod list;
mod view;

use axum::Router;
use axum::routing::{get, post};

use crate::AppState;

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/v1/alerts", get(list::list))
        .route("/v1/alerts/{id}/acknowledge", post(acknowledge::acknowledge))
}
