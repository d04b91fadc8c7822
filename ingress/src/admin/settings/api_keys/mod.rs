//! API keys of shops.

pub(super) mod new;
pub(super) mod revoke;

use ledger::people::Role;
use ledger::settings::Scope;

use super::super::language::Language;
use super::super::route::{Access, Route, get, post};

const NEEDED: Access = Access::Needs(Role::Administrator);

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/settings/api-keys/new", NEEDED, new::show),
        post("/settings/api-keys/new", NEEDED, new::add),
        post("/settings/api-keys/revoke", NEEDED, revoke::revoke),
    ]
}

/// Every scope, the usual ones first.
pub(super) const SCOPES: [Scope; 4] = [Scope::Orders, Scope::Events, Scope::Receipts, Scope::Operator];

/// What a scope lets a key do.
pub(super) fn meaning(l: Language, scope: Scope) -> &'static str {
    match scope {
        Scope::Orders => l.say("надсилати замовлення: кошик і покупця", "send orders: basket and buyer"),
        Scope::Events => l.say(
            "повідомляти про платежі й повернення (з цього робляться чеки)",
            "tell payments and refunds (receipts follow from them)",
        ),
        Scope::Receipts => l.say("читати замовлення й чеки", "read orders and receipts"),
        Scope::Operator => l.say(
            "керувати касами: зміни, Z-звіти, повторне надсилання",
            "work the registers: shifts, Z-reports, resending",
        ),
    }
}
