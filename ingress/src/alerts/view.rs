//! How an alert looks in an answer.

use ledger::alerts::{AlertView, Words};
use serde_json::{Value, json};

use crate::documents::view::time;

pub(super) fn alert(alert: &AlertView) -> Value {
    json!({
        "id": alert.id,
        "kind": alert.kind,
        "severity": alert.severity,
        "subject": alert.subject,
        "register": alert.register,
        "text": words(&alert.text),
        "next_step": words(&alert.next_step),
        "opened_at": time(alert.opened_at),
        "seen": alert.seen,
        "acknowledged": alert.acknowledged.as_ref().map(|(at, by)| json!({ "at": time(*at), "by": by })),
        "resolved_at": alert.resolved_at.and_then(time),
    })
}

fn words(words: &Words) -> Value {
    json!({ "en": words.en, "uk": words.uk })
}
