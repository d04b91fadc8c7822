//! Orders: the list and the card.

use super::route::Route;

pub(super) fn routes() -> Vec<Route> {
    Vec::new()
}
