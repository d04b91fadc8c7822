//! Was it registered? The recipe of `cashalot.md` §9: compare the register's state with the one
//! before, list what is on the tape since, and look for our reference in each document that is not
//! explained by another document of ours.

use std::collections::BTreeSet;

use ::cashalot::{
    DocClass, DocType, DocumentView, Documents, GetCheck, OriginalCheck, ResultCode, ShiftRef, Shifts, TapeDocument,
};
use domain::document::{Presence, Registration};
use domain::ids::FiscalNumber;
use domain::time::UnixMillis;
use ledger::LedgerError;
use ledger::tape::{DueDocument, NewAttempt};

use super::{Before, Cashalot, keep, picture};
use crate::grip::Grip;
use crate::kyiv;
use crate::providers::{Asked, Failure, Finding};

/// Why a search ended early.
enum Stopped {
    /// A question was not answered.
    Unasked(Failure),
    /// The lease is lost: not one question more.
    Lost,
    /// The ledger could not be asked.
    Ledger(LedgerError),
}

impl From<Failure> for Stopped {
    fn from(failure: Failure) -> Self {
        Self::Unasked(failure)
    }
}

impl From<LedgerError> for Stopped {
    fn from(error: LedgerError) -> Self {
        Self::Ledger(error)
    }
}

/// The lease must cover every question, however many there are.
async fn hold_on(grip: &mut Grip<'_>) -> Result<(), Stopped> {
    if grip.keep().await? { Ok(()) } else { Err(Stopped::Lost) }
}

impl Cashalot {
    /// Looks for a document in doubt. Only reads; safe to repeat. `None`: the lease was lost.
    pub(super) async fn look_for(
        &self,
        grip: &mut Grip<'_>,
        document: &DueDocument,
        now: UnixMillis,
    ) -> Result<Asked<Option<Finding>>, LedgerError> {
        let mut attempts = Vec::new();
        let value = match self.search(grip, document, now, &mut attempts).await {
            Ok(finding) => Some(finding),
            Err(Stopped::Unasked(failure)) => Some(unasked(failure)),
            Err(Stopped::Lost) => None,
            Err(Stopped::Ledger(error)) => return Err(error),
        };
        Ok(Asked { value, attempts })
    }

    async fn search(
        &self,
        grip: &mut Grip<'_>,
        document: &DueDocument,
        now: UnixMillis,
        attempts: &mut Vec<NewAttempt>,
    ) -> Result<Finding, Stopped> {
        let tape = self.candidates(grip, document, now, attempts).await?;
        let numbers: Vec<String> = tape.checks.iter().map(|check| check.fiscal_number.clone()).collect();
        let known = grip.state.ledger.known_numbers(&grip.lease.register, &numbers).await?;
        self.look_through(grip, &tape, &known, document, attempts).await
    }

    /// Everything on the tape since the intent.
    async fn candidates(
        &self,
        grip: &mut Grip<'_>,
        document: &DueDocument,
        now: UnixMillis,
        attempts: &mut Vec<NewAttempt>,
    ) -> Result<Tape, Stopped> {
        let before: Before = document
            .intent
            .as_deref()
            .and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_default();
        hold_on(grip).await?;
        let (state, attempt) = self.state().await;
        attempts.push(attempt);
        let after = Before::from(&state?);
        let shifts = self
            .shifts_since(grip, document, &before, &after, now, attempts)
            .await?;
        let mut listed = Vec::new();
        for shift in shifts {
            let request = Documents {
                registrar: self.number,
                shift: ShiftRef::Id(shift),
            };
            hold_on(grip).await?;
            let (documents, attempt) = keep(self.client.documents(&request).await);
            attempts.push(attempt);
            listed.extend(documents?);
        }
        Ok(Tape::new(&before, &after, listed))
    }

    /// The shifts in which the document can be: the one before, the one now, and any the tax service
    /// has opened since (it may know more than the provider's own state).
    async fn shifts_since(
        &self,
        grip: &mut Grip<'_>,
        document: &DueDocument,
        before: &Before,
        after: &Before,
        now: UnixMillis,
        attempts: &mut Vec<NewAttempt>,
    ) -> Result<BTreeSet<i64>, Stopped> {
        let open = |state: &Before| state.shift_id.filter(|id| *id > 0 && state.shift_open != Some(false));
        let mut shifts: BTreeSet<i64> = [open(before), open(after)].into_iter().flatten().collect();
        let from = document.sent_at.unwrap_or(document.created_at);
        let request = Shifts {
            registrar: self.number,
            from: kyiv::write(from.minus(std::time::Duration::from_secs(3600))),
            to: kyiv::write(now.plus(std::time::Duration::from_secs(3600))),
        };
        hold_on(grip).await?;
        let (listed, attempt) = keep(self.client.shifts(&request).await);
        attempts.push(attempt);
        shifts.extend(listed?.into_iter().filter_map(|shift| shift.shift_id));
        Ok(shifts)
    }

