//! Snapshots on their way: made, kept, rendered.

use super::books::Books;
use super::callback::{Callback, CallbackId, Posted};
use super::config::Merchant;
use super::fault::CallbackFault;
use super::fields::Fields;
use super::outbox::{Phase, Record};
use super::payment::{Illegal, PaymentId};
use super::system::{Spoil, System};
use crate::clock::millis;

impl<S: System> Books<S> {
    /// Puts a snapshot on its way, if the system has something to say.
    pub(super) fn emit(&mut self, id: PaymentId) -> Result<(), Illegal> {
        if let Some(fields) = S::snapshot(self, self.payment(id)?) {
            self.send(id, fields);
        }
        Ok(())
    }

    pub(super) fn send(&mut self, id: PaymentId, fields: Fields) {
        let now = self.now_ms();
        let Ok(order_id) = self.payment(id).map(|payment| payment.order_id.clone()) else {
            return;
        };
        let fault = self.callback_faults.take(&[&order_id], |_| true);
        let Ok(payment) = self.payment(id) else { return };
        let earlier = payment.callbacks.clone();
        let record = Record::new(payment, fields, fault);
        let deliverable = record.url.is_some();
        let delay = match &record.fault {
            Some(CallbackFault::Delay { by }) => millis(*by),
            Some(CallbackFault::Reorder) => self.schedule.first_delay_ms(),
            Some(_) | None => 0,
        };
        let overtakes = record.fault != Some(CallbackFault::Reorder);
        let number = self.outbox.add(record);
        if let Ok(payment) = self.payment_mut(id) {
            payment.callbacks.push(CallbackId(number));
        }
        if !deliverable {
            return;
        }
        self.outbox.schedule(number, now.saturating_add(delay));
        if overtakes {
            // Overtaken now: the held ones follow at once, newest first.
            let held = |number: &usize| self.outbox.get(*number).is_some_and(Record::is_held_for_reordering);
            let held: Vec<usize> = earlier.iter().rev().map(|id| id.0).take_while(held).collect();
            held.into_iter().for_each(|number| self.outbox.schedule(number, now));
        }
    }

    /// A callback as it would be posted now.
    pub(super) fn posted(&self, number: usize, fault: Option<&CallbackFault>) -> Option<Posted> {
        let record = self.outbox.get(number)?;
        let merchant = self.merchant(&self.payment(record.payment).ok()?.merchant).ok()?;
        Some(self.render(&merchant, &record.fields, fault))
    }

    pub(super) fn render(&self, merchant: &Merchant, fields: &Fields, fault: Option<&CallbackFault>) -> Posted {
        let mut posted = S::sign(self, merchant, fields, Spoil::under(fault));
        if fault == Some(&CallbackFault::TruncatedBody) {
            posted.body.truncate(posted.body.len() / 2);
        }
        posted
    }

    pub(super) fn view(&self, number: usize) -> Option<Callback> {
        let record = self.outbox.get(number)?;
        let posted = self.posted(number, None)?;
        Some(Callback {
            id: CallbackId(number),
            payment: record.payment,
            url: record.url.clone(),
            content_type: posted.content_type,
            headers: posted.headers,
            body: posted.body,
            attempts: record.attempts,
            acknowledged: record.phase == Phase::Acknowledged,
            finished: match record.phase {
                Phase::Waiting | Phase::Sending => false,
                Phase::Acknowledged | Phase::GivenUp | Phase::Taken => true,
            },
            stage: record.stage,
            refunded: record.refunded,
        })
    }
}
