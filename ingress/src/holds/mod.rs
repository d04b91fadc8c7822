//! `/v1/holds`: documents that wait for a person.

mod list;
mod view;

use crate::route::{Route, get};

pub(crate) fn routes() -> Vec<Route> {
    vec![get("/v1/holds", list::list)]
}