    async fn look_through(
        &self,
        grip: &mut Grip<'_>,
        tape: &Tape,
        known: &[String],
        document: &DueDocument,
        attempts: &mut Vec<NewAttempt>,
    ) -> Result<Finding, Stopped> {
        for check in &tape.checks {
            if known.contains(&check.fiscal_number) {
                continue;
            }
            hold_on(grip).await?;
            match self.is_ours(check, document, attempts).await? {
                Answer::Ours(registration) => return Ok(Finding::Found(registration)),
                Answer::Another => {}
                Answer::Unclear(why) => return Ok(Finding::Unclear(why)),
            }
        }
        Ok(match &tape.unseen {
            None => Finding::Absent,
            Some(why) => Finding::Unclear(why.clone()),
        })
    }

    async fn is_ours(
        &self,
        check: &TapeDocument,
        document: &DueDocument,
        attempts: &mut Vec<NewAttempt>,
    ) -> Result<Answer, Failure> {
        let request = GetCheck {
            registrar: self.number,
            fiscal_number: check.fiscal_number.clone(),
            view: DocumentView::OriginalXml,
            qr_code: true,
            as_html: false,
        };
        let (answer, attempt) = keep(self.client.get_check(&request).await);
        attempts.push(attempt);
        let answer = answer?;
        if answer.result_code != Some(ResultCode::Ok) {
            return Ok(Answer::Unclear(format!(
                "document {} cannot be fetched yet",
                check.fiscal_number
            )));
        }
        let Some(original) = answer
            .data
            .as_deref()
            .and_then(|bytes| OriginalCheck::parse(bytes).ok())
        else {
            return Ok(Answer::Unclear(format!(
                "document {} cannot be read",
                check.fiscal_number
            )));
        };
        if original.comment.as_deref().map(str::trim) != Some(document.token.as_str()) {
            return Ok(Answer::Another);
        }
        let Ok(fiscal_number) = FiscalNumber::parse(&check.fiscal_number) else {
            return Ok(Answer::Unclear("a listed document has an impossible number".to_owned()));
        };
        let offline = check.fiscal_number.contains('.');
        Ok(Answer::Ours(Registration {
            fiscal_number,
            local_number: i64::try_from(check.local_number).unwrap_or(i64::MAX),
            registered_at: check.doc_date_time.clone().unwrap_or_default(),
            // What the tax service lists has been delivered.
            presence: if offline { Presence::Delivered } else { Presence::Online },
            url: answer.url,
            qr_code: answer.qr_code.as_ref().map(picture),
            rendering: None,
            provider_id: None,
        }))
    }
}

/// The provider answers but the tax service does not: that is no reason to leave the register alone,
/// it may well work offline meanwhile.
fn unasked(failure: Failure) -> Finding {
    if failure.tax_service_away {
        return Finding::Unclear(failure.text.en);
    }
    Finding::Failed(failure)
}

enum Answer {
    Ours(Registration),
    Another,
    Unclear(String),
}

/// The part of the tape that matters for a doubt.
#[derive(Debug, PartialEq, Eq)]
struct Tape {
    /// Documents that could be ours, newest first.
    checks: Vec<TapeDocument>,
    /// Why the view may be incomplete.
    unseen: Option<String>,
}

impl Tape {
    fn new(before: &Before, after: &Before, listed: Vec<TapeDocument>) -> Self {
        let (Some(first), Some(next)) = (before.next_local, after.next_local) else {
            let unseen = Some("the register does not tell its next number".to_owned());
            return Self {
                checks: candidates(listed, 0),
                unseen,
            };
        };
        let seen: BTreeSet<u64> = listed.iter().map(|document| document.local_number).collect();
        let missing = (first..next).filter(|number| !seen.contains(number)).count();
        // A number the tax service does not list belongs to a document it does not have yet. Once
        // nothing is undelivered, only offline begin and end marks outside a shift stay unlisted.
        let delivered = after.offline_present == Some(false);
        let unseen = (missing > 0 && !delivered)
            .then(|| format!("{missing} documents are not delivered to the tax service yet"));
        let jumped_back = (next < first).then(|| "the register's numbers went back".to_owned());
        Self {
            checks: candidates(listed, first),
            unseen: unseen.or(jumped_back),
        }
    }
}

fn candidates(listed: Vec<TapeDocument>, first: u64) -> Vec<TapeDocument> {
    let mut checks: Vec<TapeDocument> = listed
        .into_iter()
        .filter(|document| document.local_number >= first && !document.revoked)
        .filter(|document| document.class.as_ref().is_none_or(|class| *class == DocClass::Check))
        .filter(|document| match &document.doc_type {
            None | Some(DocType::SaleGoods | DocType::Other(_)) => true,
            Some(
                DocType::TransferFunds
                | DocType::CurrencyExchange
                | DocType::CashWithdrawal
                | DocType::Pawnshop
                | DocType::OpenShift
                | DocType::CloseShift
                | DocType::OfflineBegin
                | DocType::OfflineEnd,
            ) => false,
        })
        .collect();
    checks.sort_by_key(|document| std::cmp::Reverse(document.local_number));
    checks
}

#[cfg(test)]
mod tests;
