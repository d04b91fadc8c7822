use serde::Deserialize;

use crate::decimal::{Amount, Money, Rate};
use crate::lenient;

/// `check_data`: what was sold and paid.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct CheckData {
    /// The total after rounding.
    #[serde(deserialize_with = "lenient::money")]
    pub total_sum: Option<Money>,
    /// Rounded less exact.
    #[serde(deserialize_with = "lenient::money")]
    pub round_sum: Option<Money>,
    /// The discount on the whole check.
    #[serde(deserialize_with = "lenient::money")]
    pub global_discount: Option<Money>,
    /// How it was paid.
    #[serde(deserialize_with = "lenient::items")]
    pub payments: Vec<PaidBy>,
    /// What the taxes came to.
    #[serde(rename = "tax", deserialize_with = "lenient::items")]
    pub taxes: Vec<Taxed>,
    /// What was sold.
    #[serde(deserialize_with = "lenient::items")]
    pub products: Vec<Sold>,
    /// The number while the check is offline.
    #[serde(deserialize_with = "lenient::text")]
    pub offline_id: Option<String>,
    /// A date, in an unknown form; null in the vendor's sample.
    #[serde(deserialize_with = "lenient::text")]
    pub date: Option<String>,
    /// The client's number once more; [`CheckView::local_number`](super::CheckView) goes before it.
    #[serde(deserialize_with = "lenient::natural")]
    pub local_number: Option<u64>,
    /// The text under the check.
    #[serde(deserialize_with = "lenient::text")]
    pub footer: Option<String>,
}

/// What was paid in one way. Details of a card terminal are not read: their shape is unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct PaidBy {
    /// 0 is cash, anything else is not.
    #[serde(deserialize_with = "lenient::natural")]
    pub code: Option<u64>,
    /// What the receipt calls it.
    #[serde(deserialize_with = "lenient::text")]
    pub name: Option<String>,
    /// How much.
    #[serde(deserialize_with = "lenient::money")]
    pub sum: Option<Money>,
    /// What was handed over.
    #[serde(deserialize_with = "lenient::money")]
    pub sum_provided: Option<Money>,
    /// The change.
    #[serde(deserialize_with = "lenient::money")]
    pub sum_remains: Option<Money>,
}

/// What one tax came to. The types of the `excise_*` fields in the vendor's table are implausible; any is taken.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Taxed {
    /// Its name.
    #[serde(deserialize_with = "lenient::text")]
    pub name: Option<String>,
    /// Its letter.
    #[serde(deserialize_with = "lenient::text")]
    pub letter: Option<String>,
    /// Its rate.
    #[serde(deserialize_with = "lenient::rate")]
    pub prc: Option<Rate>,
    /// The exact sum, **before** the rounding of cash: it may differ from `total_sum`.
    #[serde(deserialize_with = "lenient::money")]
    pub turnover: Option<Money>,
    /// The tax.
    #[serde(deserialize_with = "lenient::money")]
    pub sum: Option<Money>,
    /// The excise tax's rate.
    #[serde(deserialize_with = "lenient::rate")]
    pub excise_prc: Option<Rate>,
    /// The excise tax.
    #[serde(deserialize_with = "lenient::money")]
    pub excise_sum: Option<Money>,
    /// The excise tax's letter.
    #[serde(deserialize_with = "lenient::text")]
    pub excise_letter: Option<String>,
    /// What the excise tax was taken of.
    #[serde(deserialize_with = "lenient::money")]
    pub excise_turnover: Option<Money>,
}

/// A line of a check.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Sold {
    /// The merchant's code.
    #[serde(deserialize_with = "lenient::text")]
    pub code: Option<String>,
    /// The customs code.
    #[serde(deserialize_with = "lenient::text")]
    pub uktzed: Option<String>,
    /// The unit's code. Not always a number: the vendor's sample has a comma in it.
    #[serde(deserialize_with = "lenient::text")]
    pub unit_code: Option<String>,
    /// The unit's name.
    #[serde(deserialize_with = "lenient::text")]
    pub unit_name: Option<String>,
    /// How many.
    #[serde(deserialize_with = "lenient::amount")]
    pub amount: Option<Amount>,
    /// What it is.
    #[serde(deserialize_with = "lenient::text")]
    pub name: Option<String>,
    /// Of one unit.
    #[serde(deserialize_with = "lenient::money")]
    pub price: Option<Money>,
    /// Tax letters; empty is none.
    #[serde(deserialize_with = "lenient::text")]
    pub letters: Option<String>,
    /// Of the line.
    #[serde(deserialize_with = "lenient::money")]
    pub cost: Option<Money>,
    /// The discount on the line.
    #[serde(deserialize_with = "lenient::money")]
    pub sum_discount: Option<Money>,
    /// The bar code.
    #[serde(deserialize_with = "lenient::text")]
    pub bar_code: Option<String>,
    /// The excise stamp's code.
    #[serde(deserialize_with = "lenient::text")]
    pub excise_barcode: Option<String>,
    /// The excise tax's letter; empty is none.
    #[serde(deserialize_with = "lenient::text")]
    pub excise_letter: Option<String>,
}
