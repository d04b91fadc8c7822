//! Settings: merchants, registers and their keys, payment sources, API keys, webhooks.

use super::route::Route;

pub(super) fn routes() -> Vec<Route> {
    Vec::new()
}
