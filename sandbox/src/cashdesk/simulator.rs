//! The handle through which tests and servers hold a simulator.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Notify;
use tokio::sync::futures::Notified;

use super::config::{Config, RegisterSetup};
use super::document::RecordedDocument;
use super::faults::{self, ChaosPlan, Fault, FaultKind};
use super::register::Register;
use super::state::State;
use super::switches::Switches;
use super::transcript::RecordedRequest;
use super::view::{RegisterView, ShiftView};
use super::webhook::RecordedDelivery;
use crate::clock::Clock;
use crate::door::Door;
use crate::flight::{Landing, Tower};

/// A CashDesk server with its registers and the tax service behind it. Clones share one state.
#[derive(Clone)]
pub struct Simulator(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    wake: Notify,
    door: Door,
}

impl Tower for Simulator {
    fn end(&self, register: u64, id: u64, landing: Landing) {
        self.lock().flights.end(register, id, landing);
    }
}

impl Simulator {
    /// A simulator without registers.
    pub fn new(config: Config) -> Self {
        Self(Arc::new(Shared {
            state: Mutex::new(State::new(config)),
            wake: Notify::new(),
            door: Door::open(),
        }))
    }

    /// Adds a register; one that is known already keeps its tape and its settings.
    pub fn add_register(&self, setup: RegisterSetup) {
        self.lock().add_register(setup);
    }

    /// The tape of a register in order; empty for an unknown register.
    pub fn documents(&self, num_fiscal: u64) -> Vec<RecordedDocument> {
        let state = self.lock();
        let register = state.registers.get(&num_fiscal);
        register.map(|register| register.documents.clone()).unwrap_or_default()
    }

    /// The tapes of all registers, one after the other.
    pub fn all_documents(&self) -> Vec<RecordedDocument> {
        let state = self.lock();
        let tapes = state.registers.values().flat_map(|register| &register.documents);
        tapes.cloned().collect()
    }

    /// The shifts of a register in order with their totals, the open one last.
    pub fn shifts(&self, num_fiscal: u64) -> Vec<ShiftView> {
        let state = self.lock();
        let register = state.registers.get(&num_fiscal);
        register.map(ShiftView::all).unwrap_or_default()
    }

    /// All registers, by number.
    pub fn registers(&self) -> Vec<RegisterView> {
        let state = self.lock();
        let views = state.registers.values();
        views.map(|register| RegisterView::of(&state, register)).collect()
    }

    /// What was asked of a register; requests that name none are under 0.
    pub fn requests(&self, num_fiscal: u64) -> Vec<RecordedRequest> {
        self.lock().transcript.of(num_fiscal)
    }

    /// How often a request for this register met another one still under way. Signs of life (`shift/ping`) and `GET`s
    /// are not counted.
    pub fn overlaps(&self, num_fiscal: u64) -> u64 {
        self.lock().flights.overlaps(num_fiscal)
    }

    /// Overlaps of all registers.
    pub fn total_overlaps(&self) -> u64 {
        self.lock().flights.total()
    }

    /// Requests of a register that are still being handled; a client that left is no longer waited for.
    pub fn requests_under_way(&self, num_fiscal: u64) -> usize {
        self.lock().flights.under_way(num_fiscal)
    }

    /// Queues a fault.
    pub fn inject(&self, fault: Fault) {
        self.lock().faults.inject(fault);
    }

    /// Brings a condition about at once, without waiting for a request. False when it cannot come about now: the
    /// register is unknown or its state is in the way, or the kind is a fault of single answers.
    pub fn apply(&self, kind: &FaultKind, register: Option<u64>) -> bool {
        self.change(|state| faults::apply(state, kind, register))
    }

    /// Faults that still wait for requests.
    pub fn faults(&self) -> Vec<Fault> {
        self.lock().faults.waiting().cloned().collect()
    }

    /// How many queued faults still wait for requests.
    pub fn faults_waiting(&self) -> usize {
        self.lock().faults.waiting().len()
    }

