//! What became of a document: in doubt, the same body is sent again and the service names the first one; once it is
//! accepted, its result is asked for.

use std::time::Duration;

use ::atol_online::{Class, Error, limits};
use domain::time::UnixMillis;
use ledger::LedgerError;
use ledger::tape::{Due, DueDocument, NewAttempt};

use super::envelope::Envelope;
use super::outcome::{self, Last};
use super::{AtolOnline, Refusal, keep};
use crate::grip::Grip;
use crate::providers::{Asked, Finding};

/// An id is believed to be known so long before the end of what the service keeps. Whether it is free again after
/// that nobody says, so then nothing is sent.
const MARGIN: Duration = Duration::from_secs(24 * 3600);

impl AtolOnline {
    /// Safe to repeat. `None`: the lease was lost.
    pub(super) async fn look_for(
        &self,
        grip: &mut Grip<'_>,
        document: &DueDocument,
        now: UnixMillis,
    ) -> Result<Asked<Option<Finding>>, LedgerError> {
        let mut attempts = Vec::new();
        let value = self.search(grip, document, now, &mut attempts).await?;
        Ok(Asked { value, attempts })
    }

    async fn search(
        &self,
        grip: &mut Grip<'_>,
        document: &DueDocument,
        now: UnixMillis,
        attempts: &mut Vec<NewAttempt>,
    ) -> Result<Option<Finding>, LedgerError> {
        let Some(envelope) = document.sent.as_deref().and_then(Envelope::read) else {
            return unclear("what was sent cannot be read, or was sent to another provider");
        };
        if !envelope.same_service(&self.setup) {
            return unclear("it was sent to another address than the settings name now");
        }
        if !grip.keep().await? {
            return Ok(None);
        }
        let case = Case {
            document,
            envelope,
            age: now.since(document.sent_at.unwrap_or(document.created_at)),
            now,
        };
        if let (Due::Pending, Some(uuid)) = (document.due, &document.provider_id) {
            if let Some(finding) = self.report(&case, uuid, attempts).await {
                return Ok(Some(finding));
            }
            // The service does not know the uuid. The same body brings the right one, and never a second document.
            if !grip.keep().await? {
                return Ok(None);
            }
        }
        Ok(Some(self.again(&case, attempts).await))
    }

    /// Asks for a result. `None`: there is none under this uuid.
    pub(super) async fn report(&self, case: &Case<'_>, uuid: &str, attempts: &mut Vec<NewAttempt>) -> Option<Finding> {
        let version = case.envelope.version().unwrap_or(self.setup.version);
        let Some(client) = self.client(&case.envelope.group, version) else {
            return Some(Finding::Unclear("the service's address cannot be used".to_owned()));
        };
        let Asked { value, attempts: made } = keep(client.report(uuid).await);
        attempts.extend(made);
        match value {
            Ok(report) => {
                let last = Last {
                    document: case.document,
                    uuid,
                    now: case.now,
                    ask_in: self.ask_in(case.age),
                    again_in: self.ask.wait(case.document.attempts.saturating_add(1)),
                };
                Some(outcome::finding(&report, &last))
            }
            Err(Refusal::Called(error)) if error.class() == Class::NotFound => None,
            Err(refusal) => Some(self.unanswered(case, &refusal, Question::Report)),
        }
    }

    /// Sends the same body to the same group.
    pub(super) async fn again(&self, case: &Case<'_>, attempts: &mut Vec<NewAttempt>) -> Finding {
        let version = case.envelope.version().unwrap_or(self.setup.version);
        if case.age + MARGIN > limits::retention(version) {
            return Finding::Doubtful(
                "ATOL Online keeps no result of it any more: look for it at the fiscal data operator".to_owned(),
            );
        }
        let Asked { value, attempts: made } = self.register(&case.envelope).await;
        attempts.extend(made);
        let accepted = |provider_id| Finding::Accepted {
            provider_id,
            ask_in: self.ask_in(case.age),
        };
        match value {
            Ok(registered) => accepted(Some(registered.uuid)),
            Err(Refusal::Called(error)) if matches!(*error, Error::DuplicateWithoutUuid) => accepted(None),
            Err(refusal) => self.unanswered(case, &refusal, Question::Again),
        }
    }

    /// What a question that failed says of the document.
    fn unanswered(&self, case: &Case<'_>, refusal: &Refusal, question: Question) -> Finding {
        let failure = refusal.failure();
        let Refusal::Called(error) = refusal else {
            return Finding::Unclear(failure.text.en);
        };
        let words = failure.text.en.clone();
        match error.class() {
            // At the door, so nothing came of it now; what was accepted before is another matter.
            Class::Refused if question == Question::Again && case.document.due == Due::InDoubt => {
                Finding::Refused(words)
            }
            Class::Refused if question == Question::Again => Finding::Doubtful(words),
            // Asked with today's settings about yesterday's group: no reason to leave the register alone.
            _ if !case.envelope.same_group(&self.setup) => Finding::Unclear(words),
            _ if says_nothing_of_the_service(error, question) => Finding::Unclear(words),
            Class::NotDone
            | Class::Unknown
            | Class::Auth
            | Class::Misconfigured
            | Class::Refused
            | Class::Accepted
            | Class::NotFound => Finding::Failed(failure),
        }
    }
}

/// A document that is asked about.
pub(super) struct Case<'a> {
    pub document: &'a DueDocument,
    pub envelope: Envelope,
    pub age: Duration,
    pub now: UnixMillis,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Question {
    Report,
    Again,
}

/// Is it about this document only? Then the register goes on with others: one result that cannot be told must not
/// hold up what is to be sent.
fn says_nothing_of_the_service(error: &Error, question: Question) -> bool {
    match error {
        Error::Refused(trouble) => match trouble.class() {
            Class::Auth | Class::Misconfigured => false,
            Class::NotDone | Class::Unknown | Class::Refused | Class::Accepted | Class::NotFound => true,
        },
        Error::Unanswered(wire::Unanswered::NotSent(_)) | Error::NoToken(_) | Error::TokenLate { .. } => false,
        Error::Unanswered(wire::Unanswered::NoAnswer { .. } | wire::Unanswered::TooLarge { .. })
        | Error::BadAnswer { .. }
        | Error::HttpRefused { .. }
        | Error::OtherDocument
        | Error::DuplicateWithoutUuid => question == Question::Report,
    }
}

fn unclear(why: &str) -> Result<Option<Finding>, LedgerError> {
    Ok(Some(Finding::Unclear(why.to_owned())))
}
