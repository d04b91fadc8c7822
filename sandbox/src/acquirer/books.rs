//! Everything a simulator knows, under one lock.

use std::collections::HashMap;
use std::sync::Arc;

use super::api::ApiCall;
use super::callback::{Callback, CallbackId, Posted};
use super::config::{Config, Merchant, NewPayment};
use super::fault::{ApiFault, CallbackFault};
use super::fields::Fields;
use super::outbox::{Outbox, Phase, Record};
use super::payment::{Failure, Illegal, Payment, PaymentId, RefundState, Stage};
use super::system::{Spoil, System};
use crate::clock::millis;
use crate::fault::Faults;
use crate::schedule::RetrySchedule;

/// The books of a simulator.
pub struct Books<S: System> {
    pub(crate) config: Config,
    pub(crate) switches: S::Switches,
    pub(crate) own: S::Own,
    /// `http://host:port` of the API once it is served; links in answers start with it.
    pub(crate) public_base: String,
    merchants: HashMap<String, Arc<Merchant>>,
    payments: Vec<Payment>,
    /// The newest payment of a merchant's identifier.
    by_order: HashMap<(String, String), PaymentId>,
    by_public_id: HashMap<String, PaymentId>,
    pub(super) schedule: RetrySchedule,
    pub(super) outbox: Outbox,
    pub(super) callback_faults: Faults<CallbackFault>,
    pub(super) api_faults: Faults<ApiFault>,
    pub(super) calls: Vec<ApiCall>,
}

impl<S: System> Books<S> {
    pub(super) fn new(config: Config, own: S::Own) -> Self {
        let first = S::first_merchant();
        Self {
            schedule: config.retry_schedule.clone().unwrap_or_else(S::schedule),
            config,
            switches: S::Switches::default(),
            own,
            public_base: "http://127.0.0.1".to_owned(),
            merchants: HashMap::from([(first.account.clone(), Arc::new(first))]),
            payments: Vec::new(),
            by_order: HashMap::new(),
            by_public_id: HashMap::new(),
            outbox: Outbox::default(),
            callback_faults: Faults::none(),
            api_faults: Faults::none(),
            calls: Vec::new(),
        }
    }

    pub(crate) fn now_ms(&self) -> u64 {
        self.config.clock.now_ms()
    }

    pub(super) fn add_merchant(&mut self, merchant: Merchant) {
        self.merchants.insert(merchant.account.clone(), Arc::new(merchant));
    }

    pub(crate) fn merchant(&self, account: &str) -> Result<Arc<Merchant>, Illegal> {
        self.merchants.get(account).cloned().ok_or(Illegal::UnknownMerchant)
    }

    /// The merchant with this secret, where calls name no account.
    pub(crate) fn merchant_by_secret(&self, secret: &str) -> Option<Arc<Merchant>> {
        self.merchants
            .values()
            .find(|merchant| merchant.secret == secret)
            .cloned()
    }

    pub(crate) fn payments(&self) -> &[Payment] {
        &self.payments
    }

    pub(crate) fn payment(&self, id: PaymentId) -> Result<&Payment, Illegal> {
        self.payments.get(id.0).ok_or(Illegal::UnknownPayment)
    }

    pub(super) fn payment_mut(&mut self, id: PaymentId) -> Result<&mut Payment, Illegal> {
        self.payments.get_mut(id.0).ok_or(Illegal::UnknownPayment)
    }

    /// The newest payment of a merchant's identifier.
    pub(crate) fn find(&self, account: &str, order_id: &str) -> Result<&Payment, Illegal> {
        let key = (account.to_owned(), order_id.to_owned());
        let id = self.by_order.get(&key).ok_or(Illegal::UnknownPayment)?;
        self.payment(*id)
    }

    pub(crate) fn by_public_id(&self, public_id: &str) -> Result<&Payment, Illegal> {
        let id = self.by_public_id.get(public_id).ok_or(Illegal::UnknownPayment)?;
        self.payment(*id)
    }

