//! `POST /settings/webhooks/secret`: a new secret, shown once; for a day messages are signed with both.

use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Response};
use maud::html;
use secrecy::SecretString;

use super::super::super::error::PageError;
use super::super::super::form::Form;
use super::super::super::visitor::Visitor;
use super::super::super::{page, parts};
use super::super::secret::shown_once;
use super::how_to_verify;
use crate::AppState;

pub async fn change(State(app): State<AppState>, visitor: Visitor, form: Form) -> Result<Response, PageError> {
    let view = super::form::named(&app, &visitor, &form).await?;
    let (secret, now) = (hooks::new_secret(), app.ledger.now());
    let changed = app
        .ledger
        .change_webhook_secret(&view.merchant, &view.url, &secret, visitor.actor(), now)
        .await?;
    if !changed {
        return Err(PageError::NoSuchPage);
    }
    let l = visitor.language;
    let until = l.say(
        "Ще добу повідомлення підписуються обома секретами, тож магазин може перейти на новий коли зручно.",
        "For a day messages are signed with both secrets, so the shop can change to the new one at its leisure.",
    );
    Ok(shown(&visitor, &secret, until).into_response())
}

/// The one page that shows a secret we made.
pub(super) fn shown(visitor: &Visitor, secret: &SecretString, more: &str) -> Html<String> {
    let l = visitor.language;
    let title = l.say("Вебхук магазину", "Shop webhook");
    let next = html! {
        @if !more.is_empty() { p { (more) } }
        (how_to_verify(l))
        p { a.button href="/settings" { (l.say("Скопійовано, далі", "Copied, go on")) } }
    };
    let body = html! {
        (parts::heading(title, html! {}))
        (shown_once(l, l.say("Секрет для перевірки підпису", "The secret to check signatures with"), secret, next))
    };
    page::of(visitor, title, &body)
}
