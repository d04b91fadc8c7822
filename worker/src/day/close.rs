//! Closings and Z-reports: when they are due, sending them, asking about them.

use std::time::Duration;

use domain::document::{Kind, Presence, Registration};
use domain::ids::FiscalNumber;
use domain::time::UnixMillis;
use ledger::LedgerError;
use ledger::alerts::Words;
use ledger::day::Day;
use ledger::shifts::Shift;
use ledger::tape::{Due, DueDocument, Health, Intent, NewAttempt, Outcome, Settled};

use super::{Halt, hold_on, plan};
use crate::providers::{Answered, Asked, Failure, FailureClass, Finding, ListedShift, Look};
use crate::send::{self, Done, begin, commit, conclude, follow};
use crate::work_register::{Lane, Step};

/// What the text of a closing says: its content is the register's own.
const NO_CONTENT: &str = "{}";

/// Plans the closing of a shift whose time has come.
pub(super) async fn when_due(lane: &mut Lane<'_>, day: &Day) -> Result<(), Halt> {
    let Some(shift) = &day.shift else {
        return Ok(());
    };
    if is_due(shift, day, lane.state.ledger.now()) {
        plan(lane, shift, Kind::Closing).await?;
    }
    Ok(())
}

/// Its hour, its age, or a registration that is cancelled and allows nothing else.
fn is_due(shift: &Shift, day: &Day, now: UnixMillis) -> bool {
    now >= shift.close_due || day.facts.cancelled
}

/// What stands in the way of a receipt: a Z-report, after which only closing makes sense (then the
/// closing comes first), or a cancelled registration.
pub(crate) async fn in_the_way(
    lane: &mut Lane<'_>,
    document: &DueDocument,
    look: &Look,
) -> Result<Option<Step>, LedgerError> {
    if look.facts.cancelled {
        let failure = repair(
            "registration_cancelled",
            Words::new(
                "its registration is cancelled; only closing the shift is allowed",
                "її реєстрацію скасовано; можна лише закрити зміну",
            ),
        );
        return send::leave_alone(lane, document, &failure, &[]).await.map(Some);
    }
    if !look.facts.z_present {
        return Ok(None);
    }
    let day = lane.state.ledger.day(&lane.register.id).await?;
    let seen = look.shift.as_ref().map(|shift| shift.reference.as_str());
    let Some(shift) = day.shift.filter(|shift| Some(shift.reference.as_str()) == seen) else {
        lane.look_soon();
        return Ok(Some(Step::Next));
    };
    plan(lane, &shift, Kind::Closing).await?;
    let closing = lane.state.ledger.document_of_shift(&shift.id, Kind::Closing).await?;
    match closing.as_ref().map(|(_, state)| state.as_str()) {
        Some("ready") => Ok(Some(Step::Next)),
        Some("held" | "closed") => {
            let failure = repair(
                "shift_awaits_closing",
                Words::new(
                    "its shift has a Z-report, and its closing waits for a person",
                    "її зміна вже має Z-звіт, а закриття чекає на людину",
                ),
            );
            send::leave_alone(lane, document, &failure, &[]).await.map(Some)
        }
        // The closing is being asked about.
        _ => Ok(Some(Step::Rest(
            lane.state.ledger.now().plus(lane.state.times.first_ask),
        ))),
    }
}

fn repair(word: &str, text: Words) -> Failure {
    Failure::ours(FailureClass::Repair, word, text)
}

/// Sends a closing or a Z-report. If its shift is open no more somebody else closed it: then nothing
/// is sent, and the tax service is asked for the numbers.
pub(crate) async fn send(lane: &mut Lane<'_>, document: &DueDocument, look: &Look) -> Result<Step, LedgerError> {
    let Some(shift) = shift_of(lane, document).await? else {
        return Ok(Step::Lost);
    };
    let Some(open) = is_open(&shift, look) else {
        return Ok(Step::Rest(lane.state.ledger.now().plus(lane.state.times.first_ask)));
    };
    let wanted = open && !(document.kind == Kind::ZReport && look.facts.z_present);
    if wanted && document.kind == Kind::Closing && !keep_totals(lane, &shift).await? {
        return Ok(Step::Lost);
    }
    let mut document = document.clone();
    if !send::number(lane, &mut document).await? {
        return Ok(Step::Lost);
    }
    let document = &document;
    let intent = Intent {
        testing: false,
        kind: document.kind,
        content: None,
        sent: NO_CONTENT.to_owned(),
        before: look.before.clone(),
    };
    if !begin(lane, document, &intent).await? {
        return Ok(Step::Lost);
    }
    if !wanted {
        return ask_instead(lane, document).await;
    }
    let answer = if !lane.grip.may_leave() {
        Asked {
            value: Err(send::too_late()),
            attempts: Vec::new(),
        }
    } else if document.kind == Kind::Closing {
        let asked = lane.adapter.close_shift().await;
        Asked {
            value: asked.value.map(|closed| Done {
                answered: Answered::Registered(numbered(document, closed.closing)),
                z: closed.z,
            }),
            attempts: asked.attempts,
        }
    } else {
        let asked = lane.adapter.register_z().await;
        Asked {
            value: asked.value.map(Answered::Registered).map(Done::from),
            attempts: asked.attempts,
        }
    };
    conclude(lane, document, document.kind, answer).await
}

/// A closing that the provider gave no place on the tape has our number.
fn numbered(document: &DueDocument, closing: Registration) -> Registration {
    Registration {
        local_number: document.number.unwrap_or(closing.local_number),
        ..closing
    }
}

