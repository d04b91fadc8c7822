//! Signing in and out, the one-time link, the account page.

use super::route::Route;

pub(super) fn routes() -> Vec<Route> {
    Vec::new()
}
