//! How a held document looks in an answer.

use ledger::holds::HeldDocument;
use serde_json::{Value, json};

use crate::documents::view::time;

pub(super) fn held(held: &HeldDocument) -> Value {
    let document = &held.document;
    json!({
        "document_id": document.id,
        "order_id": document.order.as_ref().map(|(_, external)| external),
        "register": document.register,
        "kind": document.kind,
        "amount": document.amount.to_string(),
        "reason": held.reason.code(),
        "detail": held.detail,
        "next_step": held.reason.next_step(),
        "can_be_resent": held.reason.can_be_resent(),
        "since": time(held.since),
    })
}
