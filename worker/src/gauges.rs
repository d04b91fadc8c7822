//! Gauges, read from the ledger now and then. Gauges fall to zero instead of vanishing.

use std::collections::BTreeSet;

use ledger::wall_clock;
use metrics::gauge;
use queue::Kind;

use crate::metrics as names;
use crate::state::WorkerState;
use crate::trouble;

const OPEN_STATES: [&str; 6] = ["waiting", "ready", "sending", "in_doubt", "pending", "held"];

/// Reads until the worker stops.
pub(crate) async fn run(state: WorkerState) {
    let mut ticks = tokio::time::interval(state.times.gauges);
    let mut registers = BTreeSet::new();
    let mut alerts = BTreeSet::new();
    loop {
        tokio::select! {
            () = state.stopping.cancelled() => return,
            _ = ticks.tick() => {}
        }
        if let Err(error) = read(&state, &mut registers, &mut alerts).await {
            trouble::log_ledger("read the gauges", &error);
        }
    }
}

async fn read(
    state: &WorkerState,
    registers: &mut BTreeSet<String>,
    alerts: &mut BTreeSet<String>,
) -> Result<(), ledger::LedgerError> {
    let now = wall_clock();
    state.ledger.watch_orphans(now, state.times.orphan_patience).await?;
    let stats = state.ledger.stats().await?;
    for open in OPEN_STATES {
        let count = stats
            .documents
            .iter()
            .find(|(name, _)| name == open)
            .map_or(0, |(_, count)| *count);
        gauge!(names::DOCUMENTS_OPEN, "state" => open).set(number(count));
    }
    let age = |since: Option<domain::time::UnixMillis>| since.map_or(0, |since| whole_seconds(now.since(since)));
    gauge!(names::OLDEST_DOCUMENT).set(number(age(stats.oldest_document)));
    gauge!(names::OLDEST_EVENT).set(number(age(stats.oldest_event)));
    gauge!(names::EVENTS_WAITING).set(number(stats.events_waiting));
    for (name, label, seen, values) in [
        (names::REGISTER_FAILURES, "register", registers, &stats.resting),
        (names::ALERTS_OPEN, "kind", alerts, &stats.alerts),
    ] {
        seen.extend(values.iter().map(|(value, _)| value.clone()));
        for value in seen.iter() {
            let count = values
                .iter()
                .find(|(name, _)| name == value)
                .map_or(0, |(_, count)| *count);
            gauge!(name, label => value.clone()).set(number(count));
        }
    }
    for kind in Kind::ALL {
        if let Some(depth) = state.doorbell.depth(kind).await {
            gauge!(names::QUEUE_DEPTH, "kind" => kind.as_str()).set(number(i64::try_from(depth).unwrap_or(i64::MAX)));
        }
    }
    gauge!(names::QUEUE_UP).set(number(i64::from(state.doorbell.is_up())));
    Ok(())
}

fn whole_seconds(duration: std::time::Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}

/// Gauges are floats; counts and seconds stay exact in one up to 2^53.
#[expect(clippy::cast_precision_loss, reason = "counts and seconds are far below 2^53")]
fn number(count: i64) -> f64 {
    count as f64
}
