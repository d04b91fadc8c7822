//! The numbers ingress keeps. Labels come from enums and routes, never from ids.

use std::time::Duration;

/// Events and providers' notices that came in. Labels: `source_kind` (`fondy`, `api`), `outcome` (`new`, `repeated`,
/// `conflict`, `refused`, `not_allowed`, `unavailable`).
pub const EVENTS_TOTAL: &str = "kasyr_events_total";
/// From a callback's first byte to its answer, in seconds.
pub const CALLBACK_SECONDS: &str = "kasyr_callback_seconds";
/// How many events one commit took.
pub const INBOX_BATCH_EVENTS: &str = "kasyr_inbox_batch_events";
/// Answers. Labels: `route` (as written in the router, or `unmatched`), `status`.
pub const HTTP_REQUESTS_TOTAL: &str = "kasyr_http_requests_total";

/// What became of an event that came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Committed.
    New,
    /// Known already.
    Repeated,
    /// Its key was used with another content.
    Conflict,
    /// Not believed or not understood.
    Refused,
    /// From an address that is not on the source's list.
    NotAllowed,
    /// The ledger was away; the sender will come again.
    Unavailable,
}

impl Outcome {
    /// The label.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Repeated => "repeated",
            Self::Conflict => "conflict",
            Self::Refused => "refused",
            Self::NotAllowed => "not_allowed",
            Self::Unavailable => "unavailable",
        }
    }
}

pub(crate) fn event(source_kind: &'static str, outcome: Outcome) {
    metrics::counter!(EVENTS_TOTAL, "source_kind" => source_kind, "outcome" => outcome.as_str()).increment(1);
}

pub(crate) fn callback(took: Duration) {
    metrics::histogram!(CALLBACK_SECONDS).record(took.as_secs_f64());
}

pub(crate) fn inbox_batch(events: usize) {
    let events = u32::try_from(events).unwrap_or(u32::MAX);
    metrics::histogram!(INBOX_BATCH_EVENTS).record(f64::from(events));
}

pub(crate) fn request(route: &str, status: u16) {
    metrics::counter!(HTTP_REQUESTS_TOTAL, "route" => route.to_owned(), "status" => status.to_string()).increment(1);
}
