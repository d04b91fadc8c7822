//! Keeping a register's day: look at it, close its shift in time, follow its offline documents, compare
//! its reports, do what was asked. Level-triggered: each look finds what should be and is not, so any
//! number of workers, cron jobs and clicks come to the same.

mod ask;
mod clean;
pub(crate) mod close;
mod compare;
mod notices;
mod offline;
mod tape;
mod tell;
pub(crate) mod watch;

use std::time::Duration;

use domain::document::Kind;
use domain::time::UnixMillis;
use ledger::LedgerError;
use ledger::day::Day;
use ledger::shifts::Opened;
use ledger::tape::{Health, NewAttempt};

pub(crate) use clean::clean;

use crate::kyiv;
use crate::providers::{Asked, Failure, FailureClass, Look, SeenShift};
use crate::send::leave_register;
use crate::work_register::{Lane, Step};

/// Why the keeping of a day stopped early.
enum Halt {
    /// The lease is lost: not one question more.
    Lost,
    /// A question was not answered.
    Trouble(Failure, Vec<NewAttempt>),
    /// The provider must be brought in line first.
    Clean(Failure),
    /// The ledger could not be asked.
    Ledger(LedgerError),
}

impl From<LedgerError> for Halt {
    fn from(error: LedgerError) -> Self {
        Self::Ledger(error)
    }
}

/// The lease must cover every question, however many there are.
async fn hold_on(lane: &mut Lane<'_>) -> Result<(), Halt> {
    if lane.grip.keep().await? {
        Ok(())
    } else {
        Err(Halt::Lost)
    }
}

impl<T> Asked<Result<T, Failure>> {
    fn told(self) -> Result<T, Halt> {
        match self.value {
            Ok(value) => Ok(value),
            Err(failure) if failure.class == FailureClass::Desync => Err(Halt::Clean(failure)),
            Err(failure) => Err(Halt::Trouble(failure, self.attempts)),
        }
    }

    /// The same where nothing is urgent: `None` while the tax service is away, or when the provider does
    /// not want to tell. Receipts need not wait for that.
    fn told_if_there(self) -> Result<Option<T>, Halt> {
        match self.told() {
            Ok(value) => Ok(Some(value)),
            Err(Halt::Trouble(failure, _)) if failure.answered || failure.tax_service_away => {
                tracing::debug!(code = %failure.word, "A register does not tell: {}", failure.text.en);
                Ok(None)
            }
            Err(halt) => Err(halt),
        }
    }
}

/// One full look at a register and everything that follows from it.
pub(crate) async fn tend(lane: &mut Lane<'_>) -> Result<Step, LedgerError> {
    match look_and_act(lane).await {
        Ok(()) => Ok(Step::Next),
        Err(Halt::Lost) => Ok(Step::Lost),
        Err(Halt::Clean(failure)) => Ok(Step::Clean(failure)),
        Err(Halt::Trouble(failure, attempts)) => leave_register(lane, None, &failure, &attempts).await,
        Err(Halt::Ledger(error)) => Err(error),
    }
}

async fn look_and_act(lane: &mut Lane<'_>) -> Result<(), Halt> {
    hold_on(lane).await?;
    let looked = lane.adapter.look().await;
    // A provider that has nothing to look at was not asked, and did not answer.
    lane.seen = !looked.attempts.is_empty();
    let look = looked.told()?;
    let (day, noted) = note(lane, look).await?;
    watch::tell(lane, &day).await?;
    close::when_due(lane, &day).await?;
    ask::answer(lane, &day).await?;
    offline::follow(lane, &day).await?;
    compare::compare(lane, &day).await?;
    tape::read(lane).await?;
    notices::settle(lane).await?;
    watch::certificate(lane, &day).await?;
    watch::seller(lane, &day).await?;
    if day.shift.is_some() {
        hold_on(lane).await?;
        lane.adapter.sign_of_life().await;
    }
    plan_next(lane, noted).await
}

/// Writes down what a look told. Until everything that follows is done the next look is due soon: a
/// process that dies in between costs that much.
async fn note(lane: &mut Lane<'_>, look: Look) -> Result<(Day, UnixMillis), Halt> {
    let before = lane.state.ledger.day(&lane.register.id).await?;
    let mut facts = look.facts;
    facts.tax_service = tax_service(lane).await?;
    let now = lane.state.ledger.now();
    let opened = match &look.shift {
        None => None,
        Some(seen) => Some(opened(lane, seen, &before, now).await?),
    };
    let noted = now.plus(lane.state.times.lease);
    let asked = std::time::Instant::now();
    let length = lane.state.times.lease;
    let ledger = &lane.state.ledger;
    if !ledger
        .note_look(&lane.grip.lease, &facts, opened.as_ref(), noted, length, now)
        .await?
    {
        return Err(Halt::Lost);
    }
    let day = ledger.day(&lane.register.id).await?;
    lane.grip.extended(asked);
    lane.look_at = noted;
    lane.shift = opened.map(|opened| opened.reference);
    Ok((day, noted))
}

