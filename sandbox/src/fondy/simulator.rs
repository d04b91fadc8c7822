//! The simulator's state and the one lock around it. Nothing waits while the lock is held.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::tz::TimeZone;
use tokio::sync::Notify;

use super::api::Endpoint;
use super::fault::{ApiFault, Fault, FaultRates, roll};
use super::fiscal::{FiscalLog, KktMode};
use super::message::Message;
use super::order::Order;
use super::outbox::{Outbox, Record};
use super::refusal::Refusal;
use super::snapshot::View;
use super::transaction::Stamp;
use super::{Clock, Config, Merchant, NewOrder, OrderRef, Switches, Version};

/// A payment gateway in memory. Clones are the same gateway.
#[derive(Clone)]
pub struct Simulator {
    pub(super) shared: Arc<Shared>,
}

pub(super) struct Shared {
    pub(super) config: Config,
    pub(super) wake: Notify,
    state: Mutex<State>,
}

impl Simulator {
    /// A gateway that knows the public test merchants and has no orders.
    pub fn new(config: Config) -> Self {
        let zone = TimeZone::get("Europe/Kyiv").unwrap_or(TimeZone::UTC);
        let state = Mutex::new(State::new(config.clone(), zone));
        Self {
            shared: Arc::new(Shared {
                config,
                wake: Notify::new(),
                state,
            }),
        }
    }

    /// Adds a merchant, or replaces the one with the same id.
    pub fn add_merchant(&self, merchant: Merchant) {
        self.lock().merchants.insert(merchant.id, Arc::new(merchant));
    }

    /// Sets all switches, for every message made from now on.
    pub fn set_switches(&self, switches: Switches) {
        self.lock().switches = switches;
    }

    /// Sets the chances of random faults.
    pub fn set_fault_rates(&self, rates: FaultRates) {
        self.lock().rates = rates;
    }

    /// The next callback of `order` that has no fault yet meets this one; several are used one by one.
    pub fn inject(&self, order: &OrderRef, fault: Fault) -> Result<(), Refusal> {
        self.lock().order_mut(order)?.next_faults.push_back(fault);
        Ok(())
    }

    /// The next call of `endpoint` meets this fault; several are used one by one.
    pub fn fault_next_call(&self, endpoint: Endpoint, fault: ApiFault) {
        self.lock().api_faults.entry(endpoint).or_default().push_back(fault);
    }

    /// How the gateway's own cash register answers from now on.
    pub fn set_kkt_mode(&self, mode: KktMode) {
        self.lock().fiscal.mode = mode;
    }

    /// The clock this gateway lives by.
    pub fn clock(&self) -> &Clock {
        &self.shared.config.clock
    }

    /// Moves a virtual clock.
    pub fn advance(&self, by: Duration) {
        self.clock().advance(by);
        self.shared.wake.notify_one();
    }

    /// A panic under the lock leaves plain data behind, so the state stays usable.
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One change under the lock; the delivery loop looks again afterwards.
    pub(super) fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let result = change(&mut self.lock());
        self.shared.wake.notify_one();
        result
    }
}

pub(super) struct State {
    pub(super) config: Config,
    pub(super) zone: TimeZone,
    pub(super) merchants: HashMap<u64, Arc<Merchant>>,
    pub(super) orders: Vec<Order>,
    by_ref: HashMap<OrderRef, usize>,
    by_token: HashMap<String, usize>,
    pub(super) by_transaction: HashMap<u64, usize>,
    pub(super) outbox: Outbox,
    /// Orders with reversals accepted but not carried out.
    pub(super) unfinished: Vec<usize>,
    pub(super) switches: Switches,
    pub(super) fiscal: FiscalLog,
    rates: FaultRates,
    api_faults: HashMap<Endpoint, VecDeque<ApiFault>>,
    api_calls: u64,
    next_payment_id: u64,
    next_transaction_id: u64,
    /// `http://host:port` of the API once it is served; links in answers start with it.
    pub(super) public_base: String,
}

/// Above 2^53: a receiver that goes through a 64-bit float loses the last digits.
const BIG_PAYMENT_ID: u64 = 9_007_199_254_740_993;

impl State {
    fn new(config: Config, zone: TimeZone) -> Self {
        Self {
            config,
            zone,
            merchants: Merchant::public_test_ones()
                .map(|merchant| (merchant.id, Arc::new(merchant)))
                .collect(),
            orders: Vec::new(),
            by_ref: HashMap::new(),
            by_token: HashMap::new(),
            by_transaction: HashMap::new(),
            outbox: Outbox::default(),
            unfinished: Vec::new(),
            switches: Switches::default(),
            fiscal: FiscalLog::default(),
            rates: FaultRates::default(),
            api_faults: HashMap::new(),
            api_calls: 0,
            next_payment_id: 805_243_692,
            next_transaction_id: 1_994_930_931,
            public_base: "http://127.0.0.1".to_owned(),
        }
    }

    pub(super) fn now_ms(&self) -> u64 {
        self.config.clock.now_ms()
    }

    pub(super) fn merchant(&self, id: u64) -> Result<Arc<Merchant>, Refusal> {
        self.merchants.get(&id).cloned().ok_or_else(Refusal::unknown_merchant)
    }

