//! Merchants: added by those who see all of them, renamed by those who see them.

pub(super) mod edit;
mod form;
pub(super) mod mail;
pub(super) mod new;

use ledger::people::Role;

use super::super::route::{Access, Route, get, post};

const NEEDED: Access = Access::Needs(Role::Administrator);

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/settings/merchants/new", NEEDED, new::show),
        post("/settings/merchants/new", NEEDED, new::add),
        get("/settings/merchants/{id}/edit", NEEDED, edit::show),
        post("/settings/merchants/{id}/edit", NEEDED, edit::rename),
        get("/settings/merchants/{id}/mail", NEEDED, mail::show),
        post("/settings/merchants/{id}/mail", NEEDED, mail::save),
    ]
}
