//! How an order looks in an answer. Nothing of the buyer but a masked e-mail.

use ledger::search::OrderRow;
use ledger::settlements::Settlement;
use ledger::splits::{KnownPart, ToldReceiver};
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
        "receivers": order.receivers.iter().map(receiver).collect::<Vec<_>>(),
        "parts": order.parts.iter().map(|known| part(known, order)).collect::<Vec<_>>(),
        "settlements": order.settlements.iter().map(settlement).collect::<Vec<_>>(),
        "created_at": time(order.created_at),
    })
}

/// As the shop told it.
fn receiver(told: &ToldReceiver) -> Value {
    json!({
        "receiver": told.receiver.as_str(),
        "amount": told.amount.to_string(),
        "has_basket": told.basket.is_some(),
    })
}

/// A part of a divided payment: its receipt, or why there is none.
fn part(part: &KnownPart, order: &OrderView) -> Value {
    let sale = order
        .documents
        .iter()
        .find(|document| document.kind == "sale" && document.receiver.as_deref() == Some(part.receiver.as_str()));
    json!({
        "receiver": part.receiver.as_str(),
        "amount": part.amount.to_string(),
        "refunded": part.refunded.to_string(),
        "register": part.receipt.register().map(|register| register.as_str()),
        "document": sale.map(|sale| sale.id.as_str()),
        "no_receipt": part.receipt.why_none(),
    })
}

/// An operation that divides the payment.
pub(super) fn settlement(settlement: &Settlement) -> Value {
    json!({
        "id": settlement.id,
        "settlement_id": settlement.external.as_str(),
        "amount": settlement.amount.to_string(),
        "state": settlement.state,
        "note": settlement.note,
        "asked_by": settlement.asked_by,
        "asked_at": time(settlement.asked_at),
        "ended_at": settlement.ended_at.map(time),
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
