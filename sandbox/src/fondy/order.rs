//! One order and what may happen to it. Pure: no clock, no socket, no callback.

use std::collections::HashMap;

use serde::Deserialize;

use super::fault::Fault;
use super::refusal::Refusal;
use super::transaction::{Kind, Stamp, Transaction};
use super::{Acknowledgement, NewOrder, OrderRef, Receiver};

/// `order_status` as the gateway keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The payer has not come yet.
    Created,
    /// Under way, or an attempt failed and another may follow.
    Processing,
    /// Refused for good.
    Declined,
    /// Charged or held.
    Approved,
    /// Nobody paid in time.
    Expired,
    /// Everything went back.
    Reversed,
}

impl Status {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Processing => "processing",
            Self::Declined => "declined",
            Self::Approved => "approved",
            Self::Expired => "expired",
            Self::Reversed => "reversed",
        }
    }
}

/// An amount in minor units with its currency.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Money {
    /// Minor units.
    pub amount: u64,
    /// ISO letters.
    pub currency: String,
}

/// What became of a preauthorised payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// Not preauthorised.
    None,
    /// Held, nothing charged.
    Held,
    /// Charged: minor units of the order's currency and of the actual one.
    Captured {
        /// Of the order's currency.
        amount: u64,
        /// Of the actual currency.
        actual: u64,
    },
    /// Given back before any capture.
    Released,
}

impl Hold {
    /// `capture_status` on the wire; `None` is `null`.
    pub(super) fn as_str(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Held => Some("hold"),
            Self::Captured { .. } => Some("captured"),
            Self::Released => Some("reversed"),
        }
    }
}

/// A failed attempt's `response_code` and text.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub(super) code: u32,
    pub(super) text: String,
}

#[derive(Clone, Debug)]
pub(super) struct Order {
    pub(super) key: OrderRef,
    pub(super) terms: NewOrder,
    pub(super) payment_id: u64,
    pub(super) token: String,
    pub(super) created_ms: u64,
    pub(super) status: Status,
    pub(super) actual: Option<Money>,
    /// Running total, minor units of the actual currency.
    pub(super) reversed: u64,
    pub(super) hold: Hold,
    pub(super) failure: Option<Failure>,
    pub(super) transactions: Vec<Transaction>,
    /// Idempotency keys of reversals with their amounts.
    pub(super) reverse_ids: HashMap<String, u64>,
    /// Reversals accepted but not carried out: amounts.
    pub(super) pending_reversals: Vec<u64>,
    /// Given back of each receiver's part, in the order of the receivers: what reversals said themselves.
    pub(super) part_reversed: Vec<u64>,
    /// The settlement that split this payment.
    pub(super) settled_by: Option<String>,
    /// Set on settlements: the payment they split.
    pub(super) settles: Option<String>,
    pub(super) callbacks: Vec<usize>,
    pub(super) acknowledgements: Vec<Acknowledgement>,
    /// Faults for the callbacks to come, first come first spoilt.
    pub(super) next_faults: std::collections::VecDeque<Fault>,
}

impl Order {
    pub(super) fn new(terms: NewOrder, payment_id: u64, token: String, created_ms: u64) -> Self {
        Self {
            key: terms.order_ref(),
            terms,
            payment_id,
            token,
            created_ms,
            status: Status::Created,
            actual: None,
            reversed: 0,
            hold: Hold::None,
            failure: None,
            transactions: Vec::new(),
            reverse_ids: HashMap::new(),
            pending_reversals: Vec::new(),
            part_reversed: Vec::new(),
            settled_by: None,
            settles: None,
            callbacks: Vec::new(),
            acknowledgements: Vec::new(),
            next_faults: std::collections::VecDeque::new(),
        }
    }

    /// Charges the order, or holds the money when `hold`.
    pub(super) fn pay(&mut self, actual: Money, hold: bool, stamp: Stamp) -> Result<(), Refusal> {
        self.require_open()?;
        self.status = Status::Approved;
        self.failure = None;
        self.hold = if hold { Hold::Held } else { Hold::None };
        let kind = if self.terms.verification {
            Kind::Verification
        } else {
            Kind::Purchase
        };
        self.transactions.push(Transaction {
            id: stamp.id,
            parent: None,
            kind,
            amount: actual.amount,
            at_ms: stamp.at_ms,
        });
        self.actual = Some(actual);
        Ok(())
    }

    /// An attempt failed. An order that is not delayed is declined by it.
    pub(super) fn fail_attempt(&mut self, failure: Failure) -> Result<(), Refusal> {
        self.require_open()?;
        self.status = if self.terms.delayed {
            Status::Processing
        } else {
            Status::Declined
        };
        self.failure = Some(failure);
        Ok(())
    }

