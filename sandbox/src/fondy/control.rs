//! Test controls: what a payer, a portal user or a day of waiting does to an order.
//!
//! Every step that changes an order sends a snapshot of it, as the gateway does.

use super::callback::{AttemptOutcome, CallbackId};
use super::delivery::acknowledge;
use super::fault::Fault;
use super::order::{Failure, Money, Order};
use super::refusal::Refusal;
use super::simulator::{Simulator, State};
use super::{Callback, NewOrder, OrderRef, SignedCallback};

impl Simulator {
    /// Creates an order without any request. No callback follows: nothing was paid.
    /// Refuses an unknown merchant (1016), an empty id (1009), a zero amount (1023) and a known id (1013).
    pub fn create_order(&self, order: NewOrder) -> Result<OrderRef, Refusal> {
        let key = order.order_ref();
        self.change(|state| state.create(order)).map(|_| key)
    }

    /// The buyer pays; a preauthorised order is held. 1019 when it is already completed.
    pub fn pay(&self, order: &OrderRef) -> Result<CallbackId, Refusal> {
        self.change(|state| {
            let index = state.index(order)?;
            let hold = state.orders[index].terms.preauth;
            state.pay(index, None, hold)
        })
    }

    /// The buyer pays in another currency than the order's.
    pub fn pay_converted(&self, order: &OrderRef, actual: Money) -> Result<CallbackId, Refusal> {
        self.change(|state| {
            let index = state.index(order)?;
            let hold = state.orders[index].terms.preauth;
            state.pay(index, Some(actual), hold)
        })
    }

    /// The money is held, whatever the order asked for.
    pub fn hold(&self, order: &OrderRef) -> Result<CallbackId, Refusal> {
        self.change(|state| {
            let index = state.index(order)?;
            state.pay(index, None, true)
        })
    }

    /// Captures `amount` minor units of the order's currency; the rest of the hold goes back.
    /// The same amount again changes nothing and sends nothing; another is refused with 1109.
    pub fn capture(&self, order: &OrderRef, amount: u64) -> Result<(), Refusal> {
        self.change(|state| {
            let index = state.index(order)?;
            state.capture(index, amount).map(|_| ())
        })
    }

    /// A reversal from the portal: `amount` minor units of the actual currency.
    /// 1069 above what is left, 1084 for a part of a hold, 1100 when nothing was paid.
    pub fn reverse(&self, order: &OrderRef, amount: u64) -> Result<CallbackId, Refusal> {
        self.change(|state| {
            let index = state.index(order)?;
            state.reverse(index, amount)
        })
    }

    /// A reversal that takes so much from each of these merchants' parts of a split.
    pub fn reverse_from(&self, order: &OrderRef, parts: &[(u64, u64)]) -> Result<CallbackId, Refusal> {
        let taken: Vec<super::Receiver> = parts
            .iter()
            .map(|(merchant, amount)| super::Receiver {
                merchant_id: Some(*merchant),
                amount: *amount,
                reservation_data: None,
                description: String::new(),
            })
            .collect();
        let total = parts.iter().map(|(_, amount)| amount).sum();
        self.change(|state| {
            let index = state.index(order)?;
            state.reverse_parts(index, total, &taken)
        })
    }

    /// A reversal of everything that is left.
    pub fn reverse_all(&self, order: &OrderRef) -> Result<CallbackId, Refusal> {
        self.change(|state| {
            let index = state.index(order)?;
            let left = state.orders[index].refundable();
            state.reverse(index, left)
        })
    }

    /// Carries out every reversal that was answered `created`; returns how many.
    pub fn finish_reversals(&self) -> usize {
        self.change(|state| {
            let mut done = 0;
            for index in std::mem::take(&mut state.unfinished) {
                for amount in std::mem::take(&mut state.orders[index].pending_reversals) {
                    done += usize::from(state.reverse(index, amount).is_ok());
                }
            }
            done
        })
    }

    /// Refused for good, `response_code` 1000.
    pub fn decline(&self, order: &OrderRef) -> Result<CallbackId, Refusal> {
        self.step(order, |order| {
            order.decline(Failure {
                code: 1000,
                text: "General decline".to_owned(),
            })
        })
    }

    /// An attempt failed, `response_code` 1051; a delayed order may still be paid.
    pub fn fail_attempt(&self, order: &OrderRef) -> Result<CallbackId, Refusal> {
        self.step(order, |order| {
            order.fail_attempt(Failure {
                code: 1051,
                text: "Declined by antifraud".to_owned(),
            })
        })
    }

    /// Its lifetime ended unpaid.
    pub fn expire(&self, order: &OrderRef) -> Result<CallbackId, Refusal> {
        self.step(order, Order::expire)
    }

