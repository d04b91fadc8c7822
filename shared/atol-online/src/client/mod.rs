//! The HTTP side: a token, one request that carries it, and one renewal if the service asks for it.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use reqwest::RequestBuilder;
use reqwest::header::CONTENT_TYPE;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use url::Url;
use wire::{ANSWER_BYTES, Exchange, Issued, Received, Record, Token, Tokens};

use crate::answer::{self, Registered};
use crate::credentials::Credentials;
use crate::error::Error;
use crate::limits::TOKEN_LIFETIME;
use crate::operation::{Operation, Version};
use crate::record::{Mask, keep_request, keep_response};
use crate::report::Report;

/// A client for one group of registers at one address. Cloning is cheap.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    http: reqwest::Client,
    base_url: Url,
    version: Version,
    credentials: Credentials,
    tokens: Tokens,
    timeout: Duration,
}

/// One request that needs a token.
struct Call<'a> {
    command: &'static str,
    url: Url,
    body: Option<&'a str>,
    kept: Value,
    mask: Mask<'a>,
}

/// When a call began; its time limit counts from here.
#[derive(Clone, Copy)]
struct Clock(SystemTime, Instant);

type Failed = Box<(Error, Record)>;

impl Client {
    /// `http` must follow no redirects: login and token would go with them. `base_url` is the service's address with
    /// its version, such as `https://online.atol.ru/possystem/v4`; other vendors speak the same protocol under
    /// theirs. `tokens` is one for all clients, so that a login's groups share its token. `timeout` is for one whole
    /// call with all it takes, a token too; a caller's lease on the register must be longer.
    pub fn new(
        http: reqwest::Client,
        base_url: Url,
        version: Version,
        credentials: Credentials,
        tokens: Tokens,
        timeout: Duration,
    ) -> Self {
        Self(Arc::new(Inner {
            http,
            base_url,
            version,
            credentials,
            tokens,
            timeout,
        }))
    }

    /// The version its documents are written for.
    pub fn version(&self) -> Version {
        self.0.version
    }

    /// Registers a document (sheet §4, §5). `body` is what [`Document::to_body`](crate::Document::to_body) wrote,
    /// unchanged. Safe to repeat with the same body: the service registers one document for an `external_id`.
    pub async fn register(&self, operation: Operation, body: &str) -> Exchange<Registered, Error> {
        let sent: Value = serde_json::from_str(body).unwrap_or_default();
        let call = Call {
            command: operation.as_str(),
            url: self.address(&[&self.0.credentials.group_code, operation.as_str()]),
            body: Some(body),
            mask: Mask::of_body(&sent),
            kept: keep_request(sent),
        };
        self.call(call, answer::registered).await
    }

    /// A document's result (sheet §6). Only reads. Ask no faster than [`limits::BETWEEN_REPORTS`](crate::limits).
    pub async fn report(&self, uuid: &str) -> Exchange<Report, Error> {
        let call = Call {
            command: "report",
            url: self.address(&[&self.0.credentials.group_code, "report", uuid]),
            body: None,
            mask: Mask::default(),
            kept: json!({ "uuid": uuid }),
        };
        self.call(call, |received, mask| answer::reported(received, mask, uuid))
            .await
    }

    /// Asks for a token and forgets it: are login, password and version right? Does not see whether the group is.
    /// Safe to repeat; the tokens in use stay alive.
    pub async fn check_access(&self) -> Exchange<(), Error> {
        match self.issue(Clock::start()).await {
            Ok((_, record)) => Exchange { result: Ok(()), record },
            Err(failure) => failed(*failure),
        }
    }

