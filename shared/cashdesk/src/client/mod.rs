//! The HTTP side: one request, at most one login, and how its failure is told apart.

mod methods;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use url::Url;
use wire::{Exchange, Record, Token, Tokens};

use crate::answer::{Answer, Read, read};
use crate::call::{Call, KeyIn, Route};
use crate::credentials::Credentials;
use crate::error::{Error, Flaw, TransportError};
use crate::login::{Ask, LoggedIn};
use crate::record::Mask;
use crate::refusal::Asks;

/// Larger than a day's report with its checks or a check with its PDF, small enough to hold.
const MAX_ANSWER_BYTES: usize = 16 * 1024 * 1024;
/// `/authenticate` has the lowest priority in SmartConnect's queue.
const LOGIN_TIMEOUT: Duration = Duration::from_secs(60);

/// A client for one account at one address. Cloning is cheap.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
    timeout: Duration,
}

struct Inner {
    http: reqwest::Client,
    base_url: Url,
    credentials: Credentials,
    tokens: Tokens,
    login_timeout: Duration,
}

impl Client {
    /// `http` must repeat nothing by itself, follow no redirect and take no proxy from the environment. `base_url` is
    /// the cloud's or a SmartConnect's, its `/api/v2` included; plain HTTP and any port are fine, nothing is added.
    ///
    /// `timeout` bounds one request, connecting included. A registration may honestly take 27 s, so take **at least
    /// 30 s** for checks, better 35–60: a shorter one makes doubt. A login gets twice of it, at least 60 s. For how long
    /// a whole call may take see [`Client::longest`].
    pub fn new(
        http: reqwest::Client,
        base_url: Url,
        credentials: Credentials,
        tokens: Tokens,
        timeout: Duration,
    ) -> Self {
        let login_timeout = LOGIN_TIMEOUT.max(timeout.saturating_mul(2));
        Self {
            inner: Arc::new(Inner {
                http,
                base_url,
                credentials,
                tokens,
                login_timeout,
            }),
            timeout,
        }
    }

