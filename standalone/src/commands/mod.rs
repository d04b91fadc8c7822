//! The operator's commands, one file each. What they print is for people; exit status 0 means that
//! the command did what it says.
#![expect(clippy::print_stdout, reason = "commands talk to the person who typed them")]

mod admin;
mod alerts;
mod apply;
mod ask;
mod backup;
mod cash;
mod create_master_key;
mod doctor;
mod documents;
mod exit;
mod facts;
mod fetch;
mod forget;
mod hand;
mod orders;
mod receipts;
mod reconcile;
mod report;
mod resend;
mod reservation_data;
mod rotate_master_key;
mod run;
mod state;
mod text;
mod totals;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use domain::document::Kind;
use domain::money::Kopecks;
use ledger::actions::Ask;
use ledger::settings::Provider;

use self::ask::Wish;
use self::cash::Cash;

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

The ledger is the file kasyr.sqlite in this folder unless KASYR_DATABASE_URL says otherwise, and the key of its
secrets is the file kasyr.key unless KASYR_MASTER_KEY_FILE does. Keep both, and not their copies in one place.

Commands that work a register end with 0: done (also: nothing to do), 1: it could not be asked, 3: not done when
the time was up, 4: the register does not answer or is in trouble, 5: refused, a person is needed.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Show the main job on this machine, with simulators of everything outside
    Demo {
        /// Stop after the story; exit status 0 only if the simulator's own ledger agrees
        #[arg(long)]
        once: bool,
        /// At whose registers: one provider's, or the same story at all of them
        #[arg(long, value_enum, default_value_t = Shown::Cashalot)]
        provider: Shown,
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
    /// End a setting: a file that no longer names it leaves it as it is
    Forget {
        #[command(subcommand)]
        what: forget::What,
    },
    /// Check the ledger, the queue, every register and every payment source
    Doctor,
    /// Check a basket and print it as Fondy's reservation_data
    ReservationData {
        /// JSON: the basket of PUT /v1/orders or Fondy's own products; - reads what is piped in
        file: PathBuf,
        /// The payment it must be worth, in kopecks
        #[arg(long, value_name = "KOPECKS")]
        amount: Option<u64>,
    },
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
        /// Only those in this state: waiting, ready, sending, in_doubt, registered, held, closed
        #[arg(long)]
        state: Option<String>,
        /// How many to list
        #[arg(long, default_value_t = 20)]
        limit: u64,
    },
    /// List what needs a person: open alerts and held documents
    #[command(args_conflicts_with_subcommands = true)]
    Alerts {
        #[command(subcommand)]
        about: Option<AboutAlerts>,
        /// The newest 200, closed ones too
        #[arg(long)]
        all: bool,
    },
    /// Show registers as the ledger knows them: shift, offline time, documents, alerts
    State {
        /// Only this one
        register: Option<String>,
    },
    /// Close the shift that is open now, with its Z-report
    CloseShift(Asked),
    /// Register the Z-report of the open shift; after it only closing makes sense
    ZReport(Asked),
    /// Read the register's totals and compare them with ours
    Totals {
        /// The register
        register: String,
        #[command(flatten)]
        patience: Patience,
    },
    /// Bring the provider's view of a register in line with the tax service's; may close the shift
    Cleanup {
        /// The register
        register: String,
        /// Throw undelivered offline documents away
        #[arg(long)]
        remove: bool,
        /// To lose them all the same, say: "lose undelivered documents"
        #[arg(long, value_name = "TEXT", requires = "remove")]
        confirm: Option<String>,
        #[command(flatten)]
        patience: Patience,
    },
    /// Look at a register now: shift, offline documents, certificate
    Sync {
        /// The register
        register: String,
        #[command(flatten)]
        patience: Patience,
    },
    /// Fetch a registered document as the tax service renders it, keep it and print it
    Fetch {
        /// The document's id
        document: String,
        /// As HTML
        #[arg(long)]
        html: bool,
        #[command(flatten)]
        patience: Patience,
    },
    /// Who may work with the admin pages
    Admin {
        #[command(subcommand)]
        about: admin::Admin,
    },
    /// Compare a day's payments with the receipts and with the registers' tapes; exit status 0 only if nothing is open
    Reconcile(reconcile::Reconcile),
    /// Register cash put into the drawer
    CashIn(Drawer),
    /// Register cash taken out of the drawer
    CashOut(Drawer),
    /// Copy a SQLite ledger while it is used
    Backup {
        /// The new file; nothing is overwritten
        file: PathBuf,
    },
    /// Make a key file, for programs that share a ledger
    CreateMasterKey {
        /// The new file; nothing is overwritten
        file: PathBuf,
    },
    /// Take a new master key for the ledger's secrets; safe while everything runs, and to repeat
    RotateMasterKey,
}

#[derive(Debug, Subcommand)]
enum AboutAlerts {
    /// Say that you know of an alert
    Ack {
        /// The alert's id
        id: String,
    },
}

#[derive(Debug, Args)]
struct Asked {
    /// The register
    register: String,
    /// Do it here and now, and wait for it
    #[arg(long)]
    wait: bool,
    #[command(flatten)]
    patience: Patience,
}

#[derive(Debug, Args)]
struct Drawer {
    /// The register
    register: String,
    /// Hryvnias, such as 100.00
    #[arg(value_parser = cash::amount)]
    amount: Kopecks,
    /// Your name of this very act: the same key is never registered twice
    #[arg(long)]
    key: String,
    #[command(flatten)]
    patience: Patience,
}

/// What the demo shows.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Shown {
    Cashalot,
    #[value(name = "cashdesk")]
    CashDesk,
    AtolOnline,
    All,
}

