//! Decimal numbers read from their JSON text, so that no float ever touches money.

use serde::{Deserialize, Deserializer, de};
use serde_json::value::RawValue;

/// A decimal in millionths, read from a JSON number or a numeric string.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Decimal(i64);

const PLACES: i32 = 6;

impl Decimal {
    /// Reads `-12.50`, `12`, `1.25e1`. None when it is not a number, needs more than six decimals or is too large.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (digits, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((digits, exponent)) => (digits, exponent.parse::<i32>().ok()?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) || digits.ends_with('.') {
            return None;
        }
        let fraction = fraction.trim_end_matches('0');
        let mantissa: i64 = format!("{whole}{fraction}").parse().ok()?;
        if mantissa == 0 {
            return Some(Self(0));
        }
        let shift = exponent
            .checked_add(PLACES)?
            .checked_sub(i32::try_from(fraction.len()).ok()?)?;
        let scaled = mantissa.checked_mul(10_i64.checked_pow(u32::try_from(shift).ok()?)?)?;
        Some(Self(if negative { -scaled } else { scaled }))
    }

    /// The value in millionths.
    pub(crate) fn millionths(self) -> i64 {
        self.0
    }

    /// The value in kopecks; None when it has more than two decimals.
    pub(crate) fn kopecks(self) -> Option<i64> {
        self.exactly(10_000)
    }

    /// The value in thousandths; None when it has more than three decimals.
    pub(crate) fn thousandths(self) -> Option<i64> {
        self.exactly(1_000)
    }

    /// `12.5`: as many decimals as it needs.
    pub(crate) fn text(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let size = self.0.unsigned_abs();
        let text = format!("{sign}{}.{:06}", size / 1_000_000, size % 1_000_000);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }

    fn exactly(self, unit: i64) -> Option<i64> {
        (self.0 % unit == 0).then_some(self.0 / unit)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let text = raw.get();
        let text = text
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
            .unwrap_or(text);
        Self::read(text.trim()).ok_or_else(|| de::Error::custom("a decimal number was expected"))
    }
}

/// Amount (in thousandths) times price (in kopecks), rounded half up to a kopeck.
pub(crate) fn line_cost(amount: i64, price: i64) -> Option<i64> {
    let exact = i128::from(amount) * i128::from(price);
    i64::try_from((exact + 500).div_euclid(1000)).ok()
}

/// Kopecks as a decimal text with exactly two places: `1234` is `12.34`.
pub(crate) fn money(kopecks: i64) -> String {
    let sign = if kopecks < 0 { "-" } else { "" };
    let size = kopecks.unsigned_abs();
    format!("{sign}{}.{:02}", size / 100, size % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_read_exactly_from_their_text() {
        let cases = [
            ("250", Some(25_000)),
            ("250.00", Some(25_000)),
            ("\"99.99\"", Some(9_999)),
            ("-0.04", Some(-4)),
            ("1.25e1", Some(1_250)),
            ("12500e-2", Some(12_500)),
            ("0.1", Some(10)),
            ("0.005", None),
            ("92233720368547.75", None),
        ];
        for (text, kopecks) in cases {
            let read = serde_json::from_str::<Decimal>(text).ok().and_then(Decimal::kopecks);
            assert_eq!(read, kopecks, "{text}");
        }
    }

    #[test]
    fn a_decimal_is_printed_with_the_decimals_it_needs() {
        for (text, printed) in [
            ("12.50", "12.5"),
            ("250", "250"),
            ("-0.125", "-0.125"),
            ("0", "0"),
            ("100.0", "100"),
        ] {
            assert_eq!(Decimal::read(text).map(Decimal::text).as_deref(), Some(printed));
        }
    }

    #[test]
    fn what_is_not_a_number_is_refused() {
        for text in [
            "\"\"",
            "\"12,50\"",
            "\"abc\"",
            "true",
            "[]",
            "{}",
            "\"1.\"",
            "\".5\"",
            "\"--1\"",
            "\"1e999\"",
            "1e2147483647",
        ] {
            assert!(serde_json::from_str::<Decimal>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_cost_of_a_line_is_rounded_half_up() {
        let cases = [
            ((1_000, 25_000), 25_000),
            ((333, 1_000), 333),
            ((1_500, 333), 500),
            ((125, 4), 1),
            ((124, 4), 0),
        ];
        for ((amount, price), cost) in cases {
            assert_eq!(line_cost(amount, price), Some(cost), "{amount} x {price}");
        }
    }

    #[test]
    fn money_is_printed_with_two_decimals() {
        for (kopecks, text) in [(0, "0.00"), (5, "0.05"), (25_000, "250.00"), (-4, "-0.04")] {
            assert_eq!(money(kopecks), text);
        }
    }
}
