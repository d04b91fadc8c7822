//! `POST /v1/events`: payments and refunds of any other payment system, told by the shop.

mod means;
mod post;
mod read;
mod refund;

use crate::route::{Route, post};

pub(crate) use refund::{Refund, record_refund};

pub(crate) fn routes() -> Vec<Route> {
    vec![post("/v1/events", post::receive)]
}
