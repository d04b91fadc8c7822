//! `kasyr reconcile --day DAY`: money against receipts, here and now, because no worker may be running.

use std::collections::BTreeMap;
use std::time::Duration;

use clap::Args;
use domain::ids::SourceId;
use domain::reconcile::FindingKind;
use ledger::Ledger;
use ledger::people::Reach;
use ledger::reconcile::{FindingFilter, FindingView, NewRun, Night, RunView, explain, next_step};
use ledger::settings::Source;
use program::Problems;
use queue::{Doorbell, QueueConfig, QueueUrl};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use worker::{WorkerConfig, WorkerState};

use super::exit::Exit;
use super::hand::ACTOR;
use crate::config::Base;

/// Between two looks at how far it is.
const PAUSE: Duration = Duration::from_millis(250);
/// So many findings are printed.
const LINES: u32 = 200;

#[derive(Debug, Args)]
pub(super) struct Reconcile {
    /// The day in Kyiv, such as 2026-11-21
    #[arg(long)]
    day: String,
    /// Only this payment source
    #[arg(long)]
    source: Option<String>,
    /// "safe": take in missed payments, make their receipts and look again
    #[arg(long, value_parser = ["safe"])]
    repair: Option<String>,
    /// Ask the payment system about every single order
    #[arg(long)]
    deep: bool,
    /// How long to wait
    #[arg(long, value_name = "SECONDS", default_value_t = 3600)]
    timeout: u64,
}

impl Reconcile {
    pub async fn execute(&self, base: &Base, env: &dyn Fn(&str) -> Option<String>) -> anyhow::Result<Exit> {
        let ledger = base.open().await?;
        let Some(day) = worker::reconcile::day_named(&self.day) else {
            println!("{:?} is no day; write it as 2026-11-21.", self.day);
            return Ok(Exit::Failed);
        };
        let sources = self.sources(&ledger).await?;
        if sources.is_empty() {
            println!("There is no such payment source.");
            return Ok(Exit::Failed);
        }
        let wanted = NewRun {
            night: Night {
                day: &day.name,
                from: day.from,
                to: day.to,
                take_in: self.repair.is_some(),
            },
            deep: self.deep,
        };
        let work = Work::new(ledger, env, Duration::from_secs(self.timeout.min(24 * 3600)))?;
        let mut open = 0;
        for source in &sources {
            let Some(run) = work.run(&source.id, wanted).await? else {
                println!(
                    "{}: not done when the time was up. It stays asked; a running Kasyr does it.",
                    source.id
                );
                return Ok(Exit::StillOpen);
            };
            print_run(&run);
            let mut found = work.findings(&source.id).await?;
            if self.repair.is_some() && !found.is_empty() {
                print_findings("Found:", &found);
                work.settle(&source.id).await?;
                found = work.findings(&source.id).await?;
                print_findings("Left after the repair:", &found);
            } else {
                print_findings("Open:", &found);
            }
            open += found.len();
        }
        Ok(if open == 0 { Exit::Done } else { Exit::Person })
    }

    async fn sources(&self, ledger: &Ledger) -> anyhow::Result<Vec<Source>> {
        let mut sources = ledger.sources().await?;
        sources.retain(|source| source.kind.is_payment());
        if let Some(name) = &self.source {
            sources.retain(|source| source.id.as_str() == name);
        }
        Ok(sources)
    }
}

/// A worker for as long as this command lives. What somebody else has in hand is waited for.
struct Work {
    ledger: Ledger,
    state: WorkerState,
    stop: CancellationToken,
    until: Instant,
}

impl Work {
    fn new(ledger: Ledger, env: &dyn Fn(&str) -> Option<String>, patience: Duration) -> anyhow::Result<Self> {
        let config = WorkerConfig::from_env(env).map_err(Problems)?;
        let stop = program::stop_on_signals()?;
        // What rings here is heard by nobody: this command looks by itself.
        let doorbell = Doorbell::connect(QueueConfig {
            url: QueueUrl::Memory,
            prefix: "command-line".to_owned(),
        });
        Ok(Self {
            state: WorkerState::new(&config, ledger.clone(), doorbell, stop.clone())?,
            ledger,
            stop,
            until: Instant::now() + patience,
        })
    }

