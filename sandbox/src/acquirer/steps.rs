//! What may happen to a payment; each step sends a snapshot.

use super::books::Books;
use super::payment::{Failure, Illegal, Payment, PaymentId, RefundState};
use super::system::System;

impl<S: System> Books<S> {
    pub(crate) fn pay(&mut self, id: PaymentId) -> Result<(), Illegal> {
        // What cannot be is refused before anything is said.
        self.payment(id)?.clone().pay(self.now_ms())?;
        if let Some(fields) = S::processing(self, self.payment(id)?) {
            self.send(id, fields);
        }
        self.step(id, |payment, now| payment.pay(now))
    }

    pub(super) fn decline(&mut self, id: PaymentId, failure: Failure) -> Result<(), Illegal> {
        self.step(id, |payment, _| payment.decline(failure))
    }

    pub(crate) fn expire(&mut self, id: PaymentId) -> Result<(), Illegal> {
        self.step(id, |payment, _| payment.expire())
    }

    pub(crate) fn capture(&mut self, id: PaymentId, amount: u64) -> Result<(), Illegal> {
        self.step(id, |payment, now| payment.capture(amount, now))
    }

    /// Accepts a refund, and carries it out unless it is to wait.
    pub(crate) fn refund(
        &mut self,
        id: PaymentId,
        amount: u64,
        reference: Option<String>,
        waits: bool,
    ) -> Result<(), Illegal> {
        let now = self.now_ms();
        let number = self.payment_mut(id)?.ask_refund(amount, reference, now)?;
        if waits {
            return self.step(id, |_, _| Ok(()));
        }
        self.finish_refund(id, number, RefundState::Done)
    }

    pub(super) fn finish_refund(&mut self, id: PaymentId, number: usize, state: RefundState) -> Result<(), Illegal> {
        self.step(id, |payment, now| {
            payment.finish_refund(number, state, now);
            Ok(())
        })
    }

    /// One change of a payment, and the callback that tells of it.
    fn step(
        &mut self,
        id: PaymentId,
        step: impl FnOnce(&mut Payment, u64) -> Result<(), Illegal>,
    ) -> Result<(), Illegal> {
        let now = self.now_ms();
        let payment = self.payment_mut(id)?;
        step(payment, now)?;
        payment.changed_ms = now;
        self.emit(id)
    }
}
