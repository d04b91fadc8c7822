//! `POST /v1/documents/{id}/send`

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use ledger::deliveries::Channel;
use ledger::people::Reach;
use ledger::settings::Scope;
use serde_json::{Value, json};

use crate::auth::Caller;
use crate::error::ApiError;
use crate::{AppState, body, deliveries, json as reader};

/// Sends a receipt's news once more: to the buyer by mail or phone, or to the shop's endpoints. Each call is one more
/// message, for a person asked for it; whether an earlier one is still on its way is seen in the deliveries.
pub(super) async fn send(
    State(app): State<AppState>,
    caller: Caller,
    path: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let key = caller.may(Scope::Operator)?;
    let id = super::document_id(path)?;
    let bytes = body::read(request.into_body(), &app.limits).await?;
    let channel = channel(&bytes)?;
    let found = app.ledger.document_view(Some(&key.merchant), id).await?;
    let (document, _) = found.ok_or(ApiError::NotFound("document"))?;
    let reach = Reach::Merchants(vec![key.merchant.clone()]);
    let actor = caller.actor();
    let sent = app
        .ledger
        .send_document_again(&reach, id, channel, actor.clone(), app.ledger.now())
        .await?;
    let lanes = sent.ok_or_else(|| super::no_receipt(&document))?;
    if lanes.is_empty() {
        return Err(ApiError::NowhereToSend(missing(channel)));
    }
    deliveries::ring(&app, &lanes);
    let (by, word) = (actor.name.as_str(), channel.as_str());
    tracing::info!(document.id = %id, by, "Document {id} is told again by {word}");
    let lanes: Vec<&str> = lanes.iter().map(|lane| lane.as_str()).collect();
    let answer = json!({ "document_id": id.to_string(), "channel": word, "lanes": lanes });
    Ok((StatusCode::ACCEPTED, Json(answer)))
}

fn channel(bytes: &[u8]) -> Result<Channel, ApiError> {
    let body = reader::body(bytes)?;
    body.only(&["channel"])?;
    let word = body.needed("channel", body.text("channel", 16)?)?;
    Channel::parse(&word).ok_or_else(|| body.wrong("channel", "it should be mail, webhook or phone"))
}

const fn missing(channel: Channel) -> &'static str {
    match channel {
        Channel::Mail => "the order has no buyer's e-mail; PUT it to /v1/orders/{order_id} first",
        Channel::Phone => "a message to a phone needs a sale whose order has the buyer's phone",
        Channel::Webhook => "the shop has no webhook",
    }
}
