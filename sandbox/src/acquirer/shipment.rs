//! One callback under way.

use super::acknowledge::acknowledge;
use super::books::Books;
use super::callback::{AttemptOutcome, Posted};
use super::fault::CallbackFault;
use super::outbox::Phase;
use super::payment::PaymentId;
use super::simulator::Simulator;
use super::system::System;
use crate::post::{self, Manner, Posting};

/// One callback taken out of the outbox. Dropped before it is settled (a cancelled task), it goes back.
pub(super) struct Shipment<S: System> {
    sim: Simulator<S>,
    number: usize,
    payment: PaymentId,
    url: String,
    attempt: usize,
    fault: Option<CallbackFault>,
    /// An older snapshot to post right after.
    replay: Option<usize>,
    settled: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Acknowledged,
    Failed,
    GivenUp,
}

impl<S: System> Shipment<S> {
    /// Takes a due callback out; the number of its tries grows.
    pub(super) fn of(sim: &Simulator<S>, books: &mut Books<S>, number: usize, now: u64) -> Option<Self> {
        let payment = books.outbox.get(number)?.payment;
        let first = books.payment(payment).ok()?.callbacks.first().map(|id| id.0);
        let record = books.outbox.get_mut(number)?;
        let url = record.url.clone()?;
        record.attempts += 1;
        if record.attempts == 1 {
            record.first_ms = now;
        }
        // What is never delivered is not delivered by a retry either.
        let lasts = record.fault == Some(CallbackFault::Lose);
        let fault = record.fault.clone().filter(|_| lasts || record.attempts == 1);
        let replays = fault == Some(CallbackFault::ReplayOld);
        Some(Self {
            sim: sim.clone(),
            number,
            payment,
            url,
            attempt: record.attempts,
            fault,
            replay: first.filter(|first| replays && *first != number),
            settled: false,
        })
    }

    pub(super) fn payment(&self) -> PaymentId {
        self.payment
    }

    pub(super) async fn send(mut self) -> Ending {
        let mut taken = false;
        let copies = match &self.fault {
            Some(CallbackFault::Drop | CallbackFault::Lose) => {
                let mut books = self.sim.lock();
                books.log(self.number, self.attempt, self.fault.as_ref(), AttemptOutcome::Dropped);
                0
            }
            Some(CallbackFault::Duplicate { copies }) => copies.saturating_add(1),
            Some(_) | None => 1,
        };
        for _ in 0..copies {
            taken |= self.post(self.number, self.fault.as_ref()).await;
        }
        if let Some(older) = self.replay {
            self.post(older, None).await;
        }
        self.settle(taken)
    }

    /// Posts one body and books the attempt, and the acknowledgement if there is one.
    async fn post(&self, number: usize, fault: Option<&CallbackFault>) -> bool {
        let Some(posted) = self.sim.lock().posted(number, fault) else {
            return false;
        };
        let outcome = self.outcome(&posted, fault).await;
        let taken = outcome == AttemptOutcome::Acknowledged;
        let mut books = self.sim.lock();
        if taken {
            acknowledge(&mut books, number, posted.body, fault);
        }
        books.log(number, self.attempt, fault, outcome);
        taken
    }

    async fn outcome(&self, posted: &Posted, fault: Option<&CallbackFault>) -> AttemptOutcome {
        let posting = Posting {
            url: &self.url,
            user_agent: USER_AGENT,
            content_type: posted.content_type,
            headers: &posted.headers,
            body: &posted.body,
        };
        let limit = self.sim.shared.config.callback_timeout;
        match tokio::time::timeout(limit, post::send(&posting, manner(fault))).await {
            Err(_) => AttemptOutcome::TimedOut,
            Ok(Err(error)) => AttemptOutcome::Broken(error.to_string()),
            Ok(Ok(answer)) if answer.status != 200 => AttemptOutcome::Refused(answer.status),
            Ok(Ok(answer)) => match self.accepts(&answer.body) {
                Ok(()) => AttemptOutcome::Acknowledged,
                Err(why) => AttemptOutcome::NotAccepted(why),
            },
        }
    }

    fn accepts(&self, body: &[u8]) -> Result<(), String> {
        let books = self.sim.lock();
        let payment = books.payment(self.payment).map_err(|illegal| illegal.to_string())?;
        let merchant = books.merchant(&payment.merchant);
        let merchant = merchant.map_err(|illegal| illegal.to_string())?;
        S::accepts(&books, &merchant, payment, body)
    }

    fn settle(&mut self, taken: bool) -> Ending {
        self.settled = true;
        let mut books = self.sim.lock();
        let now = books.now_ms();
        let Some(record) = books.outbox.get(self.number) else {
            return Ending::GivenUp;
        };
        let (made, first_ms, phase) = (record.attempts, record.first_ms, record.phase);
        if taken || phase == Phase::Acknowledged {
            books.outbox.enter(self.number, Phase::Acknowledged);
            return Ending::Acknowledged;
        }
        match books.schedule.next(made, first_ms, now) {
            Some(due) => {
                books.outbox.schedule(self.number, due);
                Ending::Failed
            }
            None => {
                books.outbox.enter(self.number, Phase::GivenUp);
                Ending::GivenUp
            }
        }
    }
}

impl<S: System> Drop for Shipment<S> {
    fn drop(&mut self) {
        if !self.settled {
            let mut books = self.sim.lock();
            let now = books.now_ms();
            books.outbox.schedule(self.number, now);
        }
    }
}

const USER_AGENT: &str = "sandbox";

/// Faults of the body and of the schedule travel plainly.
fn manner(fault: Option<&CallbackFault>) -> Manner {
    if let Some(CallbackFault::SlowSend { over }) = fault {
        return Manner::Slow(*over);
    }
    if fault == Some(&CallbackFault::Reset) {
        Manner::Reset
    } else {
        Manner::Plain
    }
}