/// Does the provider reach the tax service? One answer serves all its registers that are looked at
/// together. Only for people: whatever goes wrong with this question is no matter.
async fn tax_service(lane: &mut Lane<'_>) -> Result<Option<bool>, Halt> {
    let state = lane.state;
    if let Some(told) = state.tax_service.get(&lane.register.base_url, state.times.sweep) {
        return Ok(told);
    }
    hold_on(lane).await?;
    let told = lane.adapter.tax_service().await.value.ok().flatten();
    state.tax_service.put(lane.register.base_url.clone(), told);
    Ok(told)
}

/// When a shift was opened is asked once, when it is first seen.
async fn opened(lane: &mut Lane<'_>, seen: &SeenShift, before: &Day, now: UnixMillis) -> Result<Opened, Halt> {
    let known = before.shift.as_ref().filter(|shift| shift.reference == seen.reference);
    let opened_at = match (known, seen.opened_at) {
        (Some(shift), _) => Some(shift.opened_at),
        (None, Some(told)) => Some(told),
        (None, None) => opened_at(lane, seen, now).await?,
    };
    let opened_at = opened_at.map(|at| at.min(now));
    Ok(Opened {
        reference: seen.reference.clone(),
        provider_id: seen.provider_id,
        operator: seen.operator.clone(),
        opened_at,
        first_local: seen.first_local,
        close_due: kyiv::close_due(opened_at.unwrap_or(now), lane.register.close_at.as_deref()),
    })
}

async fn opened_at(lane: &mut Lane<'_>, seen: &SeenShift, now: UnixMillis) -> Result<Option<UnixMillis>, Halt> {
    hold_on(lane).await?;
    let totals = lane.adapter.totals().await.told_if_there()?;
    if let Some(at) = totals.and_then(|totals| totals.opened_at) {
        return Ok(Some(at));
    }
    hold_on(lane).await?;
    let listed = lane
        .adapter
        .listed_shift(&seen.reference, seen.provider_id, None, now)
        .await
        .told_if_there()?;
    Ok(listed.flatten().and_then(|shift| shift.opened_at))
}

/// When to look again: every few minutes, when the shift must be closed, sooner while something is
/// under way.
async fn plan_next(lane: &mut Lane<'_>, noted: UnixMillis) -> Result<(), Halt> {
    let ledger = &lane.state.ledger;
    let times = &lane.state.times;
    let day = ledger.day(&lane.register.id).await?;
    let now = ledger.now();
    let mut next = now.plus(times.watch);
    if let Some(shift) = &day.shift
        && shift.close_due > now
    {
        next = next.min(shift.close_due);
    }
    let under_way = day.offline_documents > 0 || day.uncompared.is_some();
    if under_way {
        next = next.min(now.plus(times.watch_soon));
    }
    if let Some(at) = notices::next(lane, now).await? {
        next = next.min(at);
    }
    if !day.actions.is_empty() {
        next = next.min(now.plus(times.first_ask.max(Duration::from_millis(100))));
    }
    ledger.look_again(&lane.register.id, noted, next).await?;
    // Somebody asked for a look meanwhile.
    lane.look_at = if day.look_at == noted { next } else { day.look_at };
    Ok(())
}

/// A register that answered and has nothing due is healthy again, whatever its last trouble was.
pub(crate) async fn healed(lane: &Lane<'_>) -> Result<(), LedgerError> {
    if !lane.seen || lane.register.failures == 0 {
        return Ok(());
    }
    let now = lane.state.ledger.now();
    lane.state
        .ledger
        .note_register(&lane.grip.lease, None, &[], &Health::Good, now)
        .await
}

/// Plans a document of the open shift.
async fn plan(lane: &Lane<'_>, shift: &ledger::shifts::Shift, kind: Kind) -> Result<bool, LedgerError> {
    let ledger = &lane.state.ledger;
    let planned = ledger
        .plan_for_shift(&lane.register.merchant, &lane.register.id, shift, kind, ledger.now())
        .await?;
    if planned {
        tracing::info!(
            register.id = %lane.register.id, kind = kind.as_str(),
            "Planned the {} of the shift opened {}", kind.as_str(), kyiv::for_people(shift.opened_at)
        );
    }
    Ok(planned)
}
