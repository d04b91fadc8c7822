//! What a provider says of a key and of a register, asked before anything is saved. Only questions that change
//! nothing; one file for each provider.

pub mod atol_online;
pub mod cashalot;
pub mod cashdesk;
mod facts;
mod trouble;

use std::collections::BTreeMap;
use std::time::Duration;

use domain::ids::RegisterNumber;
use ledger::settings::{Credentials, Provider};
use url::Url;

pub use facts::{Certificate, KeyFacts, Listed, Place, RegisterFacts, Unit};
pub use trouble::{Trouble, TroubleKind};

/// A question about a register may take so long.
pub const PATIENCE: Duration = Duration::from_secs(15);

/// Somebody who asks any provider with a key at an address.
pub enum Probe {
    /// Asks Cashälot.
    Cashalot(cashalot::Probe),
    /// Asks CashDesk.
    CashDesk(cashdesk::Probe),
    /// Asks ATOL Online.
    AtolOnline(atol_online::Probe),
}

impl Probe {
    /// Asks nothing yet. Fails where no HTTP client can be made, or the provider does not take such a key.
    pub fn new(
        provider: Provider,
        base_url: Url,
        credentials: &Credentials,
        options: &BTreeMap<String, String>,
    ) -> Result<Self, Trouble> {
        match provider {
            Provider::Cashalot => cashalot::Probe::new(base_url, credentials).map(Self::Cashalot),
            Provider::CashDesk => cashdesk::Probe::new(base_url, credentials, options).map(Self::CashDesk),
            Provider::AtolOnline => atol_online::Probe::new(base_url, credentials, options).map(Self::AtolOnline),
        }
    }

    /// Does the provider answer, does it take the key, where may the key work?
    pub async fn key(&self) -> Result<KeyFacts, Trouble> {
        match self {
            Self::Cashalot(probe) => probe.key().await,
            Self::CashDesk(probe) => probe.key().await,
            Self::AtolOnline(probe) => probe.key().await,
        }
    }

    /// How does a register stand? On a register that is at work already, ask only under its lease.
    pub async fn register(&self, number: &RegisterNumber) -> Result<RegisterFacts, Trouble> {
        match self {
            Self::Cashalot(probe) => probe.register(number).await,
            Self::CashDesk(probe) => probe.register(number).await,
            Self::AtolOnline(probe) => Ok(probe.register(number)),
        }
    }

    /// Is a provider asked about a register at all? Otherwise nobody's lease is needed.
    pub const fn asks_about_registers(&self) -> bool {
        match self {
            Self::Cashalot(_) | Self::CashDesk(_) => true,
            Self::AtolOnline(_) => false,
        }
    }
}

/// For requests that go out once and take no key elsewhere.
fn http() -> Result<reqwest::Client, Trouble> {
    program::install_tls();
    wire::http_client().map_err(|error| Trouble::new(TroubleKind::NotReached, &telemetry::chain(&error)))
}

/// An option's value; empty if it is not there.
fn option(options: &BTreeMap<String, String>, name: &str) -> String {
    options
        .get(name)
        .map(|value| value.trim().to_owned())
        .unwrap_or_default()
}
