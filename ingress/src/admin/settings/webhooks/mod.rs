//! Shop webhooks: kept now, sent once deliveries are built.

pub(super) mod new;
pub(super) mod remove;

use ledger::people::Role;

use super::super::language::Language;
use super::super::route::{Access, Route, get, post};

const NEEDED: Access = Access::Needs(Role::Administrator);

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/settings/webhooks/new", NEEDED, new::show),
        post("/settings/webhooks/new", NEEDED, new::add),
        post("/settings/webhooks/remove", NEEDED, remove::remove),
    ]
}

/// What nobody should learn by waiting.
pub(super) fn not_sent_yet(l: Language) -> &'static str {
    l.say(
        "Ця версія зберігає адресу, але ще нічого на неї не надсилає.",
        "This version keeps the address but does not send anything to it yet.",
    )
}
