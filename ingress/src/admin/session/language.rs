//! `POST /language`: the language of the pages, kept with the user or in the browser.

use axum::Extension;
use axum::extract::State;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::super::error::PageError;
use super::super::form::Form;
use super::super::guard::TOKEN_FIELD;
use super::super::language::Language;
use super::super::visitor::Visitor;
use super::{cookies, sign_in};
use crate::AppState;

pub(super) async fn choose(
    State(app): State<AppState>,
    visitor: Option<Extension<Visitor>>,
    form: Form,
) -> Result<Response, PageError> {
    let language = Language::parse(form.text("language")).ok_or(PageError::BadForm)?;
    if let Some(Extension(visitor)) = visitor {
        let user = &visitor.user().id;
        let kept = app.ledger.set_language(user, language.as_str(), app.ledger.now()).await;
        kept.map_err(|_| PageError::BadForm)?;
    }
    let back =
        HeaderValue::from_str(sign_in::own_path(form.text("to"))).unwrap_or_else(|_| HeaderValue::from_static("/"));
    Ok((
        StatusCode::SEE_OTHER,
        [(LOCATION, back), (SET_COOKIE, cookies::language(&app, language))],
    )
        .into_response())
}

/// The switch for pages without a menu.
pub(super) fn choice(l: Language, token: &str, back: &str) -> Markup {
    let other = l.say(Language::En, Language::Uk);
    html! {
        form method="post" action="/language" {
            input type="hidden" name=(TOKEN_FIELD) value=(token);
            input type="hidden" name="to" value=(back);
            button.plain type="submit" name="language" value=(other.as_str()) lang=(other.as_str()) {
                (other.say("Українською", "English"))
            }
        }
    }
}
