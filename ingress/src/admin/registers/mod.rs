//! Registers: the list, the card, a shift, and what is asked of them. Nothing here talks to the provider.

mod ask;
mod card;
mod cash;
mod list;
mod shift;
mod shifts;
mod state;
mod totals;

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use domain::ids::RegisterId;
use ledger::people::Role;
use ledger::settings::Register;

use super::error::PageError;
use super::route::{Access, Route, get, post};
use super::visitor::Visitor;
use crate::AppState;

pub(super) use list::table;

pub(super) fn routes() -> Vec<Route> {
    let (read, act) = (Access::Needs(Role::Accountant), Access::Needs(Role::Operator));
    vec![
        get("/registers", read, list::show),
        get("/registers/{id}", read, card::show),
        get("/registers/{id}/shifts/{shift}", read, shift::show),
        post("/registers/{id}/close-shift", act, ask::close_shift),
        post("/registers/{id}/z-report", act, ask::z_report),
        post("/registers/{id}/totals", act, ask::totals),
        post("/registers/{id}/sync", act, ask::sync),
        post("/registers/{id}/cleanup", act, ask::cleanup),
        post("/registers/{id}/remove", act, ask::remove),
        post("/registers/{id}/cash-in", act, cash::put_in),
        post("/registers/{id}/cash-out", act, cash::take_out),
    ]
}

/// The register, if this person may see it.
async fn own(
    app: &AppState,
    visitor: &Visitor,
    path: Result<Path<String>, PathRejection>,
) -> Result<Register, PageError> {
    let Path(text) = path.map_err(|_| PageError::NoSuchPage)?;
    by_id(app, visitor, &text).await
}

async fn by_id(app: &AppState, visitor: &Visitor, text: &str) -> Result<Register, PageError> {
    let id = RegisterId::parse(text).map_err(|_| PageError::NoSuchPage)?;
    let register = app.ledger.register(&id).await?;
    register
        .filter(|register| visitor.reach().sees(register.merchant.as_str()))
        .ok_or(PageError::NoSuchPage)
}
