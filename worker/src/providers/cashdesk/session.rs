//! The requests of one command: whatever happens to each of them, together they end in time.

use std::time::{Duration, SystemTime};

use ::cashdesk::{Answer, Error};
use ledger::tape::NewAttempt;
use serde_json::Value;
use tokio::time::Instant;
use wire::{Exchange, Record};

use super::told;
use crate::providers::{Asked, Failure, attempt};

pub(super) struct Session {
    until: Instant,
    pub attempts: Vec<NewAttempt>,
}

impl Session {
    pub fn new(limit: Duration) -> Self {
        Self {
            until: Instant::now() + limit,
            attempts: Vec::new(),
        }
    }

    /// The lease was renewed: the next request has its full time again.
    pub fn renew(&mut self, limit: Duration) {
        self.until = Instant::now() + limit;
    }

    /// Is most of the time left?
    pub fn has_time(&self, limit: Duration) -> bool {
        self.until.saturating_duration_since(Instant::now()) > limit * 4 / 5
    }

    /// One request, with its logins. What is cut may have happened.
    pub async fn ask<T>(
        &mut self,
        command: &'static str,
        call: impl Future<Output = Exchange<Answer<T>, Error>>,
    ) -> Result<Answer<T>, Failure> {
        let started = SystemTime::now();
        let clock = Instant::now();
        let (result, record) = match tokio::time::timeout_at(self.until, call).await {
            Ok(Exchange { result, record }) => (result.map_err(|error| told::failure(&error)), record),
            Err(_) => {
                let record = Record {
                    command,
                    request: Value::Null,
                    response: None,
                    http_status: None,
                    started,
                    duration: clock.elapsed(),
                };
                (Err(told::cut()), record)
            }
        };
        self.attempts.push(attempt(record, &result));
        result
    }

    pub fn end<T>(self, value: T) -> Asked<T> {
        Asked {
            value,
            attempts: self.attempts,
        }
    }
}
