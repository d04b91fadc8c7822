//! How a register looks in a list.

use ledger::register_list::{Line, RegisterRow};
use serde_json::{Value, json};

use crate::documents::view::time;

pub(super) fn register(row: &RegisterRow) -> Value {
    let (opened_at, close_due) = row.shift.unzip();
    json!({
        "id": row.id.as_str(),
        "fiscal_number": row.fiscal_number,
        "provider": row.provider,
        "line": line(row.line()),
        "seen_at": row.seen_at.and_then(time),
        "shift": row.shift.map(|_| json!({
            "opened_at": opened_at.and_then(time),
            "close_due": close_due.and_then(time),
        })),
        "failures": row.failures,
        "trouble": row.trouble,
        "rests_until": row.trouble.as_ref().and_then(|_| time(row.rests_until)),
        "offline_documents": row.offline_documents,
        "documents": { "due": row.open.due, "in_doubt": row.open.in_doubt, "held": row.open.held },
        "last_receipt_at": row.last_receipt.and_then(time),
        "worst_alert": row.worst_alert.map(ledger::alerts::Severity::as_str),
    })
}

const fn line(line: Line) -> &'static str {
    match line {
        Line::Online => "online",
        Line::Offline => "offline",
        Line::Unknown => "unknown",
    }
}
