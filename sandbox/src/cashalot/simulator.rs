//! The handle through which tests and servers hold a simulator.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::clock::Clock;
use super::commands::{self, Reply};
use super::config::{Config, OperatorSetup, RegisterSetup};
use super::document::RecordedDocument;
use super::faults::{self, ChaosPlan, Fault, FaultKind};
use super::register::Register;
use super::sent::SentReceipt;
use super::state::State;
use super::transcript::RecordedRequest;
use super::wire::Command;
use crate::flight::{Landing, Tower};

/// A Cashälot server with its registers and its tax service. Clones share one state.
#[derive(Clone)]
pub struct Simulator(Arc<Mutex<State>>);

/// A register as it stands, for tests and the control channel.
#[derive(Clone, Debug, Serialize)]
pub struct RegisterView {
    /// The registrar's fiscal number.
    pub num_fiscal: u64,
    /// The registrar's name.
    pub name: String,
    /// The local number of the next document.
    pub next_local: u64,
    /// Whether a shift is open.
    pub shift_open: bool,
    /// Minutes since the open shift was opened; 0 when closed.
    pub shift_age_minutes: i64,
    /// Minutes of the longest shift so far, the open one included: tests read here that shifts were closed in time.
    pub longest_shift_minutes: i64,
    /// Documents on the tape.
    pub documents: usize,
    /// Offline documents the tax service does not have yet.
    pub undelivered: usize,
    /// Documents thrown away by `Cleanup(Remove=true)`.
    pub lost: usize,
    /// Whether a clean-up is needed.
    pub clean_needed: bool,
    /// Requests that met another one of the same register under way.
    pub overlaps: u64,
}

impl Tower for Simulator {
    fn end(&self, register: u64, id: u64, landing: Landing) {
        self.lock().flights.end(register, id, landing);
    }
}

impl Simulator {
    /// A simulator without registers.
    pub fn new(config: Config) -> Self {
        Self(Arc::new(Mutex::new(State::new(config))))
    }

    /// Adds a register; one that is known already keeps its tape and its settings.
    pub fn add_register(&self, setup: RegisterSetup) {
        self.lock().add_register(setup);
    }

    /// Lets one more operator work on a register. False for an unknown register.
    pub fn add_operator(&self, num_fiscal: u64, setup: OperatorSetup) -> bool {
        let state = &mut *self.lock();
        let operator = state.world.operator(setup);
        let register = state.registers.get_mut(&num_fiscal);
        register.map(|register| register.operators.push(operator)).is_some()
    }

    /// The tape of a register in order, revoked twins included; empty for an unknown register.
    pub fn documents(&self, num_fiscal: u64) -> Vec<RecordedDocument> {
        self.lock()
            .registers
            .get(&num_fiscal)
            .map(|register| register.documents.clone())
            .unwrap_or_default()
    }

    /// The tapes of all registers, one after the other.
    pub fn all_documents(&self) -> Vec<RecordedDocument> {
        self.lock()
            .registers
            .values()
            .flat_map(|register| register.documents.iter().cloned())
            .collect()
    }

    /// Documents that `Cleanup(Remove=true)` threw away.
    pub fn lost_documents(&self, num_fiscal: u64) -> Vec<RecordedDocument> {
        self.lock()
            .registers
            .get(&num_fiscal)
            .map(|register| register.lost.clone())
            .unwrap_or_default()
    }

    /// Receipts sent to phones, of all registers, in order.
    pub fn sent_receipts(&self) -> Vec<SentReceipt> {
        self.lock().sent.clone()
    }

    /// What was asked of a register; requests that name no registrar are under 0.
    pub fn requests(&self, num_fiscal: u64) -> Vec<RecordedRequest> {
        self.lock().transcript.of(num_fiscal)
    }

    /// All registers, by number.
    pub fn registers(&self) -> Vec<RegisterView> {
        let state = self.lock();
        let views = state.registers.values().map(|register| view(&state, register));
        views.collect()
    }

    /// How often a request for this register met another one still under way.
    pub fn overlaps(&self, num_fiscal: u64) -> u64 {
        self.lock().flights.overlaps(num_fiscal)
    }

    /// Requests of a register that are still being handled; a client that left is no longer waited for.
    pub fn requests_under_way(&self, num_fiscal: u64) -> usize {
        self.lock().flights.under_way(num_fiscal)
    }

    /// Overlaps of all registers.
    pub fn total_overlaps(&self) -> u64 {
        self.lock().flights.total()
    }

    /// Queues a fault.
    pub fn inject(&self, fault: Fault) {
        self.lock().faults.inject(fault);
    }

