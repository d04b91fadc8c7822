//! `/v1/holds`: documents that wait for a person.

mod list;
mod view;

use axum::Router;
use axum::routing::get;

use crate::AppState;

pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/v1/holds", get(list::list))
}
