//! Payment sources: where events come from.

pub(super) mod edit;
mod form;
pub(super) mod kind;
pub(super) mod new;
mod page;
mod ping;
pub(super) mod test;

use ledger::people::Role;

use super::super::route::{Access, Route, get, post};

pub(super) use page::callback_url;

const NEEDED: Access = Access::Needs(Role::Administrator);

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/settings/sources/new", NEEDED, new::show),
        post("/settings/sources/new", NEEDED, new::add),
        get("/settings/sources/{id}/edit", NEEDED, edit::show),
        post("/settings/sources/{id}/edit", NEEDED, edit::change),
        // Where a page stands after a test, e.g. when its language is switched.
        get("/settings/sources/{id}/test", NEEDED, edit::show),
        post("/settings/sources/{id}/test", NEEDED, test::send),
    ]
}
