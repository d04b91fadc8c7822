//! Test controls: what a payer, a portal user or a day of waiting does to a payment.
//!
//! Every step that changes a payment sends a snapshot of it, as the system does.

use super::acknowledge::acknowledge;
use super::callback::{AttemptOutcome, Callback, CallbackId, Posted};
use super::config::NewPayment;
use super::fault::CallbackFault;
use super::payment::{Failure, Illegal, Payment, PaymentId, RefundState, Stage};
use super::simulator::Simulator;
use super::system::System;

impl<S: System> Simulator<S> {
    /// Makes a payment without any request. No callback follows: nothing was paid.
    pub fn create(&self, new: NewPayment) -> Result<PaymentId, Illegal> {
        self.change(|books| books.create(new))
    }

    /// The buyer pays; a two-stage payment is held.
    pub fn pay(&self, id: PaymentId) -> Result<(), Illegal> {
        self.change(|books| books.pay(id))
    }

    /// Makes a payment and pays it.
    pub fn paid(&self, new: NewPayment) -> Result<PaymentId, Illegal> {
        self.change(|books| {
            let id = books.create(new)?;
            books.pay(id)?;
            Ok(id)
        })
    }

    /// The card is declined; the buyer may try again.
    pub fn decline(&self, id: PaymentId) -> Result<(), Illegal> {
        self.decline_with(id, S::declined())
    }

    /// The same for another reason.
    pub fn decline_with(&self, id: PaymentId, failure: Failure) -> Result<(), Illegal> {
        self.change(|books| books.decline(id, failure))
    }

    /// Its time ends unpaid.
    pub fn expire(&self, id: PaymentId) -> Result<(), Illegal> {
        self.change(|books| books.expire(id))
    }

    /// Takes so many kopecks of a hold; the rest is released.
    pub fn capture(&self, id: PaymentId, amount: u64) -> Result<(), Illegal> {
        self.change(|books| books.capture(id, amount))
    }

    /// Takes a hold as a whole.
    pub fn capture_all(&self, id: PaymentId) -> Result<(), Illegal> {
        self.change(|books| {
            let amount = books.payment(id)?.amount;
            books.capture(id, amount)
        })
    }

    /// A refund from the portal: so many kopecks.
    pub fn refund(&self, id: PaymentId, amount: u64) -> Result<(), Illegal> {
        self.change(|books| books.refund(id, amount, None, false))
    }

    /// A refund of everything that is left; a hold is released.
    pub fn refund_all(&self, id: PaymentId) -> Result<(), Illegal> {
        self.change(|books| {
            let left = books.payment(id)?.refundable();
            books.refund(id, left, None, false)
        })
    }

    /// Ends every refund that was left waiting; returns how many.
    pub fn finish_refunds(&self, state: RefundState) -> usize {
        self.change(|books| {
            let waiting = |payment: &Payment| {
                let refunds = payment.refunds.iter().enumerate();
                let waiting = refunds.filter(|(_, refund)| refund.state == RefundState::Pending);
                let id = payment.id;
                waiting.map(|(number, _)| (id, number)).collect::<Vec<_>>()
            };
            let waiting: Vec<(PaymentId, usize)> = books.payments().iter().flat_map(waiting).collect();
            for (id, number) in &waiting {
                // Both are there: they were just found.
                let _ = books.finish_refund(*id, *number, state);
            }
            waiting.len()
        })
    }

    /// Sends the present snapshot although nothing changed.
    pub fn announce(&self, id: PaymentId) -> Result<(), Illegal> {
        self.change(|books| books.emit(id))
    }

    /// The present snapshot as it would be posted — content type, headers, body — as `fault` would leave it, without
    /// sending or recording anything; `None` where the system keeps silent.
    pub fn callback_for(&self, id: PaymentId, fault: Option<&CallbackFault>) -> Result<Option<Posted>, Illegal> {
        let books = self.lock();
        let payment = books.payment(id)?;
        let merchant = books.merchant(&payment.merchant)?;
        let fields = S::snapshot(&books, payment);
        Ok(fields.map(|fields| books.render(&merchant, &fields, fault)))
    }

    /// Callbacks made since the last call, for a test that posts them itself; they are not sent any more.
    pub fn take_callbacks(&self) -> Vec<Callback> {
        self.change(|books| {
            let taken = books.outbox.take_all();
            taken.into_iter().filter_map(|number| books.view(number)).collect()
        })
    }

    /// Posts a callback again now, whatever became of it: a replay a day later, a second copy.
    pub fn resend(&self, callback: CallbackId) {
        self.change(|books| {
            if books.outbox.get(callback.0).is_some_and(|record| record.url.is_some()) {
                let now = books.now_ms();
                books.outbox.schedule(callback.0, now);
            }
        });
    }

    /// Tells the books that a callback posted by a test was taken.
    pub fn acknowledge(&self, callback: CallbackId) {
        self.change(|books| {
            if let Some(posted) = books.posted(callback.0, None) {
                let number = books.outbox.get(callback.0).map_or(1, |record| record.attempts + 1);
                acknowledge(books, callback.0, posted.body, None);
                books.log(callback.0, number, None, AttemptOutcome::Acknowledged);
            }
        });
    }

    /// How many payments are at this stage.
    pub fn count(&self, stage: Stage) -> usize {
        let books = self.lock();
        books.payments().iter().filter(|payment| payment.stage == stage).count()
    }
}
