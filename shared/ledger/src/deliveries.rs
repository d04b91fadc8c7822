//! Messages to buyers and shops. What follows from a document is written in the transaction that puts it on
//! the tape ([`announce`]); a *lane* — one merchant's mail, one shop endpoint, one merchant's phone channel —
//! is worked by one hand at a time and has a backoff of its own, so that a dead endpoint costs nobody else.
//!
//! ```text
//! due ──begin──▶ sending ──▶ done | due again | held (a person) | failed (bad address) | skipped (not set up)
//! ```
//! A `sending` row met by a new holder may have arrived already: it is sent again under the same id, and the
//! row counts it (`unclear`).

mod announce;
mod by_hand;
mod lane;
mod list;
mod stats;
mod work;

use std::fmt;
use std::time::Duration;

use domain::ids::{DocumentId, MerchantId};
use domain::time::UnixMillis;

pub(crate) use announce::{announce, announce_order, fresh_token};
pub use by_hand::Which;
pub use lane::LaneLease;
pub use list::{DeliveryFilter, DeliveryView, LaneView, TryView};
pub use stats::ChannelStats;
pub use work::{Batch, DELIVERIES_HELD, LANE_TROUBLE, LaneHealth, SettledDelivery};

/// How a message travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Channel {
    /// E-mail to the buyer.
    Mail,
    /// A signed POST to the shop.
    Webhook,
    /// The provider's own message to the buyer's phone.
    Phone,
}

impl Channel {
    /// Every channel.
    pub const ALL: [Self; 3] = [Self::Mail, Self::Webhook, Self::Phone];

    /// The stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Webhook => "webhook",
            Self::Phone => "phone",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.as_str() == word)
    }
}

/// What is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum News {
    /// A document came onto the tape.
    Registered,
    /// The tax service has a document that was registered offline.
    Delivered,
}

impl News {
    /// The stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Delivered => "delivered",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Registered, Self::Delivered]
            .into_iter()
            .find(|news| news.as_str() == word)
    }
}

/// Names a lane: `mail:flowers`, `phone:flowers`, `webhook:flowers:0f3a…` (of the address). Safe in logs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LaneId(String);

impl LaneId {
    /// A bell's id. What names no lane finds none.
    pub fn from_bell(id: String) -> Self {
        Self(id)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn of(channel: Channel, merchant: &str, url: &str) -> Self {
        match channel {
            Channel::Mail | Channel::Phone => Self(format!("{}:{merchant}", channel.as_str())),
            Channel::Webhook => {
                let digest = crate::sql::digest(url.as_bytes());
                let short = digest.get(..16).unwrap_or_default();
                Self(format!("{}:{merchant}:{short}", channel.as_str()))
            }
        }
    }
}

impl fmt::Display for LaneId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A message to be sent now.
#[derive(Clone, Debug)]
pub struct DueDelivery {
    /// Its id: also what a receiver knows a repeat by.
    pub id: String,
    /// Whose.
    pub merchant: MerchantId,
    /// About which document.
    pub document: DocumentId,
    /// What is told.
    pub news: News,
    /// Which sending by hand; the first goes by itself.
    pub copy: u64,
    /// This try's number; the first is 1.
    pub attempts: u32,
    /// Tries after which nobody knows whether it arrived.
    pub unclear: u32,
    /// Since when it is tried.
    pub due_since: UnixMillis,
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivered {
    /// It was taken.
    Done,
    /// Not yet; again not before this. `unclear`: it may have been taken.
    Again {
        /// When at the earliest.
        at: UnixMillis,
        /// It may have arrived.
        unclear: bool,
        /// Why, in a word.
        trouble: String,
    },
    /// A person must look.
    Held(String),
    /// For good, and no person can mend it: the buyer's address does not exist.
    Failed(String),
    /// Nothing is set up for it.
    Skipped(String),
}

/// One try, as kept.
#[derive(Clone, Debug)]
pub struct NewTry {
    /// Its class in a word.
    pub outcome: &'static str,
    /// The HTTP status or SMTP code.
    pub status: Option<u16>,
    /// More, without anything personal or secret.
    pub detail: Option<String>,
    /// When it began.
    pub started_at: UnixMillis,
    /// How long it took.
    pub duration: Duration,
}
