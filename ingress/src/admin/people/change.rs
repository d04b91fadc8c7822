//! `GET /settings/users/{id}` and `POST /settings/users/{id}`

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use ledger::people::{User, UserChange};
use maud::html;

use super::super::error::PageError;
use super::super::form::Form;
use super::super::notice::Notice;
use super::super::page;
use super::super::parts::{self, card};
use super::super::visitor::Visitor;
use super::fields::{self, Fields};
use crate::AppState;

type InPath = Result<Path<String>, PathRejection>;

pub(super) async fn show(State(app): State<AppState>, visitor: Visitor, path: InPath) -> Result<Response, PageError> {
    let user = find(&app, &visitor, path).await?;
    let fields = Fields {
        login: user.login.clone(),
        name: user.name.clone(),
        role: user.role,
        reach: user.reach.clone(),
        language: user.language.clone(),
        enabled: user.disabled_at.is_none(),
    };
    form(&app, &visitor, &user, &fields, None).await
}

pub(super) async fn save(
    State(app): State<AppState>,
    visitor: Visitor,
    path: InPath,
    sent: Form,
) -> Result<Response, PageError> {
    let user = find(&app, &visitor, path).await?;
    let fields = Fields::read(&sent)?;
    let change = UserChange {
        name: fields.name.clone(),
        role: fields.role,
        reach: fields.reach.clone(),
        enabled: fields.enabled,
    };
    let changed = app
        .ledger
        .change_user(visitor.reach(), &user.id, &change, &visitor.actor(), app.ledger.now())
        .await;
    match changed {
        Ok(_) => Ok(Notice::Saved.at("/settings/users")),
        Err(error) => {
            form(
                &app,
                &visitor,
                &user,
                &fields,
                Some(super::words(visitor.language, error)?),
            )
            .await
        }
    }
}

async fn find(app: &AppState, visitor: &Visitor, path: InPath) -> Result<User, PageError> {
    let Path(id) = path.map_err(|_| PageError::NoSuchPage)?;
    app.ledger
        .user(visitor.reach(), &id)
        .await?
        .ok_or(PageError::NoSuchPage)
}

async fn form(
    app: &AppState,
    visitor: &Visitor,
    user: &User,
    fields: &Fields,
    problem: Option<&str>,
) -> Result<Response, PageError> {
    let l = visitor.language;
    let merchants = fields::merchants(app, visitor).await?;
    let here = format!("/settings/users/{}", user.id);
    let body = html! {
        (parts::heading(&user.login, html! { a.button href="/settings/users" { (l.say("До користувачів", "To the users")) } }))
        (card("user", l.say("Права", "Rights"), html! {
            @if let Some(problem) = problem { p.problem role="alert" { (problem) } }
            (parts::form(visitor, &here, html! {
                (fields::show(visitor, fields, &merchants))
                (parts::tick(l.say("Вимкнути: більше не може ввійти", "Switch off: may no longer sign in"), "disabled", !fields.enabled, ""))
                button.main type="submit" { (l.say("Зберегти", "Save")) }
            }))
        }))
        (card("link", l.say("Пароль", "Password"), html! {
            p { (l.say("Хто забув пароль, отримує нове одноразове посилання.", "Who has forgotten the password gets a new one-time link.")) }
            (parts::ask_first(visitor, &format!("{here}/link"), l.say("Нове посилання", "New link"), l.say(
                "Теперішні сеанси цього користувача закінчаться, а посилання буде показано один раз.",
                "This user's sessions end now, and the link is shown once.",
            ), html! {}, l.say("Так, створити посилання", "Yes, make a link")))
        }))
    };
    let status = if problem.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    Ok((status, page::of(visitor, &user.login, &body)).into_response())
}
