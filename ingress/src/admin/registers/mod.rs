//! Registers: the list, the card, what is asked of them.

use super::route::Route;

pub(super) fn routes() -> Vec<Route> {
    Vec::new()
}
