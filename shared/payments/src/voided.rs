use domain::event::{CarriedBasket, Event, Fact};
use domain::money::Kopecks;

/// What it means that a payment was taken back whole where the system does not say whether it had
/// been charged. Only our own records tell: `sold` is what the order's sale receipt is for, made or
/// planned. With one it is a full refund; without one nothing is to be registered: either a hold
/// was released, or the sale and its end cancel out before any receipt was made.
pub fn voided(event: Event, sold: Option<Kopecks>) -> Event {
    let fact = match sold {
        Some(paid) => Fact::Money {
            paid,
            refunded_total: paid,
            basket: CarriedBasket::Absent,
            parts: Vec::new(),
        },
        None => Fact::Nothing {
            why: "taken back whole before any receipt was made; most likely a hold was released".to_owned(),
        },
    };
    Event { fact, ..event }
}
