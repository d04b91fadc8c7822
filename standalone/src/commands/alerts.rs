//! `kasyr alerts [--all]` and `kasyr alerts ack ID`.

use ledger::alerts::{Acknowledged, AlertView};
use ledger::people::Reach;

use super::exit::Exit;
use super::hand::ACTOR;
use super::text::{document_line, moment};
use crate::config::Base;

/// With `--all`, so many.
const NEWEST: u64 = 200;

pub(super) async fn list(base: &Base, all: bool) -> anyhow::Result<Exit> {
    let ledger = base.open().await?;
    let alerts = if all {
        ledger.recent_alerts(None, NEWEST).await?
    } else {
        ledger.open_alerts(None).await?
    };
    let held = ledger.recent_documents(Some("held"), 200).await?;
    if alerts.is_empty() && held.is_empty() {
        println!("Nothing needs a person.");
    }
    for alert in &alerts {
        println!("{}", line(alert));
    }
    for document in &held {
        println!("{}", document_line(document));
    }
    Ok(Exit::Done)
}

fn line(alert: &AlertView) -> String {
    let mut text = format!(
        "{} since {} ({} times): {}\n    → {}\n    {}",
        alert.severity,
        moment(alert.opened_at),
        alert.seen,
        alert.text.en,
        alert.next_step.en,
        alert.id,
    );
    if let Some((at, by)) = &alert.acknowledged {
        text.push_str(&format!(", known to {by} since {}", moment(*at)));
    }
    if let Some(at) = alert.resolved_at {
        text.push_str(&format!(", closed {}", moment(at)));
    }
    text
}

pub(super) async fn acknowledge(base: &Base, id: &str) -> anyhow::Result<Exit> {
    let ledger = base.open().await?;
    let done = ledger
        .acknowledge_alert(&Reach::Everything, id, ACTOR, ledger.now())
        .await?;
    match done {
        Acknowledged::Done { closed: false } => println!("Alert {id}: acknowledged."),
        Acknowledged::Done { closed: true } => println!("Alert {id}: acknowledged and closed."),
        Acknowledged::WasClosed => println!("Alert {id} is closed already."),
        Acknowledged::NotFound => {
            println!("There is no alert {id}; see them with: kasyr alerts");
            return Ok(Exit::Failed);
        }
    }
    Ok(Exit::Done)
}
