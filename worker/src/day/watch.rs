//! What a look tells a person: offline time, licence, certificate, a cancelled registration, a shift
//! that is not ours, a shift that gets too old.

use std::time::Duration;

use domain::shift::LONGEST;
use ledger::LedgerError;
use ledger::alerts::NewAlert;
use ledger::day::{Day, DayView, Facts};

use super::tell::{self, Limit};
use super::{Halt, hold_on};
use crate::state::WorkerState;
use crate::work_register::Lane;

/// A certificate is asked for so often.
const CERTIFICATE_EVERY: Duration = Duration::from_secs(24 * 3600);

/// An hour before the law's end somebody is told that a shift is not closed.
const TELL_BEFORE: Duration = Duration::from_secs(3600);

/// So long after a closing was due nobody need be told: it is under way.
const CLOSING_TAKES: Duration = Duration::from_secs(120);

/// Opens and closes the alerts that follow from a look.
pub(super) async fn tell(lane: &mut Lane<'_>, day: &Day) -> Result<(), Halt> {
    let register = &lane.register;
    let facts = &day.facts;
    let now = lane.state.ledger.now();
    let month = month_minutes(facts);
    set(
        lane,
        day,
        tell::OFFLINE_SESSION,
        tell::offline_time(register, Limit::Session, facts.session_minutes),
    )
    .await?;
    set(
        lane,
        day,
        tell::OFFLINE_MONTH,
        tell::offline_time(register, Limit::Month, month),
    )
    .await?;
    let licence = facts.licence_until.map(domain::time::UnixMillis);
    set(
        lane,
        day,
        tell::LICENCE,
        licence.and_then(|until| tell::ends_soon(register, tell::LICENCE, until, now)),
    )
    .await?;
    set(
        lane,
        day,
        tell::CANCELLED,
        facts.cancelled.then(|| tell::cancelled(register)),
    )
    .await?;
    if day.shift.is_none() {
        close(lane, day, tell::SHIFT_CLOSING).await?;
    }
    foreign_shift(lane, day).await?;
    if day.cleanups > 0 {
        look_for_strangers(lane, day).await?;
    }
    Ok(())
}

/// The month's minutes with those of the running session.
pub(crate) const fn month_minutes(facts: &Facts) -> u64 {
    facts.month_minutes + facts.session_minutes
}

/// Opens, renews or closes an alert about the register; one that is not open is not touched.
async fn set(lane: &Lane<'_>, day: &Day, kind: &str, alert: Option<NewAlert>) -> Result<(), LedgerError> {
    let ledger = &lane.state.ledger;
    match alert {
        Some(alert) => ledger.raise_alert(&alert, ledger.now()).await,
        None => close(lane, day, kind).await,
    }
}

/// Closes an alert about the register, if it was open at this look.
pub(super) async fn close(lane: &Lane<'_>, day: &Day, kind: &str) -> Result<(), LedgerError> {
    let ledger = &lane.state.ledger;
    if day.alerts.iter().any(|open| open == kind) {
        ledger
            .resolve_alert(kind, lane.register.id.as_str(), ledger.now())
            .await?;
    }
    Ok(())
}

/// The first document after the opening is ours, or the shift was opened by somebody else.
async fn foreign_shift(lane: &Lane<'_>, day: &Day) -> Result<(), Halt> {
    let ledger = &lane.state.ledger;
    let stranger = match &day.shift {
        None => None,
        Some(shift) => match shift.first_local {
            None => None,
            Some(first) => {
                let (_, ours) = ledger.sums_between(&lane.register.id, first, first + 1).await?;
                // Our first receipt may be on its way.
                let unsettled = ledger.has_unsettled(&lane.register.id).await?;
                (ours.is_empty() && !unsettled).then_some(shift)
            }
        },
    };
    let alert = stranger.map(|shift| tell::foreign_shift(&lane.register, shift));
    Ok(set(lane, day, tell::FOREIGN_SHIFT, alert).await?)
}

/// After a clean-up: what is on the open shift's tape that is not ours.
async fn look_for_strangers(lane: &mut Lane<'_>, day: &Day) -> Result<(), Halt> {
    let Some(shift) = &day.shift else {
        return Ok(());
    };
    hold_on(lane).await?;
    let Some(documents) = lane.adapter.listed_documents(shift).await.told_if_there()? else {
        return Ok(());
    };
    let numbers: Vec<String> = documents
        .iter()
        .map(|document| document.fiscal_number.clone())
        .collect();
    let ours = lane.state.ledger.known_numbers(&lane.register.id, &numbers).await?;
    let strangers = super::compare::strangers(&documents, &ours);
    // A document of ours whose answer was lost is no stranger.
    if !strangers.is_empty() && !lane.state.ledger.has_unsettled(&lane.register.id).await? {
        let alert = tell::foreign_documents(&lane.register, &strangers);
        lane.state.ledger.raise_alert(&alert, lane.state.ledger.now()).await?;
    }
    Ok(())
}

/// When the key's certificate ends, asked once a day.
pub(super) async fn certificate(lane: &mut Lane<'_>, day: &Day) -> Result<(), Halt> {
    let ledger = lane.state.ledger.clone();
    let now = ledger.now();
    let mut until = day.certificate_until;
    if day
        .certificate_seen_at
        .is_none_or(|at| now.since(at) >= CERTIFICATE_EVERY)
    {
        hold_on(lane).await?;
        let credentials = lane.register.credentials.clone();
        let asked = lane.adapter.certificate_until(&credentials).await;
        // A provider that does not know the certificate is no reason to leave the register alone.
        if let Ok(told) = asked.value {
            until = told;
            ledger.note_certificate(&lane.register.id, told, now).await?;
        }
    }
    let alert = until.and_then(|until| tell::ends_soon(&lane.register, tell::CERTIFICATE, until, now));
    Ok(set(lane, day, tell::CERTIFICATE, alert).await?)
}

/// Who sells at the register, for its receipts; asked once a day.
pub(super) async fn seller(lane: &mut Lane<'_>, day: &Day) -> Result<(), Halt> {
    let ledger = lane.state.ledger.clone();
    let now = ledger.now();
    if day.seller_seen_at.is_some_and(|at| now.since(at) < CERTIFICATE_EVERY) {
        return Ok(());
    }
    hold_on(lane).await?;
    // Without it receipts show the merchant's name only; the next look asks again.
    if let Ok(Some(seller)) = lane.adapter.seller().await.value {
        ledger.note_seller(&lane.register.id, &seller, now).await?;
    }
    Ok(())
}

/// Shifts that get too old are told also while their register does not answer. Read with the gauges.
pub(crate) async fn old_shifts(state: &WorkerState, days: &[DayView]) -> Result<(), LedgerError> {
    let now = state.ledger.now();
    for day in days {
        let Some((opened, close_due)) = day.shift else {
            continue;
        };
        let end = opened.plus(LONGEST);
        let late = now.since(close_due) > CLOSING_TAKES || day.failures > 0;
        if now < end.minus(TELL_BEFORE) || !late {
            continue;
        }
        let Some(register) = state.register(&day.register).await? else {
            continue;
        };
        let left = (now < end).then(|| end.since(now));
        state
            .ledger
            .raise_alert(&tell::shift_closing(&register, opened, left), now)
            .await?;
    }
    Ok(())
}
