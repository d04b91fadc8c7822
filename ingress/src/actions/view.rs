//! How an action looks in an answer.

use ledger::actions::{Action, Ask};
use serde_json::{Value, json};

use crate::documents::view::time;

pub(crate) fn action(action: &Action) -> Value {
    let status = match &action.end {
        None => "asked",
        Some(end) if end.done => "done",
        Some(_) => "refused",
    };
    json!({
        "id": action.id,
        "register": action.register,
        "ask": action.ask.as_str(),
        "subject": action.subject,
        "asked_by": action.actor,
        "asked_at": time(action.asked_at),
        "status": status,
        "result": result(action),
        "ended_at": action.ended_at.and_then(time),
    })
}

/// In words. Sums have a place of their own, where they are written as everywhere in the API.
fn result(action: &Action) -> Option<String> {
    let end = action.end.as_ref()?;
    Some(if action.ask == Ask::Totals && end.done {
        format!("the totals were read; see GET /v1/registers/{}/totals", action.register)
    } else {
        end.result.clone()
    })
}
