//! What needs a person: documents on hold, documents in doubt, alerts, receipts that a payment system owes.

mod alerts;
mod doubts;
mod holds;
mod receipts;

use ledger::people::Role;
use maud::{Markup, html};

use super::route::{Access, Route, get, post};
use super::visitor::Visitor;

pub(super) use alerts::alert;
pub(super) use receipts::{actions as expectation_actions, sums as expectation_sums};

pub(super) fn routes() -> Vec<Route> {
    let (read, act) = (Access::Needs(Role::Accountant), Access::Needs(Role::Operator));
    vec![
        get("/attention", read, holds::show),
        post("/attention/resend", act, holds::resend),
        get("/attention/doubts", read, doubts::show),
        get("/attention/alerts", read, alerts::show),
        post("/alerts/{id}/acknowledge", act, alerts::acknowledge),
        get("/attention/receipts", read, receipts::show),
        post("/expectations/{id}/look", act, receipts::look),
        post("/expectations/{id}/close", act, receipts::close),
        get("/gateway-days/{id}/report.pdf", read, receipts::file),
    ]
}

/// The lists and how long they are.
fn tabs(visitor: &Visitor) -> Markup {
    let l = visitor.language;
    let counts = &visitor.attention;
    let tab = |path: &str, name: &str, count: Option<u64>| {
        let here = (visitor.path == path).then_some("page");
        html! { a href=(path) aria-current=[here] { (name) @if let Some(count) = count { " " span.soft { (l.number(count)) } } } }
    };
    html! {
        nav.menu aria-label=(l.say("Списки", "Lists")) {
            (tab("/attention", l.say("Чекають на людину", "On hold"), Some(counts.holds)))
            (tab("/attention/doubts", l.say("Під сумнівом", "In doubt"), Some(counts.doubts)))
            (tab("/attention/alerts", l.say("Попередження", "Alerts"), Some(counts.alerts)))
            (tab("/attention/receipts", l.say("Чеки платіжної системи", "Payment system's receipts"), None))
        }
    }
}
