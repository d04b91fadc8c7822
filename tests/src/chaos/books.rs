//! What is owed, by the books of those who paid: the payment system's, and the shops' own for the
//! events they told through the API. Kasyr's ledger has no say in it.

use std::collections::BTreeMap;

use domain::hold::HoldReason;
use sandbox::fondy::{Hold, OrderView, Simulator, Status};

use super::cast::Till;
use super::load::{Order, Way};
use super::shop::Accepted;

/// One order as its receipts must be.
#[derive(Clone, Debug, Default)]
pub struct Account {
    /// The shop's id.
    pub order: String,
    /// The register's fiscal number.
    pub register: u64,
    /// Kopecks charged; 0 when nothing was.
    pub paid: u64,
    /// Kopecks given back.
    pub refunded: u64,
    /// When the payment was acknowledged, in milliseconds since 1970; 0 when it was not.
    pub acknowledged_ms: i64,
    /// Why one of its documents must wait for a person.
    pub hold: Option<HoldReason>,
}

impl Account {
    /// Its sale waits for a person, so that nothing of it is on the tape.
    pub fn has_no_sale(&self) -> bool {
        self.paid == 0 || self.hold == Some(HoldReason::BasketMismatch)
    }
}

/// The account of every order.
pub fn accounts(orders: &[Order], tills: &[Till], payments: &Simulator, accepted: &[Accepted]) -> Vec<Account> {
    let mut told: BTreeMap<u32, Vec<&Accepted>> = BTreeMap::new();
    for event in accepted {
        told.entry(event.order).or_default().push(event);
    }
    orders
        .iter()
        .filter_map(|order| {
            let till = tills.get(order.register)?;
            let hold = order.lines.are_wrong().then_some(HoldReason::BasketMismatch);
            let account = Account {
                order: order.id(),
                register: till.number,
                hold,
                ..Account::default()
            };
            match order.way {
                Way::Fondy(_) => Some(from_payments(account, payments.order(till.gateway, &order.id()).ok())),
                Way::Api => Some(from_shop(account, told.get(&order.number).map_or(&[], Vec::as_slice))),
            }
        })
        .collect()
}

fn from_payments(account: Account, order: Option<OrderView>) -> Account {
    let Some(order) = order else {
        return account;
    };
    let paid = match order.hold {
        Hold::Captured { actual, .. } => actual,
        Hold::None => order.paid.map_or(0, |money| money.amount),
        Hold::Held | Hold::Released => 0,
    };
    // A held payment is approved too, and yet no receipt is owed for it.
    let owes = |acknowledged: Status, hold: Hold| {
        matches!(acknowledged, Status::Approved | Status::Reversed) && !matches!(hold, Hold::Held | Hold::Released)
    };
    let first = order
        .acknowledgements
        .iter()
        .find(|acknowledgement| owes(acknowledgement.status, acknowledgement.hold));
    Account {
        paid,
        refunded: order.refunded,
        acknowledged_ms: first.map_or(0, |first| i64::try_from(first.unix_ms).unwrap_or(i64::MAX)),
        hold: account.hold.filter(|_| paid > 0),
        ..account
    }
}

fn from_shop(account: Account, told: &[&Accepted]) -> Account {
    let mut account = account;
    for event in told {
        match (event.refund, event.too_much) {
            (false, _) => {
                account.paid = event.amount;
                account.acknowledged_ms = event.at.0;
            }
            (true, true) => account.hold = Some(HoldReason::RefundExceedsSale),
            (true, false) => account.refunded += event.amount,
        }
    }
    account
}
