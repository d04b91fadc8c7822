//! `POST /sign-out`

use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Response};

use super::super::error::PageError;
use super::super::form::Form;
use super::super::notice::Notice;
use super::super::visitor::Visitor;
use super::cookies;
use crate::AppState;

/// Ends the session on the server; the cookie is only cleared besides.
pub(super) async fn sign_out(State(app): State<AppState>, visitor: Visitor, _: Form) -> Result<Response, PageError> {
    let (user, session) = (&visitor.user().id, &visitor.session.id);
    app.ledger
        .end_session(user, session, &visitor.actor(), app.ledger.now())
        .await?;
    let cookie = [(SET_COOKIE, cookies::no_session(&app))];
    Ok((cookie, Notice::SignedOut.at("/sign-in")).into_response())
}
