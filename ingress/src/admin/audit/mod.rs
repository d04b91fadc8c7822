//! The audit log and its export.

mod export;
mod filter;
mod list;

use ledger::people::Role;

use super::route::{Access, Route, get};

pub(super) fn routes() -> Vec<Route> {
    let read = Access::Needs(Role::Accountant);
    vec![
        get("/audit", read, list::show),
        get("/audit.csv", read, export::download),
    ]
}
