//! What a page can be answered besides success, as people read it.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use ledger::LedgerError;
use ledger::people::Role;
use maud::html;

use super::guard;
use super::language::Language;
use super::page;
use super::visitor::Visitor;
use crate::error::ApiError;

/// Why a page was not shown or a form not done.
#[derive(Clone, Debug)]
pub(crate) enum PageError {
    /// 303 to the sign-in page, 401 for a form.
    NotSignedIn,
    /// 403.
    NotAllowed(Role),
    /// 403: the form did not come from one of our pages, or from a session that has ended.
    Forged,
    /// 404: nothing is there, or nothing this person may see.
    NoSuchPage,
    /// 400: what was sent is no form.
    BadForm,
    /// 409: it cannot be done; in both languages, Ukrainian first.
    Refused(String, String),
    /// What the API would have answered.
    Api(Arc<ApiError>),
}

impl From<ApiError> for PageError {
    fn from(error: ApiError) -> Self {
        match error {
            ApiError::NotFound(_) | ApiError::NoSuchRoute | ApiError::BadPath => Self::NoSuchPage,
            error => Self::Api(Arc::new(error)),
        }
    }
}

impl From<LedgerError> for PageError {
    fn from(error: LedgerError) -> Self {
        Self::Api(Arc::new(ApiError::Ledger(error)))
    }
}

impl PageError {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotSignedIn => StatusCode::UNAUTHORIZED,
            Self::NotAllowed(_) | Self::Forged => StatusCode::FORBIDDEN,
            Self::NoSuchPage => StatusCode::NOT_FOUND,
            Self::BadForm => StatusCode::BAD_REQUEST,
            Self::Refused(..) => StatusCode::CONFLICT,
            Self::Api(error) => error.status(),
        }
    }

    /// Title and text.
    fn words(&self, l: Language) -> (String, String) {
        let (title, text) = match self {
            Self::NotSignedIn => (
                l.say("Увійдіть ще раз", "Sign in again"),
                l.say("Ваш сеанс закінчився. Нічого не було змінено.", "Your session has ended. Nothing was changed."),
            ),
            Self::NotAllowed(role) => (
                l.say("Для цього потрібні інші права", "This needs other rights"),
                match role {
                    Role::Administrator => l.say("Це може лише адміністратор.", "Only an administrator may do this."),
                    Role::Operator => l.say("Це може оператор або адміністратор.", "An operator or an administrator may do this."),
                    Role::Accountant => l.say("Ваш обліковий запис вимкнено.", "Your account is switched off."),
                },
            ),
            Self::Forged => (
                l.say("Форму не прийнято", "The form was not accepted"),
                l.say(
                    "Вона прийшла не з цієї сторінки або сеанс змінився. Відкрийте сторінку знову і повторіть. Нічого не було змінено.",
                    "It did not come from this page, or the session has changed. Open the page again and repeat. Nothing was changed.",
                ),
            ),
            Self::NoSuchPage => (
                l.say("Тут нічого немає", "There is nothing here"),
                l.say("Такої сторінки немає, або ви її не бачите.", "There is no such page, or it is not yours to see."),
            ),
            Self::BadForm => (
                l.say("Форму не зрозуміло", "The form was not understood"),
                l.say("Відкрийте сторінку знову і повторіть.", "Open the page again and repeat."),
            ),
            Self::Refused(uk, en) => {
                return (l.say("Не зроблено", "Not done").to_owned(), l.say(uk, en).clone());
            }
            Self::Api(error) => {
                return (l.say("Не вийшло", "It did not work").to_owned(), error.words(l.say(true, false)));
            }
        };
        (title.to_owned(), text.to_owned())
    }

    fn page(&self, language: Language, visitor: Option<&Visitor>) -> Response {
        let (title, text) = self.words(language);
        let body = html! {
            section.card.lonely {
                h1 { (title) }
                p { (text) }
                p { a.button href=(if visitor.is_some() { "/" } else { "/sign-in" }) {
                    (language.say("На головну", "To the first page"))
                } }
            }
        };
        let page = match visitor {
            // There is nothing to follow, and asking again would only be refused again.
            Some(visitor) => page::of(
                &Visitor {
                    reads: false,
                    ..visitor.clone()
                },
                &title,
                &body,
            ),
            None => page::bare(language, &title, &body),
        };
        (self.status(), page).into_response()
    }
}

impl IntoResponse for PageError {
    /// A bare answer that carries the error; [`show`] makes a page of it.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        if let Self::Api(error) = &self {
            if let Some(wait) = error.retry_after() {
                response.headers_mut().insert(header::RETRY_AFTER, wait);
            }
            response.extensions_mut().insert(Arc::clone(error));
        }
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// Makes pages of errors: in the visitor's language, with their menu if they have signed in.
pub(super) async fn show(request: Request, next: Next) -> Response {
    let language = guard::language(request.headers(), None);
    let read = request.method() == Method::GET;
    let path = request
        .uri()
        .path_and_query()
        .map(|path| path.as_str().to_owned())
        .unwrap_or_default();
    let response = next.run(request).await;
    let Some(error) = response.extensions().get::<Arc<PageError>>().map(Arc::clone) else {
        return response;
    };
    if read && matches!(*error, PageError::NotSignedIn) {
        return to_sign_in(&path);
    }
    let visitor = response.extensions().get::<Visitor>();
    let mut page = error.page(visitor.map_or(language, |visitor| visitor.language), visitor);
    keep(response.headers(), page.headers_mut());
    page
}

fn to_sign_in(path: &str) -> Response {
    let back: String = url::form_urlencoded::byte_serialize(path.as_bytes()).collect();
    let target = if path == "/" {
        "/sign-in".to_owned()
    } else {
        format!("/sign-in?to={back}")
    };
    let location = HeaderValue::from_str(&target).unwrap_or_else(|_| HeaderValue::from_static("/sign-in"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

/// What was set on the bare answer, such as its request id, stays.
fn keep(from: &HeaderMap, to: &mut HeaderMap) {
    for (name, value) in from {
        if !to.contains_key(name) && name != header::CONTENT_LENGTH {
            to.insert(name, value.clone());
        }
    }
}
