//! What a refund becomes: how much is still to be given back, and with which lines.

use std::collections::BTreeMap;

use crate::apportion::apportion;
use crate::basket::{Basket, BasketError, Line};
use crate::document::Kind;
use crate::money::Kopecks;
use crate::tax::VatLetter;

/// What is known of an order's money when a refund is planned. Held refunds that exceed their sale
/// do not count as refunded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// What was sold; `None` while no sale is known (the refund came first).
    pub sold: Option<Kopecks>,
    /// What earlier refund documents give back in all.
    pub refunded: Kopecks,
}

/// How a register's merchant wants refunds made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundPolicy {
    /// A full refund is a storno while the sale is the register's last document, else a return.
    StornoFirst,
    /// Always a return.
    ReturnOnly,
}

impl RefundPolicy {
    /// The stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::StornoFirst => "storno-first",
            Self::ReturnOnly => "return-only",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::StornoFirst, Self::ReturnOnly]
            .into_iter()
            .find(|policy| policy.as_str() == word)
    }
}

/// What a refund event becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundPlan {
    /// Everything the event tells is planned already (a duplicate, or an older snapshot).
    Nothing,
    /// One more document giving back `amount`.
    Document {
        /// Storno only for a full refund and only under [`RefundPolicy::StornoFirst`]; the worker
        /// makes it a return when the sale is not the last document any more.
        kind: Kind,
        /// Given back by this document.
        amount: Kopecks,
    },
    /// More than was sold: a held document of `amount`.
    Exceeds {
        /// What this event would give back.
        amount: Kopecks,
    },
}

/// A snapshot's running total: the document is for what is not planned yet (`fondy.md` §7).
pub fn plan_running_total(standing: Standing, refunded_total: Kopecks, policy: RefundPolicy) -> RefundPlan {
    match refunded_total.checked_sub(standing.refunded) {
        None => RefundPlan::Nothing,
        Some(more) if more.is_zero() => RefundPlan::Nothing,
        Some(more) => plan_single(standing, more, policy),
    }
}

/// One refund told as such.
pub fn plan_single(standing: Standing, amount: Kopecks, policy: RefundPolicy) -> RefundPlan {
    let after = standing.refunded.checked_add(amount);
    let exceeds = match (standing.sold, after) {
        (Some(sold), Some(after)) => after > sold,
        (None, Some(_)) => false,
        (_, None) => true,
    };
    if exceeds {
        return RefundPlan::Exceeds { amount };
    }
    let full = standing.refunded.is_zero() && standing.sold == Some(amount);
    let kind = match policy {
        RefundPolicy::StornoFirst if full => Kind::Storno,
        RefundPolicy::StornoFirst | RefundPolicy::ReturnOnly => Kind::Return,
    };
    RefundPlan::Document { kind, amount }
}

/// Why the lines of a refund cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RefundError {
    /// More than is left of the sale.
    #[error("{amount} would be given back and {left} is left of the sale")]
    Exceeds {
        /// Would be given back.
        amount: Kopecks,
        /// Is left.
        left: Kopecks,
    },
    /// The refund's own lines add up to something else.
    #[error("the refund's lines add up to {lines} and its amount is {amount}")]
    LinesMismatch {
        /// Sum of the lines.
        lines: Kopecks,
        /// The refund's amount.
        amount: Kopecks,
    },
    /// More would come back under a VAT letter than was sold under it.
    #[error("the refund's lines give back more under a VAT letter than is left of the sale")]
    LetterExceeds,
    /// Lines that cannot be put together.
    #[error("the lines cannot be used")]
    Basket(#[from] BasketError),
}

/// The lines of a return of `amount` from `sale`, of which `earlier` came back before.
///
/// The whole sale at once comes back with the sale's own lines. Otherwise the event's `lines` are
/// used if it has any; else one line per VAT letter, the amount split over what is left of each
/// (largest remainder), so that the last return empties every letter exactly.
pub fn return_lines(
    sale: &Basket,
    earlier: &[Basket],
    amount: Kopecks,
    lines: Option<&Basket>,
    name: &str,
) -> Result<Basket, RefundError> {
    let mut left = by_letter(sale.lines())?;
    for basket in earlier {
        for (letter, returned) in by_letter(basket.lines())? {
            let rest = left.get(&letter).and_then(|rest| rest.checked_sub(returned));
            left.insert(letter, rest.ok_or(RefundError::LetterExceeds)?);
        }
    }
    let left_total = Kopecks::sum(left.values().copied()).ok_or(BasketError::TooLarge)?;
    if amount > left_total {
        return Err(RefundError::Exceeds {
            amount,
            left: left_total,
        });
    }
    if let Some(own) = lines {
        if own.total() != amount {
            return Err(RefundError::LinesMismatch {
                lines: own.total(),
                amount,
            });
        }
        for (letter, returned) in by_letter(own.lines())? {
            if left.get(&letter).is_none_or(|rest| *rest < returned) {
                return Err(RefundError::LetterExceeds);
            }
        }
        return Ok(own.clone());
    }
    if earlier.is_empty() && amount == sale.total() {
        return Ok(sale.clone());
    }
    let weights: Vec<Kopecks> = left.values().copied().collect();
    let shares = apportion(amount, &weights).ok_or(RefundError::Exceeds {
        amount,
        left: left_total,
    })?;
    let lines = left
        .keys()
        .zip(shares)
        .filter(|(_, share)| !share.is_zero())
        .map(|(letter, share)| {
            Ok(Line {
                letter: *letter,
                ..Line::single(name, share)?
            })
        })
        .collect::<Result<Vec<_>, BasketError>>()?;
    Ok(Basket::new(lines)?)
}

fn by_letter(lines: &[Line]) -> Result<BTreeMap<Option<VatLetter>, Kopecks>, BasketError> {
    let mut sums: BTreeMap<Option<VatLetter>, Kopecks> = BTreeMap::new();
    for line in lines {
        let sum = sums.entry(line.letter).or_insert(Kopecks::ZERO);
        *sum = sum.checked_add(line.paid()).ok_or(BasketError::TooLarge)?;
    }
    Ok(sums)
}

#[cfg(test)]
mod tests;
