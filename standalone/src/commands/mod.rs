//! The operator's commands, one file each. What they print is for people; exit status 0 means that
//! the command did what it says.
#![expect(clippy::print_stdout, reason = "commands talk to the person who typed them")]

mod apply;
mod doctor;
mod documents;
mod orders;
mod resend;
mod run;
mod text;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::{Base, Run};

/// Kasyr: payments become fiscal receipts.
#[derive(Debug, Parser)]
#[command(name = "kasyr", version, arg_required_else_help = true, after_help = FIRST_STEPS)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

const FIRST_STEPS: &str = "First steps:
  kasyr demo --once        see it work, with a play register and a play payment system
  kasyr apply kasyr.toml   tell it about your register and your payment system
  kasyr doctor             check that both answer
  kasyr run                start it

The ledger is the file kasyr.sqlite in this folder unless KASYR_DATABASE_URL says otherwise.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Show the main job on this machine, with simulators of everything outside
    Demo {
        /// Stop after the story; exit status 0 only if the simulator's own ledger agrees
        #[arg(long)]
        once: bool,
    },
    /// Take callbacks and make receipts: ingress and worker in one process
    Run,
    /// Declare merchants, registers, payment sources and API keys from a TOML file
    Apply {
        /// The settings file
        file: PathBuf,
        /// Only check the file; change nothing
        #[arg(long)]
        check: bool,
    },
    /// Check the ledger, the queue, every register and every payment source
    Doctor,
    /// Try a held document again, with the order's data as it is now
    Resend {
        /// The document's id
        document: String,
    },
    /// List the newest orders, or show one with everything that happened to it
    Orders {
        /// The shop's order id
        order: Option<String>,
        /// How many to list
        #[arg(long, default_value_t = 20)]
        limit: u64,
    },
    /// List the newest documents, or show one with every attempt
    Documents {
        /// The document's id
        document: Option<String>,
        /// Only those in this state: waiting, ready, sending, in_doubt, registered, held
        #[arg(long)]
        state: Option<String>,
        /// How many to list
        #[arg(long, default_value_t = 20)]
        limit: u64,
    },
    /// List what needs a person: open alerts and held documents
    Alerts,
}

impl Cli {
    /// Does what was asked.
    pub async fn execute(self, env: impl Fn(&str) -> Option<String>) -> anyhow::Result<ExitCode> {
        if let Command::Demo { once } = self.command {
            return Ok(status(crate::demo::run(once).await?));
        }
        let base = Base::from_env(&env)?;
        match self.command {
            Command::Demo { .. } => Ok(ExitCode::SUCCESS),
            Command::Run => run::run(base, Run::from_env(&env)?).await,
            Command::Apply { file, check } => apply::apply(&base, &file, check, &env).await,
            Command::Doctor => Ok(status(doctor::doctor(&base).await?)),
            Command::Resend { document } => Ok(status(resend::resend(&base, &document).await?)),
            Command::Orders { order: None, limit } => orders::list(&base, limit).await,
            Command::Orders { order: Some(order), .. } => Ok(status(orders::show(&base, &order).await?)),
            Command::Documents {
                document: None,
                state,
                limit,
            } => documents::list(&base, state.as_deref(), limit).await,
            Command::Documents {
                document: Some(document),
                ..
            } => Ok(status(documents::show(&base, &document).await?)),
            Command::Alerts => documents::alerts(&base).await,
        }
    }

    /// Servers log what they do; other commands only what goes wrong, unless `KASYR_LOG` is set.
    pub const fn logs_by_default(&self) -> Option<&'static str> {
        match self.command {
            Command::Run => None,
            Command::Demo { .. } => Some("error"),
            Command::Apply { .. }
            | Command::Doctor
            | Command::Resend { .. }
            | Command::Orders { .. }
            | Command::Documents { .. }
            | Command::Alerts => Some("warn"),
        }
    }
}

fn status(good: bool) -> ExitCode {
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
