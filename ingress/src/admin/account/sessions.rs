//! `POST /account/sessions/end`: sign out everywhere else.

use axum::extract::State;
use axum::response::Response;
use ledger::people::SessionView;
use maud::{Markup, html};

use super::super::error::PageError;
use super::super::form::Form;
use super::super::notice::Notice;
use super::super::parts::{self, Align, Head, Tone, badge};
use super::super::visitor::Visitor;
use crate::AppState;

pub(super) fn table(visitor: &Visitor, sessions: &[SessionView]) -> Markup {
    let l = visitor.language;
    let heads = [
        Head(l.say("Коли почався", "Since"), Align::Start),
        Head(l.say("Звідки", "From"), Align::Start),
        Head(l.say("Браузер", "Browser"), Align::Start),
        Head(l.say("Востаннє", "Last used"), Align::Start),
    ];
    html! {
        (parts::table(l.say("Сеанси", "Sessions"), &heads, sessions.iter().map(|session| vec![
            html! { (l.minute(session.started_at)) @if session.id == visitor.session.id { " " (badge(Tone::Good, l.say("цей", "this one"))) } },
            html! { (session.address) },
            html! { (session.agent) },
            html! { (l.minute(session.seen_at)) },
        ])))
        @if sessions.len() > 1 {
            (parts::button(visitor, "/account/sessions/end", l.say("Вийти всюди, крім цього браузера", "Sign out everywhere but here")))
        }
    }
}

pub(super) async fn end_others(State(app): State<AppState>, visitor: Visitor, _: Form) -> Result<Response, PageError> {
    let (user, session) = (&visitor.user().id, Some(visitor.session.id.as_str()));
    app.ledger
        .end_sessions(user, session, &visitor.actor(), app.ledger.now())
        .await?;
    Ok(Notice::SignedOutEverywhere.at("/account"))
}
