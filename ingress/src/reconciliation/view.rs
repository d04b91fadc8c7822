//! How runs and findings look in an answer.

use domain::money::Kopecks;
use ledger::reconcile::{FindingView, RunView, explain, next_step};
use serde_json::{Value, json};

use crate::documents::view::time;

pub(super) fn run(run: &RunView) -> Value {
    let counts = &run.counts;
    json!({
        "id": run.id,
        "source": run.source,
        "day": run.day,
        "nightly": run.nightly,
        "asked_by": run.asked_by,
        "asked_at": time(run.asked_at),
        "ended_at": run.ended_at.map(time),
        "complete": run.ended_at.is_some() && run.problem.is_none(),
        "problem": run.problem,
        "payments": counts.payments,
        "paid": sum(counts.paid),
        "given_back": sum(counts.refunded),
        "receipts": counts.receipts,
        "sold": sum(counts.sold),
        "returned": sum(counts.returned),
        "listed": counts.listed,
        "asked": counts.asked,
        "taken_in": counts.taken_in,
    })
}

pub(super) fn finding(finding: &FindingView) -> Value {
    let (text, step) = (explain(finding), next_step(finding));
    json!({
        "id": finding.id,
        "kind": finding.kind.as_str(),
        "source": finding.source.as_str(),
        "day": finding.day,
        "order_id": finding.external.as_ref().map(|id| id.as_str()),
        "register": finding.register,
        "fiscal_number": finding.fiscal_number,
        "text": { "en": text.en, "uk": text.uk },
        "next_step": { "en": step.en, "uk": step.uk },
        "repair": finding.repair.as_str(),
        "repair_asked": finding.wanted.map(|repair| repair.as_str()),
        "found_at": time(finding.found_at),
    })
}

fn sum(minor: u64) -> String {
    Kopecks::from_minor(minor).unwrap_or(Kopecks::MAX).to_string()
}
