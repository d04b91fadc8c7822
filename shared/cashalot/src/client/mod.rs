//! The HTTP side: one POST for one command, and how its failure is told apart.

mod methods;

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use reqwest::header::CONTENT_TYPE;
use serde::Serialize;
use serde_json::Value;
use url::Url;
use wire::{Exchange, Record};

use crate::answer::{Answer, Read, read};
use crate::auth::{Auth, Key, Mask};
use crate::commands::Request;
use crate::error::Error;
use crate::record::keep_request;

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

    async fn send<R: Request>(&self, request: &R) -> Exchange<R::Answer, Error> {
        let (started, clock) = (SystemTime::now(), Instant::now());
        let key = request.key(&self.0.auth);
        let mut record = Record {
            command: R::COMMAND,
            request: Value::Null,
            response: None,
            http_status: None,
            started,
            duration: Duration::ZERO,
        };
        let result = match encode(request, key) {
            Err(error) => Err(Error::NotSent(error.into())),
            Ok((body, kept)) => {
                record.request = kept;
                let mask = Mask::new(&key, request.personal());
                self.post(body, &mut record, &mask).await
            }
        };
        record.duration = clock.elapsed();
        Exchange { result, record }
    }

    async fn post<A: Answer>(&self, body: Vec<u8>, record: &mut Record, mask: &Mask<'_>) -> Result<A, Error> {
        let Inner {
            http,
            base_url,
            timeout,
            ..
        } = &*self.0;
        let request = http
            .post(base_url.clone())
            .header(CONTENT_TYPE, "application/json; charset=utf-8")
            .body(body);
        let received = wire::exchange(request, *timeout, MAX_ANSWER_BYTES).await;
        let received = received.inspect_err(|failed| record.http_status = failed.http_status())?;
        record.http_status = Some(received.http_status);
        let Read { result, response } = read(received.http_status, &received.body, mask);
        record.response = response;
        result
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
