//! Documents: what is done with one, its picture and rendering; and a page for the register's own.

mod act;
mod receipt;
mod send;
mod show;

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use domain::ids::DocumentId;
use ledger::document_card::DocumentCard;
use ledger::people::Role;

use super::error::PageError;
use super::route::{Access, Route, get, post};
use super::visitor::Visitor;
use crate::AppState;

pub(super) fn routes() -> Vec<Route> {
    let (read, act) = (Access::Needs(Role::Accountant), Access::Needs(Role::Operator));
    vec![
        get("/documents/{id}", read, show::show),
        get("/documents/{id}/receipt", read, receipt::page),
        get("/documents/{id}/receipt.html", read, receipt::html),
        get("/documents/{id}/gateway.pdf", read, receipt::file),
        get("/documents/{id}/qr.png", read, receipt::picture),
        post("/documents/{id}/resend", act, act::resend),
        post("/documents/{id}/close", act, act::close),
        post("/documents/{id}/fetch", act, act::fetch),
        post("/documents/{id}/send", act, send::send),
    ]
}

/// The document, if this person may see it.
async fn own(
    app: &AppState,
    visitor: &Visitor,
    path: Result<Path<String>, PathRejection>,
) -> Result<(DocumentId, DocumentCard), PageError> {
    let Path(text) = path.map_err(|_| PageError::NoSuchPage)?;
    let id = DocumentId::parse(&text).map_err(|_| PageError::NoSuchPage)?;
    let card = app
        .ledger
        .document_card(visitor.reach(), id)
        .await?
        .ok_or(PageError::NoSuchPage)?;
    Ok((id, card))
}

/// Where the document is shown.
fn home(card: &DocumentCard) -> String {
    match &card.order_id {
        Some(order) => format!("/orders/{order}#document-{}", card.document.id),
        None => format!("/documents/{}", card.document.id),
    }
}
