//! What follows from a look: pure.

use domain::found::Found;
use domain::time::UnixMillis;
use ledger::alerts::{NewAlert, Severity};
use ledger::gateway::{Claim, Progress, Settlement, Standing};

use super::when::LookTimes;
use super::words;

/// What shapes a settlement.
pub(super) struct Rules<'a> {
    pub claim: &'a Claim,
    /// Why the payment system gave no answer.
    pub trouble: Option<&'a str>,
    /// Its own files are wanted.
    pub files: bool,
    pub times: &'a LookTimes,
    pub now: UnixMillis,
}

pub(super) fn of(standing: &Standing, rules: &Rules<'_>) -> Settlement {
    let age = rules.now.since(standing.since);
    if standing.found == standing.expected {
        let wanted = standing.without_file.filter(|_| rules.files);
        return Settlement {
            progress: Progress::Met,
            look_at: wanted.and_then(|since| rules.times.next_file(since, rules.now)),
            alerts: Vec::new(),
        };
    }
    let missed = age >= rules.times.missed;
    Settlement {
        progress: if missed { Progress::Missed } else { Progress::Open },
        look_at: rules.times.next(standing.since, rules.now),
        alerts: alerts(standing, rules, age >= rules.times.warn, missed),
    }
}

fn alerts(standing: &Standing, rules: &Rules<'_>, overdue: bool, missed: bool) -> Vec<NewAlert> {
    let (expected, found) = (standing.expected, standing.found);
    let mut alerts = Vec::new();
    // Without an answer of the tax service yet, a receipt is only late.
    let refused: Vec<&Found> = standing
        .refused
        .iter()
        .filter(|one| overdue || !matches!(one, Found::Unanswered { .. }))
        .collect();
    if let Some(first) = refused.first() {
        alerts.push(words::refused(rules.claim, first, refused.len()));
    }
    // A payment's sum does not grow; money that went back may not have been told of yet.
    let differs_sold = !found.sold.is_zero() && found.sold != expected.sold;
    let differs_returned = overdue && !found.returned.is_zero() && found.returned != expected.returned;
    if differs_sold || differs_returned {
        alerts.push(words::differs(rules.claim, expected, found));
    }
    let missing_sale = found.sold.is_zero() && !expected.sold.is_zero();
    let missing_return = found.returned.is_zero() && !expected.returned.is_zero();
    if overdue && (missing_sale || missing_return) {
        let severity = if missed { Severity::Critical } else { Severity::Warning };
        alerts.push(words::missing(rules.claim, severity, expected, found, rules.trouble));
    }
    alerts
}

#[cfg(test)]
mod tests;
