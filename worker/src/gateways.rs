//! Payment systems as the worker asks them: about one order, about a time if they have a list, and for money to
//! go back if they do that. One file per system adapts its client to these words; a system that lacks
//! something says so.

mod fondy;
mod other;

use domain::event::Fact;
use domain::ids::ExternalOrderId;
use domain::money::Kopecks;
use domain::reconcile::{AtGateway, Money};
use domain::time::UnixMillis;
use ledger::settings::{PaymentSystem, Source};

pub(crate) use crate::confirm::Told;
use crate::state::WorkerState;

/// Why money does not go back through us.
pub(crate) const NO_REFUNDS: &str =
    "Kasyr cannot give money back through this payment system; do it in its cabinet, the receipt follows";

/// A source's payment system.
pub(crate) enum Gateway {
    Fondy(fondy::Fondy),
    Other(Box<other::Other>),
}

/// The answer to a question about one order.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// It stands by this.
    Order(Box<Told>),
    /// It knows no such order.
    Unknown,
}

/// One payment of a list. A list is not proof: whatever follows from it is asked about.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    pub order: ExternalOrderId,
    /// What it says of the order's money; `None`: it cannot be read.
    pub money: Option<AtGateway>,
}

/// The answer to a question about a time.
#[derive(Clone, Debug)]
pub(crate) enum Listing {
    /// This system has no list.
    Absent,
    /// More than is taken at once: ask for less time.
    TooMuch,
    /// The whole list.
    Whole(Vec<Listed>),
}

/// Money that is to go back.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RefundWish<'a> {
    pub order: &'a ExternalOrderId,
    pub amount: Kopecks,
    /// Idempotency key: the same id with the same amount gives back once.
    pub id: &'a str,
    pub comment: Option<&'a str>,
}

/// What a payment system says to it.
#[derive(Clone, Debug)]
pub(crate) enum RefundAnswer {
    /// It says that it is done.
    Done,
    /// Taken, not done yet.
    Accepted,
    /// Refused: its code and its words.
    Declined(Option<i64>, String),
    /// Certainly nothing happened; it may be tried again.
    NotDone(String),
    /// It may have happened; ask first.
    Unknown(String),
}

/// One reversal in the payment system's books.
#[derive(Clone, Debug)]
pub(crate) struct Reversed {
    pub id: String,
    /// How much; `None`: it is not told.
    pub amount: Option<Kopecks>,
}

impl Gateway {
    /// How to ask a source's payment system; the error is for people.
    pub fn of(state: &WorkerState, source: &Source) -> Result<Self, String> {
        match source.kind.payment_system() {
            Some(PaymentSystem::Fondy) => fondy::Fondy::new(state, source).map(Self::Fondy),
            None => Err("a provider's notices tell of no payments".to_owned()),
            Some(PaymentSystem::LiqPay | PaymentSystem::WayForPay | PaymentSystem::Monobank) => {
                Ok(Self::Other(Box::new(other::Other::new(state, source))))
            }
        }
    }

    /// What it says of an order now. Only reads. The error is for people: it could not be asked.
    pub async fn status(&self, order: &ExternalOrderId) -> Result<Answer, String> {
        match self {
            Self::Fondy(system) => system.status(order).await,
            Self::Other(system) => system.status(order).await,
        }
    }

    /// Gives money back. Repeating it is only safe with the same id and amount.
    pub async fn refund(&self, wish: &RefundWish<'_>) -> RefundAnswer {
        match self {
            Self::Fondy(system) => system.refund(wish).await,
            Self::Other(_) => RefundAnswer::Declined(None, NO_REFUNDS.to_owned()),
        }
    }

    /// The reversals of an order. Only reads.
    pub async fn reversals(&self, order: &ExternalOrderId) -> Result<Vec<Reversed>, String> {
        match self {
            Self::Fondy(system) => system.reversals(order).await,
            Self::Other(_) => Err(NO_REFUNDS.to_owned()),
        }
    }

    /// The payments of a time. Only reads.
    pub async fn list(&self, from: UnixMillis, to: UnixMillis) -> Result<Listing, String> {
        match self {
            Self::Fondy(system) => system.list(from, to).await,
            Self::Other(_) => Ok(Listing::Absent),
        }
    }
}

impl From<Option<Told>> for Answer {
    fn from(told: Option<Told>) -> Self {
        told.map_or(Self::Unknown, |told| Self::Order(Box::new(told)))
    }
}

impl Answer {
    /// The order's money; `None`: it cannot be told from this answer.
    pub fn money(&self) -> Option<AtGateway> {
        match self {
            Self::Unknown => Some(AtGateway::Nothing),
            Self::Order(told) => match &told.event.fact {
                Fact::Money {
                    paid, refunded_total, ..
                } => Some(AtGateway::Money(Money {
                    paid: *paid,
                    refunded: *refunded_total,
                })),
                Fact::Nothing { .. } => Some(AtGateway::Nothing),
                Fact::Refund { .. } | Fact::Ask { .. } | Fact::Strange { .. } | Fact::Settlement { .. } => None,
            },
        }
    }
}
