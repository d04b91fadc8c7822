//! What a snapshot asks the cashier to do, as a pure function.

use crate::snapshot::Snapshot;
use crate::status::{Action, Status};

const RECEIPT_CURRENCY: &str = "UAH";

/// What a snapshot asks for. All amounts are kopecks. A snapshot is not an event: whether its
/// demand was already met is for the caller's records to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Charged: one sale receipt for `amount`.
    Sale {
        /// The payment's amount, without the payer's own fee.
        amount: u64,
    },
    /// Blocked, not charged: no receipt yet.
    Held,
    /// Something was given back of a sale of `sale_amount`.
    Refund {
        /// What the sale receipt is for.
        sale_amount: u64,
        /// Given back so far in total, 1 to `sale_amount`.
        refunded_total: u64,
        /// `refunded_total` equals `sale_amount`.
        full: bool,
    },
    /// A payment in two steps was given back, and nobody says whether it had been charged: without
    /// a sale receipt it is a released hold, with one a refund.
    HoldEnded {
        /// All of it is said to be given back. Otherwise nobody says how much, and a refund needs
        /// a person.
        whole: bool,
    },
    /// Given back, and the message does not say how much: ask the status API.
    AskStatus,
    /// Nothing to register.
    NoAction(Quiet),
    /// Understood, yet against the rules: a person has to look.
    Anomaly(Anomaly),
}

/// Why nothing is to be registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quiet {
    /// Still being paid.
    Processing,
    /// Not paid.
    Failed,
    /// A card check.
    CardCheck,
    /// A subscription ended.
    Unsubscribed,
}

/// What does not add up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Anomaly {
    /// More was given back than was paid.
    RefundAboveAmount {
        /// Kopecks paid.
        sale_amount: u64,
        /// Kopecks given back.
        refunded_total: u64,
    },
    /// Receipts are in hryvnias only.
    ForeignCurrency {
        /// The payment's currency; empty when none was said.
        currency: String,
        /// Its minor units.
        amount: u64,
    },
    /// A status this crate does not know, as received.
    UnknownStatus(String),
    /// Charged by an action this crate does not know, as received.
    UnknownAction(String),
    /// Charged, and no amount or a zero one was said.
    NoAmount,
    /// Less left the payer's account than was held: which of the two was charged is not known.
    CaptureUnclear {
        /// Kopecks held.
        held: u64,
        /// Kopecks that left the account.
        debited: u64,
    },
    /// A subscription began; whether its first payment was made with it is not known.
    Subscription,
    /// A later payment of a subscription: several come under one order id.
    RegularPayment {
        /// Its amount in kopecks.
        amount: u64,
    },
}

impl Snapshot {
    /// Decides. Pure; the same snapshot always decides the same. What was given back is looked at
    /// before the status: which status a partial refund has is not documented.
    pub fn decide(&self) -> Decision {
        if self.action == Some(Action::Auth) {
            return Decision::NoAction(Quiet::CardCheck);
        }
        self.decide_paid().unwrap_or_else(Decision::Anomaly)
    }

    fn decide_paid(&self) -> Result<Decision, Anomaly> {
        match &self.status {
            Status::Success
            | Status::Sandbox
            | Status::WaitAccept
            | Status::WaitCompensation
            | Status::WaitLetterOfCredit
            | Status::WaitReserve => self.charged(),
            Status::Reversed => self.reversed(),
            Status::HoldWait => Ok(Decision::Held),
            Status::Subscribed => Err(Anomaly::Subscription),
            Status::Unsubscribed => Ok(Decision::NoAction(Quiet::Unsubscribed)),
            Status::Failure | Status::Error | Status::TryAgain => Ok(Decision::NoAction(Quiet::Failed)),
            Status::Prepared
            | Status::Processing
            | Status::WaitSecure
            | Status::WaitCard
            | Status::WaitQr
            | Status::WaitSender
            | Status::CashWait
            | Status::InvoiceWait => Ok(Decision::NoAction(Quiet::Processing)),
            status @ Status::Other(_) if status.is_verification() => Ok(Decision::NoAction(Quiet::Processing)),
            Status::Other(status) => Err(Anomaly::UnknownStatus(status.clone())),
        }
    }

    fn charged(&self) -> Result<Decision, Anomaly> {
        let amount = self.sale_amount()?;
        match self.refund_amount {
            None | Some(0) => Ok(Decision::Sale { amount }),
            Some(refunded_total) => refund(amount, refunded_total),
        }
    }

    fn reversed(&self) -> Result<Decision, Anomaly> {
        let amount = self.sale_amount()?;
        let maybe_never_charged = self.action == Some(Action::Hold) && self.completion_date.is_none();
        match self.refund_amount.unwrap_or(0) {
            0 if maybe_never_charged => Ok(Decision::HoldEnded { whole: false }),
            0 => Ok(Decision::AskStatus),
            all if maybe_never_charged && all == amount => Ok(Decision::HoldEnded { whole: true }),
            refunded_total => refund(amount, refunded_total),
        }
    }

    /// The payment's amount in kopecks, when a receipt can be made of it.
    fn sale_amount(&self) -> Result<u64, Anomaly> {
        let amount = self.amount.filter(|amount| *amount > 0).ok_or(Anomaly::NoAmount)?;
        let currency = self.currency.as_deref().unwrap_or_default();
        if currency != RECEIPT_CURRENCY {
            return Err(Anomaly::ForeignCurrency {
                currency: currency.to_owned(),
                amount,
            });
        }
        match &self.action {
            Some(Action::Regular) => Err(Anomaly::RegularPayment { amount }),
            Some(Action::Subscribe) => Err(Anomaly::Subscription),
            Some(Action::Other(action)) => Err(Anomaly::UnknownAction(action.clone())),
            Some(Action::Hold) => match self.amount_debit {
                Some(debited) if debited < amount && self.currency_debit.as_deref() == Some(RECEIPT_CURRENCY) => {
                    Err(Anomaly::CaptureUnclear { held: amount, debited })
                }
                Some(_) | None => Ok(amount),
            },
            Some(Action::Pay | Action::PaySplit | Action::PayDonate | Action::Auth) | None => Ok(amount),
        }
    }
}

fn refund(sale_amount: u64, refunded_total: u64) -> Result<Decision, Anomaly> {
    if refunded_total > sale_amount {
        return Err(Anomaly::RefundAboveAmount {
            sale_amount,
            refunded_total,
        });
    }
    Ok(Decision::Refund {
        sale_amount,
        refunded_total,
        full: refunded_total == sale_amount,
    })
}

#[cfg(test)]
mod tests;
