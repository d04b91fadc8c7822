//! Asking the payment system before a receipt is made.

use domain::event::{CarriedBasket, Event, Fact};
use ledger::settings::Source;

use crate::gateways::{Answer, Gateway};
use crate::state::WorkerState;

/// What the payment system says to an event.
#[derive(Debug)]
pub(crate) enum Confirmed {
    /// This is what it stands by.
    Event(Event),
    /// It cannot be asked now, or does not say yes yet; the text is for people.
    NotYet(String),
}

/// Asks where the source wants it or the event needs it. What an event says that moved no money is
/// believed: nothing follows from it.
pub(crate) async fn confirm(state: &WorkerState, source: &Source, event: &Event) -> Confirmed {
    let ask = match &event.fact {
        Fact::Ask { .. } => true,
        Fact::Money { .. } => source.confirm,
        Fact::Refund { .. } | Fact::Nothing { .. } | Fact::Strange { .. } => false,
    };
    if !ask {
        return Confirmed::Event(event.clone());
    }
    let gateway = match Gateway::of(state, source) {
        Ok(gateway) => gateway,
        Err(why) => return Confirmed::NotYet(why),
    };
    match gateway.status(&event.order).await {
        Err(why) => Confirmed::NotYet(why),
        Ok(Answer::Unknown) => Confirmed::NotYet("the status API does not know the order".to_owned()),
        Ok(Answer::Order(told)) => compare(event, told.event),
    }
}

/// The answer wins; a basket that only the callback carried is kept.
fn compare(event: &Event, answer: Event) -> Confirmed {
    match (&event.fact, answer.fact) {
        (_, Fact::Ask { why }) => Confirmed::NotYet(format!("the status API is unclear too: {why}")),
        (Fact::Money { .. }, Fact::Nothing { why }) => {
            Confirmed::NotYet(format!("the status API does not confirm the payment: {why}"))
        }
        (
            Fact::Money { basket, .. },
            Fact::Money {
                paid,
                refunded_total,
                basket: CarriedBasket::Absent,
            },
        ) => {
            let fact = Fact::Money {
                paid,
                refunded_total,
                basket: basket.clone(),
            };
            Confirmed::Event(Event { fact, ..answer })
        }
        (_, fact) => Confirmed::Event(Event { fact, ..answer }),
    }
}
