//! Decimals of the wire, kept as integers. JSON numbers are read and written as text, never through a float.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// Money in kopecks. May be negative: `RNDSUM` is, when rounding goes up (sheet §6.2).
/// On the wire a JSON number with exactly two decimals, `250.00`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(i64);

/// A quantity in thousandths (`CHECKBODY.AMOUNT`). On the wire without trailing zeros: `1`, `0.15`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(u64);

/// A rate in hundredths of a percent: 20 % is 2000. On the wire with two decimals, `20.00`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percent(u32);

/// Why a text is not a decimal this crate can hold without loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecimalError {
    /// Anything but an optional minus, digits and one dot; an exponent counts here too.
    #[error("not a plain decimal number")]
    NotANumber,
    /// A non-zero digit behind the last decimal place kept; rounding it away would hide a wrong total.
    #[error("more decimal places than allowed")]
    TooPrecise,
    /// Does not fit, or is negative where that means nothing.
    #[error("out of range")]
    OutOfRange,
}

impl Money {
    /// From kopecks.
    pub const fn from_kopecks(kopecks: i64) -> Self {
        Self(kopecks)
    }

    /// In kopecks.
    pub const fn kopecks(self) -> i64 {
        self.0
    }

    /// Reads `"250"`, `"250.5"`, `"250.00"`, `"-0.03"`; a third non-zero decimal is an error.
    pub fn parse(text: &str) -> Result<Self, DecimalError> {
        scaled(text, 2).map(Self)
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

    /// Reads `"1"`, `"0.150"`; a fourth non-zero decimal or a minus is an error.
    pub fn parse(text: &str) -> Result<Self, DecimalError> {
        scaled(text, 3).and_then(|value| u64::try_from(value).map(Self).map_err(|_| DecimalError::OutOfRange))
    }
}

impl Percent {
    /// From hundredths of a percent: 7 % is 700.
    pub const fn from_hundredths(hundredths: u32) -> Self {
        Self(hundredths)
    }

    /// In hundredths of a percent.
    pub const fn hundredths(self) -> u32 {
        self.0
    }

    /// Reads `"20"`, `"20.00"`; a third non-zero decimal or a minus is an error.
    pub fn parse(text: &str) -> Result<Self, DecimalError> {
        scaled(text, 2).and_then(|value| u32::try_from(value).map(Self).map_err(|_| DecimalError::OutOfRange))
    }
}

/// The integer `text × 10^places`, exactly.
fn scaled(text: &str, places: usize) -> Result<i64, DecimalError> {
    let text = text.trim();
    let (sign, unsigned) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let dangling_dot = unsigned.ends_with('.');
    if whole.is_empty() || dangling_dot || !digits(whole) || !digits(fraction) {
        return Err(DecimalError::NotANumber);
    }
    let kept = fraction.trim_end_matches('0');
    if kept.len() > places {
        return Err(DecimalError::TooPrecise);
    }
    format!("{sign}{whole}{kept:0<places$}")
        .parse()
        .map_err(|_| DecimalError::OutOfRange)
}

impl std::fmt::Display for Money {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let absolute = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", absolute / 100, absolute % 100)
    }
}

impl std::fmt::Display for Amount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = format!("{}.{:03}", self.0 / 1000, self.0 % 1000);
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

impl std::fmt::Display for Percent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
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

        impl<'de> Deserialize<'de> for $name {
            /// Takes a JSON number or a numeric string. Works with `serde_json` only, as `RawValue` does.
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let raw = Box::<RawValue>::deserialize(deserializer)?;
                let text = raw.get();
                let number = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
                Self::parse(number).map_err(D::Error::custom)
            }
        }
    )+};
}
json_number!(Money, Amount, Percent);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_written_with_exactly_two_decimals() {
        for (kopecks, json) in [
            (25_000, "250.00"),
            (0, "0.00"),
            (5, "0.05"),
            (-3, "-0.03"),
            (-12_345, "-123.45"),
        ] {
            assert_eq!(serde_json::to_string(&Money::from_kopecks(kopecks)).unwrap(), json);
        }
        assert_eq!(Money::from_kopecks(i64::MIN).to_string(), "-92233720368547758.08");
    }

    #[test]
    fn a_quantity_is_written_without_trailing_zeros() {
        for (thousandths, json) in [(150, "0.15"), (1000, "1"), (1, "0.001"), (10_000, "10"), (0, "0")] {
            assert_eq!(
                serde_json::to_string(&Amount::from_thousandths(thousandths)).unwrap(),
                json
            );
        }
        assert_eq!(serde_json::to_string(&Percent::from_hundredths(2000)).unwrap(), "20.00");
    }

    #[test]
    fn money_is_read_exactly_from_numbers_and_numeric_strings() {
        for (json, kopecks) in [
            ("250", 25_000),
            ("250.0", 25_000),
            ("250.0000", 25_000),
            ("\"99.99\"", 9999),
            ("-0.03", -3),
            ("0.1", 10),
            ("92233720368547758.07", i64::MAX),
            ("-92233720368547758.08", i64::MIN),
        ] {
            assert_eq!(
                serde_json::from_str::<Money>(json).unwrap().kopecks(),
                kopecks,
                "{json}"
            );
        }
    }

    #[test]
    fn what_cannot_be_held_exactly_is_an_error() {
        for (text, error) in [
            ("0.001", DecimalError::TooPrecise),
            ("1e2", DecimalError::NotANumber),
            ("", DecimalError::NotANumber),
            ("-", DecimalError::NotANumber),
            ("1.", DecimalError::NotANumber),
            (".5", DecimalError::NotANumber),
            ("1.2.3", DecimalError::NotANumber),
            ("1,50", DecimalError::NotANumber),
            ("--1", DecimalError::NotANumber),
            ("92233720368547758.08", DecimalError::OutOfRange),
        ] {
            assert_eq!(Money::parse(text), Err(error), "{text}");
        }
        assert_eq!(Amount::parse("-1"), Err(DecimalError::OutOfRange));
        assert_eq!(Amount::parse("0.0001"), Err(DecimalError::TooPrecise));
        assert!(serde_json::from_str::<Money>("true").is_err());
        assert!(serde_json::from_str::<Money>("null").is_err());
    }
}
