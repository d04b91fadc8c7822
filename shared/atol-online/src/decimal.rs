//! Decimals of the wire, kept as integers and written as JSON numbers, never through a float.

use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// Money in kopecks, never negative: a refund is another operation. On the wire a number with two decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(u64);

/// A quantity in thousandths of its unit. On the wire a number without zeros at its end: `2`, `0.15`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity(u64);

impl Money {
    /// From kopecks.
    pub const fn from_kopecks(kopecks: u64) -> Self {
        Self(kopecks)
    }

    /// In kopecks.
    pub const fn kopecks(self) -> u64 {
        self.0
    }

    /// Reads `300`, `300.5`, `300.00`; a third decimal that is not zero is none.
    pub fn parse(text: &str) -> Option<Self> {
        wire::decimal::amount(text, 2).map(Self)
    }
}

impl Quantity {
    /// From thousandths: one piece is 1000.
    pub const fn from_thousandths(thousandths: u64) -> Self {
        Self(thousandths)
    }

    /// In thousandths.
    pub const fn thousandths(self) -> u64 {
        self.0
    }

    /// What so much costs at a price for one unit, rounded half up to kopecks. None if it does not fit.
    pub fn cost(self, price: Money) -> Option<Money> {
        let thousandths = u128::from(self.0) * u128::from(price.0);
        u64::try_from((thousandths + 500) / 1000).ok().map(Money)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{}.{:03}", self.0 / 1000, self.0 % 1000);
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

macro_rules! json_number {
    ($($name:ident),+) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let number = RawValue::from_string(self.to_string()).map_err(serde::ser::Error::custom)?;
                number.serialize(serializer)
            }
        }
    )+};
}
json_number!(Money, Quantity);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_written_exactly() {
        for (kopecks, text) in [
            (0, "0.00"),
            (5, "0.05"),
            (15_000, "150.00"),
            (9_999_999_999, "99999999.99"),
        ] {
            let money = Money::from_kopecks(kopecks);
            assert_eq!(serde_json::to_string(&money).unwrap(), text);
            assert_eq!(Money::parse(text), Some(money));
        }
        for (thousandths, text) in [
            (1, "0.001"),
            (150, "0.15"),
            (2000, "2"),
            (10_000, "10"),
            (99_999_999, "99999.999"),
        ] {
            assert_eq!(
                serde_json::to_string(&Quantity::from_thousandths(thousandths)).unwrap(),
                text
            );
        }
        assert_eq!(Money::parse("0.005"), None);
        assert_eq!(Money::parse("-1"), None);
    }

    #[test]
    fn costs_are_rounded_half_up() {
        for (price, thousandths, cost) in [
            (15_000, 2000, Some(30_000)),
            (1, 499, Some(0)),
            (1, 500, Some(1)),
            (333, 1500, Some(500)),
            (u64::MAX, 1001, None),
        ] {
            let found = Quantity::from_thousandths(thousandths).cost(Money::from_kopecks(price));
            assert_eq!(found.map(Money::kopecks), cost, "{price} × {thousandths}");
        }
    }
}