    fn is_over(&self) -> bool {
        self.stop.is_cancelled() || Instant::now() >= self.until
    }

    /// `None`: it was not done in time.
    async fn run(&self, source: &SourceId, wanted: NewRun<'_>) -> anyhow::Result<Option<RunView>> {
        let ledger = &self.ledger;
        let asked = ledger
            .ask_reconciliation(&Reach::Everything, source, wanted, ACTOR, ledger.now())
            .await?;
        let Some(asked) = asked else { return Ok(None) };
        while !self.is_over() {
            worker::reconcile::work_run(&self.state, &asked.id).await?;
            let run = ledger.reconciliation(&Reach::Everything, &asked.id).await?;
            if let Some(run) = run.filter(|run| run.ended_at.is_some()) {
                return Ok(Some(run));
            }
            // The registers read their tapes.
            self.turn().await?;
        }
        Ok(None)
    }

    async fn turn(&self) -> anyhow::Result<()> {
        worker::sweep::once(&self.state).await?;
        worker::reconcile::work_looks(&self.state).await?;
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = self.stop.cancelled() => {}
        }
        Ok(())
    }

    /// Works until nothing that was found can change by itself any more.
    async fn settle(&self, source: &SourceId) -> anyhow::Result<()> {
        let quiet = Duration::from_secs(30);
        let mut changed = Instant::now();
        let mut left = self.findings(source).await?.len();
        while left > 0 && !self.is_over() && changed.elapsed() < quiet {
            self.turn().await?;
            let now = self.findings(source).await?.len();
            if now != left {
                (left, changed) = (now, Instant::now());
            }
        }
        Ok(())
    }

    async fn findings(&self, source: &SourceId) -> anyhow::Result<Vec<FindingView>> {
        let filter = FindingFilter {
            source: Some(source.as_str()),
            ..FindingFilter::default()
        };
        let found = self.ledger.findings(&Reach::Everything, &filter, None, LINES).await?;
        Ok(found.rows)
    }
}

fn print_run(run: &RunView) {
    let counts = &run.counts;
    let major = |minor: u64| format!("{}.{:02}", minor / 100, minor % 100);
    println!("{} on {}", run.source, run.day);
    println!(
        "  payments {} for {} UAH, receipts {} for {} UAH",
        counts.payments,
        major(counts.paid),
        counts.receipts,
        major(counts.sold)
    );
    println!(
        "  given back {} UAH, return receipts {} UAH",
        major(counts.refunded),
        major(counts.returned)
    );
    match counts.listed {
        Some(listed) => println!("  the payment system lists {listed} orders"),
        None => println!("  the payment system has no list; only orders known here were asked about"),
    }
    println!(
        "  questions {}, missed payments taken in {}",
        counts.asked, counts.taken_in
    );
    if let Some(problem) = &run.problem {
        println!("  not complete: {problem}");
    }
}

fn print_findings(title: &str, found: &[FindingView]) {
    if found.is_empty() {
        println!("  ✔ nothing is open: money and receipts agree");
        return;
    }
    println!("  {title}");
    let mut by_kind: BTreeMap<FindingKind, Vec<&FindingView>> = BTreeMap::new();
    for finding in found {
        by_kind.entry(finding.kind).or_default().push(finding);
    }
    for finding in by_kind.values().flatten() {
        let about = match (&finding.external, &finding.register) {
            (Some(order), _) => format!("order {order}"),
            (None, Some(register)) => format!("register {register}"),
            (None, None) => finding.source.to_string(),
        };
        println!("  ✘ {} ({about}): {}", finding.kind.as_str(), explain(finding).en);
        println!("    → {}", next_step(finding).en);
    }
}
