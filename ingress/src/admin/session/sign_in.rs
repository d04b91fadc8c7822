//! `GET /sign-in` and `POST /sign-in`

use axum::Extension;
use axum::extract::{Query, Request, State};
use axum::http::header::{LOCATION, SET_COOKIE, USER_AGENT};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Response};
use ledger::people::SignIn;
use maud::html;
use secrecy::SecretString;
use serde::Deserialize;

use super::super::error::PageError;
use super::super::form::Form;
use super::super::guard::{self, TOKEN_FIELD};
use super::super::language::Language;
use super::super::notice::Notice;
use super::super::page;
use super::super::parts::Field;
use super::super::visitor::Visitor;
use super::{SecondStep, cookies, pace, password};
use crate::AppState;
use crate::address::RemoteAddress;

#[derive(Default, Deserialize)]
pub(super) struct Wish {
    /// Where to go afterwards: a path of ours.
    #[serde(default)]
    to: String,
    #[serde(default)]
    done: String,
}

/// Whoever has signed in already goes on to where they wanted.
pub(super) async fn show(
    State(app): State<AppState>,
    visitor: Option<Extension<Visitor>>,
    Query(wish): Query<Wish>,
    headers: HeaderMap,
) -> Response {
    if visitor.is_some() {
        return (StatusCode::SEE_OTHER, [(LOCATION, target(&wish.to))]).into_response();
    }
    let l = guard::language(&headers, None);
    let said = Notice::parse(&wish.done).map(|notice| notice.text(l));
    page(&app, &headers, None, &wish.to, "", said, None)
}

/// Every way it can fail looks the same from outside and takes about as long.
pub(super) async fn sign_in(
    State(app): State<AppState>,
    visitor: Option<Extension<Visitor>>,
    headers: HeaderMap,
    form: Form,
    request: Request,
) -> Result<Response, PageError> {
    let address = pace::one_more(&app, request.extensions().get::<RemoteAddress>().copied()).await?;
    let l = guard::language(&headers, None);
    let now = app.ledger.now();
    let secret = form.secret("password").unwrap_or_default();
    let facts = app.ledger.sign_in_facts(form.text("login"), now).await?;
    let visitor = visitor.map(|Extension(visitor)| visitor);
    let (to, login) = (form.text("to"), form.text("login"));
    let again = || Ok(page(&app, &headers, visitor.as_ref(), to, login, None, Some(wrong(l))));
    let hash = facts.as_ref().map(|facts| facts.password_hash.clone());
    let right = password::verify(secret, hash).await;
    let Some(facts) = facts.filter(|facts| facts.locked.is_none()) else {
        return again();
    };
    if !right || !second_step(&app, &facts, form.text("code")).await? {
        app.ledger.note_wrong_password(&facts.user.id, &address, now).await?;
        return again();
    }
    if !app.ledger.note_right_password(&facts.user.id, now).await? {
        return again();
    }
    let agent = headers
        .get(USER_AGENT)
        .and_then(|agent| agent.to_str().ok())
        .unwrap_or_default();
    let Some(token) = app.ledger.start_session(&facts.user.id, &address, agent, now).await? else {
        return again();
    };
    leave(&app, visitor.as_ref()).await?;
    Ok(signed_in(&app, &token, to))
}

/// A browser has one session: the one it comes from ends when another begins.
pub(super) async fn leave(app: &AppState, visitor: Option<&Visitor>) -> Result<(), PageError> {
    if let Some(visitor) = visitor {
        let (user, session) = (&visitor.user().id, &visitor.session.id);
        app.ledger
            .end_session(user, session, &visitor.actor(), app.ledger.now())
            .await?;
    }
    Ok(())
}

/// Off to where they wanted, with a session of their own.
pub(super) fn signed_in(app: &AppState, token: &SecretString, to: &str) -> Response {
    (
        StatusCode::SEE_OTHER,
        [(LOCATION, target(to)), (SET_COOKIE, cookies::session(app, token))],
    )
        .into_response()
}

fn target(to: &str) -> HeaderValue {
    HeaderValue::from_str(own_path(to)).unwrap_or_else(|_| HeaderValue::from_static("/"))
}

/// A path of ours; anything else, an address elsewhere above all, is the first page.
pub(in super::super) fn own_path(to: &str) -> &str {
    let ours = to.starts_with('/') && !to.starts_with("//") && !to.contains('\\') && !to.contains(char::is_control);
    if ours { to } else { "/" }
}

/// A code counts once, and none is asked of who has no second step.
async fn second_step(app: &AppState, facts: &SignIn, code: &str) -> Result<bool, PageError> {
    let Some(secret) = &facts.totp else {
        return Ok(true);
    };
    let step = SecondStep::of(secret, &facts.user.login).and_then(|totp| totp.step_of(code, app.ledger.now()));
    match step {
        Some(step) => Ok(app.ledger.use_totp_step(&facts.user.id, step).await?),
        None => Ok(false),
    }
}

/// The same words for whoever is locked out: other ones would tell that the login exists.
fn wrong(l: Language) -> &'static str {
    l.say(
        "Логін, пароль або код не підходять. Перевірте розкладку клавіатури і спробуйте ще раз. Після кількох невдалих спроб вхід закривається на кілька хвилин; адміністратор може надіслати нове посилання.",
        "The login, the password or the code does not fit. Check the keyboard layout and try again. After several wrong tries the sign-in is closed for some minutes; an administrator can send a new link.",
    )
}

fn page(
    app: &AppState,
    headers: &HeaderMap,
    visitor: Option<&Visitor>,
    to: &str,
    login: &str,
    said: Option<&str>,
    problem: Option<&str>,
) -> Response {
    let l = guard::language(headers, None);
    let (token, cookie) = cookies::visit(app, headers, visitor);
    let title = l.say("Вхід", "Sign in");
    let body = html! {
        section.card.lonely {
            h1 { (title) }
            @if let Some(said) = said { p.notice role="status" { (said) } }
            @if let Some(problem) = problem { p.problem role="alert" { (problem) } }
            form.fields method="post" action="/sign-in" {
                input type="hidden" name=(TOKEN_FIELD) value=(token);
                input type="hidden" name="to" value=(own_path(to));
                (Field { required: true, complete: "username", ..Field::text(l.say("Логін", "Login"), "login", login) })
                (Field { required: true, complete: "current-password", kind: "password", ..Field::text(l.say("Пароль", "Password"), "password", "") })
                (Field {
                    complete: "one-time-code",
                    hint: l.say("Лише якщо ви ввімкнули другий крок.", "Only if you switched the second step on."),
                    ..Field::text(l.say("Код із застосунку", "Code from the application"), "code", "")
                })
                button.main type="submit" { (l.say("Увійти", "Sign in")) }
            }
        }
        div.under { (super::language::choice(l, &token, "/sign-in")) }
    };
    let status = if problem.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let cookies = AppendHeaders(cookie.map(|cookie| (SET_COOKIE, cookie)));
    (status, cookies, page::bare(l, title, &body)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_elsewhere_after_signing_in() {
        for (to, target) in [
            ("/orders?text=1", "/orders?text=1"),
            ("//evil.example", "/"),
            ("https://evil.example", "/"),
            ("/\\evil.example", "/"),
            ("/a\r\nset-cookie: x=y", "/"),
            ("", "/"),
        ] {
            assert_eq!(own_path(to), target, "{to:?}");
        }
    }
}
