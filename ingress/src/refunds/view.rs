//! How a refund looks in an answer.

use ledger::refunds::Refund;
use serde_json::{Value, json};

use crate::documents::view::time;

pub(super) fn refund(refund: &Refund) -> Value {
    json!({
        "id": refund.id,
        "order_id": refund.external.as_str(),
        "amount": refund.amount.to_string(),
        "state": refund.state.as_str(),
        "code": refund.code,
        "detail": refund.told,
        "asked_at": time(refund.asked_at),
        "ended_at": refund.ended_at.map(time),
    })
}