    /// A card check: approved, then reversed by the gateway itself; two callbacks.
    pub fn verify_and_auto_reverse(&self, order: &OrderRef) -> Result<[CallbackId; 2], Refusal> {
        self.change(|state| {
            let index = state.index(order)?;
            state.orders[index].terms.verification = true;
            let paid = state.pay(index, None, false)?;
            let left = state.orders[index].refundable();
            Ok([paid, state.reverse(index, left)?])
        })
    }

    /// Sends a snapshot with this `order_status` although the order is not in it: a late `expired`, an unknown word.
    pub fn stray_callback(&self, order: &OrderRef, order_status: &str) -> Result<CallbackId, Refusal> {
        self.change(|state| {
            let index = state.index(order)?;
            state.emit(index, Some(order_status)).map(CallbackId)
        })
    }

    /// The current snapshot, signed, without sending or recording anything.
    pub fn callback_for(&self, order: &OrderRef) -> Result<SignedCallback, Refusal> {
        let state = self.lock();
        Ok(state.message(state.index(order)?, None)?.clean())
    }

    /// The current snapshot as `fault` would leave it (see [`Fault`]), without sending or recording anything.
    pub fn spoiled_callback_for(&self, order: &OrderRef, fault: Fault) -> Result<SignedCallback, Refusal> {
        let state = self.lock();
        Ok(state.message(state.index(order)?, None)?.render(Some(fault)))
    }

    /// Callbacks made since the last call, for a test that posts them itself; they are not sent any more.
    pub fn take_callbacks(&self) -> Vec<Callback> {
        self.change(|state| state.outbox.take_all())
    }

    /// Posts a callback again now, whatever became of it: a replay a day later, a second copy.
    pub fn resend(&self, callback: CallbackId) {
        self.change(|state| {
            if state.outbox.get(callback.0).is_some_and(|record| record.url.is_some()) {
                let now = state.now_ms();
                state.outbox.schedule(callback.0, now);
            }
        });
    }

    /// Tells the ledger that a callback posted by a test was answered 200.
    pub fn acknowledge(&self, callback: CallbackId) {
        self.change(|state| {
            let body = state.outbox.get(callback.0).map(|record| record.message.clean().body);
            if let Some(body) = body {
                let number = state.outbox.get(callback.0).map_or(1, |record| record.attempts + 1);
                acknowledge(state, callback.0, body, None);
                state.log(callback.0, number, None, AttemptOutcome::Acknowledged);
            }
        });
    }

    fn step(
        &self,
        order: &OrderRef,
        step: impl FnOnce(&mut Order) -> Result<(), Refusal>,
    ) -> Result<CallbackId, Refusal> {
        self.change(|state| {
            let index = state.index(order)?;
            step(&mut state.orders[index])?;
            state.emit(index, None).map(CallbackId)
        })
    }
}

impl State {
    pub(super) fn pay(&mut self, index: usize, actual: Option<Money>, hold: bool) -> Result<CallbackId, Refusal> {
        let stamp = self.stamp(index);
        let order = &mut self.orders[index];
        let terms = &order.terms;
        let actual = actual.or_else(|| terms.actual.clone()).unwrap_or_else(|| Money {
            amount: terms.amount,
            currency: terms.currency.clone(),
        });
        order.pay(actual, hold, stamp)?;
        self.fiscalise(index);
        self.emit(index, None).map(CallbackId)
    }

    /// `false`: this very capture was made before.
    pub(super) fn capture(&mut self, index: usize, amount: u64) -> Result<bool, Refusal> {
        let stamp = self.stamp(index);
        let captured = self.orders[index].capture(amount, stamp)?;
        if captured {
            self.fiscalise(index);
            self.emit(index, None)?;
        }
        Ok(captured)
    }

    /// A reversal that says how much to take from which receiver.
    pub(super) fn reverse_parts(
        &mut self,
        index: usize,
        amount: u64,
        taken: &[super::Receiver],
    ) -> Result<CallbackId, Refusal> {
        let before = self.orders[index].part_reversed.clone();
        self.orders[index].take_from_parts(taken);
        self.reverse(index, amount)
            .inspect_err(|_| self.orders[index].part_reversed = before)
    }

    pub(super) fn reverse(&mut self, index: usize, amount: u64) -> Result<CallbackId, Refusal> {
        let stamp = self.stamp(index);
        let only_held = self.orders[index].hold == super::Hold::Held;
        self.orders[index].reverse(amount, stamp)?;
        if !only_held {
            self.fiscalise(index);
        }
        self.emit(index, None).map(CallbackId)
    }
}