    pub(super) fn decline(&mut self, failure: Failure) -> Result<(), Refusal> {
        self.require_open()?;
        self.status = Status::Declined;
        self.failure = Some(failure);
        Ok(())
    }

    pub(super) fn expire(&mut self) -> Result<(), Refusal> {
        self.require_open()?;
        self.status = Status::Expired;
        self.failure = None;
        Ok(())
    }

    /// Charges what was held; the rest goes back by itself. `false`: the same capture again, nothing done.
    pub(super) fn capture(&mut self, amount: u64, stamp: Stamp) -> Result<bool, Refusal> {
        match self.hold {
            Hold::Captured { amount: before, .. } if before == amount => return Ok(false),
            Hold::Captured { .. } => return Err(Refusal::captured_otherwise()),
            Hold::None | Hold::Released => return Err(Refusal::not_allowed()),
            Hold::Held => {}
        }
        if amount == 0 || amount > self.terms.amount {
            return Err(Refusal::amount());
        }
        let held = self.paid();
        let actual = u128::from(held) * u128::from(amount) / u128::from(self.terms.amount);
        let actual = u64::try_from(actual).map_err(|_| Refusal::amount())?;
        self.hold = Hold::Captured { amount, actual };
        self.movement(Kind::Capture, actual, stamp);
        Ok(true)
    }

    /// Whether `amount` of the actual currency may go back.
    pub(super) fn check_reversal(&self, amount: u64) -> Result<(), Refusal> {
        if amount == 0 {
            return Err(Refusal::amount());
        }
        match self.status {
            Status::Approved => {}
            Status::Reversed => return Err(Refusal::turnover()),
            Status::Created | Status::Processing | Status::Declined | Status::Expired => {
                return Err(Refusal::not_allowed());
            }
        }
        let pending: u64 = self.pending_reversals.iter().sum();
        let left = self.refundable().saturating_sub(pending);
        match amount.cmp(&left) {
            std::cmp::Ordering::Greater => Err(Refusal::turnover()),
            std::cmp::Ordering::Less if self.hold == Hold::Held => Err(Refusal::only_full()),
            std::cmp::Ordering::Less | std::cmp::Ordering::Equal => Ok(()),
        }
    }

    /// Gives `amount` back; what was held only is released.
    pub(super) fn reverse(&mut self, amount: u64, stamp: Stamp) -> Result<(), Refusal> {
        self.check_reversal(amount)?;
        self.reversed += amount;
        if self.hold == Hold::Held {
            self.hold = Hold::Released;
        }
        if self.refundable() == 0 {
            self.status = Status::Reversed;
        }
        self.movement(Kind::Reverse, amount, stamp);
        Ok(())
    }

    /// A reversal takes these amounts from these merchants' parts.
    pub(super) fn take_from_parts(&mut self, taken: &[Receiver]) {
        self.part_reversed.resize(self.terms.receivers.len(), 0);
        for part in taken {
            let same = |receiver: &Receiver| receiver.merchant_id == part.merchant_id;
            if let Some(place) = self.terms.receivers.iter().position(same) {
                self.part_reversed[place] += part.amount;
            }
        }
    }

    /// What went back of the part at `position`: all of it once everything did.
    pub(super) fn reversed_of_part(&self, position: usize) -> u64 {
        let whole = self.terms.receivers.get(position).map_or(0, |receiver| receiver.amount);
        if self.status == Status::Reversed {
            whole
        } else {
            self.part_reversed.get(position).copied().unwrap_or(0)
        }
    }

    /// Charged or held, minor units of the actual currency; 0 before payment.
    pub(super) fn paid(&self) -> u64 {
        self.actual.as_ref().map_or(0, |money| money.amount)
    }

    /// What may still go back, minor units of the actual currency.
    pub(super) fn refundable(&self) -> u64 {
        let charged = match self.hold {
            Hold::Captured { actual, .. } => actual,
            Hold::None | Hold::Held | Hold::Released => self.paid(),
        };
        charged.saturating_sub(self.reversed)
    }

    /// The id of the purchase, which answers and `additional_info` name as `transaction_id`.
    pub(super) fn purchase_id(&self) -> Option<u64> {
        self.transactions.first().map(|transaction| transaction.id)
    }

    pub(super) fn last_kind(&self) -> Option<Kind> {
        self.transactions.last().map(|transaction| transaction.kind)
    }

    fn movement(&mut self, kind: Kind, amount: u64, stamp: Stamp) {
        let parent = self.purchase_id();
        self.transactions.push(Transaction {
            id: stamp.id,
            parent,
            kind,
            amount,
            at_ms: stamp.at_ms,
        });
    }

    fn require_open(&self) -> Result<(), Refusal> {
        match self.status {
            Status::Created | Status::Processing => Ok(()),
            Status::Declined | Status::Approved | Status::Expired | Status::Reversed => Err(Refusal::completed()),
        }
    }
}
