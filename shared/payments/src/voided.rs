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

#[cfg(test)]
mod tests {
    use super::*;
    use domain::event::PaymentMeans;
    use domain::ids::ExternalOrderId;

    #[test]
    fn only_a_sale_makes_a_void_a_refund() {
        let event = Event {
            order: ExternalOrderId::parse("shop-1001").unwrap(),
            payment_id: None,
            fact: Fact::Ask {
                why: "voided".to_owned(),
            },
            means: PaymentMeans::default(),
            payer_email: None,
        };
        assert_eq!(voided(event.clone(), None).fact.kind(), "nothing");
        let sold = Kopecks::from_minor(26_750).unwrap();
        let refund = Fact::Money {
            paid: sold,
            refunded_total: sold,
            basket: CarriedBasket::Absent,
            parts: Vec::new(),
        };
        assert_eq!(voided(event, Some(sold)).fact, refund);
    }
}
