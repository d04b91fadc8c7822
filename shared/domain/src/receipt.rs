//! What a receipt says: lines, taxes, payment. Made once per document and then frozen.

use std::collections::BTreeMap;

use crate::apportion::apportion;
use crate::basket::{Basket, BasketError, Line};
use crate::event::PaymentMeans;
use crate::money::Kopecks;
use crate::tax::{Rate, VatLetter, VatScheme};

/// The content of a sale or a return.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The lines; each has a letter when the merchant pays VAT.
    pub basket: Basket,
    /// One row per letter used, in letter order; empty for those who pay no VAT.
    pub taxes: Vec<TaxRow>,
    /// How it was paid.
    pub means: PaymentMeans,
}

/// One tax row (`cashalot.md` §6.4). The tax is inside the price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxRow {
    /// The letter.
    pub letter: VatLetter,
    /// Its rate.
    pub rate: Rate,
    /// Sum of the lines before discounts.
    pub turnover: Kopecks,
    /// Sum of the lines after discounts.
    pub taxable: Kopecks,
    /// The tax inside `taxable`.
    pub tax: Kopecks,
}

/// Why a receipt cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// A line's letter has no rate at this register.
    #[error("the VAT letter {0} has no rate at this register")]
    UnknownLetter(VatLetter),
    /// The basket is worth something else than was paid.
    #[error("the basket's total is {basket} and {paid} was paid")]
    Mismatch {
        /// The basket's total.
        basket: Kopecks,
        /// What was paid.
        paid: Kopecks,
    },
    /// Lines that cannot be put together.
    #[error("the lines cannot be used")]
    Basket(#[from] BasketError),
}

/// What to do when the basket is not worth what was paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MismatchPolicy {
    /// A person decides.
    Hold,
    /// Paid more: a line for the rest is added. Paid less: the difference is a discount over all
    /// lines (largest remainder).
    Adjust,
}

impl MismatchPolicy {
    /// The stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hold => "hold",
            Self::Adjust => "adjust",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Hold, Self::Adjust]
            .into_iter()
            .find(|policy| policy.as_str() == word)
    }
}

/// Name of the line that is added when more was paid than the basket says.
const ADJUSTMENT_NAME: &str = "Доставка та інші послуги";

impl Receipt {
    /// A sale for exactly `paid`.
    pub fn sale(
        basket: Basket,
        paid: Kopecks,
        policy: MismatchPolicy,
        vat: &VatScheme,
        means: PaymentMeans,
    ) -> Result<Self, ReceiptError> {
        let basket = fit(basket, paid, policy)?;
        Self::with_taxes(basket, vat, means)
    }

    /// A return of exactly `lines`. Letters that the lines already carry stay.
    pub fn of_lines(basket: Basket, vat: &VatScheme, means: PaymentMeans) -> Result<Self, ReceiptError> {
        Self::with_taxes(basket, vat, means)
    }

    /// What the buyer paid or gets back.
    pub const fn total(&self) -> Kopecks {
        self.basket.total()
    }

    fn with_taxes(basket: Basket, vat: &VatScheme, means: PaymentMeans) -> Result<Self, ReceiptError> {
        match vat {
            VatScheme::NotAPayer => {
                let lines = basket
                    .lines()
                    .iter()
                    .cloned()
                    .map(|line| Line { letter: None, ..line })
                    .collect();
                Ok(Self {
                    basket: Basket::new(lines)?,
                    taxes: Vec::new(),
                    means,
                })
            }
            VatScheme::Letters { default, rates } => {
                let lines: Vec<Line> = basket
                    .lines()
                    .iter()
                    .cloned()
                    .map(|line| Line {
                        letter: line.letter.or(Some(*default)),
                        ..line
                    })
                    .collect();
                let taxes = tax_rows(&lines, *default, rates)?;
                Ok(Self {
                    basket: Basket::new(lines)?,
                    taxes,
                    means,
                })
            }
        }
    }
}

fn tax_rows(
    lines: &[Line],
    default: VatLetter,
    rates: &BTreeMap<VatLetter, Rate>,
) -> Result<Vec<TaxRow>, ReceiptError> {
    let mut groups: BTreeMap<VatLetter, Vec<&Line>> = BTreeMap::new();
    for line in lines {
        groups.entry(line.letter.unwrap_or(default)).or_default().push(line);
    }
    groups
        .into_iter()
        .map(|(letter, lines)| {
            let rate = *rates.get(&letter).ok_or(ReceiptError::UnknownLetter(letter))?;
            let turnover = Kopecks::sum(lines.iter().map(|line| line.cost)).ok_or(BasketError::TooLarge)?;
            let taxable = Kopecks::sum(lines.iter().map(|line| line.paid())).ok_or(BasketError::TooLarge)?;
            Ok(TaxRow {
                letter,
                rate,
                turnover,
                taxable,
                tax: rate.included_in(taxable),
            })
        })
        .collect()
}

/// Makes the basket worth `paid`, as far as the policy allows.
fn fit(basket: Basket, paid: Kopecks, policy: MismatchPolicy) -> Result<Basket, ReceiptError> {
    let total = basket.total();
    if total == paid {
        return Ok(basket);
    }
    match policy {
        MismatchPolicy::Hold => Err(ReceiptError::Mismatch { basket: total, paid }),
        MismatchPolicy::Adjust => {
            let mut lines = basket.lines().to_vec();
            if let Some(rest) = paid.checked_sub(total) {
                lines.push(Line::single(ADJUSTMENT_NAME, rest)?);
            } else {
                let weights: Vec<Kopecks> = lines.iter().map(Line::paid).collect();
                let mismatch = ReceiptError::Mismatch { basket: total, paid };
                let shares = apportion(paid, &weights).ok_or(mismatch)?;
                for (line, share) in lines.iter_mut().zip(shares) {
                    line.discount = line.cost.checked_sub(share).ok_or(BasketError::TooLarge)?;
                }
            }
            Ok(Basket::new(lines)?)
        }
    }
}

#[cfg(test)]
mod tests;
