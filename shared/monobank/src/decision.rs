//! What a snapshot asks the cashier to do, as a pure function.

use crate::snapshot::Snapshot;
use crate::status::Status;

/// ISO 4217 number of the hryvnia.
const HRYVNIA: u64 = 980;

/// What a snapshot asks for. All amounts are kopecks. A snapshot is not an event: whether its
/// demand was already met is for the caller's records to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Charged: one sale receipt for `amount`.
    Sale {
        /// What was really charged.
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
    /// Given back whole, and nobody says whether it had been charged: with a sale receipt it is a
    /// full refund, without one a released hold.
    Voided,
    /// Nothing to register.
    NoAction(Quiet),
    /// Understood, yet against the rules: a person has to look.
    Anomaly(Anomaly),
}

/// Why nothing is to be registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quiet {
    /// Nobody paid yet.
    Created,
    /// Being paid.
    Processing,
    /// Refused.
    Failed,
    /// Not paid in time.
    Expired,
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
        /// The currency's number; 0 when none was said.
        currency: u64,
        /// Its minor units.
        amount: u64,
    },
    /// A status this crate does not know, as received.
    UnknownStatus(String),
    /// Charged, but nothing was charged.
    ZeroAmount,
    /// More was charged than the invoice asks for; perhaps with tips.
    ChargedAboveAmount {
        /// The invoice's kopecks.
        amount: u64,
        /// Kopecks charged.
        charged: u64,
    },
    /// The invoice's amount, what was charged and what came back lead to no one sum.
    SumsUnclear {
        /// The invoice's kopecks.
        amount: u64,
        /// `finalAmount`.
        final_amount: u64,
        /// Kopecks given back.
        refunded: u64,
    },
}

impl Snapshot {
    /// Decides. Pure; the same snapshot always decides the same.
    pub fn decide(&self) -> Decision {
        match &self.status {
            Status::Success => self.charged().unwrap_or_else(Decision::Anomaly),
            Status::Reversed => self.reversed(),
            Status::Hold => Decision::Held,
            Status::Created => Decision::NoAction(Quiet::Created),
            Status::Processing => Decision::NoAction(Quiet::Processing),
            Status::Failure => Decision::NoAction(Quiet::Failed),
            Status::Expired => Decision::NoAction(Quiet::Expired),
            Status::Other(status) => Decision::Anomaly(Anomaly::UnknownStatus(status.clone())),
        }
    }

    /// A list of refunds that leaves something is a partial refund under any status.
    fn reversed(&self) -> Decision {
        let left = self.final_amount.is_some_and(|left| left > 0);
        if left && self.refunded > 0 && self.refunded < self.amount {
            self.charged().unwrap_or_else(Decision::Anomaly)
        } else {
            Decision::Voided
        }
    }

    fn charged(&self) -> Result<Decision, Anomaly> {
        let sale_amount = self.sale_amount()?;
        if sale_amount == 0 {
            return Err(Anomaly::ZeroAmount);
        }
        if self.refunded > sale_amount {
            return Err(Anomaly::RefundAboveAmount {
                sale_amount,
                refunded_total: self.refunded,
            });
        }
        Ok(match self.refunded {
            0 => Decision::Sale { amount: sale_amount },
            refunded_total => Decision::Refund {
                sale_amount,
                refunded_total,
                full: refunded_total == sale_amount,
            },
        })
    }

    /// What was charged, before any refund. `finalAmount` is read both ways.
    fn sale_amount(&self) -> Result<u64, Anomaly> {
        let amount = self.amount;
        if self.currency != Some(HRYVNIA) {
            return Err(Anomaly::ForeignCurrency {
                currency: self.currency.unwrap_or_default(),
                amount,
            });
        }
        let Some(final_amount) = self.final_amount else {
            return Ok(amount);
        };
        if final_amount > amount {
            return Err(Anomaly::ChargedAboveAmount {
                amount,
                charged: final_amount,
            });
        }
        let refunded = self.refunded;
        if refunded == 0 {
            return Ok(final_amount);
        }
        if final_amount == amount || final_amount.checked_add(refunded) == Some(amount) {
            return Ok(amount);
        }
        Err(Anomaly::SumsUnclear {
            amount,
            final_amount,
            refunded,
        })
    }
}

#[cfg(test)]
mod tests;
