//! `GET /account` and its forms: one's own password, second step and sessions.

mod password;
mod second_step;
mod sessions;

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use ledger::people::Role;
use maud::{Markup, html};

use super::error::PageError;
use super::parts::{self, card};
use super::route::{Access, Route, get, post};
use super::visitor::Visitor;
use super::{page, words};
use crate::AppState;

pub(super) fn routes() -> Vec<Route> {
    let anybody = Access::Needs(Role::Accountant);
    vec![
        get("/account", anybody, show),
        post("/account/password", anybody, password::change),
        get("/account/second-step", anybody, second_step::begin),
        // Where a form that was refused is shown again; whoever comes back to it begins anew.
        get("/account/second-step/confirm", anybody, second_step::begin),
        post("/account/second-step/confirm", anybody, second_step::confirm),
        post("/account/second-step/off", anybody, second_step::switch_off),
        post("/account/sessions/end", anybody, sessions::end_others),
    ]
}

async fn show(State(app): State<AppState>, visitor: Visitor, uri: Uri) -> Result<Response, PageError> {
    let notice = parts::notice(&visitor, &uri);
    Ok(account(&app, &visitor, notice).await?.into_response())
}

/// What was wrong with a form, above the page it was on.
async fn problem(app: &AppState, visitor: &Visitor, uk: &str, en: &str) -> Result<Response, PageError> {
    let told = html! { p.problem role="alert" { (visitor.say(uk, en)) } };
    let page = account(app, visitor, told).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn account(app: &AppState, visitor: &Visitor, above: Markup) -> Result<axum::response::Html<String>, PageError> {
    let l = visitor.language;
    let user = visitor.user();
    let sessions = app.ledger.sessions_of(&user.id, app.ledger.now()).await?;
    let title = l.say("Мій обліковий запис", "My account");
    let body = html! {
        (parts::heading(title, html! {}))
        (above)
        (card("me", l.say("Хто я", "Who I am"), parts::facts([
            (l.say("Логін", "Login"), html! { (user.login) }),
            (l.say("Ім'я", "Name"), html! { (user.name) }),
            (l.say("Права", "Role"), html! { (words::role(l, user.role)) }),
        ])))
        div.columns {
            (card("password", l.say("Пароль", "Password"), password::form(visitor)))
            (card("second-step", l.say("Другий крок входу", "Second step of the sign-in"), second_step::card(visitor)))
        }
        (card("sessions", l.say("Де я увійшов", "Where I am signed in"), sessions::table(visitor, &sessions)))
    };
    Ok(page::of(visitor, title, &body))
}
