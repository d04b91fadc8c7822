//! What needs a person: holds, doubts, alerts.

use super::route::Route;

pub(super) fn routes() -> Vec<Route> {
    Vec::new()
}
