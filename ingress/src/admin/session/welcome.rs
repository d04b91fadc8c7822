//! `GET /welcome/{token}` and `POST /welcome/{token}`: a one-time link becomes a password.

use axum::Extension;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::header::{SET_COOKIE, USER_AGENT};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Response};
use ledger::people::User;
use maud::html;
use secrecy::{ExposeSecret as _, SecretString};

use super::super::error::PageError;
use super::super::form::Form;
use super::super::guard::{self, TOKEN_FIELD};
use super::super::page;
use super::super::parts::Field;
use super::super::visitor::Visitor;
use super::{cookies, pace, password, sign_in};
use crate::AppState;
use crate::address::RemoteAddress;
use crate::error::ApiError;

type InPath = Result<Path<String>, PathRejection>;

pub(super) async fn show(
    State(app): State<AppState>,
    visitor: Option<Extension<Visitor>>,
    path: InPath,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let (_, user) = invited(&app, path).await?;
    let visitor = visitor.map(|Extension(visitor)| visitor);
    Ok(page(&app, &headers, visitor.as_ref(), &user, None))
}

pub(super) async fn accept(
    State(app): State<AppState>,
    visitor: Option<Extension<Visitor>>,
    path: InPath,
    headers: HeaderMap,
    form: Form,
    request: Request,
) -> Result<Response, PageError> {
    let address = pace::one_more(&app, request.extensions().get::<RemoteAddress>().copied()).await?;
    let l = guard::language(&headers, None);
    let visitor = visitor.map(|Extension(visitor)| visitor);
    let (token, user) = invited(&app, path).await?;
    let chosen = match chosen(&form) {
        Ok(chosen) => chosen,
        Err((uk, en)) => return Ok(page(&app, &headers, visitor.as_ref(), &user, Some(l.say(uk, en)))),
    };
    let hash = password::hash(chosen)
        .await
        .ok_or_else(|| PageError::from(ApiError::Busy))?;
    let now = app.ledger.now();
    let accepted = app.ledger.accept_invitation(&token, &hash, &address, now).await?;
    let user = accepted.ok_or_else(used)?;
    let agent = headers
        .get(USER_AGENT)
        .and_then(|agent| agent.to_str().ok())
        .unwrap_or_default();
    let session = app.ledger.start_session(&user.id, &address, agent, now).await?;
    let session = session.ok_or_else(used)?;
    sign_in::leave(&app, visitor.as_ref()).await?;
    Ok(sign_in::signed_in(&app, &session, "/"))
}

/// The two fields of a new password; or what is wrong with them, in both languages.
pub(in super::super) fn chosen(form: &Form) -> Result<SecretString, (&'static str, &'static str)> {
    let (first, second) = (
        form.secret("password").unwrap_or_default(),
        form.secret("again").unwrap_or_default(),
    );
    if !password::fits(&first) {
        return Err((
            "Пароль має бути щонайменше 12 знаків завдовжки. Кілька слів підряд легко запам'ятати.",
            "The password should have at least 12 characters. A few words in a row are easy to remember.",
        ));
    }
    if first.expose_secret() != second.expose_secret() {
        return Err(("Паролі не однакові.", "The two passwords are not the same."));
    }
    Ok(first)
}

async fn invited(app: &AppState, path: InPath) -> Result<(SecretString, User), PageError> {
    let Path(token) = path.map_err(|_| PageError::NoSuchPage)?;
    let token = SecretString::from(token);
    let user = app.ledger.invitation(&token, app.ledger.now()).await?;
    Ok((token, user.ok_or_else(used)?))
}

fn used() -> PageError {
    PageError::Refused(
        "Це посилання вже використано або воно застаріло. Попросіть нове в адміністратора (або: kasyr admin reset ЛОГІН).".to_owned(),
        "This link was used already or is too old. Ask an administrator for a new one (or: kasyr admin reset LOGIN).".to_owned(),
    )
}

fn page(
    app: &AppState,
    headers: &HeaderMap,
    visitor: Option<&Visitor>,
    user: &User,
    problem: Option<&str>,
) -> Response {
    let l = guard::language(headers, None);
    let (token, cookie) = cookies::visit(app, headers, visitor);
    let title = l.say("Ласкаво просимо до Kasyr", "Welcome to Kasyr");
    let body = html! {
        section.card.lonely {
            h1 { (title) }
            p { (l.say("Придумайте пароль для логіна ", "Choose a password for the login ")) b { (user.login) } "." }
            @if let Some(problem) = problem { p.problem role="alert" { (problem) } }
            form.fields method="post" {
                input type="hidden" name=(TOKEN_FIELD) value=(token);
                input type="hidden" name="login" value=(user.login) autocomplete="username";
                (new_password(l))
                button.main type="submit" { (l.say("Зберегти й увійти", "Save and sign in")) }
            }
        }
    };
    let status = if problem.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let cookies = AppendHeaders(cookie.map(|cookie| (SET_COOKIE, cookie)));
    (status, cookies, page::bare(l, title, &body)).into_response()
}

/// The two fields.
pub(in super::super) fn new_password(l: super::super::language::Language) -> maud::Markup {
    html! {
        (Field {
            required: true,
            kind: "password",
            complete: "new-password",
            hint: l.say("Щонайменше 12 знаків.", "At least 12 characters."),
            ..Field::text(l.say("Новий пароль", "New password"), "password", "")
        })
        (Field {
            required: true,
            kind: "password",
            complete: "new-password",
            ..Field::text(l.say("Ще раз", "Once more"), "again", "")
        })
    }
}
