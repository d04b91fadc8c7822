//! `/v1/reconciliation` and `/v1/findings`: money against receipts. Nothing here asks a payment system: a
//! comparison or a repair is written into the ledger, and a worker does it.

mod act;
mod ask;
mod list;
mod view;

use crate::route::{Route, get, post};

pub(crate) use act::{close_within, link_within, repair_within};
pub(crate) use ask::{Wish, ask_within};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/v1/reconciliation", list::list),
        post("/v1/reconciliation", ask::ask),
        post("/v1/findings/{id}/repair", act::repair),
        post("/v1/findings/{id}/close", act::close),
        post("/v1/findings/{id}/link", act::link),
    ]
}
