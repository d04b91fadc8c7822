//! VAT types as data: rates come and go by law, and the service learns new ones without a new protocol.

use std::borrow::Cow;

use serde::{Serialize, Serializer};

use crate::decimal::Money;

/// A VAT type that stands in a [`VatTable`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VatType {
    word: Cow<'static, str>,
    /// Hundredths of a percent; none for a line without VAT.
    rate: Option<u32>,
}

/// A VAT type and, if it is told, the tax contained in the sum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Vat {
    /// The type.
    #[serde(rename = "type")]
    pub kind: VatType,
    /// The tax contained in the price, see [`VatType::contained`]. If lines and receipt both tell sums, the
    /// receipt's count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sum: Option<Money>,
}

/// The VAT types that may be used, in order.
#[derive(Clone, Debug)]
pub struct VatTable(Vec<VatType>);

/// Why a word is no VAT type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VatWordError {
    /// It is not in the table.
    #[error("no such VAT type in the table")]
    Unknown,
    /// It cannot be added.
    #[error("a VAT type's word has 1 to 16 small Latin letters, digits and underscores")]
    BadWord,
    /// It stands in the table with another rate.
    #[error("this VAT type is in the table with another rate")]
    OtherRate,
}

/// Known types and their rates in hundredths of a percent. `vat1…` are calculated rates: the same contained tax.
const KNOWN: [(&str, Option<u32>); 14] = [
    ("none", None),
    ("vat0", Some(0)),
    ("vat5", Some(500)),
    ("vat7", Some(700)),
    ("vat10", Some(1000)),
    ("vat18", Some(1800)),
    ("vat20", Some(2000)),
    ("vat22", Some(2200)),
    ("vat105", Some(500)),
    ("vat107", Some(700)),
    ("vat110", Some(1000)),
    ("vat118", Some(1800)),
    ("vat120", Some(2000)),
    ("vat122", Some(2200)),
];

impl Default for VatTable {
    fn default() -> Self {
        let known = |&(word, rate)| VatType {
            word: Cow::Borrowed(word),
            rate,
        };
        Self(KNOWN.iter().map(known).collect())
    }
}

impl VatTable {
    /// The table with one more type. `rate` is in hundredths of a percent. Adding what is there already changes
    /// nothing.
    pub fn with(mut self, word: &str, rate: u32) -> Result<Self, VatWordError> {
        let fit = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if word.is_empty() || word.len() > 16 || !word.chars().all(fit) {
            return Err(VatWordError::BadWord);
        }
        match self.get(word) {
            Ok(known) if known.rate == Some(rate) => {}
            Ok(_) => return Err(VatWordError::OtherRate),
            Err(_) => self.0.push(VatType {
                word: Cow::Owned(word.to_owned()),
                rate: Some(rate),
            }),
        }
        Ok(self)
    }

    /// The type of a word.
    pub fn get(&self, word: &str) -> Result<VatType, VatWordError> {
        self.0
            .iter()
            .find(|known| known.word == word)
            .cloned()
            .ok_or(VatWordError::Unknown)
    }
}

impl VatType {
    /// The word on the wire.
    pub fn as_str(&self) -> &str {
        &self.word
    }

    /// Hundredths of a percent; none for a line without VAT.
    pub fn rate(&self) -> Option<u32> {
        self.rate
    }

    /// The tax contained in a sum: sum × rate / (100 % + rate), rounded half up to kopecks.
    pub fn contained(&self, sum: Money) -> Money {
        let rate = u128::from(self.rate.unwrap_or(0));
        let whole = 10_000 + rate;
        let tax = (2 * u128::from(sum.kopecks()) * rate + whole) / (2 * whole);
        // Less than the sum, so it fits.
        Money::from_kopecks(u64::try_from(tax).unwrap_or(u64::MAX))
    }

    /// 18 %: no longer taken in sales and purchases since April 2019, and never known to v5.
    pub(crate) fn is_retired(&self) -> bool {
        matches!(&*self.word, "vat18" | "vat118")
    }
}

impl Serialize for VatType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contained_tax_is_rounded_half_up() {
        let table = VatTable::default();
        for (word, sum, tax) in [
            ("vat10", 10_000, 909),
            ("vat110", 10_000, 909),
            ("vat20", 30_000, 5_000),
            ("vat22", 12_200, 2_200),
            ("vat5", 105, 5),
            ("vat20", 3, 1),
            ("vat20", 2, 0),
            ("vat0", 10_000, 0),
            ("none", 10_000, 0),
            ("vat20", u64::MAX, 3_074_457_345_618_258_603),
        ] {
            let found = table.get(word).unwrap().contained(Money::from_kopecks(sum));
            assert_eq!(found.kopecks(), tax, "{word} of {sum}");
        }
    }

    #[test]
    fn a_new_rate_is_a_line_of_data() {
        assert_eq!(VatTable::default().get("vat23"), Err(VatWordError::Unknown));
        let table = VatTable::default().with("vat23", 2300).unwrap();
        assert_eq!(
            table
                .get("vat23")
                .unwrap()
                .contained(Money::from_kopecks(12_300))
                .kopecks(),
            2300
        );
        for (word, rate, error) in [
            ("vat23", 2400, VatWordError::OtherRate),
            ("none", 0, VatWordError::OtherRate),
            ("", 0, VatWordError::BadWord),
            ("vat 1", 100, VatWordError::BadWord),
        ] {
            assert_eq!(table.clone().with(word, rate).err(), Some(error), "{word}");
        }
        assert!(table.with("vat20", 2000).is_ok());
    }
}
