//! `GET /documents/{id}/receipt`, `…/receipt.html`, `…/qr.png`: a document as the tax service renders it.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::{Html, Response};
use maud::html;

use super::super::error::PageError;
use super::super::parts;
use super::super::visitor::Visitor;
use super::super::{page, words};
use crate::{AppState, documents};

type InPath = Result<Path<String>, PathRejection>;

/// Our frame around it.
pub(super) async fn page(
    State(app): State<AppState>,
    visitor: Visitor,
    path: InPath,
) -> Result<Html<String>, PageError> {
    let (id, shown) = super::own(&app, &visitor, path).await?;
    if !shown.has_html {
        return Err(PageError::NoSuchPage);
    }
    let l = visitor.language;
    let title = words::kind(l, &shown.document.kind);
    let body = html! {
        (parts::heading(&title, html! { a.button href=(super::home(&shown)) { (l.say("Назад", "Back")) } }))
        section.card {
            p.hint { (l.say("Так документ показує постачальник каси.", "This is how the register's provider shows the document.")) }
            iframe.receipt src={ "/documents/" (id) "/receipt.html" } sandbox title=(title) {}
        }
    };
    Ok(page::of(&visitor, &title, &body))
}

/// The rendering itself, with a policy under which it can do nothing.
pub(super) async fn html(State(app): State<AppState>, visitor: Visitor, path: InPath) -> Result<Response, PageError> {
    let (id, _) = super::own(&app, &visitor, path).await?;
    Ok(documents::rendering(&app, id, true).await?)
}

pub(super) async fn picture(
    State(app): State<AppState>,
    visitor: Visitor,
    path: InPath,
) -> Result<Response, PageError> {
    let (_, shown) = super::own(&app, &visitor, path).await?;
    Ok(documents::picture(&shown.document)?)
}
