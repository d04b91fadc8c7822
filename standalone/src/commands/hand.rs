//! A hand on a register: what is asked at the command line is done here and now, because no worker may
//! be running (cron on a stopped shop). The register's lease keeps a worker that does run out meanwhile,
//! and keeps this hand out while a worker is at it.

use std::time::Duration;

use domain::ids::RegisterId;
use domain::time::UnixMillis;
use ledger::actions::{Action, Ask, End};
use ledger::settings::Register;
use ledger::tape::REGISTER_TROUBLE;
use ledger::{Ledger, LedgerError};
use program::Problems;
use queue::{Doorbell, QueueConfig, QueueUrl};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use worker::work_register::{Turn, work_register};
use worker::{WorkerConfig, WorkerState};

use super::exit::Exit;
use super::text::moment;
use crate::config::Base;

/// Who the audit names.
pub(super) const ACTOR: &str = "command line";

/// While somebody else is at the register, or it rests, what was asked is looked at this often.
const PAUSE: Duration = Duration::from_millis(250);

pub(super) struct Hand {
    pub ledger: Ledger,
    pub register: Register,
    state: WorkerState,
    stop: CancellationToken,
    patience: Duration,
}

/// Why a hand was taken off before what was asked had come to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Early {
    /// The time was up.
    Late,
    /// The register is left alone for longer than that.
    Rests(UnixMillis),
    /// Ctrl-C.
    Stopped,
}

/// The register by this name. Tells the person if there is none.
pub(super) async fn find(ledger: &Ledger, name: &str) -> anyhow::Result<Option<Register>> {
    if let Ok(id) = RegisterId::parse(name)
        && let Some(register) = ledger.register(&id).await?
    {
        return Ok(Some(register));
    }
    let known: Vec<String> = ledger
        .registers(None)
        .await?
        .iter()
        .take(20)
        .map(|register| register.id.to_string())
        .collect();
    println!("There is no register {name:?}. Known are: {}", known.join(", "));
    Ok(None)
}

impl Hand {
    pub fn on(
        register: Register,
        ledger: Ledger,
        env: &dyn Fn(&str) -> Option<String>,
        patience: Duration,
    ) -> anyhow::Result<Self> {
        let config = WorkerConfig::from_env(env).map_err(Problems)?;
        let stop = program::stop_on_signals()?;
        // What rings here is heard by nobody: this hand looks by itself.
        let doorbell = Doorbell::connect(QueueConfig {
            url: QueueUrl::Memory,
            prefix: "command-line".to_owned(),
        });
        Ok(Self {
            state: WorkerState::new(&config, ledger.clone(), doorbell, stop.clone())?,
            ledger,
            register,
            stop,
            patience,
        })
    }

    /// Asks, does the register's work until that has ended, and tells how it ended.
    pub async fn ask(&self, ask: Ask, subject: &str) -> anyhow::Result<(Action, Exit)> {
        let asked = self
            .ledger
            .ask(&self.register.id, ask, subject, ACTOR, self.ledger.now())
            .await?;
        let ended = async || {
            Ok(self
                .ledger
                .action(&asked.id)
                .await?
                .filter(|action| action.end.is_some()))
        };
        match self.until(ended).await? {
            Ok(action) => {
                let exit = match &action.end {
                    Some(End { done: true, .. }) | None => Exit::Done,
                    Some(End { done: false, result }) => {
                        println!("Register {}: {result}. A person is needed.", self.register.id);
                        Exit::Person
                    }
                };
                Ok((action, exit))
            }
            Err(exit) => Ok((asked, exit)),
        }
    }

    /// Does the register's work until the condition holds. Otherwise tells the person why not.
    pub async fn until<T>(
        &self,
        over: impl AsyncFn() -> Result<Option<T>, LedgerError>,
    ) -> anyhow::Result<Result<T, Exit>> {
        match self.work(over).await? {
            Ok(value) => Ok(Ok(value)),
            Err(early) => self.tell(early).await.map(Err),
        }
    }

    async fn work<T>(
        &self,
        over: impl AsyncFn() -> Result<Option<T>, LedgerError>,
    ) -> anyhow::Result<Result<T, Early>> {
        let deadline = Instant::now() + self.patience;
        loop {
            match over().await {
                Ok(Some(value)) => return Ok(Ok(value)),
                Ok(None) => {}
                Err(error) if error.is_outage() => {}
                Err(error) => return Err(error.into()),
            }
            if self.stop.is_cancelled() {
                return Ok(Err(Early::Stopped));
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(Err(Early::Late));
            }
            match work_register(&self.state, &self.register.id).await {
                Ok(Turn::More) => continue,
                Ok(Turn::Rest(until)) if until.since(self.ledger.now()) > left => {
                    // It may have ended just before the register was left alone.
                    return Ok(over().await?.ok_or(Early::Rests(until)));
                }
                Ok(Turn::Taken | Turn::Idle | Turn::Lost | Turn::Rest(_) | Turn::Later(_)) => {}
                Err(error) if error.is_outage() => {}
                Err(error) => return Err(error.into()),
            }
            tokio::select! {
                () = tokio::time::sleep(PAUSE.min(left)) => {}
                () = self.stop.cancelled() => {}
            }
        }
    }

    async fn tell(&self, early: Early) -> anyhow::Result<Exit> {
        let id = &self.register.id;
        let condition = self.ledger.condition(id).await?;
        if condition.failures > 0 {
            let word = condition.trouble.unwrap_or_else(|| "no answer".to_owned());
            let again = match early {
                Early::Rests(until) => format!(" It is left alone until {}.", moment(until)),
                Early::Late | Early::Stopped => String::new(),
            };
            println!("Register {id} is in trouble: {word}.{again}");
            println!("  → {}", self.next_step().await?);
            return Ok(Exit::Trouble);
        }
        let why = match early {
            Early::Stopped => "you stopped it".to_owned(),
            Early::Late => format!("{} seconds are over", self.patience.as_secs()),
            Early::Rests(until) => format!(
                "a lost request may still run there, so the register is left alone until {}",
                moment(until)
            ),
        };
        println!("Register {id}: not done yet, and {why}. It stays asked; a running Kasyr does it.");
        println!("  → see how it stands with: kasyr state {id}");
        Ok(Exit::StillOpen)
    }

    async fn next_step(&self) -> anyhow::Result<String> {
        let alerts = self.ledger.open_alerts(Some(&self.register.merchant)).await?;
        let alert = alerts
            .into_iter()
            .find(|alert| alert.kind == REGISTER_TROUBLE && alert.subject == self.register.id.as_str());
        Ok(alert.map_or_else(
            || "check that it can be reached: kasyr doctor".to_owned(),
            |alert| format!("{} {}", alert.text.en, alert.next_step.en),
        ))
    }
}

/// Opens the ledger and finds the register.
pub(super) async fn open(base: &Base, register: &str) -> anyhow::Result<Option<(Ledger, Register)>> {
    let ledger = base.open().await?;
    let register = find(&ledger, register).await?;
    Ok(register.map(|register| (ledger, register)))
}
