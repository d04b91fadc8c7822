//! The audit log and its export.

use super::route::Route;

pub(super) fn routes() -> Vec<Route> {
    Vec::new()
}
