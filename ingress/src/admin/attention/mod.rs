//! What needs a person: documents on hold, documents in doubt, alerts.

mod alerts;
mod doubts;
mod holds;

use ledger::people::Role;
use maud::{Markup, html};

use super::route::{Access, Route, get, post};
use super::visitor::Visitor;

pub(super) use alerts::alert;

pub(super) fn routes() -> Vec<Route> {
    let (read, act) = (Access::Needs(Role::Accountant), Access::Needs(Role::Operator));
    vec![
        get("/attention", read, holds::show),
        post("/attention/resend", act, holds::resend),
        get("/attention/doubts", read, doubts::show),
        get("/attention/alerts", read, alerts::show),
        post("/alerts/{id}/acknowledge", act, alerts::acknowledge),
    ]
}

/// The three lists and how long they are.
fn tabs(visitor: &Visitor) -> Markup {
    let l = visitor.language;
    let counts = &visitor.attention;
    let tab = |path: &str, name: &str, count: u64| {
        let here = (visitor.path == path).then_some("page");
        html! { a href=(path) aria-current=[here] { (name) " " span.soft { (l.number(count)) } } }
    };
    html! {
        nav.menu aria-label=(l.say("Списки", "Lists")) {
            (tab("/attention", l.say("Чекають на людину", "On hold"), counts.holds))
            (tab("/attention/doubts", l.say("Під сумнівом", "In doubt"), counts.doubts))
            (tab("/attention/alerts", l.say("Попередження", "Alerts"), counts.alerts))
        }
    }
}
