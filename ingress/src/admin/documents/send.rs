//! `POST /documents/{id}/send`: tells the buyer or the shop of a document once more.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use ledger::deliveries::Channel;

use super::super::deliveries;
use super::super::error::PageError;
use super::super::form::Form;
use super::super::notice::Notice;
use super::super::visitor::Visitor;
use crate::AppState;

pub(super) async fn send(
    State(app): State<AppState>,
    visitor: Visitor,
    path: Result<Path<String>, PathRejection>,
    form: Form,
) -> Result<Response, PageError> {
    let (id, card) = super::own(&app, &visitor, path).await?;
    let channel = Channel::parse(form.text("channel")).ok_or(PageError::BadForm)?;
    let sent = app
        .ledger
        .send_document_again(visitor.reach(), id, channel, visitor.actor(), app.ledger.now())
        .await?;
    let lanes = sent.unwrap_or_default();
    if lanes.is_empty() {
        return Err(nobody(channel));
    }
    deliveries::ring(&app, &lanes);
    Ok(Notice::SentAgain.at(&super::home(&card)))
}

fn nobody(channel: Channel) -> PageError {
    let (uk, en) = match channel {
        Channel::Mail => (
            "Листа надіслати нема куди: адреса покупця невідома або чека ще немає.",
            "There is nowhere to send an e-mail: the buyer's address is not known, or there is no receipt yet.",
        ),
        Channel::Phone => (
            "На телефон надіслати нема що чи нема куди: так надсилаються лише чеки продажу покупцям із відомим номером.",
            "Nothing can be sent to a phone: only sales go so, to buyers whose number is known.",
        ),
        Channel::Webhook => (
            "Магазин не має вебхука, або чека ще немає. Вебхук додають у налаштуваннях.",
            "The shop has no webhook, or there is no receipt yet. Webhooks are added in the settings.",
        ),
    };
    PageError::Refused(uk.to_owned(), en.to_owned())
}
