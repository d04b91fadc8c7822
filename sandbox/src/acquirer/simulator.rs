//! The handle through which tests and servers hold a simulator. Nothing waits while its lock is held.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use super::books::Books;
use super::config::{Config, Merchant};
use super::fault::{ApiFault, CallbackFault};
use super::system::System;
use crate::clock::Clock;
use crate::fault::{Chaos, Fault};

/// An acquirer in memory. Clones are the same one.
pub struct Simulator<S: System> {
    pub(super) shared: Arc<Shared<S>>,
}

pub(super) struct Shared<S: System> {
    pub(super) config: Config,
    pub(super) wake: Notify,
    books: Mutex<Books<S>>,
}

impl<S: System> Clone for Simulator<S> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
        }
    }
}

impl<S: System> Simulator<S> {
    /// An acquirer with one merchant and no payments.
    pub(crate) fn with(config: Config, own: S::Own) -> Self {
        Self {
            shared: Arc::new(Shared {
                config: config.clone(),
                wake: Notify::new(),
                books: Mutex::new(Books::new(config, own)),
            }),
        }
    }

    /// The merchant that is there from the start.
    pub fn first_merchant(&self) -> Merchant {
        S::first_merchant()
    }

    /// Adds a merchant, or replaces the one with the same account: that is how a secret is changed.
    pub fn add_merchant(&self, merchant: Merchant) {
        self.lock().add_merchant(merchant);
    }

    /// What the documentation leaves open, as it is answered now.
    pub fn switches(&self) -> S::Switches {
        self.lock().switches.clone()
    }

    /// Sets all switches, for every message made from now on.
    pub fn set_switches(&self, switches: S::Switches) {
        self.lock().switches = switches;
    }

    /// A fault that meets the next callbacks made; what it may be narrowed to are the merchant's identifiers.
    pub fn inject(&self, fault: Fault<CallbackFault>) {
        self.lock().callback_faults.inject(fault);
    }

    /// A fault that meets the next calls of the API; what it may be narrowed to are operations (see each system).
    pub fn inject_api(&self, fault: Fault<ApiFault>) {
        self.lock().api_faults.inject(fault);
    }

    /// Faults that have not met all their occasions.
    pub fn faults(&self) -> (Vec<Fault<CallbackFault>>, Vec<Fault<ApiFault>>) {
        let books = self.lock();
        (books.callback_faults.waiting(), books.api_faults.waiting())
    }

    /// Forgets the faults that wait, of both kinds.
    pub fn clear_faults(&self) {
        let mut books = self.lock();
        books.callback_faults.clear();
        books.api_faults.clear();
    }

    /// Random faults of callbacks, from a seed; none ends them.
    pub fn set_chaos(&self, chaos: Option<Chaos<CallbackFault>>) {
        self.lock().callback_faults.set_chaos(chaos);
    }

    /// Random faults of the API, from a seed; none ends them.
    pub fn set_api_chaos(&self, chaos: Option<Chaos<ApiFault>>) {
        self.lock().api_faults.set_chaos(chaos);
    }

    /// The clock this acquirer lives by.
    pub fn clock(&self) -> &Clock {
        &self.shared.config.clock
    }

    /// Moves a virtual clock.
    pub fn advance(&self, by: Duration) {
        self.clock().advance(by);
        self.shared.wake.notify_one();
    }

    /// A panic under the lock leaves plain data behind, so the books stay usable.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Books<S>> {
        self.shared.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One change under the lock; the delivery loop looks again afterwards.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut Books<S>) -> T) -> T {
        let result = change(&mut self.lock());
        self.shared.wake.notify_one();
        result
    }
}
