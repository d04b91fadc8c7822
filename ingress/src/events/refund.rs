//! A refund that a person tells by a page: the event the shop would send.

use domain::ids::{ExternalOrderId, MerchantId, RegisterId};
use domain::money::Kopecks;
use ledger::audit::Actor;
use serde_json::json;

use super::post;
use crate::AppState;
use crate::error::ApiError;

/// Money that went back to a buyer.
pub(crate) struct Refund {
    pub merchant: MerchantId,
    pub order: ExternalOrderId,
    /// Where its sale is.
    pub register: RegisterId,
    pub amount: Kopecks,
    /// Whose part of a divided order, if it is one.
    pub receiver: Option<String>,
    /// The same key is the same refund.
    pub key: String,
}

/// Records it like `POST /v1/events`; the audit keeps who told it.
pub(crate) async fn record_refund(app: &AppState, refund: Refund, by: &Actor) -> Result<(), ApiError> {
    let mut body = json!({
        "type": "refund",
        "order_id": refund.order.as_str(),
        "amount": refund.amount.to_string(),
        "currency": "UAH",
        "register": refund.register.as_str(),
    });
    if let (Some(receiver), Some(fields)) = (&refund.receiver, body.as_object_mut()) {
        fields.insert("receiver".to_owned(), receiver.as_str().into());
    }
    let key = format!("page:{}", refund.key);
    let accepted = post::record(app, &refund.merchant, key, body.to_string().as_bytes()).await?;
    if accepted.new {
        let Refund {
            merchant,
            order,
            amount,
            ..
        } = &refund;
        app.ledger
            .note_refund_told(merchant, order, *amount, by, app.ledger.now())
            .await?;
        let by = by.name.as_str();
        tracing::info!(event.id = %accepted.id, by, "A refund was told by {by}");
    }
    Ok(())
}
