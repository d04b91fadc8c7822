//! Booking what became of a callback.

use std::time::Instant;

use bytes::Bytes;

use super::books::Books;
use super::callback::{Acknowledgement, Attempt, AttemptOutcome, CallbackId};
use super::fault::CallbackFault;
use super::outbox::Phase;
use super::system::System;
use crate::clock::machine_ms;

/// Books that a callback was taken. One that still waits (a replay of it was taken) keeps coming, as the system's would.
pub(super) fn acknowledge<S: System>(books: &mut Books<S>, number: usize, body: Bytes, fault: Option<&CallbackFault>) {
    let Some(record) = books.outbox.get(number) else { return };
    let acknowledgement = Acknowledgement {
        callback: CallbackId(number),
        stage: record.stage,
        refunded: record.refunded,
        body,
        fault: fault.cloned(),
        at: Instant::now(),
        unix_ms: machine_ms(),
    };
    let (payment, phase) = (record.payment, record.phase);
    match phase {
        Phase::Sending | Phase::Taken => books.outbox.enter(number, Phase::Acknowledged),
        Phase::Waiting | Phase::Acknowledged | Phase::GivenUp => {}
    }
    if let Ok(payment) = books.payment_mut(payment) {
        payment.acknowledgements.push(acknowledgement);
    }
}

impl<S: System> Books<S> {
    pub(super) fn log(
        &mut self,
        number: usize,
        attempt: usize,
        fault: Option<&CallbackFault>,
        outcome: AttemptOutcome,
    ) {
        let Some(payment) = self.outbox.get(number).map(|record| record.payment) else {
            return;
        };
        let at_ms = self.now_ms();
        self.outbox.attempts.push(Attempt {
            callback: CallbackId(number),
            payment,
            number: attempt,
            at_ms,
            fault: fault.cloned(),
            outcome,
        });
    }
}
