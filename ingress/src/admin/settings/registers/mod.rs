//! Registers: what was typed is checked with the provider, and only what was checked is saved.

pub(super) mod about;
mod ask;
mod check;
mod draft;
pub(super) mod edit;
mod found;
mod key;
pub(super) mod new;
mod options;
mod page;
pub(super) mod save;
mod typed;
mod upload;

use ledger::people::Role;

use super::super::route::{Access, Route, get, post};

pub(crate) use draft::Drafts;

const NEEDED: Access = Access::Needs(Role::Administrator);

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/settings/registers/new", NEEDED, new::show),
        post("/settings/registers/new", NEEDED, new::check),
        get("/settings/registers/{id}/edit", NEEDED, edit::show),
        post("/settings/registers/{id}/edit", NEEDED, edit::check),
        post("/settings/registers/save", NEEDED, save::save),
    ]
}
