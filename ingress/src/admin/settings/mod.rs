//! Settings: merchants, registers and their keys, payment sources, API keys, webhooks.

mod api_keys;
mod merchant_choice;
mod merchants;
mod overview;
mod probe;
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
pub mod register_check {
    pub use super::probe::atol_online::Probe as AtolOnlineProbe;
    pub use super::probe::cashalot::Probe;
    pub use super::probe::cashdesk::Probe as CashDeskProbe;
    pub use super::probe::{Certificate, KeyFacts, Listed, Place, RegisterFacts, Trouble, TroubleKind, Unit};
}

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
