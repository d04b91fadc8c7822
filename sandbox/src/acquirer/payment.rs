//! A payment and what may become of it.

use super::callback::{Acknowledgement, CallbackId};

/// Number of a payment, in the order they were made; `Simulator` methods take it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PaymentId(pub usize);

/// Where a payment is. Partial refunds do not change it; see [`Payment::refunded`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Nobody paid yet.
    Created,
    /// The money is blocked on the buyer's card.
    Held,
    /// The money was taken.
    Paid,
    /// The last try failed; another may succeed.
    Declined,
    /// Its time ended unpaid.
    Expired,
    /// Everything went back: refunded, or a hold released.
    Reversed,
}

/// Why a try failed, in the system's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The system's code.
    pub code: String,
    /// Its text.
    pub text: String,
}

/// Where a refund is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundState {
    /// Accepted, not carried out yet.
    Pending,
    /// The money went back.
    Done,
    /// It did not.
    Failed,
}

/// Money on its way back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    /// Kopecks.
    pub amount: u64,
    /// Who asked for it may have named it.
    pub reference: Option<String>,
    /// Where it is.
    pub state: RefundState,
    /// When it was asked for, milliseconds since 1970 on the simulator's clock.
    pub asked_ms: u64,
    /// When it last changed.
    pub changed_ms: u64,
}

/// One payment as the acquirer's books have it. Sums are kopecks, times are milliseconds since 1970 on the simulator's
/// clock.
#[derive(Clone, Debug)]
pub struct Payment {
    /// Its number here.
    pub id: PaymentId,
    /// The system's own identifier: LiqPay's `payment_id`, monobank's `invoiceId`.
    pub public_id: String,
    /// The merchant's account.
    pub merchant: String,
    /// The merchant's own identifier: `order_id`, `orderReference`, `reference`.
    pub order_id: String,
    /// What is asked for.
    pub amount: u64,
    /// ISO letters.
    pub currency: String,
    /// What the buyer reads.
    pub description: String,
    /// Where callbacks go; without it there are none.
    pub callback_url: Option<String>,
    /// Paying holds the money.
    pub two_stage: bool,
    /// Made in the system's test mode.
    pub test: bool,
    /// Where it is.
    pub stage: Stage,
    /// What was taken; after a partial capture less than [`Self::amount`].
    pub charged: u64,
    /// Refunds in the order they were asked for.
    pub refunds: Vec<Refund>,
    /// Why the last try failed.
    pub failure: Option<Failure>,
    /// When it was made.
    pub created_ms: u64,
    /// When it was paid or held.
    pub paid_ms: Option<u64>,
    /// When a hold was captured.
    pub captured_ms: Option<u64>,
    /// When it last changed.
    pub changed_ms: u64,
    /// Its callbacks, oldest first.
    pub callbacks: Vec<CallbackId>,
    /// Callbacks that were taken, oldest first.
    pub acknowledgements: Vec<Acknowledgement>,
}

/// What the books do not allow. Each system has its own words and codes for it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Illegal {
    /// No such account.
    #[error("no such merchant")]
    UnknownMerchant,
    /// No such payment.
    #[error("no such payment")]
    UnknownPayment,
    /// The merchant has a payment of this name already.
    #[error("the merchant has a payment of this name already")]
    Duplicate,
    /// It must not be empty.
    #[error("{0} must not be empty")]
    Empty(&'static str),
    /// Not at this stage.
    #[error("impossible while the payment is {0:?}")]
    Stage(Stage),
    /// Zero, or more than there is.
    #[error("the sum must be from 1 to {left}")]
    Sum {
        /// The most there is.
        left: u64,
    },
    /// A hold goes back as a whole.
    #[error("a hold goes back as a whole")]
    PartOfHold,
}

impl Payment {
    /// What went back.
    pub fn refunded(&self) -> u64 {
        self.sum(|state| state == RefundState::Done)
    }

    /// What may still be given back: what is on its way is not counted twice.
    pub fn refundable(&self) -> u64 {
        let claimed = self.sum(|state| state != RefundState::Failed);
        match self.stage {
            Stage::Paid => self.charged.saturating_sub(claimed),
            Stage::Held => self.amount.saturating_sub(claimed),
            Stage::Created | Stage::Declined | Stage::Expired | Stage::Reversed => 0,
        }
    }

    /// Whether a hold was released before anything was taken.
    pub fn is_voided(&self) -> bool {
        self.stage == Stage::Reversed && self.charged == 0
    }

    /// The buyer pays; a two-stage payment is held.
    pub(super) fn pay(&mut self, now: u64) -> Result<(), Illegal> {
        self.at(&[Stage::Created, Stage::Declined])?;
        self.failure = None;
        self.paid_ms = Some(now);
        if self.two_stage {
            self.stage = Stage::Held;
        } else {
            self.stage = Stage::Paid;
            self.charged = self.amount;
        }
        Ok(())
    }

    pub(super) fn decline(&mut self, failure: Failure) -> Result<(), Illegal> {
        self.at(&[Stage::Created, Stage::Declined])?;
        self.failure = Some(failure);
        self.stage = Stage::Declined;
        Ok(())
    }

    pub(super) fn expire(&mut self) -> Result<(), Illegal> {
        self.at(&[Stage::Created, Stage::Declined])?;
        self.stage = Stage::Expired;
        Ok(())
    }

    /// Takes a part of the hold or all of it; the rest is released.
    pub(super) fn capture(&mut self, amount: u64, now: u64) -> Result<(), Illegal> {
        self.at(&[Stage::Held])?;
        within(amount, self.amount)?;
        self.stage = Stage::Paid;
        self.charged = amount;
        self.captured_ms = Some(now);
        Ok(())
    }

    /// Accepts a refund; it is carried out by [`Self::finish_refund`].
    pub(super) fn ask_refund(&mut self, amount: u64, reference: Option<String>, now: u64) -> Result<usize, Illegal> {
        self.at(&[Stage::Paid, Stage::Held])?;
        within(amount, self.refundable())?;
        if self.stage == Stage::Held && amount != self.amount {
            return Err(Illegal::PartOfHold);
        }
        self.refunds.push(Refund {
            amount,
            reference,
            state: RefundState::Pending,
            asked_ms: now,
            changed_ms: now,
        });
        Ok(self.refunds.len() - 1)
    }

    pub(super) fn finish_refund(&mut self, number: usize, state: RefundState, now: u64) {
        if let Some(refund) = self.refunds.get_mut(number) {
            refund.state = state;
            refund.changed_ms = now;
        }
        let whole = match self.stage {
            Stage::Held => self.refunded() == self.amount,
            Stage::Paid => self.refunded() == self.charged,
            Stage::Created | Stage::Declined | Stage::Expired | Stage::Reversed => false,
        };
        if whole {
            self.stage = Stage::Reversed;
        }
    }

    fn sum(&self, counted: impl Fn(RefundState) -> bool) -> u64 {
        let of = |refund: &Refund| if counted(refund.state) { refund.amount } else { 0 };
        self.refunds.iter().map(of).sum()
    }

    fn at(&self, stages: &[Stage]) -> Result<(), Illegal> {
        if stages.contains(&self.stage) {
            Ok(())
        } else {
            Err(Illegal::Stage(self.stage))
        }
    }
}

fn within(amount: u64, left: u64) -> Result<(), Illegal> {
    if (1..=left).contains(&amount) {
        Ok(())
    } else {
        Err(Illegal::Sum { left })
    }
}
