//! `/v1/alerts`: what a person should look at.

mod acknowledge;
mod list;
mod view;

use crate::route::{Route, get, post};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/v1/alerts", list::list),
        post("/v1/alerts/{id}/acknowledge", acknowledge::acknowledge),
    ]
}
