//! `/v1/lanes`: the ways by which messages leave: a merchant's mail, each of its endpoints, its messages to phones.

mod list;
mod send_again;

use crate::route::{Route, get, post};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/v1/lanes", list::list),
        post("/v1/lanes/{lane}/send-again", send_again::send),
    ]
}
