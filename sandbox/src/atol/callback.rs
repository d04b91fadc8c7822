//! Callbacks: what is to be posted and what was.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::answer::Status;
use super::state::timed;

/// One POST to a merchant, sent or being sent.
#[derive(Clone, Debug, Serialize)]
pub struct RecordedCallback {
    /// The document's group.
    pub group: String,
    /// The document's uuid.
    pub uuid: String,
    /// The document's `external_id`.
    pub external_id: String,
    /// When it was sent, on the simulator's clock.
    #[serde(serialize_with = "timed")]
    pub at: Timestamp,
    /// Where to.
    pub url: String,
    /// The `status` it told.
    pub status: Status,
    /// Whether it tells something else than a report would.
    pub forged: bool,
    /// What came of it.
    pub delivery: Delivery,
}

/// What came of a callback. Nothing is ever sent again because of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Delivery {
    /// Under way.
    Sending,
    /// Answered with this HTTP status, whatever it is.
    Answered(u16),
    /// No answer: refused, cut, or silent for too long.
    Failed,
}

/// A lie in a callback; None leaves that part true.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forgery {
    /// Another status. A `done` that was none has made-up numbers.
    #[serde(default)]
    pub status: Option<Status>,
    /// Another `payload.total`, kopecks.
    #[serde(default)]
    pub total: Option<u64>,
}

/// A callback that waits for its time.
pub(super) struct Due {
    pub at_ms: u64,
    pub group: String,
    pub uuid: String,
    pub external_id: String,
    pub url: String,
    pub status: Status,
    pub forged: bool,
    pub body: Value,
}

/// What a sender needs: a place among the records, where to, and what.
pub(super) struct Parcel {
    pub number: usize,
    pub url: String,
    pub body: String,
}

#[derive(Default)]
pub(super) struct Outbox {
    due: Vec<Due>,
    sent: Vec<RecordedCallback>,
    /// How many records were thrown away: senders under way know theirs by a number that is never used again.
    forgotten: usize,
}

impl Outbox {
    pub(super) fn add(&mut self, due: Due) {
        self.due.push(due);
    }

    /// What is due by now, oldest first, noted as being sent.
    pub(super) fn take_due(&mut self, now_ms: u64, at: Timestamp, most: usize) -> Vec<Parcel> {
        self.due.sort_by_key(|due| due.at_ms);
        let ready = self.due.iter().take_while(|due| due.at_ms <= now_ms).count().min(most);
        let taken: Vec<Due> = self.due.drain(..ready).collect();
        taken.into_iter().map(|due| self.note(due, at)).collect()
    }

    fn note(&mut self, due: Due, at: Timestamp) -> Parcel {
        let Due {
            group,
            uuid,
            external_id,
            url,
            status,
            forged,
            body,
            at_ms: _,
        } = due;
        self.sent.push(RecordedCallback {
            group,
            uuid,
            external_id,
            at,
            url: url.clone(),
            status,
            forged,
            delivery: Delivery::Sending,
        });
        Parcel {
            number: self.forgotten + self.sent.len() - 1,
            url,
            body: body.to_string(),
        }
    }

    /// A record that a reset has thrown away meanwhile is not missed.
    pub(super) fn delivered(&mut self, number: usize, delivery: Delivery) {
        let place = number.checked_sub(self.forgotten);
        if let Some(sent) = place.and_then(|place| self.sent.get_mut(place)) {
            sent.delivery = delivery;
        }
    }

    pub(super) fn next_due_ms(&self) -> Option<u64> {
        self.due.iter().map(|due| due.at_ms).min()
    }

    /// Nothing waits any more and nothing was sent.
    pub(super) fn forget(&mut self) {
        self.due.clear();
        self.forgotten += self.sent.len();
        self.sent.clear();
    }

    pub(super) fn waiting(&self) -> usize {
        self.due.len()
    }

    pub(super) fn sent(&self) -> &[RecordedCallback] {
        &self.sent
    }

    /// Whether one of this document's callbacks has come to its end.
    pub(super) fn has_delivered(&self, uuid: &str) -> bool {
        let ended = |sent: &RecordedCallback| sent.uuid == uuid && sent.delivery != Delivery::Sending;
        self.sent.iter().any(ended)
    }

    /// Whether one of this document's callbacks waits for no more than its turn, or is under way.
    pub(super) fn is_sending(&self, uuid: &str, now_ms: u64) -> bool {
        let due = self.due.iter().any(|due| due.uuid == uuid && due.at_ms <= now_ms);
        due || self
            .sent
            .iter()
            .any(|sent| sent.uuid == uuid && sent.delivery == Delivery::Sending)
    }
}
