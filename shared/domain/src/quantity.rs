//! Quantities of goods, to three decimals.

use std::fmt;

use crate::money::{DecimalError, Kopecks, parse_decimal};

/// How much of a thing, in thousandths: `1.053` kg is 1053. Never zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity(u64);

/// Why a text or number is not a quantity.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuantityError {
    /// Not digits with at most one dot.
    #[error("a quantity is written in digits with at most one dot")]
    NotANumber,
    /// The receipt allows three decimals (`cashalot.md` §6.5, AMOUNT).
    #[error("a quantity has at most three decimals")]
    TooManyDecimals,
    /// Nothing was bought.
    #[error("a quantity is above zero")]
    Zero,
    /// More than a million.
    #[error("the quantity is larger than 1000000")]
    TooLarge,
}

impl Quantity {
    /// One piece.
    pub const ONE: Self = Self(1000);
    const MAX: u64 = 1_000_000_000;

    /// Takes thousandths.
    pub fn from_thousandths(thousandths: u64) -> Result<Self, QuantityError> {
        match thousandths {
            0 => Err(QuantityError::Zero),
            more if more > Self::MAX => Err(QuantityError::TooLarge),
            fits => Ok(Self(fits)),
        }
    }

    /// Reads decimal text: `"0.2"` is 200 thousandths.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        let thousandths = parse_decimal(text, 3).map_err(|error| match error {
            DecimalError::NotANumber => QuantityError::NotANumber,
            DecimalError::TooManyDecimals => QuantityError::TooManyDecimals,
            DecimalError::TooLarge => QuantityError::TooLarge,
        })?;
        Self::from_thousandths(thousandths)
    }

    /// The quantity in thousandths.
    pub const fn thousandths(self) -> u64 {
        self.0
    }

    /// What so much costs at `price` a unit: rounded half up to a kopeck, as the fiscal server
    /// expects of COST (`cashalot.md` §6.5, §11.5). `None` above the largest amount.
    pub fn cost_at(self, price: Kopecks) -> Option<Kopecks> {
        let exact = u128::from(self.0) * u128::from(price.minor());
        let rounded = u64::try_from((exact + 500) / 1000).ok()?;
        Kopecks::from_minor(rounded).ok()
    }

    /// The smallest unit price at which so much costs `cost` or more; `None` above the largest
    /// amount. Used when a shop's line total is higher than quantity × price.
    pub fn price_reaching(self, cost: Kopecks) -> Option<Kopecks> {
        // cost_at(price) >= cost exactly when quantity × price + 500 >= cost × 1000.
        let needed = (u128::from(cost.minor()) * 1000).saturating_sub(500);
        let price = u64::try_from(needed.div_ceil(u128::from(self.0))).ok()?;
        Kopecks::from_minor(price).ok()
    }
}

/// Without needless zeros: `0.2`, `6`.
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 1000, self.0 % 1000);
        if rest == 0 {
            return write!(f, "{whole}");
        }
        let decimals = format!("{rest:03}");
        write!(f, "{whole}.{}", decimals.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_read_to_three_decimals() {
        for (text, expected) in [
            ("1", Ok(1000)),
            ("0.2", Ok(200)),
            ("1.053", Ok(1053)),
            ("0.001", Ok(1)),
            ("2.5000", Ok(2500)),
            ("0.0005", Err(QuantityError::TooManyDecimals)),
            ("0", Err(QuantityError::Zero)),
            ("0.000", Err(QuantityError::Zero)),
            ("-1", Err(QuantityError::NotANumber)),
            ("1000001", Err(QuantityError::TooLarge)),
        ] {
            assert_eq!(Quantity::parse(text).map(Quantity::thousandths), expected, "{text:?}");
        }
    }

    #[test]
    fn cost_is_rounded_half_up_to_a_kopeck() {
        for (quantity, price, cost) in [
            ("0.2", 70_000, 14_000),
            ("0.15", 85_000, 12_750),
            ("1.053", 2_300, 2_422),
            ("0.333", 100, 33),
            ("0.335", 100, 34),
            ("0.001", 499, 0),
            ("0.001", 500, 1),
        ] {
            let cost_at = Quantity::parse(quantity)
                .unwrap()
                .cost_at(Kopecks::from_minor(price).unwrap());
            assert_eq!(cost_at.map(Kopecks::minor), Some(cost), "{quantity} x {price}");
        }
    }

    #[test]
    fn a_price_that_reaches_a_total_is_the_smallest_such_price() {
        for (thousandths, cost) in [
            (3_000, 100),
            (200, 14_000),
            (150, 12_750),
            (333, 100),
            (7, 1),
            (1_053, 2_424),
        ] {
            let quantity = Quantity::from_thousandths(thousandths).unwrap();
            let cost = Kopecks::from_minor(cost).unwrap();
            let price = quantity.price_reaching(cost).unwrap();
            assert!(quantity.cost_at(price).unwrap() >= cost);
            let below = Kopecks::from_minor(price.minor() - 1).unwrap();
            assert!(quantity.cost_at(below).unwrap() < cost, "{thousandths} at {price}");
        }
    }

    #[test]
    fn quantities_print_without_needless_zeros() {
        for (thousandths, text) in [(1000, "1"), (200, "0.2"), (1053, "1.053"), (20, "0.02")] {
            assert_eq!(Quantity(thousandths).to_string(), text);
        }
    }
}
