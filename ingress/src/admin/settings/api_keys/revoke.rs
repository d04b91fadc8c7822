//! `POST /settings/api-keys/revoke`.

use axum::extract::State;
use axum::response::Response;

use super::super::super::error::PageError;
use super::super::super::form::Form;
use super::super::super::notice::Notice;
use super::super::super::visitor::Visitor;
use super::super::reach;
use super::super::save::forget_key;
use crate::AppState;

pub async fn revoke(State(app): State<AppState>, visitor: Visitor, form: Form) -> Result<Response, PageError> {
    let merchant = reach::merchant(&app, &visitor, form.text("merchant")).await?;
    let id = form.text("id");
    let now = app.ledger.now();
    if !app
        .ledger
        .remove_api_key(&merchant.id, id, visitor.actor(), now)
        .await?
    {
        return Err(PageError::NoSuchPage);
    }
    forget_key(&app, merchant.id.as_str(), id);
    Ok(Notice::Removed.at("/settings"))
}
