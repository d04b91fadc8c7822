//! The life of a document: its kind, its state, and every move between states.
//!
//! ```text
//! waiting ──parent registered──▶ ready ──intent──▶ sending ──answer──▶ registered (online | offline → delivered)
//!                                 ▲ ▲                │ ├──accepted, result later──▶ pending ──▶ registered | held
//!                                 │ └──not done after all─────────────────────────────┤  ▲
//!                                 │                  │ └──refused for good──▶ held    (accepted, as asking finds)
//!                                 └──not done── in_doubt ◀──no trustworthy answer, or a worker died while sending
//! ```
//! A person leads out of `held`: back to `ready` by a resend, or to `closed` when they settled it another way.

use crate::hold::HoldReason;
use crate::ids::FiscalNumber;

/// What a document does on the tape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A sale receipt.
    Sale,
    /// Cancels the sale that is the register's last document.
    Storno,
    /// Gives back all or part of an earlier sale.
    Return,
    /// Cash put into the drawer.
    CashIn,
    /// Cash taken out of the drawer.
    CashOut,
    /// The Z-report of a shift.
    ZReport,
    /// The closing of a shift.
    Closing,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Sale,
        Self::Storno,
        Self::Return,
        Self::CashIn,
        Self::CashOut,
        Self::ZReport,
        Self::Closing,
    ];

    /// The stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sale => "sale",
            Self::Storno => "storno",
            Self::Return => "return",
            Self::CashIn => "cash_in",
            Self::CashOut => "cash_out",
            Self::ZReport => "z_report",
            Self::Closing => "closing",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// True when it gives money back.
    pub const fn is_refund(self) -> bool {
        match self {
            Self::Sale | Self::CashIn | Self::CashOut | Self::ZReport | Self::Closing => false,
            Self::Storno | Self::Return => true,
        }
    }

    /// True when it is the register's own and belongs to no order.
    pub const fn is_registers_own(self) -> bool {
        match self {
            Self::Sale | Self::Storno | Self::Return => false,
            Self::CashIn | Self::CashOut | Self::ZReport | Self::Closing => true,
        }
    }
}

/// Where the tax service got the document from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Presence {
    /// Registered online.
    Online,
    /// Registered offline and not yet delivered.
    Offline,
    /// Registered offline and delivered since.
    Delivered,
}

impl Presence {
    /// The stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Offline => "offline",
            Self::Delivered => "delivered",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Online, Self::Offline, Self::Delivered]
            .into_iter()
            .find(|presence| presence.as_str() == word)
    }
}

/// What the provider said of a registered document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// The document's number at the tax service.
    pub fiscal_number: FiscalNumber,
    /// Its place on the tape.
    pub local_number: i64,
    /// The document's time as the provider wrote it, with its offset.
    pub registered_at: String,
    /// Online, offline, or offline and delivered.
    pub presence: Presence,
    /// The link to the receipt, stored as received; may come later for offline documents.
    pub url: Option<String>,
    /// The QR picture, base64, as received.
    pub qr_code: Option<String>,
    /// The provider's own picture of the document, if it came along.
    pub rendering: Option<Rendering>,
    /// What the provider calls the document beside its fiscal number, if it does.
    pub provider_id: Option<String>,
}

/// A document as a person reads it, as the provider draws it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendering {
    /// HTML; otherwise plain text.
    pub html: bool,
    /// UTF-8.
    pub body: String,
}

/// The state of a document. Data lives in the state that has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Its sale is not registered yet.
    Waiting,
    /// May be sent.
    Ready,
    /// Our intent is committed; the request may have left.
    Sending,
    /// A request left and no trustworthy answer came. Only asking the provider leads out.
    InDoubt,
    /// The provider took it and will tell the result later.
    Pending,
    /// It is on the tape.
    Registered(Registration),
    /// It waits for a person.
    Held(HoldReason),
    /// It waited for a person, who settled it another way: nothing is sent any more.
    Closed(HoldReason),
}

/// What can happen to a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// The sale it refers to was registered.
    ParentRegistered,
    /// The intent to send it was committed.
    IntentCommitted,
    /// It was certainly not done: not sent, refused for now, or proved absent.
    NotDone,
    /// No trustworthy answer came, or a new lease holder found it being sent.
    AnswerLost,
    /// The provider will tell later.
    AcceptedForLater,
    /// It is registered, by answer or by finding it.
    Done(Registration),
    /// It cannot be sent as it is, or was refused for good, or cannot be cleared up.
    Stopped(HoldReason),
    /// A person asked to try again.
    Resent,
    /// A person settled it another way and wrote down how.
    Closed,
    /// The tax service got the offline document.
    Delivered,
}

