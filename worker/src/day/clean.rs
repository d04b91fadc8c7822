//! Bringing the provider's view of a register in line with the tax service's. It may make a Z-report
//! and close the shift, so it is done under the lease, kept in the audit, and told.

use ledger::LedgerError;
use ledger::actions::{Ask, End};
use ledger::tape::{Health, NewAttempt};

use super::tell;
use crate::providers::{Asked, Failure, FailureClass};
use crate::send::leave_register;
use crate::work_register::{Lane, Step};

/// So many in a row that help nothing: then a person must look.
const MOST: u32 = 3;

/// The cure for a desynchronised register: `Cleanup(Remove=false)`, then everything is looked at anew.
pub(crate) async fn clean(lane: &mut Lane<'_>, failure: &Failure) -> Result<Step, LedgerError> {
    let ledger = lane.state.ledger.clone();
    let id = lane.register.id.clone();
    let day = ledger.day(&id).await?;
    ledger
        .raise_alert(
            &tell::desync(&lane.register, failure, day.facts.next_local),
            ledger.now(),
        )
        .await?;
    if day.cleanups >= MOST {
        let failure = Failure {
            class: FailureClass::Repair,
            ..failure.clone()
        };
        return leave_register(lane, None, &failure, &[]).await;
    }
    let action = ledger.ask_by_itself(&id, Ask::Cleanup, ledger.now()).await?;
    let (step, end) = match now(lane, false).await? {
        Cleaned::Done => {
            lane.look_soon();
            (
                Step::Next,
                done(true, "the provider's view of the register was brought in line"),
            )
        }
        Cleaned::Lost => return Ok(Step::Lost),
        Cleaned::Failed(failure, attempts) => {
            let text = format!("the clean-up failed: {}", failure.text.en);
            (
                leave_register(lane, None, &failure, &attempts).await?,
                done(false, &text),
            )
        }
    };
    ledger.end_action(&action.id, &end, ledger.now()).await?;
    Ok(step)
}

/// What a clean-up came to.
pub(super) enum Cleaned {
    Done,
    Lost,
    Failed(Failure, Vec<NewAttempt>),
}

/// The request itself.
pub(super) async fn now(lane: &mut Lane<'_>, remove: bool) -> Result<Cleaned, LedgerError> {
    if !lane.grip.keep().await? {
        return Ok(Cleaned::Lost);
    }
    let Asked { value, attempts } = lane.adapter.cleanup(remove).await;
    let ledger = &lane.state.ledger;
    match value {
        Ok(()) => {
            tracing::warn!(register.id = %lane.register.id, remove, "Brought register {} in line at the provider", lane.register.id);
            ledger
                .note_register(&lane.grip.lease, None, &attempts, &Health::Unchanged, ledger.now())
                .await?;
            ledger.note_cleanup(&lane.register.id).await?;
            Ok(Cleaned::Done)
        }
        Err(failure) if !failure.answered && failure.class == FailureClass::Unknown => {
            // It may still run there, and it writes to the tape.
            let until = ledger.now().plus(lane.state.times.settle);
            ledger
                .note_register(&lane.grip.lease, None, &attempts, &Health::Quiet(until), ledger.now())
                .await?;
            ledger.note_cleanup(&lane.register.id).await?;
            Ok(Cleaned::Failed(failure, Vec::new()))
        }
        Err(failure) => Ok(Cleaned::Failed(failure, attempts)),
    }
}

pub(super) fn done(done: bool, result: &str) -> End {
    End {
        done,
        result: result.to_owned(),
    }
}
