//! Who looks at a page.

use axum::extract::{FromRequestParts, Request};
use axum::http::Method;
use axum::http::request::Parts;
use ledger::attention::Counts;
use ledger::audit::Actor;
use ledger::people::{Reach, Role, Session, User};

use super::error::PageError;
use super::guard;
use super::language::Language;
use crate::AppState;
use crate::address::RemoteAddress;

/// Somebody who has signed in and may use this route: the guard puts it into the request.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    pub session: Session,
    pub language: Language,
    /// Where the request came from.
    pub address: Option<String>,
    /// How much needs a person, for the menu.
    pub attention: Counts,
    /// The page was asked for, not sent a form: asking once more shows it again.
    pub reads: bool,
    /// The path that was asked for, for the menu and for coming back.
    pub path: String,
}

impl Visitor {
    pub(super) fn new(session: Session, attention: Counts, request: &Request) -> Self {
        let address = request.extensions().get::<RemoteAddress>();
        Self {
            language: guard::language(request.headers(), Some(&session)),
            address: address.map(|address| address.0.to_string()),
            reads: request.method() == Method::GET,
            path: request.uri().path().to_owned(),
            session,
            attention,
        }
    }

    pub fn user(&self) -> &User {
        &self.session.user
    }

    /// Whose data this person sees.
    pub fn reach(&self) -> &Reach {
        &self.session.user.reach
    }

    /// May they do what this role does? What they may not do is not shown as a button.
    pub fn may(&self, role: Role) -> bool {
        self.session.user.role.covers(role)
    }

    /// Who does what they do, for the audit.
    pub fn actor(&self) -> Actor {
        Actor {
            name: self.session.user.login.clone(),
            address: self.address.clone(),
        }
    }

    /// The Ukrainian or the English of it.
    pub fn say<T>(&self, uk: T, en: T) -> T {
        self.language.say(uk, en)
    }
}

impl FromRequestParts<AppState> for Visitor {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, PageError> {
        parts.extensions.get::<Self>().cloned().ok_or(PageError::NotSignedIn)
    }
}
