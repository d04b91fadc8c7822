//! `/v1/deliveries`: what was told to buyers and shops, and what came of each try.

mod list;
mod tries;
pub(crate) mod view;

use ledger::deliveries::LaneId;
use queue::{Due, Kind};

use crate::AppState;
use crate::route::{Route, get};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/v1/deliveries", list::list),
        get("/v1/deliveries/{id}/tries", tries::list),
    ]
}

/// Rings for lanes that have something to send. Best effort: the sweep finds what no bell rang for.
pub(crate) fn ring(app: &AppState, lanes: &[LaneId]) {
    let ids = lanes.iter().map(ToString::to_string);
    app.doorbell.ring_all(Kind::Deliver, ids, Due::Now);
}