impl Shown {
    fn providers(self) -> Vec<Provider> {
        match self {
            Self::Cashalot => vec![Provider::Cashalot],
            Self::CashDesk => vec![Provider::CashDesk],
            Self::AtolOnline => vec![Provider::AtolOnline],
            Self::All => Provider::ALL.to_vec(),
        }
    }
}

#[derive(Debug, Args)]
struct Patience {
    /// How long to wait
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    timeout: u64,
}

impl Patience {
    /// A day at most: nobody waits longer, and no clock overflows.
    fn length(&self) -> Duration {
        Duration::from_secs(self.timeout.min(24 * 3600))
    }
}

impl Cli {
    /// Does what was asked.
    pub async fn execute(self, env: impl Fn(&str) -> Option<String>) -> anyhow::Result<ExitCode> {
        if let Command::Demo { once, provider } = self.command {
            let providers = provider.providers();
            return Ok(status(crate::demo::run(once, &providers).await?));
        }
        if let Command::CreateMasterKey { file } = &self.command {
            return create_master_key::create(file);
        }
        if let Command::ReservationData { file, amount } = &self.command {
            return reservation_data::reservation_data(file, *amount);
        }
        let base = Base::from_env(&env)?;
        match self.command {
            // Done above.
            Command::Demo { .. } | Command::CreateMasterKey { .. } | Command::ReservationData { .. } => {
                Ok(ExitCode::SUCCESS)
            }
            Command::Backup { file } => backup::backup(&base, &file).await,
            Command::RotateMasterKey => rotate_master_key::rotate(&base).await,
            Command::Run => run::run(base, Run::from_env(&env)?).await,
            Command::Apply { file, check } => apply::apply(&base, &file, check, &env).await,
            Command::Forget { what } => Ok(status(forget::forget(&base, &what).await?)),
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
            Command::Alerts { about: None, all } => Ok(alerts::list(&base, all).await?.into()),
            Command::Alerts {
                about: Some(AboutAlerts::Ack { id }),
                ..
            } => Ok(alerts::acknowledge(&base, &id).await?.into()),
            Command::State { register } => Ok(state::state(&base, register.as_deref()).await?.into()),
            Command::CloseShift(asked) => asked.execute(&base, &env, Ask::Close, "close-shift").await,
            Command::ZReport(asked) => asked.execute(&base, &env, Ask::ZReport, "z-report").await,
            Command::Totals { register, patience } => {
                Ok(totals::totals(&base, &env, &register, patience.length()).await?.into())
            }
            Command::Cleanup {
                register,
                remove,
                confirm,
                patience,
            } => {
                let wish = Wish {
                    register: &register,
                    ask: if remove { Ask::Remove } else { Ask::Cleanup },
                    subject: confirm.as_deref().unwrap_or(""),
                };
                Ok(ask::done(&base, &env, &wish, patience.length()).await?.into())
            }
            Command::Sync { register, patience } => {
                let wish = Wish {
                    register: &register,
                    ask: Ask::Sync,
                    subject: "",
                };
                Ok(ask::done(&base, &env, &wish, patience.length()).await?.into())
            }
            Command::Fetch {
                document,
                html,
                patience,
            } => {
                let exit = fetch::fetch(&base, &env, &document, html, patience.length()).await?;
                Ok(exit.into())
            }
            Command::Admin { about } => Ok(about.execute(&base, &env).await?.into()),
            Command::Reconcile(wanted) => Ok(wanted.execute(&base, &env).await?.into()),
            Command::CashIn(drawer) => drawer.execute(&base, &env, Kind::CashIn).await,
            Command::CashOut(drawer) => drawer.execute(&base, &env, Kind::CashOut).await,
        }
    }

    /// Servers log what they do; other commands only what goes wrong, unless `KASYR_LOG` is set.
    pub const fn logs_by_default(&self) -> Option<&'static str> {
        match self.command {
            Command::Run => None,
            Command::Demo { .. } => Some("error"),
            Command::Apply { .. }
            | Command::Forget { .. }
            | Command::Doctor
            | Command::Resend { .. }
            | Command::Orders { .. }
            | Command::Documents { .. }
            | Command::State { .. }
            | Command::Alerts { .. }
            | Command::Admin { .. }
            | Command::Backup { .. }
            | Command::CreateMasterKey { .. }
            | Command::ReservationData { .. }
            | Command::RotateMasterKey => Some("warn"),
            // What goes wrong there is told in words at the end.
            Command::CloseShift(_)
            | Command::ZReport(_)
            | Command::Totals { .. }
            | Command::Cleanup { .. }
            | Command::Sync { .. }
            | Command::Fetch { .. }
            | Command::Reconcile(_)
            | Command::CashIn(_)
            | Command::CashOut(_) => Some("error"),
        }
    }
}

impl Asked {
    async fn execute(
        &self,
        base: &Base,
        env: &dyn Fn(&str) -> Option<String>,
        ask: Ask,
        command: &str,
    ) -> anyhow::Result<ExitCode> {
        let wish = Wish {
            register: &self.register,
            ask,
            subject: "",
        };
        let exit = if self.wait {
            ask::done(base, env, &wish, self.patience.length()).await?
        } else {
            ask::only(base, &wish, command).await?
        };
        Ok(exit.into())
    }
}

impl Drawer {
    async fn execute(&self, base: &Base, env: &dyn Fn(&str) -> Option<String>, kind: Kind) -> anyhow::Result<ExitCode> {
        let cash = Cash {
            register: &self.register,
            kind,
            amount: self.amount,
            key: &self.key,
        };
        let exit = cash::cash(base, env, &cash, self.patience.length()).await?;
        Ok(exit.into())
    }
}

fn status(good: bool) -> ExitCode {
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
