//! ATOL Online (`atol-online.md`): how our documents become its documents, and how their results are found out.
//!
//! ```text
//! write: body with an id of this sending ──send──▶ uuid ──find: report──▶ fiscal numbers
//!            └─ kept; after silence the very same body again: the service knows the id, and makes no second document
//! ```
//! Nothing of a register is seen but its documents: shifts, the fiscal storage and the tax service are the group's own
//! matter.

mod envelope;
mod find;
mod line;
mod outcome;
mod setup;
mod told;
mod write;

use std::time::Duration;

use ::atol_online::{Client, Error, Registered, Version};
use domain::time::UnixMillis;
use ledger::LedgerError;
use ledger::alerts::Words;
use ledger::day::Facts;
use ledger::settings::Register;
use ledger::sheet::SellerFacts;
use ledger::tape::{DueDocument, NewAttempt};
use secrecy::{ExposeSecret as _, SecretString};
use wire::{Exchange, Tokens};

use self::envelope::Envelope;
use super::{Adapter, Answered, Asked, Draft, Failure, FailureClass, Finding, Look, Sent, attempt};
use crate::backoff::Schedule;
use crate::compose::Stop;
use crate::config::WorkerTimes;
use crate::grip::Grip;

pub use setup::{Setup, Unfit};

/// One group of registers at ATOL Online.
pub(crate) struct AtolOnline {
    http: reqwest::Client,
    tokens: Tokens,
    setup: Setup,
    timeout: Duration,
    ask: Schedule,
    /// Where the service tells of results; the path holds a secret.
    told_at: Option<SecretString>,
}

impl AtolOnline {
    /// Fails when the register's settings cannot be used.
    pub fn new(
        http: reqwest::Client,
        tokens: Tokens,
        register: &Register,
        times: &WorkerTimes,
    ) -> Result<Self, Failure> {
        let setup = Setup::of(register).map_err(|unfit| unusable(&unfit))?;
        Ok(Self {
            http,
            tokens,
            setup,
            timeout: times.call_timeout,
            ask: times.result_ask,
            told_at: None,
        })
    }

    /// The same, told of results at this address.
    pub fn told_at(self, address: Option<SecretString>) -> Self {
        Self {
            told_at: address,
            ..self
        }
    }

    /// Sends a document to the group it was written for. Safe to repeat: one id, one document.
    async fn register(&self, envelope: &Envelope) -> Asked<Result<Registered, Refusal>> {
        let parts = envelope.operation().zip(envelope.version());
        let client = parts.and_then(|(operation, version)| Some((operation, self.client(&envelope.group, version)?)));
        let Some((operation, client)) = client else {
            return Asked {
                value: Err(Refusal::Unsent(unreadable())),
                attempts: Vec::new(),
            };
        };
        let body = told_where(&envelope.body, self.told_at.as_ref());
        keep(client.register(operation, body.expose_secret()).await)
    }

    fn client(&self, group: &str, version: Version) -> Option<Client> {
        self.setup
            .client_of(self.http.clone(), self.tokens.clone(), (group, version), self.timeout)
    }

    /// The longer it lasts the more seldom it is asked about: after 5, 10, 20, 40 seconds, and so on.
    fn ask_in(&self, age: Duration) -> Duration {
        age.clamp(self.ask.first, self.ask.cap.max(self.ask.first))
    }
}

/// The body with the address for its result. The rest of it stays as it was written, to the last digit.
fn told_where(body: &str, address: Option<&SecretString>) -> SecretString {
    let inner = body.strip_prefix('{');
    let Some((address, inner)) = address.zip(inner) else {
        return body.into();
    };
    let address = serde_json::Value::from(address.expose_secret());
    format!(r#"{{"service":{{"callback_url":{address}}},{inner}"#).into()
}

/// Why a call brought nothing.
enum Refusal {
    /// It was made.
    Called(Box<Error>),
    /// It was not.
    Unsent(Failure),
}

impl Refusal {
    fn failure(&self) -> Failure {
        match self {
            Self::Called(error) => told::failure(error),
            Self::Unsent(failure) => failure.clone(),
        }
    }
}

#[async_trait::async_trait]
impl Adapter for AtolOnline {
    /// There is nothing to look at.
    async fn look(&self) -> Asked<Result<Look, Failure>> {
        Asked {
            value: Ok(Look {
                before: String::new(),
                last_fiscal_number: None,
                facts: Facts::default(),
                shift: None,
            }),
            attempts: Vec::new(),
        }
    }

    fn write(&self, draft: &Draft<'_>) -> Result<String, Stop> {
        write::write(&self.setup, draft)
    }

    async fn send(&self, sent: &Sent<'_>) -> Asked<Result<Answered, Failure>> {
        let Some(envelope) = Envelope::read(sent.text) else {
            return Asked {
                value: Err(unreadable()),
                attempts: Vec::new(),
            };
        };
        let Asked { value, attempts } = self.register(&envelope).await;
        let accepted = |provider_id| Answered::Accepted {
            provider_id,
            ask_in: self.ask_in(Duration::ZERO),
        };
        let value = match value {
            Ok(registered) => Ok(accepted(Some(registered.uuid))),
            Err(Refusal::Called(error)) if matches!(*error, Error::DuplicateWithoutUuid) => Ok(accepted(None)),
            Err(refusal) => Err(refusal.failure()),
        };
        Asked { value, attempts }
    }

    async fn find(
        &self,
        grip: &mut Grip<'_>,
        document: &DueDocument,
        now: UnixMillis,
    ) -> Result<Asked<Option<Finding>>, LedgerError> {
        self.look_for(grip, document, now).await
    }

    /// As it stands in the settings.
    async fn seller(&self) -> Asked<Result<Option<SellerFacts>, Failure>> {
        let company = &self.setup.company;
        Asked {
            value: Ok(Some(SellerFacts {
                address: Some(company.payment_address.clone()),
                tin: Some(company.inn.clone()),
                ..SellerFacts::default()
            })),
            attempts: Vec::new(),
        }
    }
}

/// An exchange as result and attempt; also counts it.
fn keep<T>(exchange: Exchange<T, Error>) -> Asked<Result<T, Refusal>> {
    let Exchange { result, record } = exchange;
    let told = result.as_ref().map(|_| ()).map_err(told::failure);
    let made: NewAttempt = attempt(record, &told);
    Asked {
        value: result.map_err(|error| Refusal::Called(Box::new(error))),
        attempts: vec![made],
    }
}

fn unusable(unfit: &Unfit) -> Failure {
    let (word, uk) = match unfit {
        Unfit::BadAddress => ("bad_base_url", "її base_url не є адресою".to_owned()),
        Unfit::OtherVersion => (
            "bad_base_url",
            "її base_url і protocol називають різні версії".to_owned(),
        ),
        Unfit::WrongKey => ("wrong_key_kind", "цей провайдер не приймає таких ключів".to_owned()),
        Unfit::BadOption(name) => ("bad_option", format!("її налаштування {name} не годиться")),
    };
    Failure::ours(FailureClass::Misconfigured, word, Words::new(unfit.to_string(), uk))
}

/// Our own stored document that cannot be read: nothing leaves.
fn unreadable() -> Failure {
    let text = Words::new("the stored document cannot be read", "збережений документ не читається");
    Failure::ours(FailureClass::Refused, "unreadable_document", text)
}

#[cfg(test)]
mod tests;
