//! What a snapshot asks the cashier to do, as a pure function.

use crate::snapshot::Snapshot;
use crate::status::Status;

const RECEIPT_CURRENCY: &str = "UAH";

/// What a snapshot asks for. All amounts are kopecks. A snapshot is not an event: whether its
/// demand was already met is for the caller's records to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Charged: one sale receipt for `amount`.
    Sale {
        /// The order's amount.
        amount: u64,
    },
    /// Held, not charged: no receipt yet.
    Held,
    /// So much was given back of a sale of `sale_amount`.
    Refund {
        /// What the sale receipt is for.
        sale_amount: u64,
        /// Given back so far in total, 1 to `sale_amount`.
        refunded_total: u64,
        /// `refunded_total` equals `sale_amount`.
        full: bool,
    },
    /// Taken back whole, and nobody says whether it had been charged: with a sale receipt it is a
    /// full refund, without one a released hold.
    Voided,
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
    /// Refused.
    Declined,
    /// Not paid in time.
    Expired,
    /// A refund was asked for and is not made yet.
    RefundWaits,
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
        /// The order's currency; empty when none was said.
        currency: String,
        /// Its minor units.
        amount: u64,
    },
    /// A status this crate does not know, as received.
    UnknownStatus(String),
    /// Charged, and no amount or a zero one was said.
    NoAmount,
}

impl Snapshot {
    /// Decides. Pure; the same snapshot always decides the same.
    pub fn decide(&self) -> Decision {
        match &self.status {
            Status::Approved => match self.refund_amount {
                Some(refunded) if refunded > 0 => self.refund(refunded),
                Some(_) | None => match self.sale_amount() {
                    Ok(amount) => Decision::Sale { amount },
                    Err(anomaly) => Decision::Anomaly(anomaly),
                },
            },
            Status::Refunded => match self.refund_amount {
                Some(refunded) if refunded > 0 => self.refund(refunded),
                Some(_) | None => Decision::AskStatus,
            },
            Status::Voided => Decision::Voided,
            Status::WaitingAuthComplete => Decision::Held,
            Status::RefundInProcessing => Decision::NoAction(Quiet::RefundWaits),
            Status::Declined => Decision::NoAction(Quiet::Declined),
            Status::Expired => Decision::NoAction(Quiet::Expired),
            Status::Pending | Status::InProcessing | Status::InProcessingToo | Status::Created => {
                Decision::NoAction(Quiet::Processing)
            }
            Status::Other(status) => Decision::Anomaly(Anomaly::UnknownStatus(status.clone())),
        }
    }

    fn refund(&self, refunded_total: u64) -> Decision {
        match self.sale_amount() {
            Err(anomaly) => Decision::Anomaly(anomaly),
            Ok(sale_amount) if refunded_total > sale_amount => Decision::Anomaly(Anomaly::RefundAboveAmount {
                sale_amount,
                refunded_total,
            }),
            Ok(sale_amount) => Decision::Refund {
                sale_amount,
                refunded_total,
                full: refunded_total == sale_amount,
            },
        }
    }

    fn sale_amount(&self) -> Result<u64, Anomaly> {
        let amount = self.amount.filter(|amount| *amount > 0).ok_or(Anomaly::NoAmount)?;
        match self.currency.as_deref().unwrap_or_default() {
            RECEIPT_CURRENCY => Ok(amount),
            currency => Err(Anomaly::ForeignCurrency {
                currency: currency.to_owned(),
                amount,
            }),
        }
    }
}

#[cfg(test)]
mod tests;
