//! One look at a payment system's register.

use domain::found::{Found, FoundReceipt};
use domain::time::UnixMillis;
use ledger::LedgerError;
use ledger::gateway::{Claim, Look, Purpose};

use super::{client, file, probe, settlement, when::LookTimes};
use crate::state::WorkerState;
use crate::{deliver, kyiv};

/// Makes a look, if it is due and nobody else makes it; says when it should be made again. Safe to repeat and to run
/// anywhere at once.
pub async fn look(state: &WorkerState, id: &str) -> Result<Option<UnixMillis>, LedgerError> {
    let now = state.ledger.now();
    // Longer than the log, the link and the file take together.
    let until = now.plus(state.times.call_timeout * 4);
    let Some(claim) = state.ledger.claim_expectation(id, until, now).await? else {
        return Ok(None);
    };
    match claim.purpose {
        Purpose::Receipt => receipts(state, &claim).await,
        Purpose::Probe => probe::look(state, &claim).await,
    }
}

async fn receipts(state: &WorkerState, claim: &Claim) -> Result<Option<UnixMillis>, LedgerError> {
    let answer = match state.source(&claim.source).await? {
        Some(source) => client::asked(state, &source, &claim.order).await,
        None => Err("its payment source is not known".to_owned()),
    };
    let now = state.ledger.now();
    let answer = answer.map(|found| with_days(state, found, now));
    let look = match &answer {
        Ok(found) => Look::Answer(found),
        Err(why) => Look::Silence(why),
    };
    let rules = settlement::Rules {
        claim,
        trouble: answer.as_ref().err().map(String::as_str),
        files: state.gateway.receipt_path.is_some(),
        times: &state.times.gateway,
        now,
    };
    let mut next = None;
    let lanes = state
        .ledger
        .settle_expectation(claim, &look, now, |standing| {
            let settlement = settlement::of(standing, &rules);
            next = settlement.look_at;
            settlement
        })
        .await?;
    deliver::ring(state, &lanes);
    // After the receipts are safe, and told of: a file that does not come holds nothing up.
    let wanted = answer.is_ok() && state.gateway.receipt_path.is_some();
    if wanted && file::fetch(state, claim).await? && state.ledger.rest_expectation(claim).await? {
        next = None;
    }
    Ok(next)
}

/// Each receipt with the day of whose Z-report it is part, if Z-reports are asked for.
fn with_days(state: &WorkerState, found: Vec<Found>, now: UnixMillis) -> Vec<(Found, Option<(String, UnixMillis)>)> {
    let wanted = state.gateway.receipt_path.is_some();
    found
        .into_iter()
        .map(|one| {
            let day = match &one {
                Found::Receipt(receipt) if wanted => Some(day(receipt, &state.times.gateway, now)),
                Found::Receipt(_) | Found::Refused { .. } | Found::Unanswered { .. } | Found::Unclear { .. } => None,
            };
            (one, day)
        })
        .collect()
}

fn day(receipt: &FoundReceipt, times: &LookTimes, now: UnixMillis) -> (String, UnixMillis) {
    let at = receipt.registered_at.as_deref().and_then(kyiv::read).unwrap_or(now);
    let (day, end) = kyiv::day_and_end(at);
    (day, end.plus(times.report))
}