    /// Brings a condition about at once, without waiting for a request. False when it cannot come about now: the
    /// register is unknown, its offline session is in the way, or the kind is a fault of single answers.
    pub fn apply(&self, kind: &FaultKind, register: Option<u64>) -> bool {
        faults::apply(&mut self.lock(), kind, register)
    }

    /// Forgets queued faults.
    pub fn clear_faults(&self) {
        self.lock().faults.clear();
    }

    /// How many queued faults still wait for requests.
    pub fn faults_waiting(&self) -> usize {
        self.lock().faults.waiting().len()
    }

    /// Draws faults at random from now on, or stops with None. The condition of registers and tax service stays.
    pub fn set_chaos(&self, plan: Option<ChaosPlan>) {
        self.lock().faults.set_chaos(plan);
    }

    /// Whether the tax service can be reached.
    pub fn set_fsko(&self, up: bool) {
        self.lock().world.fsko_up = up;
    }

    /// Whether `TransactionsRegistrarState` and `LastShiftTotals` answer `FiscalServerNotAvailable` while the tax
    /// service is down. They do not until told to: which of the two Cashälot does is not known (sheet §11.6).
    pub fn set_state_needs_fsko(&self, needed: bool) {
        self.lock().world.state_needs_fsko = needed;
    }

    /// Sets the clock. Document times never go backwards, whatever the clock does.
    pub fn set_clock(&self, clock: Clock) {
        self.lock().world.clock = clock;
    }

    /// The real clock, shifted.
    pub fn set_clock_offset(&self, by: SignedDuration) {
        self.set_clock(Clock::Shifted(by));
    }

    /// Moves the clock on.
    pub fn advance_clock(&self, by: SignedDuration) {
        let world = &mut self.lock().world;
        world.clock = world.clock.advanced(by);
    }

    /// The simulator's time.
    pub fn now(&self) -> Timestamp {
        self.lock().world.now()
    }

    /// When the licence of a register ends; None never. False for an unknown register.
    pub fn set_licence(&self, num_fiscal: u64, expires: Option<Timestamp>) -> bool {
        let mut state = self.lock();
        let register = state.registers.get_mut(&num_fiscal);
        register.map(|register| register.licence_expires = expires).is_some()
    }

    /// When the certificates of a register's operators end, as `CertificateInfo` tells it; None is the default, in
    /// 2035. Operators are known by their credentials, so other registers with the same ones see it too. Only told:
    /// signing goes on past the end. False for an unknown register.
    pub fn set_certificate_end(&self, num_fiscal: u64, until: Option<Timestamp>) -> bool {
        let state = &mut *self.lock();
        let Some(register) = state.registers.get(&num_fiscal) else {
            return false;
        };
        for operator in &register.operators {
            state.world.set_certificate_end(*operator, until);
        }
        true
    }

    /// Whether a needed clean-up also closes the shift. False for an unknown register.
    pub fn set_close_on_cleanup(&self, num_fiscal: u64, closes: bool) -> bool {
        let mut state = self.lock();
        let register = state.registers.get_mut(&num_fiscal);
        register
            .map(|register| register.knobs.close_on_cleanup = closes)
            .is_some()
    }

    /// Hands undelivered offline documents to the tax service where it can be reached, as the timer does.
    pub fn tick(&self) {
        self.lock().tick();
    }

    /// Carries out a request body in process, past sockets and faults, and returns the answer's JSON.
    pub fn call(&self, command: &str, body: &str) -> Option<String> {
        let command = Command::read(command)?;
        let reply = commands::run(&mut self.lock(), command, body);
        Some(drawn(reply))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The answer's JSON with its QR image.
pub(super) fn drawn(reply: Reply) -> String {
    let Reply { mut answer, qr } = reply;
    if let Some(wish) = qr {
        answer.replace("QrCode", wish.draw());
    }
    answer.to_json()
}

fn view(state: &State, register: &Register) -> RegisterView {
    let now = register.now(&state.world);
    let open = register.open_shift();
    let minutes = |from: Timestamp, to: Timestamp| to.duration_since(from).as_mins();
    let lengths = register.shifts.iter().map(|shift| {
        let end = shift.closing.as_ref().map_or(now, |closing| closing.at);
        minutes(shift.opened_at, end)
    });
    RegisterView {
        num_fiscal: register.setup.num_fiscal,
        name: register.setup.name.clone(),
        next_local: register.next_local,
        shift_open: open.is_some(),
        shift_age_minutes: open.map_or(0, |shift| minutes(shift.opened_at, now)),
        longest_shift_minutes: lengths.max().unwrap_or(0),
        documents: register.documents.len(),
        undelivered: register.undelivered.len(),
        lost: register.lost.len(),
        clean_needed: register.desync.is_some(),
        overlaps: state.flights.overlaps(register.setup.num_fiscal),
    }
}
