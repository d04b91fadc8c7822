//! Money in kopecks.

use std::fmt;

/// An amount in kopecks (1/100 UAH). Never negative, never a float.
///
/// There is no `+`: an overflow must be a branch somebody wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Kopecks(u64);

/// Why a text or number is not an amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The text has no digits, a sign, or another character than digits and one dot.
    #[error("an amount is written in digits with at most one dot")]
    NotANumber,
    /// A third decimal would be rounded away and hide a wrong total.
    #[error("an amount has at most two decimals")]
    TooManyDecimals,
    /// More than [`Kopecks::MAX`].
    #[error("the amount is larger than {}", Kopecks::MAX)]
    TooLarge,
}

impl Kopecks {
    /// No money.
    pub const ZERO: Self = Self(0);
    /// The largest amount taken: 99 999 999 999.99 UAH. It fits every outside format and leaves
    /// room to multiply by a quantity without overflow.
    pub const MAX: Self = Self(9_999_999_999_999);

    /// Takes minor units as payment systems send them.
    pub fn from_minor(minor: u64) -> Result<Self, MoneyError> {
        if minor > Self::MAX.0 {
            return Err(MoneyError::TooLarge);
        }
        Ok(Self(minor))
    }

    /// Reads hryvnias as decimal text: `"12.3"` is 1230 kopecks.
    pub fn parse_major(text: &str) -> Result<Self, MoneyError> {
        let minor = parse_decimal(text, 2).map_err(|error| match error {
            DecimalError::NotANumber => MoneyError::NotANumber,
            DecimalError::TooManyDecimals => MoneyError::TooManyDecimals,
            DecimalError::TooLarge => MoneyError::TooLarge,
        })?;
        Self::from_minor(minor)
    }

    /// The amount in kopecks.
    pub const fn minor(self) -> u64 {
        self.0
    }

    /// True when there is no money in it.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// `None` above [`Kopecks::MAX`].
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let sum = self.0.checked_add(other.0)?;
        (sum <= Self::MAX.0).then_some(Self(sum))
    }

    /// `None` below zero.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// Adds up; `None` above [`Kopecks::MAX`].
    pub fn sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        amounts
            .into_iter()
            .try_fold(Self::ZERO, |total, amount| total.checked_add(amount))
    }
}

/// Hryvnias with two decimals: `12.30`.
impl fmt::Display for Kopecks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

/// Shared by money and quantities: the same rules, another number of decimals.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum DecimalError {
    NotANumber,
    TooManyDecimals,
    TooLarge,
}

/// Reads `text` as an integer number of `10^-decimals`. Zeros after the allowed decimals carry
/// nothing and are allowed (`"1.500"` with two decimals is 150).
pub(crate) fn parse_decimal(text: &str, decimals: usize) -> Result<u64, DecimalError> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !digits(whole) || !digits(fraction) {
        return Err(DecimalError::NotANumber);
    }
    let (kept, rest) = fraction.split_at(fraction.len().min(decimals));
    if rest.bytes().any(|byte| byte != b'0') {
        return Err(DecimalError::TooManyDecimals);
    }
    let mut value: u64 = 0;
    let padding = decimals - kept.len();
    for digit in whole
        .bytes()
        .chain(kept.bytes())
        .chain(std::iter::repeat_n(b'0', padding))
    {
        value = value
            .checked_mul(10)
            .and_then(|value| value.checked_add(u64::from(digit - b'0')))
            .ok_or(DecimalError::TooLarge)?;
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn major_units_are_read_exactly() {
        for (text, expected) in [
            ("12.3", Ok(1230)),
            ("12.30", Ok(1230)),
            ("12", Ok(1200)),
            ("0.01", Ok(1)),
            (".5", Ok(50)),
            ("5.", Ok(500)),
            ("700.000", Ok(70_000)),
            ("99999999999.99", Ok(9_999_999_999_999)),
            ("100000000000.00", Err(MoneyError::TooLarge)),
            ("99999999999999999999999", Err(MoneyError::TooLarge)),
            ("12.345", Err(MoneyError::TooManyDecimals)),
            ("-1", Err(MoneyError::NotANumber)),
            ("+1", Err(MoneyError::NotANumber)),
            ("", Err(MoneyError::NotANumber)),
            (".", Err(MoneyError::NotANumber)),
            ("1e3", Err(MoneyError::NotANumber)),
            ("1 000", Err(MoneyError::NotANumber)),
            ("12,30", Err(MoneyError::NotANumber)),
            ("٣", Err(MoneyError::NotANumber)),
        ] {
            assert_eq!(Kopecks::parse_major(text).map(Kopecks::minor), expected, "{text:?}");
        }
    }

    #[test]
    fn amounts_print_as_hryvnias() {
        assert_eq!(Kopecks(5).to_string(), "0.05");
        assert_eq!(Kopecks(123_450).to_string(), "1234.50");
    }

    #[test]
    fn sums_stop_at_the_limit_instead_of_wrapping() {
        assert_eq!(Kopecks::MAX.checked_add(Kopecks(1)), None);
        assert_eq!(Kopecks(1).checked_sub(Kopecks(2)), None);
        assert_eq!(Kopecks::sum([Kopecks(1), Kopecks(2)]), Some(Kopecks(3)));
    }
}
