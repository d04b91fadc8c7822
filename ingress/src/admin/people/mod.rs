//! Users and their roles.

use super::route::Route;

pub(super) fn routes() -> Vec<Route> {
    Vec::new()
}
