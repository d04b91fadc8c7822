//! The cookies of the admin pages.

use axum::http::{HeaderMap, HeaderValue};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ledger::people::SESSION_LONGEST;
use secrecy::{ExposeSecret as _, SecretString};

use super::super::guard::{LANGUAGE_COOKIE, SESSION_COOKIE, VISIT_COOKIE, cookie};
use super::super::language::Language;
use super::super::visitor::Visitor;
use crate::AppState;

const YEAR: u64 = 365 * 24 * 3600;

/// Signs the browser in.
pub(super) fn session(app: &AppState, token: &SecretString) -> HeaderValue {
    write(app, SESSION_COOKIE, token.expose_secret(), SESSION_LONGEST.as_secs())
}

/// Forgets the session.
pub(super) fn no_session(app: &AppState) -> HeaderValue {
    write(app, SESSION_COOKIE, "", 0)
}

/// Keeps the language, also for the sign-in page.
pub(super) fn language(app: &AppState, language: Language) -> HeaderValue {
    write(app, LANGUAGE_COOKIE, language.as_str(), YEAR)
}

/// What a form must carry that needs no session: of a session, its own; else the browser's, or a new one to be set.
pub(super) fn visit(app: &AppState, headers: &HeaderMap, visitor: Option<&Visitor>) -> (String, Option<HeaderValue>) {
    if let Some(visitor) = visitor {
        return (visitor.session.csrf.clone(), None);
    }
    if let Some(known) = cookie(headers, VISIT_COOKIE) {
        return (known, None);
    }
    let fresh = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
    let set = write(app, VISIT_COOKIE, &fresh, 24 * 3600);
    (fresh, Some(set))
}

/// `Lax`, not `Strict`: with that somebody who follows a link to an order from a mail would not be signed in.
/// Forms are guarded by their token.
fn write(app: &AppState, name: &str, value: &str, seconds: u64) -> HeaderValue {
    let secure = if app.admin_url.starts_with("https://") {
        "; Secure"
    } else {
        ""
    };
    let text = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}
