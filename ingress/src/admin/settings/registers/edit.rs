//! `GET /settings/registers/{id}/edit`, and `POST` of it: the check of a register that is there already.

use axum::extract::State;
use axum::response::{Html, Response};

use super::super::super::error::PageError;
use super::super::super::form::Form;
use super::super::super::visitor::Visitor;
use super::super::reach::{self, Named};
use super::page::Page;
use super::typed::Typed;
use crate::AppState;

pub async fn show(State(app): State<AppState>, visitor: Visitor, path: Named) -> Result<Html<String>, PageError> {
    let register = reach::register(&app, &visitor, path).await?;
    let merchants = reach::merchants(&app, &visitor).await?;
    let typed = Typed::of(&register);
    let secret = app.ledger.register_secret_info(&register.id).await?;
    Ok(Page::empty(&visitor, &merchants, Some(&register), typed)
        .kept(secret)
        .show(&app))
}

pub async fn check(
    State(app): State<AppState>,
    visitor: Visitor,
    path: Named,
    form: Form,
) -> Result<Response, PageError> {
    let register = reach::register(&app, &visitor, path).await?;
    super::check::check(&app, &visitor, Some(&register), &form).await
}
