//! Orders: the list with its search, the card, and what can be done with one.

mod attempts;
mod basket;
mod card;
mod documents;
mod filter;
mod give_back;
mod list;
mod messages;
mod refund;
mod split;
mod timeline;

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use ledger::order_card::OrderCard;
use ledger::people::Role;

use super::error::PageError;
use super::route::{Access, Route, get, post};
use super::visitor::Visitor;
use crate::AppState;

pub(super) use documents::one as document;
pub(super) use messages::Told;

pub(super) fn routes() -> Vec<Route> {
    let (read, act) = (Access::Needs(Role::Accountant), Access::Needs(Role::Operator));
    vec![
        get("/orders", read, list::show),
        get("/orders.csv", read, list::download),
        get("/orders/{id}", read, card::show),
        post("/orders/{id}/basket", act, basket::save),
        post("/orders/{id}/refund", act, refund::tell),
        post("/orders/{id}/give-back", act, give_back::ask),
    ]
}

/// The order, if this person may see it.
async fn own(
    app: &AppState,
    visitor: &Visitor,
    path: Result<Path<String>, PathRejection>,
) -> Result<OrderCard, PageError> {
    let Path(id) = path.map_err(|_| PageError::NoSuchPage)?;
    app.ledger
        .order_card(visitor.reach(), &id)
        .await?
        .ok_or(PageError::NoSuchPage)
}
