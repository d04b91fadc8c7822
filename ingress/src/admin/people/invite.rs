//! `GET /settings/users/new`, `POST /settings/users/new`, `POST /settings/users/{id}/link`

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use ledger::people::{Invited, NewUser};
use maud::html;
use secrecy::ExposeSecret as _;

use super::super::error::PageError;
use super::super::form::Form;
use super::super::page;
use super::super::parts::{self, Field};
use super::super::visitor::Visitor;
use super::fields::{self, Fields};
use crate::AppState;

pub(super) async fn show(State(app): State<AppState>, visitor: Visitor) -> Result<Response, PageError> {
    let blank = Fields::blank(visitor.language);
    form(&app, &visitor, &blank, None).await
}

pub(super) async fn invite(State(app): State<AppState>, visitor: Visitor, sent: Form) -> Result<Response, PageError> {
    let fields = Fields::read(&sent)?;
    let new = NewUser {
        login: fields.login.clone(),
        name: fields.name.clone(),
        role: fields.role,
        reach: fields.reach.clone(),
        language: fields.language.clone(),
    };
    match app
        .ledger
        .invite(visitor.reach(), &new, &visitor.actor(), app.ledger.now())
        .await
    {
        Ok(invited) => Ok(link(&app, &visitor, &invited)),
        Err(error) => form(&app, &visitor, &fields, Some(super::words(visitor.language, error)?)).await,
    }
}

/// A new link for who has lost the password; their sessions end.
pub(super) async fn again(
    State(app): State<AppState>,
    visitor: Visitor,
    path: Result<Path<String>, PathRejection>,
    _: Form,
) -> Result<Response, PageError> {
    let Path(id) = path.map_err(|_| PageError::NoSuchPage)?;
    match app
        .ledger
        .invite_again(visitor.reach(), &id, &visitor.actor(), app.ledger.now())
        .await
    {
        Ok(invited) => Ok(link(&app, &visitor, &invited)),
        Err(error) => {
            let why = super::words(visitor.language, error)?.to_owned();
            Err(PageError::Refused(why.clone(), why))
        }
    }
}

async fn form(
    app: &AppState,
    visitor: &Visitor,
    fields: &Fields,
    problem: Option<&str>,
) -> Result<Response, PageError> {
    let l = visitor.language;
    let merchants = fields::merchants(app, visitor).await?;
    let title = l.say("Запросити користувача", "Invite a user");
    let body = html! {
        (parts::heading(title, html! { a.button href="/settings/users" { (l.say("Скасувати", "Cancel")) } }))
        section.card {
            @if let Some(problem) = problem { p.problem role="alert" { (problem) } }
            (parts::form(visitor, "/settings/users/new", html! {
                (Field { required: true, ..Field::text(l.say("Логін", "Login"), "login", &fields.login) })
                (fields::show(visitor, fields, &merchants))
                (parts::select(l.say("Мова", "Language"), "language", &fields.language, &[("uk", "Українська"), ("en", "English")]))
                button.main type="submit" { (l.say("Запросити", "Invite")) }
            }))
        }
    };
    let status = if problem.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    Ok((status, page::of(visitor, title, &body)).into_response())
}

/// The link is shown here and never again.
fn link(app: &AppState, visitor: &Visitor, invited: &Invited) -> Response {
    let l = visitor.language;
    let title = l.say("Одноразове посилання", "One-time link");
    let link = format!("{}/welcome/{}", app.admin_url, invited.token.expose_secret());
    let body = html! {
        (parts::heading(title, html! { a.button href="/settings/users" { (l.say("До користувачів", "To the users")) } }))
        section.card {
            p { (l.say("Передайте це посилання користувачеві ", "Give this link to the user ")) b { (invited.user.login) } ". "
                (l.say("За ним обирають пароль; воно діє 72 години і лише один раз. Більше його не буде показано.",
                    "It is for choosing a password; it works once, for 72 hours. It is not shown again.")) }
            p { (parts::copyable(l, &link)) }
        }
    };
    page::of(visitor, title, &body).into_response()
}
