use serde::{Deserialize, Serialize};

use crate::decimal::{Amount, Money, Rate};
use crate::letters::Letters;

/// A line of a check (sheet §6.1). Which codes are demanded of whom is not documented.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// The merchant's own code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The bar code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bar_code: Option<String>,
    /// The customs code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uktzed: Option<String>,
    /// The unit in the state classifier: 2009 is a piece.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_code: Option<String>,
    /// The unit's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_name: Option<String>,
    /// What it is.
    pub name: String,
    /// How many; at most three decimals.
    pub amount: Amount,
    /// Of one unit.
    pub price: Money,
    /// Price × amount, rounded to kopecks. A kopeck off is refused.
    pub cost: Money,
    /// The discount on this line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sum_discount: Option<Money>,
    /// None, together with no rate, means "no VAT".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub letters: Option<Letters>,
    /// The rate. One that the register was not registered with is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_prc: Option<Rate>,
    /// The letter of the excise tax.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excise_letter: Option<Letters>,
    /// The excise stamp's code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excise_barcode: Option<String>,
}

impl Product {
    /// A line without codes, taxes and discounts.
    pub fn new(name: impl Into<String>, amount: Amount, price: Money, cost: Money) -> Self {
        Self {
            code: None,
            bar_code: None,
            uktzed: None,
            unit_code: None,
            unit_name: None,
            name: name.into(),
            amount,
            price,
            cost,
            sum_discount: None,
            letters: None,
            tax_prc: None,
            excise_letter: None,
            excise_barcode: None,
        }
    }
}
