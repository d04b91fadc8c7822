//! How an order looks in an answer. Nothing of the buyer but a masked e-mail.

use ledger::search::OrderRow;
use ledger::views::{EventView, OrderView};
use serde_json::{Value, json};

use crate::documents::view::time;

/// `documents`: as they are shown.
pub(super) fn order(order: &OrderView, documents: Vec<Value>) -> Value {
    json!({
        "order_id": order.id,
        // A shop may have put a card or an address into it.
        "description": order.description.as_deref().map(telemetry::mask::text),
        "has_basket": order.has_basket,
        "events": order.events.iter().map(event).collect::<Vec<_>>(),
        "documents": documents,
        "created_at": time(order.created_at),
    })
}

/// As listed.
pub(super) fn row(row: &OrderRow) -> Value {
    json!({
        "order_id": row.external_id,
        "status": row.status.as_str(),
        "sold": row.sums.sold.to_string(),
        "returned": row.sums.returned.to_string(),
        "fiscal_number": row.fiscal_number,
        "registers": row.registers,
        "made_by": row.made_by.iter().map(|maker| maker.as_str()).collect::<Vec<_>>(),
        "email": row.masked_email,
        "created_at": time(row.created_at),
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
