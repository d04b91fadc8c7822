//! One more look at open findings: soon after they were found, for much is on its way by then, and at once when
//! a person asks for a repair.

use std::time::Duration;

use domain::ids::RegisterId;
use ledger::LedgerError;
use ledger::reconcile::{FindingView, Repair, TapeRead};
use ledger::settings::Source;

use super::ask::{self, heard, take_in};
use crate::gateways::{Answer, Gateway};
use crate::kyiv;
use crate::state::WorkerState;

/// So many a turn.
const TURN: u32 = 50;
/// After so many the next night has it.
const LOOKS: u32 = 12;

/// Every look that is due. Two workers at one finding come to the same.
pub(super) async fn due(state: &WorkerState) -> Result<(), LedgerError> {
    let now = state.ledger.now();
    for finding in state.ledger.due_looks(now, TURN).await? {
        if state.stopping.is_cancelled() {
            return Ok(());
        }
        let until = now.plus(state.times.lease);
        if state.ledger.take_look(&finding.id, now, until).await? {
            look(state, &finding).await?;
        }
    }
    Ok(())
}

async fn look(state: &WorkerState, finding: &FindingView) -> Result<(), LedgerError> {
    let looks = state.ledger.looks(&finding.id).await?;
    let done = match &finding.register {
        Some(register) => at_tape(state, finding, register, looks).await?,
        None => at_order(state, finding).await?,
    };
    let next = (looks < LOOKS).then(|| state.ledger.now().plus(state.times.look_backoff.wait(looks + 1)));
    state.ledger.look_next(finding, next, done).await
}

/// True: what was asked for is done, as far as it can be.
async fn at_order(state: &WorkerState, finding: &FindingView) -> Result<bool, LedgerError> {
    let (Some(source), Some(order)) = (state.source(&finding.source).await?, &finding.external) else {
        return Ok(true);
    };
    let answer = match ask_about(state, &source, order).await {
        Ok(answer) => answer,
        Err(why) => {
            tracing::info!(finding.id = %finding.id, "Finding {} cannot be looked at: {why}", finding.id);
            return Ok(false);
        }
    };
    if finding.wanted == Some(Repair::TakeIn)
        && let Answer::Order(told) = &answer
    {
        take_in(state, &source, told).await?;
    }
    let Some(money) = answer.money() else { return Ok(true) };
    let now = state.ledger.now();
    let mut judged = Vec::new();
    for sides in ask::named(state, &source, std::slice::from_ref(order)).await? {
        // What a person waits for is looked at without patience.
        let patience = match finding.wanted {
            Some(_) => Duration::ZERO,
            None => state.times.reconcile_patience,
        };
        let heard = heard(state, &source, &sides, &answer, money).await?;
        judged.push(heard.unwrap_or(sides).judge(money, patience, now));
    }
    state
        .ledger
        .keep_looks(&finding.merchant, &finding.source, &finding.day, &judged, now)
        .await?;
    Ok(true)
}

async fn ask_about(
    state: &WorkerState,
    source: &Source,
    order: &domain::ids::ExternalOrderId,
) -> Result<Answer, String> {
    Gateway::of(state, source)?.status(order).await
}

/// The tape is read again when a person asks; its keeper does that.
async fn at_tape(state: &WorkerState, finding: &FindingView, register: &str, looks: u32) -> Result<bool, LedgerError> {
    let Ok(register) = RegisterId::parse(register) else {
        return Ok(true);
    };
    let now = state.ledger.now();
    if finding.wanted.is_some() && looks == 0 {
        // What mends it may stand on today's tape.
        for day in [kyiv::day_named(&finding.day), kyiv::day_before(now, 0)]
            .into_iter()
            .flatten()
        {
            let read = TapeRead {
                day: day.name,
                from: day.from,
                to: day.to,
            };
            state.ledger.ask_tape(&register, &read, now).await?;
        }
        return Ok(false);
    }
    if state.ledger.tape_wanted(&register).await?.is_some() {
        return Ok(false);
    }
    let judged = state.ledger.judge_strangers(&register, &finding.day).await?;
    state
        .ledger
        .keep_looks(&finding.merchant, &finding.source, &finding.day, &judged, now)
        .await?;
    Ok(true)
}
