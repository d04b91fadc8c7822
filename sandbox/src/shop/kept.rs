//! The handle through which tests and servers hold a shop.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::watch;

use super::config::Config;
use super::fault::FaultKind;
use super::request::Received;
use super::{Chaos, Fault};
use crate::door::Door;
use crate::fault::Faults;

/// A shop's endpoint and what it was told. Clones share one state.
#[derive(Clone)]
pub struct Shop(Arc<Shared>);

struct Shared {
    config: Config,
    state: Mutex<State>,
    /// Raised with every change of the requests.
    changed: watch::Sender<u64>,
    door: Door,
}

struct State {
    requests: Vec<Received>,
    /// Every request ever taken, those thrown away included.
    taken: u64,
    connections: u64,
    faults: Faults<FaultKind>,
}

impl Shop {
    /// A shop that was told nothing yet.
    pub fn new(config: Config) -> Self {
        Self(Arc::new(Shared {
            config,
            state: Mutex::new(State {
                requests: Vec::new(),
                taken: 0,
                connections: 0,
                faults: Faults::none(),
            }),
            changed: watch::Sender::new(0),
            door: Door::open(),
        }))
    }

    /// The requests, oldest first, those under way and those that broke off included.
    pub fn requests(&self) -> Vec<Received> {
        self.lock().requests.clone()
    }

    /// The requests that came whole and were answered 2xx, oldest first.
    pub fn acknowledged(&self) -> Vec<Received> {
        let mut requests = self.requests();
        requests.retain(Received::is_acknowledged);
        requests
    }

    /// One by its number.
    pub fn request(&self, number: u64) -> Option<Received> {
        let state = self.lock();
        state.requests.iter().find(|request| request.number == number).cloned()
    }

    /// Waits until so many requests came whole. It waits for ever: put it under a time-out.
    pub async fn wait_for(&self, count: usize) -> Vec<Received> {
        let whole = |requests: &[Received]| requests.iter().filter(|request| request.whole).count();
        self.wait_until(|requests| whole(requests) >= count).await
    }

    /// Waits until the requests are as wished. It waits for ever: put it under a time-out.
    pub async fn wait_until(&self, wished: impl Fn(&[Received]) -> bool) -> Vec<Received> {
        let mut changed = self.0.changed.subscribe();
        loop {
            changed.borrow_and_update();
            let requests = self.requests();
            // The sender is ours, so a closed channel cannot be.
            if wished(&requests) || changed.changed().await.is_err() {
                return requests;
            }
        }
    }

    /// Throws all requests away; numbers go on.
    pub fn clear(&self) {
        self.change(|state| state.requests.clear());
    }

    /// How many connections there have been.
    pub fn connections(&self) -> u64 {
        self.lock().connections
    }

    /// Queues a fault.
    pub fn inject(&self, fault: Fault) {
        self.lock().faults.inject(fault);
    }

    /// Forgets the queued faults.
    pub fn clear_faults(&self) {
        self.lock().faults.clear();
    }

    /// The faults that have not met all their requests.
    pub fn faults(&self) -> Vec<Fault> {
        self.lock().faults.waiting()
    }

    /// Draws faults at random from now on, or stops with None.
    pub fn set_chaos(&self, chaos: Option<Chaos>) {
        self.lock().faults.set_chaos(chaos);
    }

    /// Refuses connections from now on and cuts those that are open; returns when it is so.
    pub async fn shut(&self) {
        self.0.door.set_shut(true).await;
    }

    /// Takes connections again, at the same address; returns when it is so.
    pub async fn open(&self) {
        self.0.door.set_shut(false).await;
    }

    /// Whether connections are refused.
    pub fn is_shut(&self) -> bool {
        self.0.door.is_shut()
    }

    pub(super) fn config(&self) -> &Config {
        &self.0.config
    }

    pub(super) fn door(&self) -> &Door {
        &self.0.door
    }

    pub(super) fn begin_connection(&self) -> u64 {
        let mut state = self.lock();
        state.connections += 1;
        state.connections
    }

    /// What a request for this path meets, and how long its answer is held back.
    pub(super) fn fault(&self, path: &str) -> (Option<FaultKind>, Option<Duration>) {
        let mut state = self.lock();
        let fault = state.faults.take(&[path], |kind| kind.delay().is_none());
        let slow = state.faults.take(&[path], |kind| kind.delay().is_some());
        (fault, slow.and_then(|kind| kind.delay()))
    }

    /// Keeps a request whose head has come, under the next number, which it returns.
    pub(super) fn keep(&self, request: Received) -> u64 {
        self.change(|state| {
            state.taken += 1;
            let number = state.taken;
            state.requests.push(Received { number, ..request });
            number
        })
    }

    pub(super) fn read(&self, number: u64, body: Bytes) {
        self.change_one(number, |request| {
            request.body = body;
            request.whole = true;
        });
    }

    pub(super) fn answered(&self, number: u64, status: u16) {
        self.change_one(number, |request| request.answer = Some(status));
    }

    fn change_one(&self, number: u64, change: impl FnOnce(&mut Received)) {
        self.change(|state| {
            let kept = state.requests.iter_mut().rev();
            if let Some(request) = kept.into_iter().find(|request| request.number == number) {
                change(request);
            }
        });
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let result = change(&mut self.lock());
        self.0.changed.send_modify(|version| *version += 1);
        result
    }

    /// A panic under the lock leaves plain data behind, so the state stays usable.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
