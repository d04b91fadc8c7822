//! The handle through which tests and servers hold a simulator.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use tokio::sync::Notify;

use super::callback::{Forgery, RecordedCallback};
use super::config::{Config, GroupSetup, Version};
use super::document::{AcceptedDocument, RecordedDocument};
use super::group::{Group, Stage};
use super::state::{State, instant};
use super::transcript::RecordedRequest;
use super::{ChaosPlan, Clock, Fault, work};
use crate::door::Door;

/// An ATOL Online service with its groups of registers. Clones share one state, which outlives its listeners.
#[derive(Clone)]
pub struct Simulator(pub(super) Arc<Shared>);

pub(super) struct Shared {
    state: Mutex<State>,
    /// Something may be due earlier than the sender thinks.
    pub(super) wake: Notify,
    /// A callback has come to its end.
    pub(super) delivered: Notify,
    pub(super) door: Door,
}

/// A group as it stands, for tests and the control channel.
#[derive(Clone, Debug, Serialize)]
pub struct GroupView {
    /// `group_code`.
    pub group_code: String,
    /// Its edition.
    pub version: Version,
    /// The login of getToken.
    pub login: String,
    /// The owner's INN.
    pub inn: String,
    /// Where the owner sells.
    pub payment_address: String,
    /// Its registers.
    pub registers: usize,
    /// Those of them that are on.
    pub registers_on: usize,
    /// Documents that wait for a register.
    pub waiting: usize,
    /// Documents at registers.
    pub at_registers: usize,
    /// Registrations accepted so far.
    pub accepted: usize,
    /// Fiscal documents printed so far.
    pub documents: usize,
    /// Requests for results that came too fast.
    pub polls_too_fast: u64,
}

impl Simulator {
    /// A simulator without groups.
    pub fn new(config: Config) -> Self {
        Self(Arc::new(Shared {
            state: Mutex::new(State::new(config)),
            wake: Notify::new(),
            delivered: Notify::new(),
            door: Door::open(),
        }))
    }

    /// Adds a group; one that is known already keeps its documents and its settings.
    pub fn add_group(&self, setup: GroupSetup) {
        self.change(|state| state.add_group(setup));
    }

    /// All groups, by code.
    pub fn groups(&self) -> Vec<GroupView> {
        self.read(|state| state.groups.values().map(view).collect())
    }

    /// The fiscal documents of a group, in the order of printing; empty for an unknown group.
    pub fn documents(&self, group: &str) -> Vec<RecordedDocument> {
        self.of(group, |group| group.documents.clone())
    }

    /// How many fiscal documents of a group bear this `external_id`: 0 or 1. A client that registers one sale under two
    /// numbers prints it twice all the same.
    pub fn printed(&self, group: &str, external_id: &str) -> usize {
        let bears = |document: &&RecordedDocument| document.external_id == external_id;
        self.of(group, |group| group.documents.iter().filter(bears).count())
    }

    /// Every registration that a group accepted, in order; empty for an unknown group.
    pub fn accepted(&self, group: &str) -> Vec<AcceptedDocument> {
        self.of(group, Group::accepted)
    }

    /// The callbacks about a group's documents that were sent or are being sent, in order.
    pub fn callbacks(&self, group: &str) -> Vec<RecordedCallback> {
        let about = |sent: &&RecordedCallback| sent.group == group;
        self.read(|state| state.desk.outbox.sent().iter().filter(about).cloned().collect())
    }

    /// Callbacks, of all groups, that wait for their time.
    pub fn callbacks_waiting(&self) -> usize {
        self.read(|state| state.desk.outbox.waiting())
    }

