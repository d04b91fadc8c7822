//! What a snapshot asks the cashier to do: the decision order of fondy.md §6, as a pure function.
//!
//! The order matters. The same `approved` arrives for a purchase, a capture and a partial
//! reversal, so the reversed total is looked at before the status.

use crate::snapshot::Snapshot;
use crate::status::{CaptureStatus, OrderStatus, TranType};

const RECEIPT_CURRENCY: &str = "UAH";

/// What a snapshot asks for. All amounts are kopecks of the money really charged. A snapshot is not
/// an event: whether its demand was already met is for the caller's records to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// `approved`, nothing reversed, no hold: one sale receipt for `amount`.
    Sale {
        /// `actual_amount`, else `amount`.
        amount: u64,
    },
    /// `approved` with `capture_status` = `hold`: the money is not charged yet, so no receipt.
    Held,
    /// `approved`, a hold was charged (`capture_status` = `captured` or `tran_type` = `capture`):
    /// one sale receipt for `amount`.
    Captured {
        /// `capture_amount` when the message has it, else as in a sale.
        amount: u64,
    },
    /// Something was reversed. The sale (register it when it is not yet known) was `sale_amount`;
    /// a return is due for `refunded_total` less what was already returned. Less than what was
    /// already returned is a stale or replayed message.
    Refund {
        /// What the sale receipt is for.
        sale_amount: u64,
        /// Reversed so far in total, 1 to `sale_amount`.
        refunded_total: u64,
        /// `refunded_total` equals `sale_amount`.
        full: bool,
    },
    /// The message calls for something it does not tell enough about: ask the status API. When the
    /// status itself says so, a person has to look.
    AskStatus(AskReason),
    /// Nothing to register.
    NoAction(Quiet),
    /// Understood, yet against the rules: a person has to look. Never register anything on it.
    Anomaly(Anomaly),
    /// A card check, charged and given back at once: never fiscalised.
    Verification,
}

/// What is missing in a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AskReason {
    /// `reversed`, or `tran_type` = `reverse`, without a reversed amount.
    ReversedWithoutAmount,
    /// `approved` with a capture status that is neither a hold nor a capture, as received: whether
    /// the money is still there cannot be told.
    CaptureStatus(String),
}

/// Why nothing is to be registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quiet {
    /// Not paid yet.
    Created,
    /// Not paid yet; perhaps an attempt failed and the payer may try again.
    Processing,
    /// Refused. Ignore it after an approval: it came late.
    Declined,
    /// Never paid. Ignore it after an approval: it came late.
    Expired,
    /// A hold went back whole before any capture: there was never a sale.
    HoldReleased,
    /// A payout to a card: money that leaves the merchant.
    Payout,
    /// Money moved between the receivers of a split; their receipts follow from the purchase.
    Settlement,
}

/// What does not add up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Anomaly {
    /// More was reversed than was charged.
    ReversalAboveAmount {
        /// Kopecks charged.
        sale_amount: u64,
        /// Kopecks reversed.
        refunded_total: u64,
    },
    /// Receipts are in hryvnias only.
    ForeignCurrency {
        /// The currency of the money charged.
        currency: String,
        /// Its minor units.
        amount: u64,
    },
    /// An order status this crate does not know, as received.
    UnknownStatus(String),
    /// Paid, but by an operation this crate does not know, as received.
    UnknownTranType(String),
    /// Paid, but nothing was charged.
    ZeroAmount,
    /// More was captured than was held.
    CaptureAboveAmount {
        /// Kopecks held.
        held: u64,
        /// Kopecks captured.
        captured: u64,
    },
    /// The order is in another currency than the charge, and whose `capture_amount` is, nobody says.
    CaptureCurrencyUnclear,
    /// Part of a hold was reversed, which the gateway says cannot be.
    PartialReversalOfHold {
        /// Kopecks held.
        held: u64,
        /// Kopecks reversed.
        reversed: u64,
    },
}

impl Snapshot {
    /// Decides by the order of fondy.md §6. Pure; the same snapshot always decides the same.
    ///
    /// Card checks, payouts and settlements are set aside first: they are no sales in any state.
    pub fn decide(&self) -> Decision {
        if self.verification {
            return Decision::Verification;
        }
        match self.tran_type {
            TranType::Verification => return Decision::Verification,
            TranType::P2pCredit => return Decision::NoAction(Quiet::Payout),
            TranType::Settlement => return Decision::NoAction(Quiet::Settlement),
            TranType::Purchase | TranType::Reverse | TranType::Capture | TranType::Other(_) => {}
        }
        let reversed = self.reversal_amount > 0
            || self.order_status == OrderStatus::Reversed
            || self.tran_type == TranType::Reverse;
        let decided = if reversed {
            self.decide_reversed()
        } else {
            self.decide_by_status()
        };
        decided.unwrap_or_else(Decision::Anomaly)
    }

