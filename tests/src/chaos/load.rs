//! What buyers and shops will do: decided before anything starts, by the seed alone.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use super::options::Size;

/// One order and everything that happens to it.
#[derive(Clone, Debug)]
pub struct Order {
    /// Its number, from 1; the shop's id is made of it.
    pub number: u32,
    /// Which register, an index into the cast.
    pub register: usize,
    /// Through which door its events come.
    pub way: Way,
    /// Kopecks.
    pub amount: u64,
    /// Where its lines come from.
    pub lines: Lines,
    /// When it is paid, from the start.
    pub at: Duration,
    /// Its refunds, in the order in which they are made.
    pub refunds: Vec<Refund>,
    /// Every API request is sent once more after it was accepted.
    pub repeated: bool,
}

/// Through which door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Callbacks of the payment system.
    Fondy(Payment),
    /// `POST /v1/events`.
    Api,
}

/// What becomes of a payment at the payment system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payment {
    /// Charged at once.
    Charged,
    /// Held, charged a moment later.
    Captured,
    /// Never charged: no receipt may come of it.
    Declined,
}

/// Where the lines of the receipt come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    /// Nowhere: one line with the order's id.
    Nowhere,
    /// The payment (`reservation_data`, or `basket` of an API event).
    Payment,
    /// The shop, with `PUT /v1/orders`, before the payment.
    Shop,
    /// As `Payment`, and they are not worth what was paid.
    WrongPayment,
    /// As `Shop`, and they are not worth what was paid.
    WrongShop,
}

impl Lines {
    /// Must the sale wait for a person?
    pub const fn are_wrong(self) -> bool {
        match self {
            Self::WrongPayment | Self::WrongShop => true,
            Self::Nowhere | Self::Payment | Self::Shop => false,
        }
    }
}

/// Money going back.
#[derive(Clone, Copy, Debug)]
pub struct Refund {
    /// Kopecks.
    pub amount: u64,
    /// Is its news meant to come before the payment's?
    pub early: bool,
    /// How long after the payment, or (early, by API) before it.
    pub after: Duration,
    /// More than was paid: it must wait for a person.
    pub too_much: bool,
}

impl Order {
    /// The shop's id of it. Every sale's lines carry it, so that the tape itself tells whose it is.
    pub fn id(&self) -> String {
        format!("o-{:06}", self.number)
    }

    /// When its last step begins, from the start.
    pub fn ends(&self) -> Duration {
        let last = self.refunds.iter().filter(|refund| !refund.early);
        self.at + last.map(|refund| refund.after).max().unwrap_or_default()
    }
}

/// Everything, sorted by time of payment.
pub fn plan(size: &Size) -> Vec<Order> {
    let mut rng = StdRng::seed_from_u64(size.seed);
    let mut refunds_left = size.refunds;
    let mut orders = Vec::new();
    let mut paid = 0;
    while paid < size.payments {
        let number = u32::try_from(orders.len() + 1).unwrap_or(u32::MAX);
        let mut order = order(&mut rng, size, number);
        order.at = size.pace * paid;
        if order.way != Way::Fondy(Payment::Declined) {
            paid += 1;
        }
        let payments_left = size.payments.saturating_sub(paid).max(1);
        // Refunded orders have one and a half refunds on average; what is left must still fit in.
        let due = rng.random_range(0..payments_left * 3) < refunds_left * 2 + 1;
        if due && refunds_left > 0 && may_be_refunded(&order) {
            order.refunds = refunds(&mut rng, &order);
            let count = u32::try_from(order.refunds.len()).unwrap_or(u32::MAX);
            refunds_left = refunds_left.saturating_sub(count);
        }
        orders.push(order);
    }
    orders
}

fn order(rng: &mut StdRng, size: &Size, number: u32) -> Order {
    let way = match rng.random_range(0..100_u32) {
        0..20 => Way::Api,
        20..22 => Way::Fondy(Payment::Declined),
        22..26 => Way::Fondy(Payment::Captured),
        _ => Way::Fondy(Payment::Charged),
    };
    let lines = match rng.random_range(0..100_u32) {
        0..2 => Lines::WrongPayment,
        2..4 => Lines::WrongShop,
        4..40 => Lines::Payment,
        40..60 => Lines::Shop,
        _ => Lines::Nowhere,
    };
    Order {
        number,
        register: rng.random_range(0..size.registers),
        way,
        amount: rng.random_range(1_000..500_000),
        lines,
        at: Duration::ZERO,
        refunds: Vec::new(),
        repeated: rng.random_range(0..10_u32) == 0,
    }
}

/// A refund of a sale that waits for a person would wait with it.
fn may_be_refunded(order: &Order) -> bool {
    !order.lines.are_wrong() && order.way != Way::Fondy(Payment::Declined)
}

fn refunds(rng: &mut StdRng, order: &Order) -> Vec<Refund> {
    let whole = order.amount;
    let soon = Duration::from_millis(rng.random_range(0..400));
    let later = Duration::from_millis(rng.random_range(1_000..8_000));
    let part = rng.random_range(100..whole - 100);
    // A hold is captured before anything can go back.
    let can_be_early = order.way != Way::Fondy(Payment::Captured);
    let one = |amount, after, early| Refund {
        amount,
        early: early && can_be_early,
        after,
        too_much: false,
    };
    match rng.random_range(0..100_u32) {
        0..25 => vec![one(whole, soon, false)],
        25..38 => vec![one(whole, later, false)],
        38..48 => vec![one(part, soon, false)],
        48..58 => vec![one(part, later, false)],
        58..68 => vec![one(part, soon, false), one(whole - part, later, false)],
        68..78 => {
            let (first, second) = (part / 3 + 1, part / 3 + 1);
            vec![
                one(first, soon, false),
                one(second, soon * 2, false),
                one(whole - first - second, later, false),
            ]
        }
        78..88 => vec![one(whole, soon, true)],
        88..94 => vec![one(part, soon, true)],
        94..98 => vec![one(part, soon, true), one(whole - part, later, false)],
        _ if order.way == Way::Api => vec![Refund {
            too_much: true,
            ..one(whole + 100, soon, rng.random_range(0..2_u32) == 0)
        }],
        _ => vec![one(whole, later, false)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size {
        seed: 7,
        payments: 2_000,
        refunds: 400,
        registers: 20,
        workers: 2,
        pace: Duration::from_millis(30),
        messages: true,
    };

    #[test]
    fn the_load_has_as_much_as_was_asked_for() {
        let orders = plan(&SIZE);
        let paid = orders.iter().filter(|order| order.way != Way::Fondy(Payment::Declined));
        assert_eq!(paid.count(), 2_000);
        let refunds: usize = orders.iter().map(|order| order.refunds.len()).sum();
        assert!((400..403).contains(&refunds), "{refunds}");
    }

    #[test]
    fn nothing_but_what_is_meant_to_be_too_much_exceeds_its_payment() {
        for order in plan(&SIZE) {
            let back: u64 = order.refunds.iter().map(|refund| refund.amount).sum();
            let too_much = order.refunds.iter().any(|refund| refund.too_much);
            assert_eq!(back > order.amount, too_much, "{order:?}");
        }
    }

    #[test]
    fn the_same_seed_is_the_same_load() {
        assert_eq!(format!("{:?}", plan(&SIZE)), format!("{:?}", plan(&SIZE)));
        let other = Size { seed: 8, ..SIZE };
        assert_ne!(format!("{:?}", plan(&SIZE)), format!("{:?}", plan(&other)));
    }
}