/// The register's own totals just before its Z-report: the other side of the comparison, should the
/// report itself not be readable. False: the lease is lost.
async fn keep_totals(lane: &mut Lane<'_>, shift: &Shift) -> Result<bool, LedgerError> {
    if !lane.grip.keep().await? {
        return Ok(false);
    }
    if let Ok(totals) = lane.adapter.totals().await.value
        && let Some(sums) = totals.sums
    {
        let ledger = &lane.state.ledger;
        ledger.note_totals(&shift.id, &sums, ledger.now()).await?;
    }
    lane.grip.keep().await
}

async fn ask_instead(lane: &mut Lane<'_>, document: &DueDocument) -> Result<Step, LedgerError> {
    let outcome = Outcome::Doubt {
        ask_at: lane.state.ledger.now(),
        absent_since: None,
    };
    let settled = Settled {
        document: document.id,
        from: Due::Sending,
        outcome: &outcome,
        attempts: &[],
        health: &Health::Unchanged,
        follow: follow(document.kind, None),
    };
    commit(lane, document, document.kind, settled).await
}

async fn shift_of(lane: &Lane<'_>, document: &DueDocument) -> Result<Option<Shift>, LedgerError> {
    match document.shift() {
        Some(id) => lane.state.ledger.shift(id).await,
        None => Ok(None),
    }
}

/// Is this very shift open? `None`: the register did not tell.
fn is_open(shift: &Shift, look: &Look) -> Option<bool> {
    let open = look.facts.shift_open?;
    Some(
        open && look
            .shift
            .as_ref()
            .is_some_and(|seen| seen.reference == shift.reference),
    )
}

/// Was it registered? Only reads; safe to repeat. `None`: the lease was lost.
pub(crate) async fn find(lane: &mut Lane<'_>, document: &DueDocument) -> Result<Asked<Option<Finding>>, LedgerError> {
    let mut attempts = Vec::new();
    let value = match search(lane, document, &mut attempts).await {
        Ok(finding) => Some(finding),
        Err(Halt::Lost) => None,
        Err(Halt::Trouble(failure, made)) => {
            attempts.extend(made);
            Some(if failure.tax_service_away {
                Finding::Unclear(failure.text.en)
            } else {
                Finding::Failed(failure)
            })
        }
        Err(Halt::Clean(failure)) => Some(Finding::Failed(failure)),
        Err(Halt::Ledger(error)) => return Err(error),
    };
    Ok(Asked { value, attempts })
}

async fn search(lane: &mut Lane<'_>, document: &DueDocument, attempts: &mut Vec<NewAttempt>) -> Result<Finding, Halt> {
    let Some(shift) = shift_of(lane, document).await? else {
        return Ok(Finding::Unclear("its shift is not known".to_owned()));
    };
    hold_on(lane).await?;
    let asked = lane.adapter.look().await;
    attempts.extend(asked.attempts.iter().cloned());
    let look = asked.told()?;
    lane.saw(&look);
    let Some(open) = is_open(&shift, &look) else {
        return Ok(Finding::Unclear(
            "the register does not tell whether a shift is open".to_owned(),
        ));
    };
    if open && !(document.kind == Kind::ZReport && look.facts.z_present) {
        return Ok(Finding::Absent);
    }
    let Some(listed) = listed(lane, &shift).await?.told()? else {
        return Ok(Finding::Unclear(
            "the tax service does not list the shift yet".to_owned(),
        ));
    };
    if document.kind == Kind::Closing
        && let Some(closing) = listed.closing.as_ref().and_then(registration)
    {
        return Ok(Finding::Found(numbered(document, closing)));
    }
    let number = match document.kind {
        Kind::ZReport => listed.z_number,
        Kind::Closing | Kind::Sale | Kind::Storno | Kind::Return | Kind::CashIn | Kind::CashOut => {
            listed.closing_number
        }
    };
    let Some(number) = number else {
        return Ok(Finding::Unclear(
            "the tax service does not list the document of the shift yet".to_owned(),
        ));
    };
    hold_on(lane).await?;
    let documents = lane.adapter.listed_documents(&shift).await.told()?;
    let found = documents.into_iter().find(|listed| listed.fiscal_number == number);
    Ok(match found.and_then(|listed| registration(&listed)) {
        Some(registration) => Finding::Found(registration),
        None => Finding::Unclear("the tax service does not list the shift's documents yet".to_owned()),
    })
}

pub(super) async fn listed(
    lane: &mut Lane<'_>,
    shift: &Shift,
) -> Result<Asked<Result<Option<ListedShift>, Failure>>, Halt> {
    hold_on(lane).await?;
    let now = lane.state.ledger.now();
    let from = shift.opened_at.minus(Duration::from_secs(3600));
    Ok(lane
        .adapter
        .listed_shift(&shift.reference, shift.provider_id, Some(from), now)
        .await)
}

/// A listed document as a registration.
pub(super) fn registration(listed: &crate::providers::ListedDocument) -> Option<Registration> {
    Some(Registration {
        fiscal_number: FiscalNumber::parse(&listed.fiscal_number).ok()?,
        local_number: listed.local_number.unwrap_or_default(),
        registered_at: listed.at.clone().unwrap_or_default(),
        // What the tax service lists has been delivered.
        presence: if listed.fiscal_number.contains('.') {
            Presence::Delivered
        } else {
            Presence::Online
        },
        url: None,
        qr_code: None,
        rendering: None,
        provider_id: None,
    })
}
