//! How far an order's fiscalization is: a pure function of its documents.

use domain::document::{Kind, Presence};
use domain::money::Kopecks;

use crate::gateway::Progress;

/// How far an order's fiscalization is, the most pressing thing first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fiscalization {
    /// A document waits for a person.
    Held,
    /// A request left, and nobody knows yet what came of it.
    InDoubt,
    /// A document is to be sent or being sent.
    UnderWay,
    /// A refund waits for a sale that is not there.
    Waiting,
    /// Registered, and the tax service does not have all of it yet.
    Offline,
    /// All that was sold was given back.
    Refunded,
    /// Some of what was sold was given back.
    PartlyRefunded,
    /// It has its receipt.
    Registered,
    /// Nothing is registered: a person settled it another way.
    Closed,
    /// No payment was heard of.
    NoPayment,
}

/// What of a document decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentFacts {
    /// What it does.
    pub kind: Kind,
    /// Its state's tag.
    pub state: String,
    /// Where the tax service got it from.
    pub presence: Option<Presence>,
    /// How much.
    pub amount: Kopecks,
}

impl Fiscalization {
    /// Every status.
    pub const ALL: [Self; 10] = [
        Self::Held,
        Self::InDoubt,
        Self::UnderWay,
        Self::Waiting,
        Self::Offline,
        Self::Refunded,
        Self::PartlyRefunded,
        Self::Registered,
        Self::Closed,
        Self::NoPayment,
    ];

    /// The stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::InDoubt => "in_doubt",
            Self::UnderWay => "under_way",
            Self::Waiting => "waiting",
            Self::Offline => "offline",
            Self::Refunded => "refunded",
            Self::PartlyRefunded => "partly_refunded",
            Self::Registered => "registered",
            Self::Closed => "closed",
            Self::NoPayment => "no_payment",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }

    /// The status of an order with these documents.
    pub fn of<'a>(documents: impl IntoIterator<Item = &'a DocumentFacts> + Clone) -> Self {
        let any = |states: &[&str]| {
            let mut all = documents.clone().into_iter();
            all.any(|document| states.contains(&document.state.as_str()))
        };
        if any(&["held"]) {
            return Self::Held;
        }
        if any(&["in_doubt"]) {
            return Self::InDoubt;
        }
        if any(&["ready", "sending", "pending"]) {
            return Self::UnderWay;
        }
        if any(&["waiting"]) {
            return Self::Waiting;
        }
        if !any(&["registered"]) {
            return if any(&["closed"]) {
                Self::Closed
            } else {
                Self::NoPayment
            };
        }
        let undelivered = |document: &DocumentFacts| document.presence == Some(Presence::Offline);
        if documents.clone().into_iter().any(undelivered) {
            return Self::Offline;
        }
        let sums = Sums::of(documents);
        if sums.returned.is_zero() {
            Self::Registered
        } else if sums.returned < sums.sold {
            Self::PartlyRefunded
        } else {
            Self::Refunded
        }
    }
}

impl Fiscalization {
    /// The same with what payment systems' own registers should make for the order.
    pub fn expecting(self, progress: impl Iterator<Item = Progress>) -> Self {
        let mut status = self;
        for one in progress {
            status = match (one, status) {
                (Progress::Missed, _) | (Progress::Open, Self::Held) => Self::Held,
                (Progress::Open, Self::InDoubt) => Self::InDoubt,
                (
                    Progress::Open,
                    Self::UnderWay
                    | Self::Waiting
                    | Self::Offline
                    | Self::Refunded
                    | Self::PartlyRefunded
                    | Self::Registered
                    | Self::Closed
                    | Self::NoPayment,
                ) => Self::UnderWay,
                (Progress::Closed, Self::NoPayment) => Self::Closed,
                (Progress::Met | Progress::Closed, status) => status,
            };
        }
        status
    }
}

/// What an order's registered documents come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// By sales.
    pub sold: Kopecks,
    /// By returns and cancelled sales.
    pub returned: Kopecks,
}

impl Sums {
    /// Adds up what is registered; stops at the largest amount there is.
    pub fn of<'a>(documents: impl IntoIterator<Item = &'a DocumentFacts>) -> Self {
        let mut sums = Self::default();
        for document in documents.into_iter().filter(|document| document.state == "registered") {
            let side = match document.kind {
                Kind::Sale => &mut sums.sold,
                Kind::Storno | Kind::Return => &mut sums.returned,
                Kind::CashIn | Kind::CashOut | Kind::ZReport | Kind::Closing => continue,
            };
            *side = side.checked_add(document.amount).unwrap_or(Kopecks::MAX);
        }
        sums
    }
}

#[cfg(test)]
mod tests;
