use std::time::Duration;

use crate::post::{Answer, PostError};

/// What an attempt allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// 2xx: the shop has it.
    Done,
    /// 410: the endpoint asks never to be told anything again.
    Gone,
    /// The endpoint is in trouble, and with it every message: no connection, name or TLS, no answer in time, 408, 429, or
    /// 5xx. Later, and not before `retry_after` if the endpoint names a time. After a lost or missing answer the shop may
    /// have the message; it knows it again by its `webhook-id`.
    EndpointTrouble {
        /// For how long the endpoint asks to be left alone; a day at most.
        retry_after: Option<Duration>,
    },
    /// Any other 4xx: this message is not taken, which says nothing about the next one.
    RefusedThis,
    /// 3xx: the endpoint is somewhere else. Redirects are not followed; somebody must change the address.
    Redirected,
    /// The address is not public, and such are not allowed. Nothing was sent.
    NotAllowed,
}

impl Verdict {
    /// One verdict for each way in which an attempt can end.
    pub fn of(result: &Result<Answer, PostError>) -> Self {
        match result {
            Ok(answer) => answered(answer),
            Err(PostError::PrivateAddress) => Self::NotAllowed,
            Err(PostError::Connect(_) | PostError::Silent { .. } | PostError::Lost(_)) => {
                Self::EndpointTrouble { retry_after: None }
            }
        }
    }
}

fn answered(answer: &Answer) -> Verdict {
    match answer.status {
        200..=299 => Verdict::Done,
        300..=399 => Verdict::Redirected,
        410 => Verdict::Gone,
        400..=407 | 409 | 411..=428 | 430..=499 => Verdict::RefusedThis,
        // 408, 429, 5xx, and what is no status at all.
        _ => Verdict::EndpointTrouble {
            retry_after: answer.retry_after,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_its_verdict() {
        let wait = Some(Duration::from_secs(30));
        let trouble = Verdict::EndpointTrouble { retry_after: wait };
        for (status, verdict) in [
            (200, Verdict::Done),
            (204, Verdict::Done),
            (299, Verdict::Done),
            (301, Verdict::Redirected),
            (304, Verdict::Redirected),
            (308, Verdict::Redirected),
            (400, Verdict::RefusedThis),
            (401, Verdict::RefusedThis),
            (404, Verdict::RefusedThis),
            (408, trouble),
            (409, Verdict::RefusedThis),
            (410, Verdict::Gone),
            (413, Verdict::RefusedThis),
            (422, Verdict::RefusedThis),
            (429, trouble),
            (499, Verdict::RefusedThis),
            (500, trouble),
            (503, trouble),
            (599, trouble),
            (999, trouble),
            (199, trouble),
        ] {
            let answer = Answer {
                status,
                retry_after: wait,
                millis: 1,
            };
            assert_eq!(Verdict::of(&Ok(answer)), verdict, "{status}");
        }
    }
}
