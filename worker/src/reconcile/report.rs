//! The morning letter: "all payments have their receipts", or the list.

mod letter;

use ledger::LedgerError;
use ledger::alerts::{NewAlert, Severity, Words};
use ledger::reconcile::{DueReport, ReportEnd};
use mailer::Class;
use tracing::{info, warn};

use crate::state::WorkerState;

/// So many findings are written out.
const LINES: u32 = 50;
/// A letter that is not taken is tried so often.
const TRIES: u32 = 20;
/// The kind of alert that is open while a letter cannot be sent.
const REPORT_HELD: &str = "daily_report_held";

/// Every letter that is due.
pub(super) async fn due(state: &WorkerState) -> Result<(), LedgerError> {
    while !state.stopping.is_cancelled() {
        let taken = state
            .ledger
            .take_report(state.ledger.now(), state.times.lane_lease())
            .await?;
        let Some(report) = taken else { return Ok(()) };
        let end = send(state, &report).await?;
        let now = state.ledger.now();
        let kept = state.ledger.settle_report(&report, &end, now).await?;
        tell(state, &report, &end, kept).await?;
    }
    Ok(())
}

/// A letter that is sent twice has the same id both times, so that a mailbox can tell.
async fn send(state: &WorkerState, report: &DueReport) -> Result<ReportEnd, LedgerError> {
    let facts = state.ledger.report_facts(report, LINES).await?;
    let Some((post, mailer)) = &state.post else {
        return Ok(ReportEnd::Skipped);
    };
    let Some(to) = facts.to.clone() else {
        return Ok(ReportEnd::Skipped);
    };
    let letter = match letter::write(post, report, &facts, &to) {
        Ok(letter) => letter,
        Err(why) => return Ok(ReportEnd::Held(why.to_owned())),
    };
    Ok(match mailer.send(&letter).await {
        Ok(_) => ReportEnd::Sent,
        Err(error) => match error.class() {
            Class::BadAddress { .. } | Class::RefusedForGood { .. } | Class::BadLetter => {
                ReportEnd::Held(telemetry::chain(&error))
            }
            Class::NotSent | Class::BadConfiguration | Class::Unknown if report.attempts < TRIES => {
                let wait = state.times.delivery_backoff.wait(report.attempts);
                ReportEnd::Again(state.ledger.now().plus(wait), telemetry::chain(&error))
            }
            Class::NotSent | Class::BadConfiguration | Class::Unknown => ReportEnd::Held(telemetry::chain(&error)),
        },
    })
}

async fn tell(state: &WorkerState, report: &DueReport, end: &ReportEnd, kept: bool) -> Result<(), LedgerError> {
    let (merchant, day, now) = (&report.merchant, &report.day, state.ledger.now());
    match end {
        ReportEnd::Sent => {
            info!(merchant.id = %merchant, "The report of {day} to {merchant} was taken");
            state.ledger.resolve_alert(REPORT_HELD, merchant.as_str(), now).await
        }
        ReportEnd::Skipped => Ok(()),
        ReportEnd::Again(_, why) => {
            info!(merchant.id = %merchant, "The report of {day} to {merchant} is tried again: {why}");
            Ok(())
        }
        ReportEnd::Held(why) => {
            warn!(merchant.id = %merchant, kept, "The report of {day} to {merchant} cannot be sent: {why}");
            let alert = NewAlert {
                kind: REPORT_HELD,
                subject: merchant.to_string(),
                severity: Severity::Warning,
                merchant: Some(merchant.clone()),
                register: None,
                text: Words::new(
                    format!("The morning report of {day} could not be sent."),
                    format!("Ранковий звіт за {day} не вдалося надіслати."),
                ),
                next_step: Words::new(
                    "Check the report's address in the merchant's mail settings and the mail server.",
                    "Перевірте адресу звіту в поштових налаштуваннях продавця та поштовий сервер.",
                ),
            };
            state.ledger.raise_alert(&alert, now).await
        }
    }
}
