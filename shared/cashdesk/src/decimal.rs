//! Decimals of the wire, kept as integers. JSON numbers are read and written as text, never through a float.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use wire::decimal::Scaled;

/// Money in kopecks. Below zero only as a difference: `round_sum`. On the wire a JSON number of hryvnias with exactly two
/// decimals, `124.10`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(i64);

/// A quantity in thousandths. On the wire without trailing zeros: `1`, `0.15`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(u64);

/// A rate in hundredths of a percent: 20 % is 2000. On the wire without trailing zeros: `20`, `7.5`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rate(u32);

impl Money {
    /// From kopecks.
    pub const fn from_kopecks(kopecks: i64) -> Self {
        Self(kopecks)
    }

    /// In kopecks.
    pub const fn kopecks(self) -> i64 {
        self.0
    }

    /// Reads `"250"`, `"250.5"`, `"-0.03"`. None for a third decimal that is not zero: rounding it away would hide a
    /// wrong total.
    pub fn parse(text: &str) -> Option<Self> {
        let Scaled { negative, magnitude } = wire::decimal::parse(text, 2)?;
        let kopecks = i64::try_from(magnitude).ok()?;
        Some(Self(if negative { -kopecks } else { kopecks }))
    }
}

impl Amount {
    /// From thousandths of the unit: one piece is 1000.
    pub const fn from_thousandths(thousandths: u64) -> Self {
        Self(thousandths)
    }

    /// In thousandths of the unit.
    pub const fn thousandths(self) -> u64 {
        self.0
    }

    /// Reads `"1"`, `"0.150"`. None for a fourth decimal that is not zero, or below zero.
    pub fn parse(text: &str) -> Option<Self> {
        wire::decimal::amount(text, 3).map(Self)
    }
}

impl Rate {
    /// From hundredths of a percent: 7 % is 700.
    pub const fn from_hundredths(hundredths: u32) -> Self {
        Self(hundredths)
    }

    /// In hundredths of a percent.
    pub const fn hundredths(self) -> u32 {
        self.0
    }

    /// Reads `"20"`, `"7.50"`. None for a third decimal that is not zero, or below zero.
    pub fn parse(text: &str) -> Option<Self> {
        let hundredths = wire::decimal::amount(text, 2)?;
        u32::try_from(hundredths).ok().map(Self)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let kopecks = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", kopecks / 100, kopecks % 100)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(shortest(&format!("{}.{:03}", self.0 / 1000, self.0 % 1000)))
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(shortest(&format!("{}.{:02}", self.0 / 100, self.0 % 100)))
    }
}

fn shortest(with_dot: &str) -> &str {
    with_dot.trim_end_matches('0').trim_end_matches('.')
}

macro_rules! json_number {
    ($($name:ident),+) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let number = RawValue::from_string(self.to_string()).map_err(serde::ser::Error::custom)?;
                number.serialize(serializer)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            /// Takes a JSON number or a numeric string. Works with `serde_json` only, as `RawValue` does.
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let raw = Box::<RawValue>::deserialize(deserializer)?;
                let text = raw.get();
                let number = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
                Self::parse(number).ok_or_else(|| D::Error::custom("not a decimal that can be kept exactly"))
            }
        }
    )+};
}
json_number!(Money, Amount, Rate);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_has_two_decimals_and_other_numbers_as_many_as_they_need() {
        for (kopecks, json) in [(12_410, "124.10"), (0, "0.00"), (-1, "-0.01"), (-12_345, "-123.45")] {
            let money = Money::from_kopecks(kopecks);
            assert_eq!(serde_json::to_string(&money).unwrap(), json);
            assert_eq!(serde_json::from_str::<Money>(json).unwrap(), money);
        }
        for (thousandths, json) in [(1000, "1"), (1053, "1.053"), (150, "0.15"), (10_000, "10"), (0, "0")] {
            let amount = Amount::from_thousandths(thousandths);
            assert_eq!(serde_json::to_string(&amount).unwrap(), json);
            assert_eq!(serde_json::from_str::<Amount>(json).unwrap(), amount);
        }
        for (hundredths, json) in [(2000, "20"), (750, "7.5"), (0, "0")] {
            let rate = Rate::from_hundredths(hundredths);
            assert_eq!(serde_json::to_string(&rate).unwrap(), json);
            assert_eq!(serde_json::from_str::<Rate>(json).unwrap(), rate);
        }
    }

    #[test]
    fn what_cannot_be_kept_exactly_is_an_error() {
        for json in ["0.001", "\"1,5\"", "\"\"", "true", "null", "92233720368547758.08"] {
            assert!(serde_json::from_str::<Money>(json).is_err(), "{json}");
        }
        for json in ["-1", "0.0001"] {
            assert!(serde_json::from_str::<Amount>(json).is_err(), "{json}");
        }
        assert!(serde_json::from_str::<Rate>("42949672.96").is_err());
    }
}