    pub(crate) fn create(&mut self, new: NewPayment) -> Result<PaymentId, Illegal> {
        let account = new.merchant.unwrap_or_else(|| S::first_merchant().account);
        self.merchant(&account)?;
        if new.order_id.is_empty() && S::UNIQUE_ORDERS {
            return Err(Illegal::Empty("order_id"));
        }
        if new.amount == 0 {
            return Err(Illegal::Sum { left: u64::MAX });
        }
        if S::UNIQUE_ORDERS && self.find(&account, &new.order_id).is_ok() {
            return Err(Illegal::Duplicate);
        }
        let id = PaymentId(self.payments.len());
        let now = self.now_ms();
        let public_id = S::public_id(id.0);
        self.by_order.insert((account.clone(), new.order_id.clone()), id);
        self.by_public_id.insert(public_id.clone(), id);
        self.payments.push(Payment {
            id,
            public_id,
            merchant: account,
            order_id: new.order_id,
            amount: new.amount,
            currency: new.currency,
            description: new.description,
            callback_url: new.callback_url,
            two_stage: new.two_stage,
            test: new.test,
            stage: Stage::Created,
            charged: 0,
            refunds: Vec::new(),
            failure: None,
            created_ms: now,
            paid_ms: None,
            captured_ms: None,
            changed_ms: now,
            callbacks: Vec::new(),
            acknowledgements: Vec::new(),
        });
        Ok(id)
    }

    pub(crate) fn pay(&mut self, id: PaymentId) -> Result<(), Illegal> {
        // What cannot be is refused before anything is said.
        self.payment(id)?.clone().pay(self.now_ms())?;
        if let Some(fields) = S::processing(self, self.payment(id)?) {
            self.send(id, fields);
        }
        self.step(id, |payment, now| payment.pay(now))
    }

    pub(super) fn decline(&mut self, id: PaymentId, failure: Failure) -> Result<(), Illegal> {
        self.step(id, |payment, _| payment.decline(failure))
    }

    pub(crate) fn expire(&mut self, id: PaymentId) -> Result<(), Illegal> {
        self.step(id, |payment, _| payment.expire())
    }

    pub(crate) fn capture(&mut self, id: PaymentId, amount: u64) -> Result<(), Illegal> {
        self.step(id, |payment, now| payment.capture(amount, now))
    }

    /// Accepts a refund, and carries it out unless it is to wait.
    pub(crate) fn refund(
        &mut self,
        id: PaymentId,
        amount: u64,
        reference: Option<String>,
        waits: bool,
    ) -> Result<(), Illegal> {
        let now = self.now_ms();
        let number = self.payment_mut(id)?.ask_refund(amount, reference, now)?;
        if waits {
            return self.step(id, |_, _| Ok(()));
        }
        self.finish_refund(id, number, RefundState::Done)
    }

    pub(super) fn finish_refund(&mut self, id: PaymentId, number: usize, state: RefundState) -> Result<(), Illegal> {
        self.step(id, |payment, now| {
            payment.finish_refund(number, state, now);
            Ok(())
        })
    }

    /// One change of a payment, and the callback that tells of it.
    fn step(
        &mut self,
        id: PaymentId,
        step: impl FnOnce(&mut Payment, u64) -> Result<(), Illegal>,
    ) -> Result<(), Illegal> {
        let now = self.now_ms();
        let payment = self.payment_mut(id)?;
        step(payment, now)?;
        payment.changed_ms = now;
        self.emit(id)
    }

    /// Puts a snapshot on its way, if the system has something to say.
    pub(super) fn emit(&mut self, id: PaymentId) -> Result<(), Illegal> {
        if let Some(fields) = S::snapshot(self, self.payment(id)?) {
            self.send(id, fields);
        }
        Ok(())
    }

    fn send(&mut self, id: PaymentId, fields: Fields) {
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
