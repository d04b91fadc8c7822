//! Asking the payment system before a receipt is made.

use domain::event::{CarriedBasket, Event, Fact};
use ledger::settings::Source;
use url::Url;

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
    let Ok(api_url) = Url::parse(&source.api_url) else {
        return Confirmed::NotYet("the source's api_url is not a URL; correct it in the settings".to_owned());
    };
    let Some(merchant_id) = source.gateway_merchant_id() else {
        return Confirmed::NotYet("the source's account is not a number; correct it in the settings".to_owned());
    };
    let credentials = fondy::Credentials {
        merchant_id,
        key: source.secret.clone(),
    };
    let client = fondy::Client::new(state.http.clone(), api_url, credentials, state.times.call_timeout);
    match client.status(event.order.as_str()).await {
        Err(error) => Confirmed::NotYet(format!("the status API: {error}")),
        Ok(snapshot) => match payments::fondy::event(&snapshot) {
            Err(error) => Confirmed::NotYet(format!("the status API named an impossible order: {error}")),
            Ok(answer) => compare(event, answer),
        },
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
