//! What a provider told by itself and nobody's document of ours explains: the provider is asked, in the register's
//! turn, and what it confirms is kept as a document made elsewhere, as a reading of the tape would keep it.
//!
//! A notice never keeps receipts waiting: whatever goes wrong with it, it comes again at a later look.

use std::time::Duration;

use domain::time::UnixMillis;
use ledger::LedgerError;
use ledger::alerts::{NewAlert, Severity, Words};
use ledger::notices::{Confirmed, DueNotice, NOTICE_DIFFERS, NOTICE_UNCONFIRMED, Sorted};
use ledger::reconcile::Stranger;

use super::{Halt, hold_on};
use crate::kyiv;
use crate::providers::{NOT_SUPPORTED, Noticed};
use crate::work_register::Lane;

/// So many are looked at in one look.
const AT_ONCE: u32 = 50;

/// So many of them are asked about.
const QUESTIONS: u32 = 10;

/// A check that its provider does not know for so long is an invention, or somebody else's.
const UNKNOWN_AFTER: Duration = Duration::from_secs(15 * 60);

/// What could not be asked about for so long is a person's.
const UNASKED_AFTER: Duration = Duration::from_secs(24 * 3600);

/// Settles notices that are due, a few at a time.
pub(super) async fn settle(lane: &mut Lane<'_>) -> Result<(), Halt> {
    let ledger = lane.state.ledger.clone();
    let due = ledger.due_notices(&lane.register.id, ledger.now(), AT_ONCE).await?;
    if due.is_empty() {
        return Ok(());
    }
    // A document of ours whose answer was lost is no stranger.
    let unsettled = ledger.has_unsettled(&lane.register.id).await?;
    let mut questions = 0;
    for notice in due {
        match ledger.sort_notice(&lane.register.id, &notice, ledger.now()).await? {
            Sorted::Taken | Sorted::Rung => {}
            Sorted::Later => put_off(lane, &notice, "its document is on its way").await?,
            Sorted::Ask if unsettled => {
                put_off(lane, &notice, "a document of ours is being asked about").await?;
            }
            Sorted::Ask if questions >= QUESTIONS => put_off(lane, &notice, "others were asked about").await?,
            Sorted::Ask => {
                questions += 1;
                // While it does not answer, the others need not ask.
                if !ask(lane, &notice).await? {
                    questions = QUESTIONS;
                }
            }
        }
    }
    Ok(())
}

/// When the next one is due, not at once.
pub(super) async fn next(lane: &Lane<'_>, now: UnixMillis) -> Result<Option<UnixMillis>, LedgerError> {
    let next = lane.state.ledger.next_notice(&lane.register.id).await?;
    let soonest = now.plus(Duration::from_millis(100));
    Ok(next.map(|next| next.max(soonest)))
}

/// Asks the provider about one. False: it did not answer.
async fn ask(lane: &mut Lane<'_>, notice: &DueNotice) -> Result<bool, Halt> {
    let Some(uuid) = notice.told.uuid.as_deref() else {
        return Ok(true);
    };
    hold_on(lane).await?;
    let asked = lane.adapter.notice(uuid).await;
    let ledger = lane.state.ledger.clone();
    let now = ledger.now();
    let age = now.since(notice.received_at);
    match asked.value {
        Ok(Some(noticed)) => keep(lane, notice, &noticed).await.map(|()| true),
        Ok(None) if age < UNKNOWN_AFTER => {
            put_off(lane, notice, "the provider does not know it").await?;
            Ok(true)
        }
        Ok(None) => {
            let alert = unconfirmed(lane, notice, &Words::new("does not know it", "його не знає"));
            ledger
                .drop_notice(notice, "the provider does not know it", Some(&alert), now)
                .await?;
            Ok(true)
        }
        // Its tape is compared with ours in another way, or not at all.
        Err(failure) if failure.word == NOT_SUPPORTED => {
            ledger
                .drop_notice(notice, "this provider cannot be asked about it", None, now)
                .await?;
            Ok(true)
        }
        Err(failure) if age < UNASKED_AFTER => {
            tracing::debug!(code = %failure.word, "A notice cannot be confirmed: {}", failure.text.en);
            put_off(lane, notice, "the provider could not be asked").await?;
            Ok(false)
        }
        Err(failure) => {
            let alert = unconfirmed(lane, notice, &failure.text);
            ledger
                .drop_notice(notice, "the provider could not be asked", Some(&alert), now)
                .await?;
            Ok(false)
        }
    }
}

