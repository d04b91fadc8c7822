//! `GET /`: the day at a glance: what needs a person, the money, the hours, the registers.

mod plot;

use axum::extract::State;
use axum::http::Uri;
use axum::response::Html;
use ledger::alerts::AlertView;
use ledger::alerts_list::AlertList;
use ledger::attention::Counts;
use ledger::people::Role;
use ledger::today::Today;
use maud::{Markup, html};

use super::error::PageError;
use super::language::Language;
use super::parts::{self, Tone, badge, card};
use super::route::{Access, Route, get};
use super::visitor::Visitor;
use super::{page, registers};
use crate::{AppState, day};

/// How many alerts are shown here; the others are a page away.
const ALERTS: u32 = 5;

pub(super) fn routes() -> Vec<Route> {
    vec![get("/", Access::Needs(Role::Accountant), show)]
}

async fn show(State(app): State<AppState>, visitor: Visitor, uri: Uri) -> Result<Html<String>, PageError> {
    let (l, now) = (visitor.language, app.ledger.now());
    let (start, end) = day::around(now);
    let today = app.ledger.today(visitor.reach(), start, end, now).await?;
    let alerts = app
        .ledger
        .list_alerts(visitor.reach(), AlertList::Open, None, ALERTS)
        .await?;
    let unseen: Vec<&AlertView> = alerts
        .rows
        .iter()
        .filter(|alert| alert.acknowledged.is_none())
        .collect();
    let title = l.say("Сьогодні", "Today");
    let body = html! {
        (parts::notice(&visitor, &uri))
        (parts::heading(html! { (title) ", " (l.date(now)) }, html! {}))
        (card("attention", l.say("Що потребує уваги", "What needs attention"), attention(&visitor, &today.attention, &unseen)))
        div.figures #figures data-part="figures" { (figures(l, &today)) }
        (card("hours", l.say("Чеки за годинами", "Receipts by the hour"), plot::show(l, &today.hours, start)))
        (card("registers", l.say("Каси", "Registers"), html! {
            @if today.registers.is_empty() { (no_register(&visitor)) }
            @else {
                (registers::table(l, &today.registers, now))
                @if today.more_registers { p { a href="/registers" { (l.say("Усі каси", "All registers")) } } }
            }
        }))
    };
    Ok(page::of(&visitor, title, &body))
}

fn attention(visitor: &Visitor, counts: &Counts, alerts: &[&AlertView]) -> Markup {
    let l = visitor.language;
    if *counts == Counts::default() {
        return html! { p { (badge(Tone::Good, l.say("нічого", "nothing"))) " "
        (l.say("Усе йде само.", "Everything goes by itself.")) } };
    }
    html! {
        div.actions {
            @if counts.holds > 0 { a.button.main href="/attention" {
                (l.count(counts.holds, ["документ чекає на вас", "документи чекають на вас", "документів чекає на вас"],
                    ["document waits for you", "documents wait for you"]))
            } }
            @if counts.doubts > 0 { a.button href="/attention/doubts" {
                (l.count(counts.doubts, ["документ під сумнівом", "документи під сумнівом", "документів під сумнівом"],
                    ["document in doubt", "documents in doubt"]))
            } }
            @if counts.alerts > 0 { a.button href="/attention/alerts" {
                (l.count(counts.alerts, ["попередження", "попередження", "попереджень"], ["alert", "alerts"]))
            } }
        }
        @for alert in alerts { (super::attention::alert(visitor, alert, "/")) }
    }
}

fn figures(l: Language, today: &Today) -> Markup {
    let total = &today.total;
    html! {
        div.figure { b { (l.sum(total.sold)) } span { (l.say("продано", "sold")) } }
        div.figure { b { (l.sum(total.returned)) } span { (l.say("повернено", "given back")) } }
        div.figure { b { (l.number(total.sales)) } span { (l.say("чеки продажу", "sale receipts")) } }
        div.figure { b { (l.number(total.returns)) } span { (l.say("чеки повернення", "return receipts")) } }
    }
}

fn no_register(visitor: &Visitor) -> Markup {
    let l = visitor.language;
    html! {
        (parts::empty(l.say("Ще немає жодної каси.", "There is no register yet.")))
        @if visitor.may(Role::Administrator) {
            p { a.button.main href="/settings" { (l.say("Додати касу", "Add a register")) } }
        } @else {
            p { (l.say("Її може додати адміністратор.", "An administrator can add one.")) }
        }
    }
}
