//! `GET /attention/alerts` and `POST /alerts/{id}/acknowledge`

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Query, State};
use axum::http::Uri;
use axum::response::{Html, Response};
use ledger::alerts::{Acknowledged, AlertView};
use ledger::alerts_list::AlertList;
use ledger::deliveries::{DELIVERIES_HELD, LANE_TROUBLE};
use ledger::people::Role;
use maud::{Markup, html};
use serde::Deserialize;

use super::super::error::PageError;
use super::super::form::Form;
use super::super::notice::Notice;
use super::super::page;
use super::super::parts::{self, Tone, badge};
use super::super::session::own_path;
use super::super::visitor::Visitor;
use crate::AppState;

const PAGE: u32 = 50;

#[derive(Default, Deserialize)]
pub(super) struct Wish {
    after: Option<String>,
    /// Anything: closed ones, too.
    all: Option<String>,
}

pub(super) async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Query(wish): Query<Wish>,
    uri: Uri,
) -> Result<Html<String>, PageError> {
    let l = visitor.language;
    let (list, all) = match wish.all {
        Some(_) => (AlertList::All, "&all=yes"),
        None => (AlertList::Open, ""),
    };
    let found = app
        .ledger
        .list_alerts(visitor.reach(), list, wish.after.as_deref(), PAGE)
        .await?;
    let next = found.next.map(|after| format!("/attention/alerts?after={after}{all}"));
    let title = l.say("Увага", "Attention");
    let body = html! {
        (parts::notice(&visitor, &uri))
        (parts::heading(title, html! {
            @if list == AlertList::Open { a.button href="/attention/alerts?all=yes" { (l.say("Показати й минулі", "Show past ones, too")) } }
            @else { a.button href="/attention/alerts" { (l.say("Лише відкриті", "Only open ones")) } }
        }))
        (super::tabs(&visitor))
        div #alerts data-part="alerts" {
            @if found.rows.is_empty() {
                section.card { (parts::empty(l.say("Попереджень немає.", "There are no alerts."))) }
            }
            @for row in &found.rows { (alert(&visitor, row, "/attention/alerts")) }
            (parts::next_page(l, next.as_deref()))
        }
    };
    Ok(page::of(&visitor, title, &body))
}

/// One alert: what is the matter, since when, what to do next. `back`: the page to come back to.
pub(in super::super) fn alert(visitor: &Visitor, alert: &AlertView, back: &str) -> Markup {
    let l = visitor.language;
    let critical = alert.severity == "critical";
    let text = l.say(&alert.text.uk, &alert.text.en);
    let step = l.say(&alert.next_step.uk, &alert.next_step.en);
    html! {
        article class={ "card alert " (if alert.resolved_at.is_some() { "quiet" } else if critical { "bad" } else { "warn" }) } {
            p {
                @if let Some(at) = alert.resolved_at { (badge(Tone::Quiet, l.say("минуло", "over"))) " " span.soft { (l.minute(at)) } }
                @else if critical { (badge(Tone::Bad, l.say("терміново", "urgent"))) }
                @else { (badge(Tone::Warn, l.say("зверніть увагу", "have a look"))) }
                " " span.soft { (l.say("з ", "since ")) (l.minute(alert.opened_at)) }
                @if let Some(register) = &alert.register { " · " a href={ "/registers/" (register) } { (register) } }
            }
            p { b { (if text.is_empty() { &alert.text.en } else { text }) } }
            p { (if step.is_empty() { &alert.next_step.en } else { step }) }
            @if let Some(there) = deliveries(alert) { p { a href=(there) { (l.say("До доставок", "To the deliveries")) } } }
            @match &alert.acknowledged {
                Some((at, who)) => p.soft { (l.say("Прочитав(ла) ", "Acknowledged by ")) (who) ", " (l.minute(*at)) },
                None if alert.resolved_at.is_none() && visitor.may(Role::Operator) => {
                    form.inline method="post" action={ "/alerts/" (alert.id) "/acknowledge" } {
                        (page::token(visitor))
                        input type="hidden" name="back" value=(back);
                        button type="submit" { (l.say("Знаю про це", "I know of it")) }
                    }
                },
                None => {},
            }
        }
    }
}

/// Where messages of an alert about a lane are.
fn deliveries(alert: &AlertView) -> Option<String> {
    let lane = ("lane", alert.subject.as_str());
    match alert.kind.as_str() {
        DELIVERIES_HELD => Some(parts::link("/deliveries", [lane, ("state", "held")])),
        LANE_TROUBLE => Some(parts::link("/deliveries", [lane])),
        _ => None,
    }
}

pub(super) async fn acknowledge(
    State(app): State<AppState>,
    visitor: Visitor,
    path: Result<Path<String>, PathRejection>,
    form: Form,
) -> Result<Response, PageError> {
    let Path(id) = path.map_err(|_| PageError::NoSuchPage)?;
    let back = match own_path(form.text("back")) {
        "/" => "/",
        _ => "/attention/alerts",
    };
    let done = app
        .ledger
        .acknowledge_alert(visitor.reach(), &id, visitor.actor(), app.ledger.now())
        .await?;
    match done {
        Acknowledged::Done { closed: _ } => Ok(Notice::Acknowledged.at(back)),
        // Somebody else was quicker, or its cause is gone.
        Acknowledged::WasClosed => Ok(Notice::AlertOver.at(back)),
        Acknowledged::NotFound => Err(PageError::NoSuchPage),
    }
}
