//! One POST.

mod retry_after;

use std::error::Error;
use std::time::{Duration, Instant};

use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use secrecy::SecretString;

use crate::address::is_public;
use crate::endpoint::Endpoint;
use crate::resolve::{NotPublic, PublicOnly};
use crate::sign::{SignError, sign};

/// What is read of an answer's body, and thrown away: enough for most to end, so that the connection can be used again.
const MAX_ANSWER_BYTES: usize = 4096;
const MAX_ANSWER_TIME: Duration = Duration::from_secs(1);

/// What may be reached, and how long it is waited for.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// Whether endpoints may be within the operator's own network.
    pub private_addresses: PrivateAddresses,
    /// For a connection: the name, TCP and TLS.
    pub connect_timeout: Duration,
    /// For the whole attempt, the connection too. The convention advises 15 to 30 s.
    pub timeout: Duration,
}

/// Whether addresses that are not public may be connected to, see [`is_public`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrivateAddresses {
    /// For a shop in the operator's own network, and for the demo.
    Allowed,
    /// For everybody else.
    Refused,
}

/// Tells endpoints things. Cloning is cheap. Takes no proxy from the environment, follows no redirect and repeats
/// nothing by itself.
#[derive(Clone, Debug)]
pub struct Hooks {
    http: reqwest::Client,
    policy: Policy,
}

/// The HTTP client cannot be made: no TLS provider is installed, or the machine knows no certificate authorities.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client cannot be made")]
pub struct SetupError(#[source] reqwest::Error);

/// One message, signed for one attempt.
#[derive(Clone)]
pub struct Hook {
    id: String,
    timestamp: i64,
    signature: String,
    body: Bytes,
}

/// What an endpoint answered. Its body is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// For how long the endpoint asks to be left alone (`Retry-After`); a day at most.
    pub retry_after: Option<Duration>,
    /// How long the status took to come, in milliseconds.
    pub millis: u64,
}

/// Why there is no answer. Shows neither the endpoint's path nor its query.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    /// The address, or every address that the name leads to, is not public. Nothing was sent.
    #[error("the endpoint's address is not public, and such are not allowed")]
    PrivateAddress,
    /// No connection: the name, the route, nobody listening, or TLS. Nothing was sent.
    #[error("the endpoint cannot be reached")]
    Connect(#[source] TransportError),
    /// No answer in time; the endpoint may have the message.
    #[error("the endpoint did not answer in {waited:?}")]
    Silent {
        /// How long it was waited for.
        waited: Duration,
    },
    /// The connection broke; the endpoint may have the message.
    #[error("the connection to the endpoint broke")]
    Lost(#[source] TransportError),
}

/// What the transport said. Holds no address and no body.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct TransportError(reqwest::Error);

impl TransportError {
    /// Without its address.
    pub(crate) fn new(error: reqwest::Error) -> Self {
        Self(error.without_url())
    }
}

impl Hook {
    /// Signs a message for an attempt at `timestamp` (seconds since 1970): see [`sign`]. The id stays the same in every
    /// attempt, the timestamp does not.
    pub fn signed(secrets: &[SecretString], id: &str, timestamp: i64, body: Bytes) -> Result<Self, SignError> {
        Ok(Self {
            signature: sign(secrets, id, timestamp, &body)?,
            id: id.to_owned(),
            timestamp,
            body,
        })
    }
}

impl Hooks {
    /// The process must have installed a rustls crypto provider.
    pub fn new(policy: Policy) -> Result<Self, SetupError> {
        Ok(Self {
            http: client(&policy)?,
            policy,
        })
    }

    /// Posts one message as JSON with the convention's three headers. Takes the policy's time-out at most. What comes
    /// next is one question to [`crate::Verdict::of`].
    pub async fn post(&self, endpoint: &Endpoint, hook: &Hook) -> Result<Answer, PostError> {
        // A name is checked by the resolver; an address is connected to without one.
        let private = endpoint.ip().is_some_and(|ip| !is_public(ip));
        if private && self.policy.private_addresses == PrivateAddresses::Refused {
            return Err(PostError::PrivateAddress);
        }
        let clock = Instant::now();
        let request = self
            .http
            .post(endpoint.url().clone())
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", &hook.id)
            .header("webhook-timestamp", hook.timestamp)
            .header("webhook-signature", &hook.signature)
            .body(hook.body.clone());
        let response = request.send().await.map_err(|error| failure(error, clock.elapsed()))?;
        let answer = Answer {
            status: response.status().as_u16(),
            retry_after: retry_after::read(response.headers().get(RETRY_AFTER), hook.timestamp),
            millis: u64::try_from(clock.elapsed().as_millis()).unwrap_or(u64::MAX),
        };
        // The status is the answer, whatever becomes of the rest.
        let _ = tokio::time::timeout(MAX_ANSWER_TIME, pass_over(response)).await;
        Ok(answer)
    }
}

/// A client that goes where it is told, once, and to public addresses only unless others are allowed.
pub(crate) fn client(policy: &Policy) -> Result<reqwest::Client, SetupError> {
    let builder = reqwest::Client::builder()
        .tls_backend_rustls()
        .http1_only()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .user_agent(concat!("kasyr/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(policy.connect_timeout)
        .timeout(policy.timeout)
        .pool_idle_timeout(Duration::from_secs(15))
        .tcp_nodelay(true);
    let builder = match policy.private_addresses {
        PrivateAddresses::Allowed => builder,
        PrivateAddresses::Refused => builder.dns_resolver(PublicOnly),
    };
    builder.build().map_err(SetupError)
}

async fn pass_over(mut response: reqwest::Response) {
    let mut read = 0;
    while read < MAX_ANSWER_BYTES
        && let Ok(Some(chunk)) = response.chunk().await
    {
        read += chunk.len();
    }
}

fn failure(error: reqwest::Error, waited: Duration) -> PostError {
    if is_not_public(&error) {
        return PostError::PrivateAddress;
    }
    // The address may hold what keeps strangers out.
    let error = error.without_url();
    if error.is_connect() || error.is_builder() {
        PostError::Connect(TransportError(error))
    } else if error.is_timeout() {
        PostError::Silent { waited }
    } else {
        PostError::Lost(TransportError(error))
    }
}

pub(crate) fn is_not_public(error: &reqwest::Error) -> bool {
    let mut source: Option<&dyn Error> = error.source();
    while let Some(error) = source {
        if error.is::<NotPublic>() {
            return true;
        }
        source = error.source();
    }
    false
}

#[cfg(test)]
mod tests;
