//! `GET /settings/users`

use axum::extract::State;
use axum::http::Uri;
use axum::response::Html;
use ledger::people::{Reach, User};
use maud::{Markup, html};

use super::super::error::PageError;
use super::super::language::Language;
use super::super::parts::{self, Align, Head, Tone, badge, card};
use super::super::visitor::Visitor;
use super::super::{page, words};
use crate::AppState;

pub(super) async fn show(State(app): State<AppState>, visitor: Visitor, uri: Uri) -> Result<Html<String>, PageError> {
    let l = visitor.language;
    let users = app.ledger.users(visitor.reach()).await?;
    let now = app.ledger.now();
    let title = l.say("Користувачі", "Users");
    let heads = [
        Head(l.say("Логін", "Login"), Align::Start),
        Head(l.say("Ім'я", "Name"), Align::Start),
        Head(l.say("Права", "Role"), Align::Start),
        Head(l.say("Кого бачить", "Sees"), Align::Start),
        Head(l.say("Стан", "State"), Align::Start),
    ];
    let body = html! {
        (parts::notice(&visitor, &uri))
        (parts::heading(title, html! { a.button.main href="/settings/users/new" { (l.say("Запросити", "Invite")) } }))
        (card("users", l.say("Хто може ввійти", "Who may sign in"), parts::table(title, &heads, users.iter().map(|user| vec![
            html! { a href={ "/settings/users/" (user.id) } { (user.login) } },
            html! { (user.name) },
            html! { (words::role(l, user.role)) },
            html! { (reach(l, &user.reach)) },
            state(l, user, now),
        ]))))
    };
    Ok(page::of(&visitor, title, &body))
}

fn reach(l: Language, reach: &Reach) -> String {
    match reach {
        Reach::Everything => l.say("усіх", "everything").to_owned(),
        Reach::Merchants(ids) if ids.is_empty() => l.say("нікого", "nobody").to_owned(),
        Reach::Merchants(ids) => ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
    }
}

fn state(l: Language, user: &User, now: domain::time::UnixMillis) -> Markup {
    html! {
        @if user.disabled_at.is_some() { (badge(Tone::Quiet, l.say("вимкнено", "switched off"))) }
        @else if !user.has_password { (badge(Tone::Busy, l.say("запрошено", "invited"))) }
        @else if user.locked_until > now { (badge(Tone::Warn, l.say("тимчасово заблоковано", "locked for a while"))) }
        @else { (badge(Tone::Good, l.say("діє", "active"))) }
        @if user.has_totp { " " (badge(Tone::Quiet, l.say("другий крок", "second step"))) }
    }
}
