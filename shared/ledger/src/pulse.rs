//! The pulse: a text that changes when anything did that a page may show. Somebody who looks at a live
//! page asks for it once a second.

use crate::{Ledger, LedgerError, sql};

/// The newest of each thing, each by one look-up at the end of an index. What a person does shows in the
/// audit.
const NEWEST: &str = "SELECT
     (SELECT max(id) FROM events) AS events,
     (SELECT max(id) FROM orders) AS orders,
     (SELECT max(id) FROM documents) AS documents,
     (SELECT max(id) FROM attempts) AS attempts,
     (SELECT max(id) FROM holds) AS holds,
     (SELECT max(id) FROM shifts) AS shifts,
     (SELECT max(id) FROM actions) AS actions,
     (SELECT max(id) FROM audit) AS audit,
     (SELECT max(id) FROM delivery_tries) AS tries,
     (SELECT max(opened_at) FROM alerts) AS alerts_opened,
     (SELECT max(resolved_at) FROM alerts WHERE resolved_at IS NOT NULL) AS alerts_resolved,
     (SELECT max(ended_at) FROM actions WHERE ended_at IS NOT NULL) AS actions_ended,
     (SELECT max(updated_at) FROM deliveries) AS deliveries_changed,
     (SELECT max(seen_at) FROM register_days WHERE seen_at IS NOT NULL) AS registers_seen";

const IDS: [&str; 9] = [
    "events",
    "orders",
    "documents",
    "attempts",
    "holds",
    "shifts",
    "actions",
    "audit",
    "tries",
];
const TIMES: [&str; 5] = [
    "alerts_opened",
    "alerts_resolved",
    "actions_ended",
    "deliveries_changed",
    "registers_seen",
];

impl Ledger {
    /// Another text than before: look again. It tells nothing else, and whose change it was neither.
    pub async fn pulse(&self) -> Result<String, LedgerError> {
        let Some(row) = sql::query_one(&self.db, "feel the pulse", NEWEST, []).await? else {
            return Ok(String::new());
        };
        let mut text = String::new();
        for column in IDS {
            text.push_str(&sql::get::<Option<String>>(&row, column)?.unwrap_or_default());
            text.push(' ');
        }
        for column in TIMES {
            text.push_str(&sql::get::<Option<i64>>(&row, column)?.unwrap_or(0).to_string());
            text.push(' ');
        }
        Ok(sql::digest(text.as_bytes()))
    }
}
