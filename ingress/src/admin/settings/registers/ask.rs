//! Asks the provider about a register that is being set up.

use std::time::Duration;

use domain::ids::{RegisterId, RegisterNumber};
use ledger::LedgerError;
use ledger::settings::{Credentials, Provider, Register};
use url::Url;
use uuid::Uuid;

use super::super::probe::{Certificate, PATIENCE, Probe, RegisterFacts};
use super::super::trouble::Obstacle;
use super::found::Found;
use super::options::Options;
use crate::AppState;

/// The lease must outlast the question.
const LEASE: Duration = Duration::from_secs(30);
const _: () = assert!(LEASE.as_secs() > PATIENCE.as_secs());
/// A worker gives a register back within a turn; so often it is waited for.
const TRIES: u32 = 12;
const PAUSE: Duration = Duration::from_millis(250);

/// What is asked about.
pub(super) struct Question<'a> {
    pub provider: Provider,
    pub base_url: Url,
    pub credentials: &'a Credentials,
    pub options: &'a Options,
    /// `None`: the only one the key may work, if there is only one.
    pub number: Option<RegisterNumber>,
    /// The register as it is at work, if it is.
    pub known: Option<&'a Register>,
    /// Numbers that other registers have.
    pub taken: Vec<RegisterNumber>,
}

/// What came of it.
pub(super) struct Answered {
    pub found: Option<Found>,
    /// What stands in the way of saving it.
    pub obstacle: Option<Obstacle>,
}

impl From<Obstacle> for Answered {
    fn from(obstacle: Obstacle) -> Self {
        Self {
            found: None,
            obstacle: Some(obstacle),
        }
    }
}

/// Asks. Fails only with the ledger.
pub(super) async fn ask(app: &AppState, question: Question<'_>) -> Result<Answered, LedgerError> {
    let Question {
        provider,
        base_url,
        credentials,
        options,
        ..
    } = question;
    let probe = match Probe::new(provider, base_url, credentials, options) {
        Ok(probe) => probe,
        Err(trouble) => return Ok(Obstacle::Provider(trouble).into()),
    };
    let key = match probe.key().await {
        Ok(key) => key,
        Err(trouble) => return Ok(Obstacle::Provider(trouble).into()),
    };
    let expired = match &key.certificate {
        Certificate::Known { until: Some(until), .. } => *until <= app.ledger.now(),
        Certificate::Known { until: None, .. }
        | Certificate::AtProvider
        | Certificate::NotNeeded
        | Certificate::NotTold => false,
    };
    let lists = key.lists;
    let mut found = Found {
        provider,
        key,
        register: None,
        taken: question.taken,
    };
    if expired {
        return Ok(Answered {
            found: Some(found),
            obstacle: Some(Obstacle::Expired),
        });
    }
    let Some(number) = question.number.or_else(|| found.only()) else {
        let none = match lists {
            true => Obstacle::NoRegisters,
            false => Obstacle::NoList,
        };
        let obstacle = found.numbers().is_empty().then_some(none);
        return Ok(Answered {
            found: Some(found),
            obstacle,
        });
    };
    let at_work = question
        .known
        .filter(|known| known.fiscal_number == number && probe.asks_about_registers());
    let told = match at_work {
        Some(known) => alone(app, &known.id, &probe, &number).await?,
        None => probe.register(&number).await.map_err(Obstacle::Provider),
    };
    let obstacle = match told {
        Ok(register) => {
            found.register = Some(register);
            None
        }
        Err(obstacle) => Some(obstacle),
    };
    Ok(Answered {
        found: Some(found),
        obstacle,
    })
}

/// A register at work is asked only while no worker writes on its tape.
async fn alone(
    app: &AppState,
    id: &RegisterId,
    probe: &Probe,
    number: &RegisterNumber,
) -> Result<Result<RegisterFacts, Obstacle>, LedgerError> {
    let owner = format!("settings-{}", Uuid::new_v4());
    for _ in 0..TRIES {
        if let Some(lease) = app.ledger.acquire_lease(id, &owner, LEASE).await? {
            let told = probe.register(number).await;
            app.ledger.release_lease(&lease).await?;
            return Ok(told.map_err(Obstacle::Provider));
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(Err(Obstacle::Busy))
}
