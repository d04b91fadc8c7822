//! Every request to the provider and its answer, masked as they were kept.

use ledger::views::AttemptView;
use maud::{Markup, html};

use super::super::language::Language;
use super::super::parts::{Tone, badge};

pub(super) fn show(l: Language, attempts: &[AttemptView]) -> Markup {
    if attempts.is_empty() {
        return html! {};
    }
    let count = u64::try_from(attempts.len()).unwrap_or(u64::MAX);
    html! {
        details {
            summary { (l.count(count, ["запит до каси", "запити до каси", "запитів до каси"], ["request to the register", "requests to the register"])) }
            @for attempt in attempts { (one(l, attempt)) }
        }
    }
}

fn one(l: Language, attempt: &AttemptView) -> Markup {
    let tone = match attempt.outcome.as_str() {
        "done" => Tone::Good,
        "unknown" => Tone::Warn,
        _ => Tone::Quiet,
    };
    html! {
        details.attempt {
            summary {
                (l.time(attempt.started_at)) " " code { (attempt.command) } " " (badge(tone, &attempt.outcome))
                " " span.soft { (attempt.duration_ms) "\u{a0}ms"
                    @if let Some(status) = attempt.http_status { ", HTTP " (status) } }
                @if let Some(code) = &attempt.code { " " code { (code) } }
            }
            @if let Some(message) = &attempt.message { p { (message) } }
            p.soft { (l.say("Запит", "Request")) }
            pre tabindex="0" { (pretty(&attempt.request)) }
            @if let Some(response) = &attempt.response {
                p.soft { (l.say("Відповідь", "Answer")) }
                pre tabindex="0" { (pretty(response)) }
            }
        }
    }
}

/// JSON with its lines broken; anything else as it is.
fn pretty(text: &str) -> String {
    let value: Result<serde_json::Value, _> = serde_json::from_str(text);
    value
        .and_then(|value| serde_json::to_string_pretty(&value))
        .unwrap_or_else(|_| text.to_owned())
}
