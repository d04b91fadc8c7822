//! VAT: letters, rates and the tax included in a price.

use std::collections::BTreeMap;
use std::fmt;

use crate::money::Kopecks;

/// The letter a merchant gave to a VAT rate, printed beside each line. One upper-case letter,
/// Cyrillic or Latin; which rate it means is the merchant's own choice (`cashalot.md` §10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VatLetter(char);

/// A rate in basis points: 20 % is 2000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rate(u32);

/// Why a letter, a rate or a scheme is not acceptable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TaxError {
    /// Not exactly one letter.
    #[error("a VAT letter is one letter")]
    NotALetter,
    /// Above 100 %.
    #[error("a VAT rate is between 0 and 100 per cent")]
    RateOutOfRange,
    /// Not a number with at most two decimals.
    #[error("a VAT rate is a percentage")]
    NotAPercentage,
    /// The scheme's default letter has no rate.
    #[error("the default VAT letter {0} has no rate")]
    DefaultWithoutRate(VatLetter),
}

impl VatLetter {
    /// Takes exactly one letter and makes it upper-case.
    pub fn parse(text: &str) -> Result<Self, TaxError> {
        let mut letters = text.chars();
        match (letters.next(), letters.next()) {
            (Some(letter), None) if letter.is_alphabetic() => Ok(Self(letter.to_uppercase().next().unwrap_or(letter))),
            _ => Err(TaxError::NotALetter),
        }
    }

    /// The letter itself.
    pub const fn letter(self) -> char {
        self.0
    }
}

impl fmt::Display for VatLetter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl Rate {
    /// Takes basis points, 0 to 10 000.
    pub fn from_basis_points(points: u32) -> Result<Self, TaxError> {
        if points > 10_000 {
            return Err(TaxError::RateOutOfRange);
        }
        Ok(Self(points))
    }

    /// Reads per cent with at most two decimals, such as `20` or `14.5`.
    pub fn parse_percent(text: &str) -> Result<Self, TaxError> {
        // Per cent with two decimals are basis points, as hryvnias are kopecks.
        let hundredths = Kopecks::parse_major(text)
            .map_err(|_| TaxError::NotAPercentage)?
            .minor();
        let points = u32::try_from(hundredths).map_err(|_| TaxError::RateOutOfRange)?;
        Self::from_basis_points(points)
    }

    /// The rate in basis points.
    pub const fn basis_points(self) -> u32 {
        self.0
    }

    /// The VAT inside a gross amount: `gross × rate / (100 % + rate)`, rounded half up to a kopeck
    /// (`cashalot.md` §6.4: 100 at 20 % is 16.67; 160 at 7 % is 10.47).
    pub fn included_in(self, gross: Kopecks) -> Kopecks {
        let rate = u128::from(self.0);
        let whole = 10_000 + rate;
        let tax = (u128::from(gross.minor()) * rate * 2 + whole) / (whole * 2);
        // The tax is smaller than the gross amount, so it always fits.
        u64::try_from(tax)
            .ok()
            .and_then(|minor| Kopecks::from_minor(minor).ok())
            .unwrap_or(gross)
    }
}

/// How a register's merchant is taxed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VatScheme {
    /// Not a VAT payer: no letters and no tax rows on the receipt (`cashalot.md` §10).
    NotAPayer,
    /// A VAT payer: each line has a letter; a line without one gets `default`.
    Letters {
        /// The letter of a line that names none.
        default: VatLetter,
        /// What each letter means.
        rates: BTreeMap<VatLetter, Rate>,
    },
}

impl VatScheme {
    /// A payer's scheme; the default letter must have a rate.
    pub fn letters(default: VatLetter, rates: BTreeMap<VatLetter, Rate>) -> Result<Self, TaxError> {
        if !rates.contains_key(&default) {
            return Err(TaxError::DefaultWithoutRate(default));
        }
        Ok(Self::Letters { default, rates })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn included_vat_follows_the_tax_service_samples() {
        for (gross, points, tax) in [
            (10_000, 2_000, 1_667),
            (16_000, 700, 1_047),
            (12_000, 2_000, 2_000),
            (1, 2_000, 0),
            (3, 2_000, 1),
            (10_000, 0, 0),
            (10_000, 1_400, 1_228),
            (9_999_999_999_999, 2_000, 1_666_666_666_667),
        ] {
            let rate = Rate::from_basis_points(points).unwrap();
            let included = rate.included_in(Kopecks::from_minor(gross).unwrap());
            assert_eq!(included.minor(), tax, "{gross} at {points}");
        }
    }

    #[test]
    fn rates_are_read_as_people_write_them() {
        for (text, points) in [("20", 2_000), ("14.5", 1_450), ("0", 0), ("7.00", 700), ("100", 10_000)] {
            assert_eq!(Rate::parse_percent(text).unwrap().basis_points(), points, "{text}");
        }
        for (wrong, why) in [
            ("", TaxError::NotAPercentage),
            ("20 %", TaxError::NotAPercentage),
            ("-1", TaxError::NotAPercentage),
            ("14.555", TaxError::NotAPercentage),
            ("100.01", TaxError::RateOutOfRange),
            ("9999999999", TaxError::RateOutOfRange),
        ] {
            assert_eq!(Rate::parse_percent(wrong), Err(why), "{wrong:?}");
        }
    }

    #[test]
    fn letters_are_single_letters() {
        assert_eq!(VatLetter::parse("а").unwrap().to_string(), "А");
        for wrong in ["", "АБ", "1", " "] {
            assert_eq!(VatLetter::parse(wrong), Err(TaxError::NotALetter), "{wrong:?}");
        }
    }

    #[test]
    fn a_scheme_needs_a_rate_for_its_default() {
        let a = VatLetter::parse("А").unwrap();
        assert_eq!(
            VatScheme::letters(a, BTreeMap::new()),
            Err(TaxError::DefaultWithoutRate(a))
        );
        assert!(Rate::from_basis_points(10_001).is_err());
    }
}
