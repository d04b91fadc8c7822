//! The simulator's own books, for assertions.

use super::api::ApiCall;
use super::callback::{Attempt, Callback};
use super::payment::{Illegal, Payment, PaymentId};
use super::simulator::Simulator;
use super::system::System;

impl<S: System> Simulator<S> {
    /// All payments, oldest first.
    pub fn payments(&self) -> Vec<Payment> {
        self.lock().payments().to_vec()
    }

    /// One payment.
    pub fn payment(&self, id: PaymentId) -> Result<Payment, Illegal> {
        self.lock().payment(id).cloned()
    }

    /// The newest payment of a merchant's identifier.
    pub fn find(&self, account: &str, order_id: &str) -> Result<Payment, Illegal> {
        self.lock().find(account, order_id).cloned()
    }

    /// Every callback of a payment, oldest first.
    pub fn callbacks(&self, id: PaymentId) -> Result<Vec<Callback>, Illegal> {
        let books = self.lock();
        let callbacks = &books.payment(id)?.callbacks;
        Ok(callbacks.iter().filter_map(|id| books.view(id.0)).collect())
    }

    /// Every attempt ever made to deliver anything, oldest first.
    pub fn attempts(&self) -> Vec<Attempt> {
        self.lock().outbox.attempts.clone()
    }

    /// Every call of the API, oldest first.
    pub fn calls(&self) -> Vec<ApiCall> {
        self.lock().calls.clone()
    }

    /// How often an operation of the API was called.
    pub fn calls_of(&self, operation: &str) -> usize {
        let books = self.lock();
        books.calls.iter().filter(|call| call.operation == operation).count()
    }

    /// Callbacks that still wait to be sent or sent again.
    pub fn waiting_callbacks(&self) -> usize {
        self.lock().outbox.waiting()
    }

    /// Those, and the callbacks that are being sent just now.
    pub fn open_callbacks(&self) -> usize {
        let books = self.lock();
        books.outbox.waiting() + books.outbox.sending()
    }
}
