//! `POST /settings/webhooks/remove`.

use axum::extract::State;
use axum::response::Response;

use super::super::super::error::PageError;
use super::super::super::form::Form;
use super::super::super::notice::Notice;
use super::super::super::visitor::Visitor;
use super::super::reach;
use crate::AppState;

pub async fn remove(State(app): State<AppState>, visitor: Visitor, form: Form) -> Result<Response, PageError> {
    let merchant = reach::merchant(&app, &visitor, form.text("merchant")).await?;
    let (url, now) = (form.text("url"), app.ledger.now());
    if !app
        .ledger
        .remove_webhook(&merchant.id, url, visitor.actor(), now)
        .await?
    {
        return Err(PageError::NoSuchPage);
    }
    Ok(Notice::Removed.at("/settings"))
}
