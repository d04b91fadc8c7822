//! The inbox: events wait here for one commit that takes them all.
//!
//! While one commit is under way the next batch gathers; there is no timer, so an idle system adds
//! no latency and a busy one commits as many at once as have come.

use std::time::Duration;

use ledger::events::{NewEvent, Recorded};
use ledger::{Ledger, LedgerError};
use queue::{Doorbell, Due, Kind};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};

use crate::Parts;
use crate::config::Limits;
use crate::metrics;

/// More events are not put into one statement: it would grow past what databases take.
const MAX_BATCH: usize = 256;

/// Why an event was not recorded, as far as we know. Sending it again is always safe.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InboxError {
    /// So many wait already that one more would not be in time.
    #[error("the inbox is full")]
    Full,
    /// The program is stopping.
    #[error("the inbox is closed")]
    Closed,
    /// It may be recorded still; the answer just was not in time.
    #[error("the ledger did not commit in time")]
    TooSlow,
    /// The ledger is away.
    #[error("the ledger is away")]
    Away,
    /// The ledger refused this event and will refuse it again.
    #[error("the ledger refused the event")]
    Refused(#[source] LedgerError),
}

struct Letter {
    event: NewEvent,
    answer: oneshot::Sender<Result<Recorded, InboxError>>,
}

/// The handlers' end.
#[derive(Clone)]
pub(crate) struct InboxSender {
    letters: mpsc::Sender<Letter>,
    commit_within: Duration,
}

impl InboxSender {
    /// Comes back once the event is committed. Dropping the future does not take the event back.
    pub async fn record(&self, event: NewEvent) -> Result<Recorded, InboxError> {
        let (answer, answered) = oneshot::channel();
        self.letters
            .try_send(Letter { event, answer })
            .map_err(|refused| match refused {
                TrySendError::Full(_) => InboxError::Full,
                TrySendError::Closed(_) => InboxError::Closed,
            })?;
        match tokio::time::timeout(self.commit_within, answered).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => Err(InboxError::Closed),
            Err(_) => Err(InboxError::TooSlow),
        }
    }
}

/// The committer's end. One of it runs; it does nothing until [`Inbox::run`] is polled.
pub struct Inbox {
    letters: mpsc::Receiver<Letter>,
    ledger: Ledger,
    doorbell: Doorbell,
}

impl Inbox {
    pub(crate) fn new(parts: &Parts, limits: &Limits) -> (Self, InboxSender) {
        let (sender, letters) = mpsc::channel(limits.inbox_events.max(1));
        let inbox = Self {
            letters,
            ledger: parts.ledger.clone(),
            doorbell: parts.doorbell.clone(),
        };
        let sender = InboxSender {
            letters: sender,
            commit_within: limits.commit_within,
        };
        (inbox, sender)
    }

    /// Commits events until every [`AppState`](crate::AppState) is gone and all that was taken is
    /// committed or answered.
    pub async fn run(mut self) {
        let mut batch = Vec::with_capacity(MAX_BATCH);
        while self.letters.recv_many(&mut batch, MAX_BATCH).await > 0 {
            self.commit(std::mem::take(&mut batch)).await;
        }
    }

    async fn commit(&self, batch: Vec<Letter>) {
        let (events, answers): (Vec<_>, Vec<_>) = batch.into_iter().map(|letter| (letter.event, letter.answer)).unzip();
        metrics::inbox_batch(events.len());
        let outcomes = self.record(&events).await;
        // Rung before the answers go out: whoever was answered finds the bell on its way.
        let new = outcomes.iter().filter_map(|outcome| match outcome {
            Ok(Recorded::New(id)) => Some(id.to_string()),
            Ok(Recorded::Repeated(_) | Recorded::Conflict(_)) | Err(_) => None,
        });
        self.doorbell.ring_all(Kind::PlanEvent, new, Due::Now);
        for (answer, outcome) in answers.into_iter().zip(outcomes) {
            // A sender that went away will send again and find its event.
            let _ = answer.send(outcome);
        }
    }

    async fn record(&self, events: &[NewEvent]) -> Vec<Result<Recorded, InboxError>> {
        match self.ledger.record_events(events).await {
            Ok(outcomes) if outcomes.len() == events.len() => outcomes.into_iter().map(Ok).collect(),
            Err(error) if error.is_outage() => {
                // Said once here: the waiters only learn that they should come again.
                let (count, reason) = (events.len(), telemetry::chain(&error));
                tracing::error!(
                    reason,
                    "Could not commit {count} events; their senders will send them again"
                );
                events.iter().map(|_| Err(InboxError::Away)).collect()
            }
            Ok(_) | Err(_) => self.record_apart(events).await,
        }
    }

    /// One event the ledger cannot take must not fail its neighbours.
    async fn record_apart(&self, events: &[NewEvent]) -> Vec<Result<Recorded, InboxError>> {
        let mut outcomes = Vec::with_capacity(events.len());
        for event in events {
            outcomes.push(match self.ledger.record_events(std::slice::from_ref(event)).await {
                Ok(recorded) => recorded.first().copied().ok_or(InboxError::Closed),
                Err(error) if error.is_outage() => Err(InboxError::Away),
                Err(error) => Err(InboxError::Refused(error)),
            });
        }
        outcomes
    }
}

#[cfg(test)]
mod tests;
