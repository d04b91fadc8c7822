//! `GET /account/second-step`, `POST …/confirm`, `POST …/off`: codes of a phone's application.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{Markup, html};
use receipts::qr::Qr;
use secrecy::{ExposeSecret as _, SecretString};

use super::super::error::PageError;
use super::super::form::Form;
use super::super::notice::Notice;
use super::super::page;
use super::super::parts::{self, Field};
use super::super::session::SecondStep;
use super::super::visitor::Visitor;
use super::password;
use crate::AppState;
use crate::error::ApiError;

pub(super) fn card(visitor: &Visitor) -> Markup {
    let l = visitor.language;
    let current = Field {
        required: true,
        kind: "password",
        complete: "current-password",
        ..Field::text(l.say("Теперішній пароль", "Current password"), "current", "")
    };
    html! {
        @if visitor.user().has_totp {
            p { (l.say("Увімкнено: під час входу потрібен ще код із телефона.", "On: signing in also asks for a code from your phone.")) }
            (parts::ask_first(visitor, "/account/second-step/off", l.say("Вимкнути", "Switch off"),
                l.say("Для входу знову вистачатиме самого пароля.", "The password alone will be enough to sign in again."),
                html! { (Field { name: "current", ..current }) }, l.say("Так, вимкнути", "Yes, switch off")))
        } @else {
            p { (l.say("Вимкнено. Із ним самого вкраденого пароля не вистачить, щоб увійти.", "Off. With it a stolen password alone is not enough to sign in.")) }
            a.button href="/account/second-step" { (l.say("Увімкнути", "Switch on")) }
        }
    }
}

/// Shows a new secret; nothing is kept until its code has come back.
pub(super) async fn begin(visitor: Visitor) -> Result<Response, PageError> {
    let step = SecondStep::invent(&visitor.user().login).ok_or_else(|| PageError::from(ApiError::Busy))?;
    Ok(show(&visitor, &step, None))
}

pub(super) async fn confirm(State(app): State<AppState>, visitor: Visitor, form: Form) -> Result<Response, PageError> {
    let secret = form.secret("secret").ok_or(PageError::BadForm)?;
    let step = SecondStep::of(&secret, &visitor.user().login).ok_or(PageError::BadForm)?;
    if !password::is_own(&app, &visitor, &form).await? {
        return Ok(show(
            &visitor,
            &step,
            Some(visitor.say("Пароль не підходить.", "The password does not fit.")),
        ));
    }
    let now = app.ledger.now();
    let Some(used) = step.step_of(form.text("code"), now) else {
        return Ok(show(
            &visitor,
            &step,
            Some(visitor.say(
                "Код не підходить. Перевірте, чи годинник телефона йде точно.",
                "The code does not fit. Check that your phone's clock is right.",
            )),
        ));
    };
    let user = &visitor.user().id;
    app.ledger
        .set_totp(user, Some(&step.secret()), &visitor.actor(), now)
        .await?;
    app.ledger.use_totp_step(user, used).await?;
    Ok(Notice::Saved.at("/account"))
}

pub(super) async fn switch_off(
    State(app): State<AppState>,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    if !password::is_own(&app, &visitor, &form).await? {
        return super::problem(&app, &visitor, "Пароль не підходить.", "The password does not fit.").await;
    }
    app.ledger
        .set_totp(&visitor.user().id, None, &visitor.actor(), app.ledger.now())
        .await?;
    Ok(Notice::Saved.at("/account"))
}

fn show(visitor: &Visitor, step: &SecondStep, problem: Option<&str>) -> Response {
    let l = visitor.language;
    let title = l.say("Другий крок входу", "Second step of the sign-in");
    let secret = step.secret();
    let body = html! {
        (parts::heading(title, html! { a.button href="/account" { (l.say("Скасувати", "Cancel")) } }))
        section.card {
            @if let Some(problem) = problem { p.problem role="alert" { (problem) } }
            ol {
                li { (l.say("Відкрийте в телефоні застосунок для кодів (Google Authenticator, FreeOTP, Aegis чи інший).",
                    "Open an application for codes on your phone (Google Authenticator, FreeOTP, Aegis or another).")) }
                li { (l.say("Наведіть камеру на цей малюнок або введіть ключ вручну.", "Point its camera at this picture or type the key in.")) }
                li { (l.say("Введіть код, який показує застосунок.", "Type the code it shows.")) }
            }
            @if let Some(picture) = picture(&step.address()) {
                p { img.qr src=(picture) alt=(l.say("QR-код для застосунку", "QR code for the application")); }
            }
            p { (parts::copyable(l, secret.expose_secret())) }
            (parts::form(visitor, "/account/second-step/confirm", html! {
                input type="hidden" name="secret" value=(secret.expose_secret());
                (Field {
                    required: true,
                    complete: "one-time-code",
                    ..Field::text(l.say("Код із застосунку", "Code from the application"), "code", "")
                })
                (Field {
                    required: true,
                    kind: "password",
                    complete: "current-password",
                    ..Field::text(l.say("Теперішній пароль", "Current password"), "current", "")
                })
                button.main type="submit" { (l.say("Увімкнути", "Switch on")) }
            }))
        }
    };
    page::of(visitor, title, &body).into_response()
}

/// The picture as a `data:` address. Drawn here, as SVG: nobody else sees the secret.
fn picture(address: &SecretString) -> Option<String> {
    let code = Qr::of(address.expose_secret()).ok()?;
    Some(format!("data:image/svg+xml;base64,{}", STANDARD.encode(code.svg())))
}
