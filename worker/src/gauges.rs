//! Gauges, read from the ledger now and then. Gauges fall to zero instead of vanishing.

use std::collections::BTreeSet;

use domain::time::UnixMillis;
use ledger::day::DayView;
use ledger::people::Reach;
use ledger::reconcile::FindingFilter;
use metrics::gauge;
use queue::Kind;

use crate::day::watch;
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
    alerts: &mut BTreeSet<(String, String)>,
) -> Result<(), ledger::LedgerError> {
    let now = state.ledger.now();
    state.ledger.watch_orphans(now, state.times.orphan_patience).await?;
    state.ledger.watch_results(now, state.times.result_patience).await?;
    let stats = state.ledger.stats().await?;
    for open in OPEN_STATES {
        let count = stats
            .documents
            .iter()
            .find(|(name, _)| name == open)
            .map_or(0, |(_, count)| *count);
        gauge!(names::DOCUMENTS_OPEN, "state" => open).set(number(count));
    }
    let age = |since: Option<UnixMillis>| since.map_or(0, |since| whole_seconds(now.since(since)));
    gauge!(names::OLDEST_DOCUMENT).set(number(age(stats.oldest_document)));
    gauge!(names::OLDEST_EVENT).set(number(age(stats.oldest_event)));
    gauge!(names::EVENTS_WAITING).set(number(stats.events_waiting));
    registers.extend(stats.resting.iter().map(|(register, _)| register.clone()));
    for register in registers.iter() {
        let failures = stats.resting.iter().find(|(name, _)| name == register);
        gauge!(names::REGISTER_FAILURES, "register" => register.clone())
            .set(number(failures.map_or(0, |(_, count)| *count)));
    }
    alerts.extend(
        stats
            .alerts
            .iter()
            .map(|(kind, severity, _)| (kind.clone(), severity.clone())),
    );
    for (kind, severity) in alerts.iter() {
        let open = stats
            .alerts
            .iter()
            .find(|(name, how, _)| (name, how) == (kind, severity));
        gauge!(names::ALERTS_OPEN, "kind" => kind.clone(), "severity" => severity.clone())
            .set(number(open.map_or(0, |(_, _, count)| *count)));
    }
    for one in state.ledger.delivery_stats().await? {
        let channel = one.channel.as_str();
        gauge!(names::DELIVERIES_OPEN, "channel" => channel, "state" => "due").set(number(one.due));
        gauge!(names::DELIVERIES_OPEN, "channel" => channel, "state" => "held").set(number(one.held));
        gauge!(names::OLDEST_DELIVERY, "channel" => channel).set(number(age(one.oldest_due)));
        gauge!(names::LANES_DOWN, "channel" => channel).set(number(one.down));
    }
    for one in state
        .ledger
        .finding_stats(&Reach::Everything, &FindingFilter::default())
        .await?
    {
        gauge!(names::FINDINGS_OPEN, "kind" => one.kind.as_str()).set(number(one.open));
    }
    for (source, ended_at) in state.ledger.last_reconciliations().await? {
        if ended_at.is_some() {
            gauge!(names::RECONCILED_AGE, "source" => source).set(number(age(ended_at)));
        }
    }
    let days = state.ledger.days().await?;
    watch::old_shifts(state, &days).await?;
    for day in &days {
        show(day, now);
    }
    for kind in Kind::ALL {
        if let Some(depth) = state.doorbell.depth(kind).await {
            gauge!(names::QUEUE_DEPTH, "kind" => kind.as_str()).set(number(i64::try_from(depth).unwrap_or(i64::MAX)));
        }
    }
    gauge!(names::QUEUE_UP).set(number(i64::from(state.doorbell.is_up())));
    Ok(())
}

/// One register's day.
fn show(day: &DayView, now: UnixMillis) {
    let set = |name: &'static str, value: i64| {
        gauge!(name, "register" => day.register.to_string()).set(number(value));
    };
    let age = |since: UnixMillis| whole_seconds(now.since(since));
    set(names::SHIFT_AGE, day.shift.map_or(0, |(opened, _)| age(opened)));
    let minutes = |minutes: u64| i64::try_from(minutes).unwrap_or(i64::MAX);
    set(names::OFFLINE_SESSION, minutes(day.facts.session_minutes));
    set(names::OFFLINE_MONTH, minutes(watch::month_minutes(&day.facts)));
    set(names::OFFLINE_DOCUMENTS, minutes(day.offline_documents));
    if let Some(seen_at) = day.seen_at {
        set(names::SEEN_AGE, age(seen_at));
    }
    let days_left = |until: UnixMillis| (until.0 - now.0).div_euclid(24 * 3600 * 1000);
    if let Some(until) = day.certificate_until {
        set(names::CERTIFICATE_DAYS, days_left(until));
    }
    if let Some(until) = day.facts.licence_until {
        set(names::LICENCE_DAYS, days_left(UnixMillis(until)));
    }
}

fn whole_seconds(duration: std::time::Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}

/// Gauges are floats; counts and seconds stay exact in one up to 2^53.
#[expect(clippy::cast_precision_loss, reason = "counts and seconds are far below 2^53")]
fn number(count: i64) -> f64 {
    count as f64
}