/// A move that must not happen; the caller has a bug or lost a race.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a document that is {from} cannot take '{happening}'")]
pub struct IllegalMove {
    /// The state's tag.
    pub from: &'static str,
    /// The happening's word.
    pub happening: &'static str,
}

impl State {
    /// The tag stored in the database.
    pub const fn tag(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Ready => "ready",
            Self::Sending => "sending",
            Self::InDoubt => "in_doubt",
            Self::Pending => "pending",
            Self::Registered(_) => "registered",
            Self::Held(_) => "held",
            Self::Closed(_) => "closed",
        }
    }

    /// The state after `happening`. Every pair is spelled out: a new state or happening must stop
    /// the build here.
    pub fn on(self, happening: Happening) -> Result<Self, IllegalMove> {
        use Happening as H;
        use Presence as P;
        match (self, happening) {
            (Self::Waiting, H::ParentRegistered) => Ok(Self::Ready),
            (Self::Ready, H::IntentCommitted) => Ok(Self::Sending),
            (Self::Sending, H::AnswerLost) => Ok(Self::InDoubt),
            (Self::Sending | Self::InDoubt, H::AcceptedForLater) => Ok(Self::Pending),
            // What was accepted may come to nothing: the provider says so before anything is sent anew.
            (Self::Sending | Self::InDoubt | Self::Pending, H::NotDone) => Ok(Self::Ready),
            (Self::Sending | Self::InDoubt | Self::Pending, H::Done(registration)) => {
                Ok(Self::Registered(registration))
            }
            // A waiting refund can turn out to exceed its sale; a ready one can lose its content.
            (Self::Waiting | Self::Ready | Self::Sending | Self::InDoubt | Self::Pending, H::Stopped(reason)) => {
                Ok(Self::Held(reason))
            }
            (Self::Held(_), H::Resent) => Ok(Self::Ready),
            (Self::Held(reason), H::Closed) => Ok(Self::Closed(reason)),
            (Self::Registered(registration), H::Delivered) if registration.presence == P::Offline => {
                Ok(Self::Registered(Registration {
                    presence: P::Delivered,
                    ..registration
                }))
            }
            // No `_` below.
            (
                from @ Self::Waiting,
                happening @ (H::IntentCommitted
                | H::NotDone
                | H::AnswerLost
                | H::AcceptedForLater
                | H::Done(_)
                | H::Resent
                | H::Closed
                | H::Delivered),
            )
            | (
                from @ Self::Ready,
                happening @ (H::ParentRegistered
                | H::NotDone
                | H::AnswerLost
                | H::AcceptedForLater
                | H::Done(_)
                | H::Resent
                | H::Closed
                | H::Delivered),
            )
            | (
                from @ Self::Sending,
                happening @ (H::ParentRegistered | H::IntentCommitted | H::Resent | H::Closed | H::Delivered),
            )
            | (
                from @ Self::InDoubt,
                happening @ (H::ParentRegistered
                | H::IntentCommitted
                | H::AnswerLost
                | H::Resent
                | H::Closed
                | H::Delivered),
            )
            | (
                from @ Self::Pending,
                happening @ (H::ParentRegistered
                | H::IntentCommitted
                | H::AnswerLost
                | H::AcceptedForLater
                | H::Resent
                | H::Closed
                | H::Delivered),
            )
            | (
                from @ Self::Registered(_),
                happening @ (H::ParentRegistered
                | H::IntentCommitted
                | H::NotDone
                | H::AnswerLost
                | H::AcceptedForLater
                | H::Done(_)
                | H::Stopped(_)
                | H::Resent
                | H::Closed
                | H::Delivered),
            )
            | (
                from @ Self::Held(_),
                happening @ (H::ParentRegistered
                | H::IntentCommitted
                | H::NotDone
                | H::AnswerLost
                | H::AcceptedForLater
                | H::Done(_)
                | H::Stopped(_)
                | H::Delivered),
            )
            | (
                from @ Self::Closed(_),
                happening @ (H::ParentRegistered
                | H::IntentCommitted
                | H::NotDone
                | H::AnswerLost
                | H::AcceptedForLater
                | H::Done(_)
                | H::Stopped(_)
                | H::Resent
                | H::Closed
                | H::Delivered),
            ) => Err(IllegalMove {
                from: from.tag(),
                happening: happening.word(),
            }),
        }
    }
}

impl Happening {
    /// A word for logs and errors.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::ParentRegistered => "parent_registered",
            Self::IntentCommitted => "intent_committed",
            Self::NotDone => "not_done",
            Self::AnswerLost => "answer_lost",
            Self::AcceptedForLater => "accepted_for_later",
            Self::Done(_) => "done",
            Self::Stopped(_) => "stopped",
            Self::Resent => "resent",
            Self::Closed => "closed",
            Self::Delivered => "delivered",
        }
    }
}

#[cfg(test)]
mod tests;
