//! How messages and lanes look in an answer. Nothing of the buyer; of an endpoint its host only, for its path and query
//! may be what keeps strangers out.

use domain::time::UnixMillis;
use ledger::deliveries::{DeliveryView, LaneView, TryView};
use serde_json::{Value, json};

use crate::documents::view::time;

pub(crate) fn delivery(delivery: &DeliveryView) -> Value {
    json!({
        "id": delivery.id,
        "lane": delivery.lane.as_str(),
        "channel": delivery.channel,
        "endpoint": endpoint(&delivery.url),
        "document_id": delivery.document,
        "order_id": delivery.order,
        "news": delivery.news,
        "copy": delivery.copy,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "unclear": delivery.unclear,
        "trouble": delivery.trouble,
        "created_at": time(delivery.created_at),
        "done_at": delivery.done_at.and_then(time),
        "next_try_at": later(delivery.not_before).filter(|_| delivery.state == "due"),
    })
}

/// A try.
pub(super) fn made(made: &TryView) -> Value {
    json!({
        "outcome": made.outcome,
        "status": made.status,
        "detail": made.detail,
        "started_at": time(made.started_at),
        "duration_ms": made.duration_ms,
    })
}

pub(crate) fn lane(lane: &LaneView) -> Value {
    json!({
        "id": lane.id.as_str(),
        "channel": lane.channel,
        "endpoint": endpoint(&lane.url),
        "due": lane.due,
        "held": lane.held,
        "down_since": lane.down_since.and_then(time),
        "trouble": lane.trouble,
        "next_try_at": later(lane.rests_until),
    })
}

/// `https://shop.example` of an endpoint's address; `None` for a lane that has none.
fn endpoint(url: &str) -> Option<String> {
    let url = url::Url::parse(url).ok()?;
    Some(url.origin().ascii_serialization())
}

/// Zero is "now".
fn later(at: UnixMillis) -> Option<String> {
    (at.0 > 0).then(|| time(at)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_endpoint_only_the_host_is_shown() {
        for (url, shown) in [
            (
                "https://shop.example/hook/canary?key=canary",
                Some("https://shop.example"),
            ),
            ("http://canary:canary@127.0.0.1:9/", Some("http://127.0.0.1:9")),
            ("", None),
        ] {
            assert_eq!(endpoint(url).as_deref(), shown);
        }
    }
}
