//! `kasyr doctor`: asks everything Kasyr depends on, changes nothing. Exit status 0 unless something needs
//! a person.

mod atol_online;
mod cashalot;
mod cashdesk;
mod register;
mod source;

use std::time::Duration;

use domain::time::UnixMillis;
use ledger::Ledger;
use ledger::settings::Source;
use program::StartError;

use super::facts::{self, Known};
use super::receipts;
use super::report::{Line, Report};
use super::text;
use crate::config::Base;
use crate::key::OpenError;

const PATIENCE: Duration = Duration::from_secs(15);

/// True if nothing needs a person.
pub(super) async fn doctor(base: &Base) -> anyhow::Result<bool> {
    let mut report = Report::default();
    report.about("Ledger and queue", "ledger and queue");
    let ledger = match base.open().await {
        Ok(ledger) => ledger,
        Err(error) => {
            report.tell(Line::person(telemetry::chain(&error), next_step(&error)));
            return Ok(report.conclude());
        }
    };
    report.tell(Line::good("the ledger answers and its schema is up to date"));
    report.tell(Line::good("its secrets are sealed, and the master key opens them"));
    report.tell(queue(base).await);
    let http = wire::http_client()?;
    settings(&ledger, &http, &mut report).await?;
    waiting(&ledger, &mut report).await?;
    Ok(report.conclude())
}

fn next_step(error: &OpenError) -> &'static str {
    match error {
        OpenError::Start(StartError::Ledger(_)) => "check KASYR_DATABASE_URL and that the database runs",
        OpenError::Start(_) | OpenError::KeyFileGone { .. } | OpenError::KeyNotNamed | OpenError::NoKeyFile(_) => {
            "give it the key file of this ledger: kasyr.key in its folder, or KASYR_MASTER_KEY_FILE"
        }
    }
}

async fn queue(base: &Base) -> Line {
    if matches!(base.queue.url, queue::QueueUrl::Memory) {
        return Line::good("bells ring in the memory of one process: right for `kasyr run`, wrong for several workers");
    }
    let doorbell = base.doorbell();
    let answers = tokio::time::timeout(PATIENCE, async {
        while doorbell.depth(queue::Kind::WorkRegister).await.is_none() {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    });
    match answers.await {
        Ok(()) => Line::good("Redis answers"),
        Err(_) => Line::person(
            "Redis does not answer",
            "check KASYR_QUEUE_URL; until then work is found more slowly",
        ),
    }
}

async fn settings(ledger: &Ledger, http: &reqwest::Client, report: &mut Report) -> anyhow::Result<()> {
    let registers = ledger.registers(None).await?;
    if registers.is_empty() {
        report.about("Registers", "registers");
        report.tell(Line::person(
            "no register is set up",
            "write kasyr.toml (see deploy/example.toml) and run: kasyr apply kasyr.toml",
        ));
    }
    for register in &registers {
        let id = register.id.as_str();
        report.about(&format!("Register {id} ({})", register.fiscal_number), id);
        let known = Known::of(ledger, register).await?;
        register::ask(register, &known, http, report).await;
        for line in known.lines(ledger.now()) {
            report.tell(line);
        }
    }
    for source in ledger
        .sources()
        .await?
        .into_iter()
        .filter(|source| source.kind.is_payment())
    {
        let heading = format!(
            "Payment source {} ({} {})",
            source.id,
            source.kind.as_str(),
            source.account
        );
        report.about(&heading, source.id.as_str());
        source::ask(&source, http, PATIENCE, report).await;
        if let Some(line) = receipts::checked(&source, ledger, http).await? {
            report.tell(line);
        }
        for line in trust(&source, ledger.now()) {
            report.tell(line);
        }
    }
    Ok(())
}

/// What is unusual about whom the source believes.
fn trust(source: &Source, now: UnixMillis) -> Vec<Line> {
    let mut lines = Vec::new();
    if let Some(old) = source.secret_before.as_ref().filter(|old| old.until > now) {
        lines.push(Line::note(format!(
            "callbacks signed with the secret before this one are believed until {}",
            text::moment(old.until)
        )));
    }
    if !source.allowed_addresses.is_empty() {
        let all: Vec<String> = source.allowed_addresses.iter().map(ToString::to_string).collect();
        lines.push(Line::note(format!("callbacks are taken from {} only", all.join(", "))));
    }
    lines
}

/// What waits for a person and is about no register; the rest was told above.
async fn waiting(ledger: &Ledger, report: &mut Report) -> anyhow::Result<()> {
    let mut alerts = ledger.open_alerts(None).await?;
    alerts.retain(|alert| alert.register.is_none());
    if alerts.is_empty() {
        return Ok(());
    }
    report.about("Alerts about no register", "alerts");
    for alert in &alerts {
        report.tell(facts::alert(alert));
    }
    Ok(())
}
