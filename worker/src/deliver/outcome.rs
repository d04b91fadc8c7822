//! What a try means for its message and for its lane. Pure.

use std::time::Duration;

use domain::time::UnixMillis;
use ledger::LedgerError;
use ledger::deliveries::{Delivered, DueDelivery, LaneHealth, LaneLease, NewTry};

use crate::config::WorkerTimes;

/// How a try ended, by what follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// It was taken.
    Done,
    /// The other side does not work now: neither will it for the next message.
    Lane,
    /// The same, and this message may have been taken.
    LaneUnclear,
    /// This message was refused, others may pass; the other side may be mended.
    Refused,
    /// This message will never be taken.
    RefusedForGood,
    /// This message cannot be written; the other side was not asked.
    Unwritable,
    /// The ledger could not be asked what to say; nothing was sent.
    NotBegun,
    /// There is no such addressee.
    NoSuchAddress,
    /// Nothing is set up for it.
    Skipped,
}

/// A try and how it ended.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub end: End,
    /// Why, in a word.
    pub word: String,
    /// The other side asks not to be called before so long.
    pub wait: Option<Duration>,
    /// `None`: nothing was sent.
    pub made: Option<NewTry>,
}

impl Sent {
    pub fn skipped(word: &str) -> Self {
        Self {
            end: End::Skipped,
            word: word.to_owned(),
            wait: None,
            made: None,
        }
    }

    pub const fn is_done(&self) -> bool {
        matches!(self.end, End::Done)
    }
}

/// A try that was made; when is known to whoever waited for it.
pub(super) fn told(end: End, word: &'static str, status: Option<u16>, detail: Option<String>) -> Sent {
    Sent {
        end,
        word: word.to_owned(),
        wait: None,
        made: Some(NewTry {
            outcome: word,
            status,
            detail,
            started_at: UnixMillis::EPOCH,
            duration: Duration::ZERO,
        }),
    }
}

/// Nothing was sent. A row that says something strange is one message's trouble, a secret that cannot be opened its
/// lane's; a ledger that is away is nobody's here, and must not hide what became of the other messages. Everything else
/// is a fault of ours.
pub(super) fn unreadable(error: LedgerError) -> Result<Sent, LedgerError> {
    match &error {
        LedgerError::UnknownValue { column } => {
            Ok(told(End::Unwritable, "unreadable", None, Some((*column).to_owned())))
        }
        // Without its text, which names the endpoint.
        LedgerError::Secret { .. } => Ok(told(End::Lane, "sealed_secret", None, None)),
        LedgerError::Unreachable(_) => Ok(Sent {
            end: End::NotBegun,
            ..Sent::skipped("ledger_away")
        }),
        LedgerError::Refused { .. }
        | LedgerError::FiscalNumberTaken
        | LedgerError::DocumentNumberTaken
        | LedgerError::ApiKeyTaken
        | LedgerError::KeyReused
        | LedgerError::MadeByGateway
        | LedgerError::NotAtProvider(_)
        | LedgerError::BadAddress
        | LedgerError::Locked
        | LedgerError::WrongMasterKey { .. }
        | LedgerError::TracesLeft => Err(error),
    }
}

/// What becomes of the message.
pub(super) fn delivered(
    delivery: &DueDelivery,
    sent: &Sent,
    lane_works: bool,
    times: &WorkerTimes,
    now: UnixMillis,
) -> Delivered {
    let word = sent.word.clone();
    let too_old = now.since(delivery.due_since) >= times.delivery_limit;
    match sent.end {
        End::Done => Delivered::Done,
        End::RefusedForGood | End::Unwritable => Delivered::Held(word),
        End::NoSuchAddress => Delivered::Failed(word),
        End::Skipped => Delivered::Skipped(word),
        End::NotBegun => Delivered::Again {
            at: now.plus(times.delivery_backoff.wait(1)),
            unclear: false,
            trouble: word,
        },
        End::Lane | End::LaneUnclear | End::Refused if too_old => Delivered::Held(word),
        End::Lane | End::LaneUnclear | End::Refused => {
            // Of a lane in trouble, the lane's rest is what it waits for.
            let own_wait = lane_works || sent.end == End::Refused;
            let wait = times.delivery_backoff.wait(delivery.attempts);
            Delivered::Again {
                at: if own_wait { now.plus(wait) } else { now },
                unclear: sent.end == End::LaneUnclear,
                trouble: word,
            }
        }
    }
}

/// Did the other side do its work for at least one of them? Then it works, and the others' troubles are their own.
pub(super) fn works(sent: &[Sent]) -> bool {
    sent.iter().any(|sent| match sent.end {
        End::Done | End::Refused | End::RefusedForGood | End::NoSuchAddress => true,
        End::Lane | End::LaneUnclear | End::Unwritable | End::NotBegun | End::Skipped => false,
    })
}

/// What the tries of one batch say of the lane.
pub(super) fn health(lease: &LaneLease, sent: &[Sent], times: &WorkerTimes, now: UnixMillis) -> LaneHealth {
    if works(sent) {
        return LaneHealth::Good;
    }
    let in_trouble = |sent: &&Sent| matches!(sent.end, End::Lane | End::LaneUnclear);
    let Some(trouble) = sent.iter().find(in_trouble) else {
        return LaneHealth::Unchanged;
    };
    let wait = times.delivery_backoff.wait(lease.failures.saturating_add(1));
    let asked = trouble.wait.unwrap_or_default().min(times.delivery_backoff.cap);
    LaneHealth::Trouble {
        until: now.plus(wait.max(asked)),
        word: trouble.word.clone(),
        give_up_before: now.minus(times.delivery_limit),
        tell_before: now.minus(times.lane_patience),
    }
}

/// When the lane is worked again, if it rests.
pub(super) const fn rests_until(health: &LaneHealth) -> Option<UnixMillis> {
    match health {
        LaneHealth::Good | LaneHealth::Unchanged => None,
        LaneHealth::Trouble { until, .. } => Some(*until),
    }
}
