//! Refunds through the payment system: `POST /v1/orders/{order_id}/refund` and `GET /v1/refunds/{id}`. Nothing here
//! asks the payment system: a worker does, and the receipt follows from the reversal it stands by.

mod ask;
mod get;
mod view;

use crate::route::{Route, get, post};

pub(crate) use ask::{Refund, ask_within};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        post("/v1/orders/{order_id}/refund", ask::ask),
        get("/v1/refunds/{id}", get::show),
    ]
}