    /// Every request so far, in the order in which they were carried out or given up.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.read(|state| state.transcript.clone())
    }

    /// How often results of a group were asked for faster than allowed: once a second for each register.
    pub fn polls_too_fast(&self, group: &str) -> u64 {
        self.of(group, |group| group.polls.too_fast)
    }

    /// Tokens that are alive.
    pub fn tokens_alive(&self) -> usize {
        self.read(|state| state.tokens.alive(state.now_ms()))
    }

    /// No token lives on.
    pub fn expire_tokens(&self) {
        self.change(|state| state.tokens.expire());
    }

    /// How many registers of a group are on; the others finish what they have and take no more. False for an unknown
    /// group.
    pub fn set_registers_on(&self, group: &str, count: usize) -> bool {
        self.change_group(group, |group| {
            group.paused_until_ms = 0;
            let registers = group.registers.iter_mut().enumerate();
            registers.for_each(|(place, register)| register.on = place < count);
        })
    }

    /// Whether polling faster than allowed is answered 429 instead of only counted.
    pub fn set_strict_polling(&self, strict: bool) {
        self.change(|state| state.desk.config.strict_polling = strict);
    }

    /// How long registers take for documents from now on.
    pub fn set_latency(&self, from: Duration, to: Duration) {
        self.change(|state| state.desk.config.latency = from..=to.max(from));
    }

    /// Posts a callback that is not true, or one more that is, whatever the document's state. False for an unknown
    /// document, one without an address, and a `wait`, which is never posted.
    pub fn forge_callback(&self, group: &str, uuid: &str, forgery: Forgery) -> bool {
        self.change(|state| {
            let now_ms = state.now_ms();
            let State { groups, desk, .. } = state;
            let found = groups
                .get(group)
                .and_then(|group| Some((&group.setup, group.entry(uuid)?)));
            found.is_some_and(|(setup, entry)| work::post(setup, entry, Some(forgery), now_ms, desk))
        })
    }

    /// Queues a fault.
    pub fn inject(&self, fault: Fault) {
        self.change(|state| state.desk.faults.inject(fault));
    }

    /// Forgets queued faults.
    pub fn clear_faults(&self) {
        self.change(|state| state.desk.faults.clear());
    }

    /// The faults that have not met all their occasions.
    pub fn faults(&self) -> Vec<Fault> {
        self.read(|state| state.desk.faults.waiting())
    }

    /// Draws faults at random from now on, or stops with None.
    pub fn set_chaos(&self, plan: Option<ChaosPlan>) {
        self.change(|state| state.desk.faults.set_chaos(plan.as_ref()));
    }

    /// Moves the clock on, unless it is [`Clock::Real`]. What falls due meanwhile is done as if in its time.
    pub fn advance(&self, by: Duration) {
        self.change(|state| state.desk.config.clock.advance(by));
    }

    /// The clock; moving it moves the simulator.
    pub fn clock(&self) -> Clock {
        self.read(|state| state.desk.config.clock.clone())
    }

    /// The simulator's time.
    pub fn now(&self) -> Timestamp {
        self.read(|state| instant(state.now_ms()))
    }

    /// Forgets documents, tokens, faults, chaos, callbacks and requests, and turns all registers on. Settings, groups and
    /// the clock stay.
    pub fn reset(&self) {
        self.change(State::reset);
    }

    /// Refuses connections from now on and cuts those that are open; returns when it is so. Work goes on.
    pub async fn shut(&self) {
        self.0.door.set_shut(true).await;
    }

    /// Listens again.
    pub async fn reopen(&self) {
        self.0.door.set_shut(false).await;
    }

    /// Prints a document at once, if it is at a register.
    pub(super) fn hurry(&self, group: &str, uuid: &str) {
        self.change_group(group, |group| {
            let place = group.place(uuid);
            let jobs = group.registers.iter_mut().filter_map(|register| register.job.as_mut());
            for job in jobs.filter(|job| Some(job.entry) == place) {
                job.done_ms = group.worked_until_ms;
            }
        });
    }

    /// Looks at the state after what is due was done.
    pub(super) fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        let mut state = self.lock();
        state.settle();
        look(&state)
    }

    /// Changes the state after what is due was done, and does what is due then.
    pub(super) fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.lock();
        state.settle();
        let changed = change(&mut state);
        state.settle();
        drop(state);
        self.0.wake.notify_one();
        changed
    }

    /// As `change`, without waking the sender: for the sender itself.
    pub(super) fn look<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.lock();
        state.settle();
        look(&mut state)
    }

    fn change_group(&self, code: &str, change: impl FnOnce(&mut Group)) -> bool {
        self.change(|state| state.groups.get_mut(code).map(change).is_some())
    }

    fn of<T: Default>(&self, group: &str, look: impl FnOnce(&Group) -> T) -> T {
        self.read(|state| state.groups.get(group).map(look).unwrap_or_default())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn view(group: &Group) -> GroupView {
    let setup = &group.setup;
    let at_register = |entry: &&super::group::Entry| matches!(entry.stage, Stage::AtRegister);
    GroupView {
        group_code: setup.group_code.clone(),
        version: setup.version,
        login: setup.login.clone(),
        inn: setup.inn.clone(),
        payment_address: setup.payment_address.clone(),
        registers: group.registers.len(),
        registers_on: group.registers.iter().filter(|register| register.on).count(),
        waiting: group.waiting.len(),
        at_registers: group.entries.iter().filter(at_register).count(),
        accepted: group.entries.len(),
        documents: group.documents.len(),
        polls_too_fast: group.polls.too_fast,
    }
}
