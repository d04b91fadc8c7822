//! The simulator's own books, for assertions.

use super::OrderRef;
use super::callback::{Acknowledgement, Attempt, Callback};
use super::order::{Hold, Money, Order, Status};
use super::refusal::Refusal;
use super::simulator::Simulator;

/// One order as the gateway's books have it. Amounts are minor units.
#[derive(Clone, Debug)]
pub struct OrderView {
    /// Which order.
    pub order: OrderRef,
    /// The gateway's number.
    pub payment_id: u64,
    /// What was asked for, in the order's currency.
    pub amount: u64,
    /// The order's currency.
    pub currency: String,
    /// What was charged or held, in the currency it was charged in; `None` before payment.
    pub paid: Option<Money>,
    /// Preauthorisation; a capture carries its sums.
    pub hold: Hold,
    /// Running total given back, of the actual currency.
    pub refunded: u64,
    /// What may still be given back.
    pub refundable: u64,
    /// Where the order is.
    pub status: Status,
    /// A card check, which is no sale.
    pub verification: bool,
    /// How many snapshots were made.
    pub callbacks: usize,
    /// Answers 200, oldest first.
    pub acknowledgements: Vec<Acknowledgement>,
}

impl Simulator {
    /// All orders, oldest first.
    pub fn orders(&self) -> Vec<OrderView> {
        self.lock().orders.iter().map(view).collect()
    }

    /// `limit` orders from number `from` on, oldest first.
    pub fn orders_from(&self, from: usize, limit: usize) -> Vec<OrderView> {
        self.lock().orders.iter().skip(from).take(limit).map(view).collect()
    }

    /// One order; 1018 when there is none.
    pub fn order(&self, merchant_id: u64, order_id: &str) -> Result<OrderView, Refusal> {
        self.lock().order(&OrderRef::new(merchant_id, order_id)).map(view)
    }

    /// Every callback of an order, oldest first.
    pub fn callbacks(&self, order: &OrderRef) -> Result<Vec<Callback>, Refusal> {
        let state = self.lock();
        Ok(state
            .order(order)?
            .callbacks
            .iter()
            .filter_map(|id| state.outbox.view(*id))
            .collect())
    }

    /// Every attempt ever made to deliver anything, oldest first.
    pub fn attempts(&self) -> Vec<Attempt> {
        self.lock().outbox.attempts.clone()
    }

    /// Callbacks that still wait to be sent or sent again.
    pub fn waiting_callbacks(&self) -> usize {
        self.lock().outbox.waiting()
    }

    /// Those, and the callbacks that are being sent just now.
    pub fn open_callbacks(&self) -> usize {
        let state = self.lock();
        state.outbox.waiting() + state.outbox.sending()
    }
}

fn view(order: &Order) -> OrderView {
    OrderView {
        order: order.key.clone(),
        payment_id: order.payment_id,
        amount: order.terms.amount,
        currency: order.terms.currency.clone(),
        paid: order.actual.clone(),
        hold: order.hold,
        refunded: order.reversed,
        refundable: order.refundable(),
        status: order.status,
        verification: order.terms.verification,
        callbacks: order.callbacks.len(),
        acknowledgements: order.acknowledgements.clone(),
    }
}