/// What the provider says counts, whatever was told before.
async fn keep(lane: &mut Lane<'_>, notice: &DueNotice, noticed: &Noticed) -> Result<(), Halt> {
    let ledger = lane.state.ledger.clone();
    let now = ledger.now();
    if !noticed.is_receipt {
        ledger.drop_notice(notice, "not a receipt", None, now).await?;
        return Ok(());
    }
    let Some(number) = &noticed.fiscal_number else {
        // It gets its number when it is delivered, which may take days; then it is found on the tape, too.
        put_off(lane, notice, "it has no fiscal number yet").await?;
        return Ok(());
    };
    let stranger = Stranger {
        fiscal_number: number.clone(),
        local_number: noticed.local_number.unwrap_or(0),
        written_at: noticed.at.clone().or_else(|| notice.told.written_at.clone()),
        kind: noticed.kind,
        amount: noticed.amount,
        of_number: noticed.of_number.clone(),
        token: None,
    };
    let (day, _) = kyiv::day_and_end(noticed.registered_at.unwrap_or(notice.received_at));
    let alert = differs(lane, notice, noticed);
    let found = Confirmed {
        stranger: &stranger,
        number: noticed.local_number,
        day: &day,
        alert: alert.as_ref(),
    };
    let asked = std::time::Instant::now();
    let length = lane.state.times.lease;
    if !ledger
        .keep_noticed(&lane.grip.lease, notice, &found, length, now)
        .await?
    {
        return Err(Halt::Lost);
    }
    lane.grip.extended(asked);
    tracing::warn!(
        register.id = %lane.register.id, document = %number,
        "Document {number} of {} was made elsewhere, its provider told", lane.register.id
    );
    Ok(())
}

/// Later, and each time later still.
async fn put_off(lane: &Lane<'_>, notice: &DueNotice, why: &str) -> Result<(), LedgerError> {
    let ledger = &lane.state.ledger;
    let wait = lane
        .state
        .times
        .register_backoff
        .wait(notice.attempts.saturating_add(1));
    ledger.postpone_notice(notice, ledger.now().plus(wait), why).await
}

/// The notice told another sum than the provider's API.
fn differs(lane: &Lane<'_>, notice: &DueNotice, noticed: &Noticed) -> Option<NewAlert> {
    let (told, said) = notice.told.amount.zip(noticed.amount)?;
    if told == said {
        return None;
    }
    let number = noticed.fiscal_number.as_deref().unwrap_or("?");
    Some(about(
        lane,
        NOTICE_DIFFERS,
        notice,
        Words::new(
            format!(
                "Register {}: a notice tells of {} for document {number}, the provider's API of {}. The API counts.",
                lane.register.id,
                major(told),
                major(said)
            ),
            format!(
                "Каса {}: у сповіщенні сума документа {number} — {}, а за API провайдера — {}. Діє API.",
                lane.register.id,
                major(told),
                major(said)
            ),
        ),
    ))
}

fn unconfirmed(lane: &Lane<'_>, notice: &DueNotice, why: &Words) -> NewAlert {
    let (register, document) = (&lane.register.id, &notice.provider_id);
    about(
        lane,
        NOTICE_UNCONFIRMED,
        notice,
        Words::new(
            format!(
                "Register {register}: a notice tells of document {document}, and the provider's API: {}.",
                why.en
            ),
            format!(
                "Каса {register}: сповіщення говорить про документ {document}, а API провайдера: {}.",
                why.uk
            ),
        ),
    )
}

fn about(lane: &Lane<'_>, kind: &'static str, notice: &DueNotice, text: Words) -> NewAlert {
    NewAlert {
        kind,
        subject: format!("{}/{}", lane.register.id, notice.provider_id),
        severity: Severity::Warning,
        merchant: Some(notice.merchant.clone()),
        register: Some(lane.register.id.clone()),
        text,
        next_step: Words::new(
            "Look at the document in the provider's cabinet, then acknowledge this alert. If somebody else may know the \
             secret of the address, change it.",
            "Перегляньте документ у кабінеті провайдера, а тоді позначте попередження прочитаним. Якщо секрет адреси міг \
             дізнатися хтось чужий, змініть його.",
        ),
    }
}

/// For people.
fn major(kopecks: i64) -> String {
    let sign = if kopecks < 0 { "-" } else { "" };
    let kopecks = kopecks.unsigned_abs();
    format!("{sign}{}.{:02}", kopecks / 100, kopecks % 100)
}

#[cfg(test)]
mod tests;
