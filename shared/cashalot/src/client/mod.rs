//! The HTTP side: one POST for one command, and how its failure is told apart.

mod methods;

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use reqwest::header::CONTENT_TYPE;
use serde::Serialize;
use serde_json::Value;
use url::Url;

use crate::answer::{Read, read};
use crate::auth::{Auth, Key, Mask};
use crate::commands::Request;
use crate::error::{Error, Flaw, TransportError};
use crate::record::{Exchange, Record, keep_request};

/// Larger than a day's document list or the largest pictures, small enough to hold.
const MAX_ANSWER_BYTES: usize = 16 * 1024 * 1024;

/// A client for one merchant's key at one address. Cloning is cheap.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    http: reqwest::Client,
    base_url: Url,
    auth: Auth,
    timeout: Duration,
}

/// The body of a request: the command, its own fields, the key's fields.
#[derive(Serialize)]
struct Envelope<'a, R> {
    #[serde(rename = "Command")]
    command: &'static str,
    #[serde(flatten)]
    request: &'a R,
    #[serde(flatten)]
    key: Key<'a>,
}

/// A whole answer.
struct Received {
    http_status: u16,
    body: Vec<u8>,
}

/// How an attempt failed, and the status if its answer had begun.
struct Failure {
    http_status: Option<u16>,
    error: Error,
}

impl Client {
    /// `http` should come from [`wire::http_client`]; another client may repeat requests by itself. `timeout` is for one
    /// whole exchange, connecting included; a caller's lease on the register must be longer. 20–60 s are in use.
    pub fn new(http: reqwest::Client, base_url: Url, auth: Auth, timeout: Duration) -> Self {
        Self(Arc::new(Inner {
            http,
            base_url,
            auth,
            timeout,
        }))
    }

    async fn send<R: Request>(&self, request: &R) -> Exchange<R::Answer> {
        let (started, clock) = (SystemTime::now(), Instant::now());
        let key = request.key(&self.0.auth);
        let mut record = Record {
            command: R::COMMAND,
            request: Value::Null,
            response: None,
            http_status: None,
            error_code: None,
            started,
            duration: Duration::ZERO,
        };
        let result = match encode(request, key) {
            Err(error) => Err(Error::NotSent(error.into())),
            Ok((body, kept)) => {
                record.request = kept;
                match self.post(body, clock).await {
                    Err(failure) => {
                        record.http_status = failure.http_status;
                        Err(failure.error)
                    }
                    Ok(received) => {
                        record.http_status = Some(received.http_status);
                        let Read {
                            result,
                            response,
                            error_code,
                        } = read(
                            received.http_status,
                            &received.body,
                            &Mask::new(&key, request.personal()),
                        );
                        (record.response, record.error_code) = (response, error_code);
                        result
                    }
                }
            }
        };
        record.duration = clock.elapsed();
        Exchange { result, record }
    }

    async fn post(&self, body: Vec<u8>, clock: Instant) -> Result<Received, Failure> {
        let request = self
            .0
            .http
            .post(self.0.base_url.clone())
            .header(CONTENT_TYPE, "application/json; charset=utf-8")
            .timeout(self.0.timeout)
            .body(body);
        let mut response = request.send().await.map_err(|error| Failure {
            http_status: None,
            error: transport(error, clock),
        })?;
        let http_status = response.status().as_u16();
        let failure = |error| Failure {
            http_status: Some(http_status),
            error,
        };
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(None) => return Ok(Received { http_status, body }),
                Ok(Some(chunk)) if body.len() + chunk.len() <= MAX_ANSWER_BYTES => body.extend_from_slice(&chunk),
                Ok(Some(_)) => {
                    return Err(failure(Error::BadAnswer {
                        http_status,
                        reason: Flaw::TooLarge,
                    }));
                }
                // The head of an answer proves that the request had left.
                Err(error) => return Err(failure(no_answer(error, clock))),
            }
        }
    }
}

/// The bytes to send, and the request without its key for the record.
fn encode<R: Request>(request: &R, key: Key<'_>) -> Result<(Vec<u8>, Value), serde_json::Error> {
    let body = serde_json::to_vec(&Envelope {
        command: R::COMMAND,
        request,
        key,
    })?;
    let public = serde_json::to_string(&Envelope {
        command: R::COMMAND,
        request,
        key: Key::None,
    })?;
    Ok((body, keep_request(serde_json::from_str(&public)?)))
}

/// Only two kinds of failure prove that nothing was sent: there was never a connection (name, TCP, TLS, or the time
/// limit for those), or the request could not even be built. Everything else may have reached the provider; so may a
/// total time-out, which does not say in which phase it fell.
fn transport(error: reqwest::Error, clock: Instant) -> Error {
    if error.is_connect() || error.is_builder() {
        Error::NotSent(error.into())
    } else {
        no_answer(error, clock)
    }
}

fn no_answer(error: reqwest::Error, clock: Instant) -> Error {
    Error::NoAnswer {
        waited: clock.elapsed(),
        source: TransportError::from(error),
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Only the host: the rest of an address may carry a password.
        f.debug_struct("Client")
            .field("host", &self.0.base_url.host_str())
            .field("auth", &self.0.auth)
            .field("timeout", &self.0.timeout)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
