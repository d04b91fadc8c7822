//! A refund that a person tells, as the API would.

use domain::event::{Event, Fact, PaymentMeans};
use domain::ids::{ExternalOrderId, MerchantId, RegisterId};
use domain::money::Kopecks;
use ledger::audit::Actor;
use ledger::events::{NewEvent, Origin};
use serde_json::json;

use super::post;
use super::read::Told;
use crate::AppState;
use crate::error::ApiError;

/// Money that went back to a buyer.
pub(crate) struct Refund {
    pub merchant: MerchantId,
    pub order: ExternalOrderId,
    /// Where its sale is.
    pub register: RegisterId,
    pub amount: Kopecks,
    /// The same key is the same refund.
    pub key: String,
}

/// Records it like `POST /v1/events`; who told it stands in the event as received.
pub(crate) async fn record_refund(app: &AppState, refund: Refund, by: &Actor) -> Result<(), ApiError> {
    let raw = json!({
        "type": "refund",
        "order_id": refund.order.as_str(),
        "amount": refund.amount.to_string(),
        "currency": "UAH",
        "register": refund.register.as_str(),
        "told_by": by.name,
    });
    let told = Told {
        register: Some(refund.register.to_string()),
        event: Event {
            order: refund.order,
            payment_id: None,
            fact: Fact::Refund {
                amount: refund.amount,
                lines: None,
            },
            means: PaymentMeans::default(),
        },
    };
    let (merchant, order) = (refund.merchant.clone(), told.event.order.clone());
    let event = NewEvent {
        merchant: refund.merchant,
        fingerprint: told.fingerprint(&refund.register),
        origin: Origin::Api(refund.register),
        key: format!("page:{}", refund.key),
        event: told.event,
        raw: raw.to_string(),
        received_at: app.ledger.now(),
    };
    let (id, new) = post::record(app, event).await?;
    if new {
        app.ledger
            .note_refund_told(&merchant, &order, refund.amount, by, app.ledger.now())
            .await?;
        let by = by.name.as_str();
        tracing::info!(event.id = %id, by, "A refund was told by {by}");
    }
    Ok(())
}
