//! `GET /`: the day at a glance.

use ledger::people::Role;
use maud::html;

use super::page;
use super::route::{Access, Route, get};
use super::visitor::Visitor;

pub(super) fn routes() -> Vec<Route> {
    vec![get("/", Access::Needs(Role::Accountant), show)]
}

async fn show(visitor: Visitor) -> axum::response::Html<String> {
    let title = visitor.say("Сьогодні", "Today");
    page::of(&visitor, title, &html! { h1 { (title) } })
}