    /// Forgets queued faults.
    pub fn clear_faults(&self) {
        self.lock().faults.clear();
    }

    /// Draws faults at random from now on, or stops with None. The condition of registers and tax service stays.
    pub fn set_chaos(&self, plan: Option<ChaosPlan>) {
        self.lock().faults.set_chaos(plan);
    }

    /// Ends all tokens of `/authenticate`; the permanent API key stays good.
    pub fn expire_tokens(&self) {
        self.lock().tokens.expire();
    }

    /// Whether the tax service can be reached, from all registers.
    pub fn set_tax_service(&self, up: bool) {
        self.lock().set_tax_service(up, None);
    }

    /// Whether the signing key of a register is there. False for an unknown register.
    pub fn set_key(&self, num_fiscal: u64, ok: bool) -> bool {
        self.with(num_fiscal, |register| register.key_ok = ok)
    }

    /// Where the webhooks of a register go, those that wait included; None ends them. False for an unknown register.
    pub fn set_webhook(&self, num_fiscal: u64, url: Option<String>) -> bool {
        self.with(num_fiscal, |register| register.webhook_url = url)
    }

    /// Uploads queued offline documents where the tax service can be reached, as the timer does.
    pub fn deliver_offline(&self) {
        self.change(State::upload_all);
    }

    /// Webhooks of one register, or of all, with their attempts, in the order in which they were made.
    pub fn deliveries(&self, num_fiscal: Option<u64>) -> Vec<RecordedDelivery> {
        self.lock().outbox.deliveries(num_fiscal)
    }

    /// Makes every webhook that waits for a later time due now.
    pub fn hurry_deliveries(&self) {
        self.change(|state| {
            let now = state.world.now_ms();
            state.outbox.hurry(now);
        });
    }

    /// What the documentation leaves open, as it is answered now.
    pub fn switches(&self) -> Switches {
        self.lock().world.switches.clone()
    }

    /// Sets all switches, for every request from now on.
    pub fn set_switches(&self, switches: Switches) {
        self.change(|state| state.world.switches = switches);
    }

    /// Sets the clock. Document times never go backwards, whatever the clock does.
    pub fn set_clock(&self, clock: Clock) {
        self.change(|state| state.world.clock = clock);
    }

    /// Moves the clock on; the machine's own runs on from there.
    pub fn advance_clock(&self, by: Duration) {
        self.change(|state| state.world.advance(by));
    }

    /// The simulator's time.
    pub fn now(&self) -> Timestamp {
        self.lock().world.now()
    }

    /// Shuts the ports of all listeners, or opens them again; the state is kept. Shut, connections are refused and open
    /// ones are cut. Returns when it is so.
    pub async fn set_shut(&self, shut: bool) {
        self.0.door.set_shut(shut).await;
    }

    /// Whether the ports are shut.
    pub fn is_shut(&self) -> bool {
        self.0.door.is_shut()
    }

    fn with(&self, num_fiscal: u64, change: impl FnOnce(&mut Register)) -> bool {
        self.change(|state| state.registers.get_mut(&num_fiscal).map(change).is_some())
    }

    /// One change under the lock; the delivery loop looks again afterwards.
    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let result = change(&mut self.lock());
        self.wake();
        result
    }

    pub(super) fn wake(&self) {
        self.0.wake.notify_one();
    }

    pub(super) fn changed(&self) -> Notified<'_> {
        self.0.wake.notified()
    }

    pub(super) fn concurrency(&self) -> usize {
        self.lock().world.config.concurrency.max(1)
    }

    pub(super) fn door(&self) -> &Door {
        &self.0.door
    }

    /// Links point here from now on, unless the configuration says where.
    pub(super) fn listens_at(&self, address: SocketAddr) {
        let world = &mut self.lock().world;
        if world.config.public_url.is_none() {
            let url = format!("http://{address}");
            world.base.clone_from(&url);
            world.config.public_url = Some(url);
        }
    }

    /// A panic under the lock leaves plain data behind, so the state stays usable.
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
