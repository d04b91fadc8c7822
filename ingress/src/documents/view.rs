//! How a document looks in an answer: amounts in hryvnias as text, times in UTC.

use domain::hold::HoldReason;
use domain::money::Kopecks;
use domain::time::UnixMillis;
use ledger::views::{AttemptView, DocumentView};
use serde_json::{Value, json};

/// `receipt_url`: where its public page is, once it has one.
pub(crate) fn document(document: &DocumentView, receipt_url: Option<&str>) -> Value {
    json!({
        "id": document.id,
        // A register's own documents belong to no order.
        "order_id": (!document.order.is_empty()).then_some(&document.order),
        // A payment system's own register is none of ours.
        "register": (!document.register.is_empty()).then_some(&document.register),
        "made_by": document.made_by,
        "register_number": document.register_number,
        "kind": document.kind,
        "state": document.state,
        "amount": hryvnias(document.amount),
        "receiver": document.receiver,
        "sale": document.parent,
        "fiscal_number": document.fiscal_number,
        "local_number": document.local_number,
        "registered_at": document.registered_at,
        "presence": document.presence,
        "url": document.url,
        "receipt_url": receipt_url,
        "qr_code": document.qr_code,
        "hold": document.hold.as_ref().map(|(reason, detail)| hold(&document.state, reason, detail)),
        "attempt_count": document.attempts,
        "created_at": time(document.created_at),
        "updated_at": time(document.updated_at),
    })
}

/// The same with every attempt, masked as it was stored.
pub(super) fn with_attempts(shown: &DocumentView, receipt_url: Option<&str>, attempts: &[AttemptView]) -> Value {
    let mut value = document(shown, receipt_url);
    value["attempts"] = attempts.iter().map(attempt).collect();
    value
}

fn attempt(attempt: &AttemptView) -> Value {
    json!({
        "command": attempt.command,
        "outcome": attempt.outcome,
        "code": attempt.code,
        "message": attempt.message,
        "http_status": attempt.http_status,
        "request": attempt.request,
        "response": attempt.response,
        "started_at": time(attempt.started_at),
        "duration_ms": attempt.duration_ms,
    })
}

fn hold(state: &str, reason: &str, detail: &str) -> Value {
    // What a person closed needs no next step.
    let known = HoldReason::parse(reason).filter(|_| state == "held");
    json!({
        "reason": reason,
        "detail": detail,
        "next_step": known.map(HoldReason::next_step),
        "can_be_resent": known.is_some_and(HoldReason::can_be_resent),
    })
}

/// `None` for what the ledger never writes: a negative amount.
fn hryvnias(kopecks: i64) -> Option<String> {
    let minor = u64::try_from(kopecks).ok()?;
    Kopecks::from_minor(minor).ok().map(|amount| amount.to_string())
}

/// RFC 3339, UTC.
pub(crate) fn time(at: UnixMillis) -> Option<String> {
    let at = jiff::Timestamp::from_millisecond(at.0).ok()?;
    Some(at.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_and_times_are_texts() {
        assert_eq!(hryvnias(26_750).as_deref(), Some("267.50"));
        assert_eq!(hryvnias(-1), None);
        assert_eq!(
            time(UnixMillis(1_741_183_439_000)).as_deref(),
            Some("2025-03-05T14:03:59Z")
        );
    }

    #[test]
    fn a_hold_says_what_to_do() {
        let shown = hold("held", "basket_mismatch", "267.50 paid, 140.00 in the basket");
        assert_eq!(shown["can_be_resent"], true);
        assert!(shown["next_step"].as_str().unwrap().contains("PUT /v1/orders"));
        let closed = hold("closed", "basket_mismatch", "");
        assert_eq!(
            (&closed["can_be_resent"], &closed["next_step"]),
            (&json!(false), &Value::Null)
        );
    }
}
