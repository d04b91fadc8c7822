//! Asking the payment system before a receipt is made: what to ask and what an answer is worth. How each
//! system is asked is its own file; all of them bring the same: the event that the system stands by.

mod fondy;
mod liqpay;
mod monobank;
mod question;
mod wayforpay;

use domain::event::{CarriedBasket, Event, Fact};
use ledger::settings::{PaymentSystem, Source};

pub(crate) use self::fondy::{answer, client, told_of};
use self::question::Question;
use crate::state::WorkerState;

/// What the payment system says to an event.
#[derive(Debug)]
pub(crate) enum Confirmed {
    /// This is what it stands by.
    Event(Box<Event>),
    /// It cannot be asked now, or does not say yes yet; the text is for people.
    NotYet(String),
}

/// What a payment system says of an order: the event, and what its own message would have been known by.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub event: Event,
    pub key: String,
    pub fingerprint: String,
}

/// What the payment system says of the order that an event is about; nothing when it knows no such order. Only reads. The
/// error is for people: it could not be asked.
pub(crate) async fn told(state: &WorkerState, source: &Source, event: &Event) -> Result<Option<Told>, String> {
    let question = Question::new(state, source, event)?;
    match source.kind.payment_system() {
        Some(PaymentSystem::Fondy) => fondy::told(&question).await,
        Some(PaymentSystem::LiqPay) => liqpay::told(&question).await,
        Some(PaymentSystem::WayForPay) => wayforpay::told(&question).await,
        Some(PaymentSystem::Monobank) => monobank::told(&question).await,
        None => Err("a provider's notices tell of no payments".to_owned()),
    }
}

/// Asks where the source wants it or the event needs it. What an event says that moved no money is
/// believed: nothing follows from it.
pub(crate) async fn confirm(state: &WorkerState, source: &Source, event: &Event) -> Confirmed {
    let ask = match &event.fact {
        Fact::Ask { .. } => true,
        Fact::Money { .. } => source.confirm,
        Fact::Refund { .. } | Fact::Nothing { .. } | Fact::Strange { .. } | Fact::Settlement { .. } => false,
    };
    if !ask {
        return Confirmed::Event(Box::new(event.clone()));
    }
    match told(state, source, event).await {
        Err(why) => Confirmed::NotYet(why),
        Ok(None) => Confirmed::NotYet("the status API does not know the order".to_owned()),
        Ok(Some(told)) => compare(event, told.event),
    }
}

/// The answer wins; a basket and parts that only the callback carried are kept.
fn compare(event: &Event, answer: Event) -> Confirmed {
    match (&event.fact, answer.fact) {
        (_, Fact::Ask { why }) => Confirmed::NotYet(format!("the status API is unclear too: {why}")),
        (Fact::Money { .. }, Fact::Nothing { why }) => {
            Confirmed::NotYet(format!("the status API does not confirm the payment: {why}"))
        }
        (
            Fact::Money { basket, parts, .. },
            Fact::Money {
                paid,
                refunded_total,
                basket: said,
                parts: said_parts,
            },
        ) => {
            let fact = Fact::Money {
                paid,
                refunded_total,
                basket: if said == CarriedBasket::Absent {
                    basket.clone()
                } else {
                    said
                },
                parts: if said_parts.is_empty() {
                    parts.clone()
                } else {
                    said_parts
                },
            };
            Confirmed::Event(Box::new(Event { fact, ..answer }))
        }
        (_, fact) => Confirmed::Event(Box::new(Event { fact, ..answer })),
    }
}
