//! Decimals for JSON, kept as integers and written as text: a float would write 0.1 + 0.2 as it is.

use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// Money in kopecks; negative where a difference is. In JSON a number of hryvnias with as many of its two decimals as
/// it needs: `250`, `24.2`, `-0.02`. Only `serde_json`'s text output can write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Money(i64);

/// A quantity in thousandths. In JSON a number with as many of its three decimals as it needs: `3`, `1.053`. Only
/// `serde_json`'s text output can write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(u64);

impl Money {
    /// From kopecks.
    pub const fn from_kopecks(kopecks: i64) -> Self {
        Self(kopecks)
    }
}

impl Amount {
    /// From thousandths of the unit: one piece is 1000.
    pub const fn from_thousandths(thousandths: u64) -> Self {
        Self(thousandths)
    }
}

/// The zeros at the end are left out, and the dot with them: CashDesk types some of the sums as integers, and a strict
/// reader takes `0` for one and not `0.00`.
fn shortest(with_dot: &str) -> &str {
    with_dot.trim_end_matches('0').trim_end_matches('.')
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let kopecks = self.0.unsigned_abs();
        let text = format!("{sign}{}.{:02}", kopecks / 100, kopecks % 100);
        f.write_str(shortest(&text))
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{}.{:03}", self.0 / 1000, self.0 % 1000);
        f.write_str(shortest(&text))
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        number(&self.to_string(), serializer)
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        number(&self.to_string(), serializer)
    }
}

fn number<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    let raw = RawValue::from_string(text.to_owned()).map_err(serde::ser::Error::custom)?;
    raw.serialize(serializer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_written_in_hryvnias_as_short_as_it_is_exact() {
        for (kopecks, json) in [
            (25_000, "250"),
            (2_420, "24.2"),
            (2_422, "24.22"),
            (0, "0"),
            (5, "0.05"),
            (10, "0.1"),
            (-2, "-0.02"),
            (-10_000, "-100"),
            (i64::MAX, "92233720368547758.07"),
            (i64::MIN, "-92233720368547758.08"),
        ] {
            assert_eq!(serde_json::to_string(&Money::from_kopecks(kopecks)).unwrap(), json);
        }
    }

    #[test]
    fn quantities_are_written_as_short_as_they_are_exact() {
        for (thousandths, json) in [
            (3_000, "3"),
            (1_053, "1.053"),
            (150, "0.15"),
            (100_000, "100"),
            (0, "0"),
        ] {
            assert_eq!(
                serde_json::to_string(&Amount::from_thousandths(thousandths)).unwrap(),
                json
            );
        }
    }
}
