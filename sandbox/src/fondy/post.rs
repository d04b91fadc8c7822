//! Posting one callback as the gateway does.

use std::time::Duration;

use super::SignedCallback;
use super::callback::AttemptOutcome;
use super::fault::Fault;
use crate::post::{Manner, Posting, send};

/// The gateway's is a fixed browser-like text with this word in it.
const USER_AGENT: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/90.0 Safari/537.36 Twisted";

/// Faults of the body and of the schedule travel plainly.
pub(super) fn manner(fault: Option<Fault>) -> Manner {
    if let Some(Fault::SlowSend(over)) = fault {
        return Manner::Slow(over);
    }
    if fault == Some(Fault::Reset) {
        Manner::Reset
    } else {
        Manner::Plain
    }
}

/// Sends one POST and reads the answer's status. Redirects are answers like any other.
pub(super) async fn post(url: &str, signed: &SignedCallback, manner: Manner, timeout: Duration) -> AttemptOutcome {
    let posting = Posting {
        url,
        user_agent: USER_AGENT,
        content_type: signed.content_type,
        headers: &[],
        body: &signed.body,
    };
    match tokio::time::timeout(timeout, send(&posting, manner)).await {
        Err(_) => AttemptOutcome::TimedOut,
        Ok(Err(error)) => AttemptOutcome::Broken(error.to_string()),
        Ok(Ok(answer)) if answer.status == 200 => AttemptOutcome::Acknowledged,
        Ok(Ok(answer)) => AttemptOutcome::Refused(answer.status),
    }
}
