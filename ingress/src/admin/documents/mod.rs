//! Documents: actions on one, its rendering and picture.

use super::route::Route;

pub(super) fn routes() -> Vec<Route> {
    Vec::new()
}
