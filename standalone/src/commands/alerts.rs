//! `kasyr alerts [--all]` and `kasyr alerts ack ID`.

use ledger::alerts::AlertView;

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
    if ledger.acknowledge_alert(None, id, ACTOR, ledger.now()).await? {
        println!("Alert {id}: acknowledged.");
        return Ok(Exit::Done);
    }
    println!("There is no open alert {id}; see them with: kasyr alerts");
    Ok(Exit::Failed)
}
