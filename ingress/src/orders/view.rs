//! How an order looks in an answer. Nothing of the buyer.

use ledger::views::{EventView, OrderView};
use serde_json::{Value, json};

use crate::documents::view::{document, time};

pub(super) fn order(order: &OrderView) -> Value {
    json!({
        "order_id": order.id,
        // A shop may have put a card or an address into it.
        "description": order.description.as_deref().map(telemetry::mask::text),
        "has_basket": order.has_basket,
        "events": order.events.iter().map(event).collect::<Vec<_>>(),
        "documents": order.documents.iter().map(document).collect::<Vec<_>>(),
        "created_at": time(order.created_at),
    })
}

fn event(event: &EventView) -> Value {
    json!({
        "id": event.id,
        "kind": event.kind,
        "state": event.state,
        "note": event.note,
        "received_at": time(event.received_at),
    })
}
