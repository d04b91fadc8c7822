//! What stands before every admin route: the session, the role, the form and its CSRF token.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT_LANGUAGE, COOKIE, HOST, ORIGIN};
use axum::http::{HeaderMap, Method, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use ledger::attention::Counts;
use ledger::people::Session;
use secrecy::SecretString;
use subtle::ConstantTimeEq as _;

use super::error::PageError;
use super::form::Form;
use super::language::Language;
use super::route::Access;
use super::visitor::Visitor;
use crate::AppState;

/// The cookie of a session, and the cookie that a form outside of any session must match.
pub(super) const SESSION_COOKIE: &str = "kasyr_session";
pub(super) const VISIT_COOKIE: &str = "kasyr_visit";
/// The language somebody chose, also before they sign in.
pub(super) const LANGUAGE_COOKIE: &str = "kasyr_language";
/// The field of a form that carries its token.
pub(super) const TOKEN_FIELD: &str = "csrf";

/// Lets a request through to its handler, with a [`Visitor`] (when somebody has signed in) and a [`Form`]
/// (when one was sent) in its extensions. The visitor is in the answer's extensions, too, for error pages.
pub(super) async fn admit(
    State((app, access)): State<(AppState, Access)>,
    mut request: Request,
    next: Next,
) -> Response {
    let prepared = prepare(&app, access, &mut request).await;
    let visitor = request.extensions().get::<Visitor>().cloned();
    let mut response = match prepared {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    };
    if let Some(visitor) = visitor {
        response.extensions_mut().insert(visitor);
    }
    response
}

async fn prepare(app: &AppState, access: Access, request: &mut Request) -> Result<(), PageError> {
    let session = session(app, request.headers()).await?;
    let csrf = session.as_ref().map(|session| session.csrf.clone());
    let role = session.as_ref().map(|session| session.user.role);
    if let Some(session) = session {
        // What anyone may ask for, such as an asset, has no menu; only its error pages have, and show no count.
        let attention = match access {
            Access::Anyone => Counts::default(),
            Access::Needs(_) => app.ledger.attention(&session.user.reach, app.ledger.now()).await?,
        };
        let visitor = Visitor::new(session, attention, request);
        request.extensions_mut().insert(visitor);
    }
    match (access, role) {
        (Access::Anyone, _) => {}
        (Access::Needs(_), None) => return Err(PageError::NotSignedIn),
        (Access::Needs(needed), Some(role)) if !role.covers(needed) => return Err(PageError::NotAllowed(needed)),
        (Access::Needs(_), Some(_)) => {}
    }
    if has_nul(request.uri()) {
        return Err(PageError::NoSuchPage);
    }
    if request.method() == Method::GET || request.method() == Method::HEAD {
        return Ok(());
    }
    same_origin(request.headers(), &app.admin_url)?;
    let expected = csrf
        .or_else(|| cookie(request.headers(), VISIT_COOKIE))
        .ok_or(PageError::Forged)?;
    let form = read_form(app, request).await?;
    if !bool::from(form.text(TOKEN_FIELD).as_bytes().ct_eq(expected.as_bytes())) {
        return Err(PageError::Forged);
    }
    request.extensions_mut().insert(form);
    Ok(())
}

async fn session(app: &AppState, headers: &HeaderMap) -> Result<Option<Session>, PageError> {
    let Some(token) = cookie(headers, SESSION_COOKIE) else {
        return Ok(None);
    };
    Ok(app.ledger.session(&SecretString::from(token), app.ledger.now()).await?)
}

/// No text of ours holds a NUL, and PostgreSQL takes none. A `%` of its own is written `%25`.
fn has_nul(uri: &Uri) -> bool {
    uri.path_and_query().is_some_and(|all| all.as_str().contains("%00"))
}

/// A browser says where a form came from. One that does not say is judged by the token alone.
fn same_origin(headers: &HeaderMap, admin_url: &str) -> Result<(), PageError> {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &axum::http::HeaderValue| value.to_str().ok())
    };
    let Some(origin) = text(ORIGIN) else {
        return Ok(());
    };
    // A proxy may change the host; the address it is known by stays.
    if origin.eq_ignore_ascii_case(admin_url) {
        return Ok(());
    }
    let host = text(HOST).ok_or(PageError::Forged)?;
    match origin.split_once("://") {
        Some((_, from)) if from.eq_ignore_ascii_case(host) => Ok(()),
        Some(_) | None => Err(PageError::Forged),
    }
}

async fn read_form(app: &AppState, request: &mut Request) -> Result<Form, PageError> {
    let kind = request.headers().get(axum::http::header::CONTENT_TYPE).cloned();
    let body = std::mem::replace(request.body_mut(), Body::empty());
    Form::read(kind.as_ref(), body, &app.limits).await
}

/// A cookie's value.
pub(super) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, value)| *key == name && !value.is_empty())
        .map(|(_, value)| value.to_owned())
}

/// The user's own choice, then the browser's, then Ukrainian.
pub(super) fn language(headers: &HeaderMap, session: Option<&Session>) -> Language {
    let chosen = session.and_then(|session| Language::parse(&session.user.language));
    chosen
        .or_else(|| cookie(headers, LANGUAGE_COOKIE).and_then(|word| Language::parse(&word)))
        .or_else(|| {
            let wished = headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?;
            Language::of_browser(wished)
        })
        .unwrap_or(Language::Uk)
}