    async fn call<T>(
        &self,
        call: Call<'_>,
        read: impl Fn(&Received, &Mask<'_>) -> Result<T, Error>,
    ) -> Exchange<T, Error> {
        let clock = Clock::start();
        let mut refused = None;
        loop {
            let token = match self.token(refused, clock).await {
                Ok(token) => token,
                Err(failure) => return failed(*failure),
            };
            let (result, record) = self.send(&call, &token.secret, clock, &read).await;
            match result {
                // Another 401 of the same call is no reason to ask a third time.
                Err(error) if error.wants_token() && refused.is_none() => refused = Some(token.issue),
                result => return Exchange { result, record },
            }
        }
    }

    async fn send<T>(
        &self,
        call: &Call<'_>,
        token: &SecretString,
        clock: Clock,
        read: impl Fn(&Received, &Mask<'_>) -> Result<T, Error>,
    ) -> (Result<T, Error>, Record) {
        let request = match call.body {
            Some(body) => json_post(self.0.http.post(call.url.clone())).body(body.to_owned()),
            None => self.0.http.get(call.url.clone()),
        };
        let request = request.header("Token", token.expose_secret());
        let pass = self.0.credentials.pass.expose_secret();
        let mask = call.mask.with(vec![token.expose_secret(), pass]);
        self.exchange(call.command, &call.kept, request, clock, &mask, read)
            .await
    }

    /// One request and its record.
    async fn exchange<T>(
        &self,
        command: &'static str,
        kept: &Value,
        request: RequestBuilder,
        clock: Clock,
        mask: &Mask<'_>,
        read: impl FnOnce(&Received, &Mask<'_>) -> Result<T, Error>,
    ) -> (Result<T, Error>, Record) {
        let mut record = clock.record(command, kept.clone());
        let left = self.0.timeout.saturating_sub(clock.1.elapsed());
        let result = match wire::exchange(request, left, ANSWER_BYTES).await {
            Err(error) => {
                record.http_status = error.http_status();
                Err(Error::Unanswered(error))
            }
            Ok(received) => {
                record.http_status = Some(received.http_status);
                record.response = keep_response(&received.body, mask);
                read(&received, mask)
            }
        };
        record.duration = clock.1.elapsed();
        (result, record)
    }

    /// The login's token, asked for once however many want it.
    async fn token(&self, refused: Option<u64>, clock: Clock) -> Result<Token, Failed> {
        let account = self.account();
        let asked = self.0.tokens.get(&account, refused, async || {
            let (issued, _) = self.issue(clock).await?;
            Ok(issued)
        });
        let left = self.0.timeout.saturating_sub(clock.1.elapsed());
        // Those before us may each have to find out that nobody answers.
        tokio::time::timeout(left, asked).await.unwrap_or_else(|_| {
            let mut record = clock.record(GET_TOKEN, Value::Null);
            record.duration = clock.1.elapsed();
            let waited = self.0.timeout;
            Err(Box::new((Error::TokenLate { waited }, record)))
        })
    }

    /// getToken (sheet §3), by POST: a password does not belong into an address.
    async fn issue(&self, clock: Clock) -> Result<(Issued, Record), Failed> {
        let Credentials { login, pass, .. } = &self.0.credentials;
        let body = json!({ "login": login, "pass": pass.expose_secret() }).to_string();
        let request = json_post(self.0.http.post(self.address(&["getToken"]))).body(body);
        let until = SystemTime::now() + TOKEN_LIFETIME;
        let mask = Mask::default().with(vec![pass.expose_secret()]);
        let (result, record) = self
            .exchange(GET_TOKEN, &Value::Null, request, clock, &mask, answer::token)
            .await;
        match result {
            Ok(secret) => {
                let until = Some(until);
                Ok((Issued { secret, until }, record))
            }
            Err(error) => Err(Box::new((Error::NoToken(Box::new(error)), record))),
        }
    }

    fn address(&self, path: &[&str]) -> Url {
        let mut url = self.0.base_url.clone();
        // An address that has no path cannot be posted to either: the request says so.
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        url
    }

    /// Whose token: all groups of a login at an address share it.
    fn account(&self) -> String {
        let Inner {
            base_url, credentials, ..
        } = &*self.0;
        let address = [base_url.host_str().unwrap_or_default(), base_url.path()].concat();
        let port = base_url.port_or_known_default().unwrap_or_default();
        format!("{} {address} {port} {}", self.0.version, credentials.login)
    }
}

const GET_TOKEN: &str = "getToken";

/// Another content type is refused with error 41.
fn json_post(request: RequestBuilder) -> RequestBuilder {
    request.header(CONTENT_TYPE, "application/json; charset=utf-8")
}

impl Clock {
    fn start() -> Self {
        Self(SystemTime::now(), Instant::now())
    }

    fn record(self, command: &'static str, request: Value) -> Record {
        Record {
            command,
            request,
            response: None,
            http_status: None,
            started: self.0,
            duration: Duration::ZERO,
        }
    }
}

fn failed<T>((error, record): (Error, Record)) -> Exchange<T, Error> {
    Exchange {
        result: Err(error),
        record,
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Only the host: the rest of an address may carry a password.
        f.debug_struct("Client")
            .field("host", &self.0.base_url.host_str())
            .field("version", &self.0.version)
            .field("credentials", &self.0.credentials)
            .field("timeout", &self.0.timeout)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
