//! Asking the payment system before a receipt is made: what to ask and what an answer is worth. How each
//! system is asked is its own file; all of them bring the same: the event that the system stands by.

mod fondy;
mod liqpay;
mod monobank;
mod question;
mod wayforpay;

use domain::event::{CarriedBasket, Event, Fact};
use ledger::settings::{Source, SourceKind};

pub(crate) use self::fondy::{answer, client};
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
    let answer = match Question::new(state, source, event) {
        Err(why) => Err(why),
        Ok(question) => match source.kind {
            SourceKind::Fondy => fondy::ask(&question).await,
            SourceKind::LiqPay => liqpay::ask(&question).await,
            SourceKind::WayForPay => wayforpay::ask(&question).await,
            SourceKind::Monobank => monobank::ask(&question).await,
        },
    };
    match answer {
        Err(why) => Confirmed::NotYet(why),
        Ok(answer) => compare(event, answer),
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