    pub(super) fn index(&self, order: &OrderRef) -> Result<usize, Refusal> {
        self.by_ref.get(order).copied().ok_or_else(Refusal::unknown_order)
    }

    pub(super) fn index_by_token(&self, token: &str) -> Result<usize, Refusal> {
        self.by_token.get(token).copied().ok_or_else(Refusal::unknown_order)
    }

    pub(super) fn order(&self, order: &OrderRef) -> Result<&Order, Refusal> {
        self.index(order).map(|index| &self.orders[index])
    }

    pub(super) fn order_mut(&mut self, order: &OrderRef) -> Result<&mut Order, Refusal> {
        self.index(order).map(|index| &mut self.orders[index])
    }

    pub(super) fn create(&mut self, terms: NewOrder) -> Result<usize, Refusal> {
        self.merchant(terms.merchant_id)?;
        if terms.order_id.is_empty() {
            return Err(Refusal::empty("order_id"));
        }
        if terms.amount == 0 {
            return Err(Refusal::amount());
        }
        let key = terms.order_ref();
        if self.by_ref.contains_key(&key) {
            return Err(Refusal::duplicate_order());
        }
        let payment_id = terms.payment_id.unwrap_or_else(|| self.fresh_payment_id(&key));
        let index = self.orders.len();
        let token = format!("{:032x}", u128::from(payment_id) << 64 | index as u128);
        self.by_ref.insert(key, index);
        self.by_token.insert(token.clone(), index);
        self.orders.push(Order::new(terms, payment_id, token, self.now_ms()));
        Ok(index)
    }

    fn fresh_payment_id(&mut self, key: &OrderRef) -> u64 {
        let id = self.next_payment_id;
        self.next_payment_id += 1;
        let big = roll(self.config.seed, &key.to_string(), u64::MAX) < self.rates.big_payment_id;
        if big { BIG_PAYMENT_ID + id } else { id }
    }

    /// A number and a time for the next movement of this order's money.
    pub(super) fn stamp(&mut self, index: usize) -> Stamp {
        let id = self.next_transaction_id;
        self.next_transaction_id += 1;
        self.by_transaction.insert(id, index);
        Stamp {
            id,
            at_ms: self.now_ms(),
        }
    }

    /// The current message of an order, as a callback of its own protocol.
    pub(super) fn message(&self, index: usize, stray_status: Option<&str>) -> Result<Message, Refusal> {
        let order = &self.orders[index];
        let merchant = self.merchant(order.key.merchant_id)?;
        let mut fields = self.fields(index, order.terms.version, stray_status)?;
        self.push_split(index, order.terms.version, &mut fields);
        Ok(Message {
            fields,
            key: merchant.key.clone(),
            test_mode: merchant.test_mode,
            version: order.terms.version,
            format: order.terms.callback_format.unwrap_or(merchant.callback_format),
            wrapped: self.switches.wrapped,
        })
    }

    pub(super) fn fields(
        &self,
        index: usize,
        version: Version,
        stray: Option<&str>,
    ) -> Result<super::message::Fields, Refusal> {
        let order = &self.orders[index];
        let merchant = self.merchant(order.key.merchant_id)?;
        Ok(View {
            merchant: &merchant,
            switches: &self.switches,
            zone: &self.zone,
        }
        .fields(order, version, stray))
    }

    /// Puts a snapshot of the order on its way.
    pub(super) fn emit(&mut self, index: usize, stray_status: Option<&str>) -> Result<usize, Refusal> {
        let message = self.message(index, stray_status)?;
        let now = self.now_ms();
        let hold_ms = self.config.retry_schedule.first_delay_ms();
        let order = &mut self.orders[index];
        let dice = roll(self.config.seed, &order.key.to_string(), order.callbacks.len() as u64);
        let fault = order
            .next_faults
            .pop_front()
            .or_else(|| self.rates.callback_fault(dice, hold_ms));
        let mut record = Record::new(index, order, message);
        let deliverable = record.url.is_some();
        record.fault = fault;
        let id = self.outbox.add(record);
        let held: Vec<usize> = order
            .callbacks
            .iter()
            .rev()
            .copied()
            .take_while(|earlier| self.outbox.get(*earlier).is_some_and(Record::is_held_for_reordering))
            .collect();
        order.callbacks.push(id);
        if deliverable {
            self.outbox.schedule(id, now.saturating_add(delay_of(fault, hold_ms)));
            if fault != Some(Fault::Reorder) {
                // Overtaken now: the held ones follow at once, newest first.
                held.into_iter().for_each(|earlier| self.outbox.schedule(earlier, now));
            }
        }
        Ok(id)
    }

    /// The fault of the next API call: an ordered one first, else the dice.
    pub(super) fn api_fault(&mut self, endpoint: Endpoint) -> Option<ApiFault> {
        self.api_calls += 1;
        let dice = roll(self.config.seed, "api", self.api_calls);
        self.api_faults
            .get_mut(&endpoint)
            .and_then(VecDeque::pop_front)
            .or_else(|| self.rates.api_fault(dice))
    }
}

fn delay_of(fault: Option<Fault>, hold_ms: u64) -> u64 {
    if let Some(Fault::Delay(by)) = fault {
        return crate::clock::millis(by);
    }
    if fault == Some(Fault::Reorder) { hold_ms } else { 0 }
}