    fn decide_reversed(&self) -> Result<Decision, Anomaly> {
        let charged = self.charged()?;
        let refunded_total = self.reversal_amount;
        if refunded_total == 0 {
            return Ok(Decision::AskStatus(AskReason::ReversedWithoutAmount));
        }
        if self.capture_status == Some(CaptureStatus::Hold) {
            return if refunded_total == charged {
                Ok(Decision::NoAction(Quiet::HoldReleased))
            } else {
                Err(Anomaly::PartialReversalOfHold {
                    held: charged,
                    reversed: refunded_total,
                })
            };
        }
        let sale_amount = if self.capture_amount.is_some() {
            self.captured(charged)?
        } else {
            charged
        };
        if refunded_total > sale_amount {
            return Err(Anomaly::ReversalAboveAmount {
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

    fn decide_by_status(&self) -> Result<Decision, Anomaly> {
        match &self.order_status {
            OrderStatus::Approved => self.decide_approved(),
            OrderStatus::Created => Ok(Decision::NoAction(Quiet::Created)),
            OrderStatus::Processing => Ok(Decision::NoAction(Quiet::Processing)),
            OrderStatus::Declined => Ok(Decision::NoAction(Quiet::Declined)),
            OrderStatus::Expired => Ok(Decision::NoAction(Quiet::Expired)),
            // `decide` sends it to the other branch; said again so that this one stands alone.
            OrderStatus::Reversed => Ok(Decision::AskStatus(AskReason::ReversedWithoutAmount)),
            OrderStatus::Other(status) => Err(Anomaly::UnknownStatus(status.clone())),
        }
    }

    fn decide_approved(&self) -> Result<Decision, Anomaly> {
        if let TranType::Other(kind) = &self.tran_type {
            return Err(Anomaly::UnknownTranType(kind.clone()));
        }
        let charged = self.charged()?;
        if charged == 0 {
            return Err(Anomaly::ZeroAmount);
        }
        match &self.capture_status {
            Some(CaptureStatus::Hold) => Ok(Decision::Held),
            Some(CaptureStatus::Captured) => self.captured(charged).map(captured_decision),
            Some(status @ (CaptureStatus::Reversed | CaptureStatus::Other(_))) => Ok(Decision::AskStatus(
                AskReason::CaptureStatus(status.as_str().to_owned()),
            )),
            None if self.tran_type == TranType::Capture => self.captured(charged).map(captured_decision),
            None => Ok(Decision::Sale { amount: charged }),
        }
    }

    /// What was charged (or is held) in kopecks. An amount is read only with its own currency:
    /// without `actual_amount`, both currencies named have to be the hryvnia.
    fn charged(&self) -> Result<u64, Anomaly> {
        let actual_currency = self.actual_currency.as_deref();
        let (amount, currencies) = match self.actual_amount {
            Some(amount) => (amount, [actual_currency.unwrap_or(&self.currency); 2]),
            None => (
                self.amount,
                [actual_currency.unwrap_or(&self.currency), self.currency.as_str()],
            ),
        };
        match currencies.into_iter().find(|c| *c != RECEIPT_CURRENCY) {
            None => Ok(amount),
            Some(currency) => Err(Anomaly::ForeignCurrency {
                currency: currency.to_owned(),
                amount,
            }),
        }
    }

    /// The captured part of what was held. Whether `actual_amount` shrinks to it after a partial
    /// capture is unknown (fondy.md §13), so `capture_amount` leads when it is there.
    fn captured(&self, held: u64) -> Result<u64, Anomaly> {
        match self.capture_amount {
            None => Ok(held),
            Some(captured) if captured == held => Ok(captured),
            Some(_) if self.currency != RECEIPT_CURRENCY => Err(Anomaly::CaptureCurrencyUnclear),
            Some(0) => Err(Anomaly::ZeroAmount),
            Some(captured) if captured > held => Err(Anomaly::CaptureAboveAmount { held, captured }),
            Some(captured) => Ok(captured),
        }
    }
}

fn captured_decision(amount: u64) -> Decision {
    Decision::Captured { amount }
}

#[cfg(test)]
mod tests;
