//! Asking the payment system before a receipt is made.

use domain::event::{CarriedBasket, Event, Fact};
use ledger::settings::Source;
use url::Url;

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
    let client = match client(state, source) {
        Ok(client) => client,
        Err(why) => return Confirmed::NotYet(why),
    };
    match answer(client.status(event.order.as_str()).await) {
        Err(why) => Confirmed::NotYet(why),
        Ok(answer) => compare(event, answer),
    }
}

/// Who is asked, and with which key; the text says why nobody can be.
pub(crate) fn client(state: &WorkerState, source: &Source) -> Result<fondy::Client, String> {
    let api_url = Url::parse(&source.api_url)
        .map_err(|_| "the source's api_url is not a URL; correct it in the settings".to_owned())?;
    let merchant_id = source
        .gateway_merchant_id()
        .ok_or_else(|| "the source's account is not a number; correct it in the settings".to_owned())?;
    let credentials = fondy::Credentials {
        merchant_id,
        key: source.secret.clone(),
    };
    Ok(fondy::Client::new(
        state.http.clone(),
        api_url,
        credentials,
        state.times.call_timeout,
    ))
}

/// A status as an event; the text says why it is none.
pub(crate) fn answer(status: Result<fondy::Snapshot, fondy::Error>) -> Result<Event, String> {
    let snapshot = status.map_err(|error| format!("the status API: {error}"))?;
    payments::fondy::event(&snapshot).map_err(|error| format!("the status API named an impossible order: {error}"))
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
