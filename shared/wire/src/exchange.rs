//! One request to a register's provider and what it leaves for the log of attempts.

use std::time::{Duration, Instant, SystemTime};

use serde_json::Value;

/// One request's outcome together with its record.
#[derive(Debug)]
pub struct Exchange<T, E> {
    /// The typed answer, or why there is none.
    pub result: Result<T, E>,
    /// For the log of attempts, whatever the outcome.
    pub record: Record,
}

/// One request and its answer without secrets. Decimals are as `serde_json` prints them: this is for reading, not
/// for sending again.
#[derive(Clone, Debug)]
pub struct Record {
    /// What was asked for, in the provider's word.
    pub command: &'static str,
    /// What was sent, without keys, passwords and tokens, and with contacts masked.
    pub request: Value,
    /// The JSON that came, with tokens taken out and with pictures and renderings replaced by their length. None if
    /// nothing came or it was not JSON.
    pub response: Option<Value>,
    /// The HTTP status, if a head of an answer came.
    pub http_status: Option<u16>,
    /// When the request began.
    pub started: SystemTime,
    /// Until the answer was read or the attempt failed.
    pub duration: Duration,
}

/// A whole answer.
#[derive(Clone)]
pub struct Received {
    /// The status line's number.
    pub http_status: u16,
    /// What stood above the body.
    pub headers: reqwest::header::HeaderMap,
    /// The body, whole.
    pub body: Vec<u8>,
}

/// Why there is no whole answer. Holds no address and no body.
#[derive(Debug, thiserror::Error)]
pub enum Unanswered {
    /// No byte of the request reached the other side: no connection, no name, no TLS, or it could not be built.
    #[error("could not connect")]
    NotSent(#[source] reqwest::Error),
    /// The request may have left, and no whole answer came.
    #[error("no whole answer came")]
    NoAnswer {
        /// The status, if the answer had begun.
        http_status: Option<u16>,
        /// From the start of the request to the failure.
        waited: Duration,
        /// How it ended: time-out, reset, half an answer.
        #[source]
        source: reqwest::Error,
    },
    /// The answer is larger than any honest one.
    #[error("the answer is too large")]
    TooLarge {
        /// The status line's number.
        http_status: u16,
    },
}

impl Unanswered {
    /// The status of an answer that had begun.
    pub fn http_status(&self) -> Option<u16> {
        match self {
            Self::NotSent(_) => None,
            Self::NoAnswer { http_status, .. } => *http_status,
            Self::TooLarge { http_status } => Some(*http_status),
        }
    }
}

/// Sends a request and reads its answer to the end, up to `most` bytes. `timeout` bounds the whole of it, from
/// connecting to the last byte. Repeats nothing. The address stays out of errors: it may carry a token.
pub async fn exchange(
    request: reqwest::RequestBuilder,
    timeout: Duration,
    most: usize,
) -> Result<Received, Unanswered> {
    let clock = Instant::now();
    let failed = |error: reqwest::Error, http_status: Option<u16>| {
        let source = error.without_url();
        // A total time-out does not say in which phase it fell: it may have reached the other side.
        if http_status.is_none() && (source.is_connect() || source.is_builder()) {
            return Unanswered::NotSent(source);
        }
        Unanswered::NoAnswer {
            http_status,
            waited: clock.elapsed(),
            source,
        }
    };
    let mut response = request
        .timeout(timeout)
        .send()
        .await
        .map_err(|error| failed(error, None))?;
    let http_status = response.status().as_u16();
    let headers = std::mem::take(response.headers_mut());
    let mut body = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| failed(error, Some(http_status)))?
    {
        if body.len() + chunk.len() > most {
            return Err(Unanswered::TooLarge { http_status });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Received {
        http_status,
        headers,
        body,
    })
}
