//! Settings: merchants, registers and their keys, payment sources, API keys, webhooks.

mod api_keys;
pub mod cashalot;
mod merchant_choice;
mod merchants;
mod overview;
mod problems;
mod reach;
mod registers;
mod save;
mod secret;
mod sources;
mod trouble;
mod webhooks;

use ledger::people::Role;

use super::route::{Access, Route, get};

pub(crate) use registers::Drafts;

/// What is asked of a provider before a register is kept.
pub use self::cashalot as register_check;

pub(super) fn routes() -> Vec<Route> {
    let overview = vec![get("/settings", Access::Needs(Role::Administrator), overview::show)];
    [
        overview,
        merchants::routes(),
        registers::routes(),
        sources::routes(),
        api_keys::routes(),
        webhooks::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
mod tests;
