//! Everything a simulator knows, under one lock.

use std::collections::HashMap;
use std::sync::Arc;

use super::api::ApiCall;
use super::config::{Config, Merchant, NewPayment};
use super::fault::{ApiFault, CallbackFault};
use super::outbox::Outbox;
use super::payment::{Illegal, Payment, PaymentId, Stage};
use super::system::System;
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
}
