//! Reconciliation: what does not fit between money and receipts, what leads out of it, and every comparison.

mod act;
mod findings;
mod runs;
mod show;

use ledger::people::Role;

use super::route::{Access, Route, get, post};

pub(super) fn routes() -> Vec<Route> {
    let (read, act) = (Access::Needs(Role::Accountant), Access::Needs(Role::Operator));
    vec![
        get("/reconciliation", read, show::show),
        post("/reconciliation/run", act, act::run),
        post("/findings/{id}/repair", act, act::repair),
        post("/findings/{id}/close", act, act::close),
        post("/findings/{id}/link", act, act::link),
    ]
}
