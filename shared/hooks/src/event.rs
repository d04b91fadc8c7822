use jiff::Timestamp;
use serde::{Serialize, Serializer};

/// A body in the convention's own shape: `{"type": "receipt.registered", "timestamp": "2026-11-21T08:15:41Z", "data": …}`.
#[derive(Clone, Debug, Serialize)]
pub struct Event<T> {
    /// What happened.
    #[serde(rename = "type")]
    pub kind: EventKind,
    /// When it happened, which stays the same in every attempt to tell it. In JSON RFC 3339, UTC.
    #[serde(serialize_with = "rfc_3339")]
    pub timestamp: Timestamp,
    /// What it happened to.
    pub data: T,
}

/// What can happen to a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum EventKind {
    /// It has its fiscal number, from the tax service or, offline, from the register.
    #[serde(rename = "receipt.registered")]
    Registered,
    /// It was registered offline and has reached the tax service.
    #[serde(rename = "receipt.delivered")]
    Delivered,
    /// Money went back: a storno or a return has been registered.
    #[serde(rename = "receipt.refunded")]
    Refunded,
}

fn rfc_3339<S: Serializer>(timestamp: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(timestamp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_has_the_conventions_three_fields() {
        for (kind, name, ms, timestamp) in [
            (
                EventKind::Registered,
                "receipt.registered",
                1_795_000_000_000,
                "2026-11-18T11:06:40Z",
            ),
            (
                EventKind::Delivered,
                "receipt.delivered",
                1_795_000_000_250,
                "2026-11-18T11:06:40.25Z",
            ),
            (EventKind::Refunded, "receipt.refunded", 0, "1970-01-01T00:00:00Z"),
        ] {
            let event = Event {
                kind,
                timestamp: Timestamp::from_millisecond(ms).unwrap(),
                data: ["a"],
            };
            let json = format!(r#"{{"type":"{name}","timestamp":"{timestamp}","data":["a"]}}"#);
            assert_eq!(serde_json::to_string(&event).unwrap(), json);
        }
    }
}
