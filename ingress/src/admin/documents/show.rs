//! `GET /documents/{id}`: a register's own document; one of an order is shown with its order.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;

use super::super::error::PageError;
use super::super::parts::{self, card};
use super::super::visitor::Visitor;
use super::super::{orders, page, words};
use crate::AppState;

pub(super) async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    path: Result<Path<String>, PathRejection>,
    uri: Uri,
) -> Result<Response, PageError> {
    let (_, shown) = super::own(&app, &visitor, path).await?;
    if shown.order_id.is_some() {
        return Ok(Redirect::to(&super::home(&shown)).into_response());
    }
    let l = visitor.language;
    let register = &shown.document.register;
    let title = words::kind(l, &shown.document.kind);
    let body = html! {
        (parts::notice(&visitor, &uri))
        (parts::heading(&title, html! { a.button href={ "/registers/" (register) } { (l.say("До каси ", "To register ")) (register) } }))
        (card("document", l.say("Документ каси", "Document of the register"), orders::document(&visitor, &shown, &orders::Told::default(), app.ledger.now())))
    };
    Ok(page::of(&visitor, &title, &body).into_response())
}