    /// The same client with another time-out, for probes, where 15 s will do. Logins keep theirs.
    pub fn within(&self, timeout: Duration) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            timeout,
        }
    }

    /// The longest that any call can take: with a login, a request, a 401, another login and the request again. A
    /// lease on the register must be longer.
    pub fn longest(&self) -> Duration {
        match &self.inner.credentials {
            Credentials::Login { .. } => {
                let once = self.timeout.saturating_add(self.inner.login_timeout);
                once.saturating_mul(2)
            }
            Credentials::ApiToken { .. } => self.timeout,
        }
    }

    /// Sends a call, after a login if need be, and once more after a 401 and a login: a 401 means that nothing was done.
    async fn call<T>(
        &self,
        call: serde_json::Result<Call>,
        content: impl Fn(&[u8]) -> Result<T, Flaw>,
    ) -> Exchange<Answer<T>, Error> {
        let (started, clock) = (SystemTime::now(), Instant::now());
        let mut record = Record {
            command: "",
            request: Value::Null,
            response: None,
            http_status: None,
            started,
            duration: Duration::ZERO,
        };
        let result = match call {
            Err(error) => Err(Error::NotSent(error.into())),
            Ok(call) => {
                record.command = call.command;
                record.request = call.kept.clone();
                self.signed(&call, &mut record, content).await
            }
        };
        record.duration = clock.elapsed();
        Exchange { result, record }
    }

    async fn signed<T>(
        &self,
        call: &Call,
        record: &mut Record,
        content: impl Fn(&[u8]) -> Result<T, Flaw>,
    ) -> Result<Answer<T>, Error> {
        let lent = match call.signed {
            true => self.token(None).await?,
            false => None,
        };
        let secret = lent.as_ref().map(|token| &token.secret);
        let first = self.once(call, secret, self.timeout, record, &content).await;
        match (first, lent) {
            (Err(Error::Unauthorized), Some(refused)) => {
                let lent = self.token(Some(refused.issue)).await?;
                let secret = lent.as_ref().map(|token| &token.secret);
                self.once(call, secret, self.timeout, record, &content).await
            }
            (first, _) => first,
        }
    }

    /// The account's token, or none where a permanent key is used. Waits for others who are logging in, but not for ever.
    async fn token(&self, refused: Option<u64>) -> Result<Option<Token>, Error> {
        let Credentials::Login { email, password, .. } = &self.inner.credentials else {
            return Ok(None);
        };
        let login = async || {
            self.log_in(email, password)
                .await
                .map(|done| done.issued(SystemTime::now()))
        };
        let account = self.account(email);
        let token = self.inner.tokens.get(&account, refused, login);
        let clock = Instant::now();
        match tokio::time::timeout(self.inner.login_timeout, token).await {
            Ok(token) => token.map(Some).map_err(|error| Error::NotLoggedIn(Box::new(error))),
            Err(_) => Err(Error::NotLoggedIn(Box::new(Error::NoAnswer {
                waited: clock.elapsed(),
                source: TransportError::queue(),
            }))),
        }
    }

    /// Names the account in `Tokens`, without the secrets that an address may carry.
    fn account(&self, email: &str) -> String {
        let (base, developer) = (&self.inner.base_url, self.inner.credentials.developer_id());
        let host = base.host_str().unwrap_or_default();
        let port = base.port_or_known_default().unwrap_or_default();
        format!("cashdesk {host}:{port}{} {developer} {email}", base.path())
    }

    async fn log_in(&self, email: &str, password: &SecretString) -> Result<LoggedIn, Error> {
        let call = self
            .login_call(email, password)
            .map_err(|error| Error::NotSent(error.into()))?;
        let mut unseen = Record {
            command: call.command,
            request: Value::Null,
            response: None,
            http_status: None,
            started: SystemTime::now(),
            duration: Duration::ZERO,
        };
        let done = self
            .once(&call, None, self.inner.login_timeout, &mut unseen, &LoggedIn::read)
            .await?;
        Ok(done.value)
    }

    fn login_call(&self, email: &str, password: &SecretString) -> serde_json::Result<Call> {
        let ask = Ask {
            email,
            password: password.expose_secret(),
        };
        let route = Route {
            command: "authenticate",
            path: &["authenticate"],
            asks: Asks::Reading,
            key: KeyIn::Body,
        };
        Call::post(&self.inner.base_url, &self.inner.credentials, route, &ask).map(Call::unsigned)
    }

    /// One request and its answer.
    async fn once<T>(
        &self,
        call: &Call,
        token: Option<&SecretString>,
        timeout: Duration,
        record: &mut Record,
        content: &impl Fn(&[u8]) -> Result<T, Flaw>,
    ) -> Result<Answer<T>, Error> {
        let Inner { http, credentials, .. } = &*self.inner;
        // Bytes, for a company's name need not be ASCII.
        let mut request = http
            .request(call.method.clone(), call.url.clone())
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "application/json")
            .header("developer-id", credentials.developer_id().as_bytes());
        if let Some(token) = token {
            request = request.header(AUTHORIZATION, bearer(token.expose_secret()));
        }
        if let Some(body) = &call.body {
            request = request.body(body.clone());
        }
        (record.http_status, record.response) = (None, None);
        let received = wire::exchange(request, timeout, MAX_ANSWER_BYTES).await;
        let received = received.inspect_err(|failed| record.http_status = failed.http_status())?;
        record.http_status = Some(received.http_status);
        let Read { result, response } = read(&received, call.asks, &Mask::new(credentials, token), content);
        record.response = response;
        result
    }
}

/// Whether a token already begins with the word is not settled, so it is added only where it is not there.
fn bearer(token: &str) -> String {
    let has_word = token.get(..7).is_some_and(|word| word.eq_ignore_ascii_case("Bearer "));
    if has_word {
        token.to_owned()
    } else {
        format!("Bearer {token}")
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Only the host: the rest of an address may carry a password.
        f.debug_struct("Client")
            .field("host", &self.inner.base_url.host_str())
            .field("credentials", &self.inner.credentials)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
