//! `CHECKBODY` (sheet §6.5).

use serde::{Deserialize, Serialize};

use super::DiscountType;
use crate::decimal::{Amount, Money, Percent};

/// One line of a check. Fields of special trades (fuel, currency, pawn) are left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckLine {
    /// `CODE`: the merchant's article, at most 64 characters.
    #[serde(rename = "CODE", default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// `BARCODE`: at most 64 characters.
    #[serde(rename = "BARCODE", default, skip_serializing_if = "Option::is_none")]
    pub barcode: Option<String>,
    /// `UKTZED`: 4, 6, 8 or 10 digits; not together with `dkpp`.
    #[serde(rename = "UKTZED", default, skip_serializing_if = "Option::is_none")]
    pub uktzed: Option<String>,
    /// `DKPP`: the code of a service.
    #[serde(rename = "DKPP", default, skip_serializing_if = "Option::is_none")]
    pub dkpp: Option<String>,
    /// `NAME`: at most 1024 characters.
    #[serde(rename = "NAME")]
    pub name: String,
    /// `DESCRIPTION`
    #[serde(rename = "DESCRIPTION", default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// `UNITCD`: 2009 piece, 301 kg, 138 litre.
    #[serde(rename = "UNITCD", default, skip_serializing_if = "Option::is_none")]
    pub unit_code: Option<u32>,
    /// `UNITNM`: «шт», «кг», «л»; at most 64 characters.
    #[serde(rename = "UNITNM", default, skip_serializing_if = "Option::is_none")]
    pub unit_name: Option<String>,
    /// `AMOUNT`
    #[serde(rename = "AMOUNT")]
    pub amount: Amount,
    /// `PRICE`: of one unit.
    #[serde(rename = "PRICE")]
    pub price: Money,
    /// `LETTERS`: letters of the taxes, at most 15; each must be in `CHECKTAX`.
    #[serde(rename = "LETTERS", default, skip_serializing_if = "Option::is_none")]
    pub letters: Option<String>,
    /// `COST`: amount × price, before the discount.
    #[serde(rename = "COST")]
    pub cost: Money,
    /// `DISCOUNTTYPE`
    #[serde(rename = "DISCOUNTTYPE", default, skip_serializing_if = "Option::is_none")]
    pub discount_type: Option<DiscountType>,
    /// `DISCOUNTPERCENT`
    #[serde(rename = "DISCOUNTPERCENT", default, skip_serializing_if = "Option::is_none")]
    pub discount_percent: Option<Percent>,
    /// `DISCOUNTSUM`: of this line. How a markup is written is unknown.
    #[serde(rename = "DISCOUNTSUM", default, skip_serializing_if = "Option::is_none")]
    pub discount_sum: Option<Money>,
    /// `SUBTOTAL`
    #[serde(rename = "SUBTOTAL", default, skip_serializing_if = "Option::is_none")]
    pub subtotal: Option<Money>,
    /// `USAGETYPE`: as in the total.
    #[serde(rename = "USAGETYPE", default, skip_serializing_if = "Option::is_none")]
    pub usage_type: Option<u8>,
    /// `DISCOUNTNUM`
    #[serde(rename = "DISCOUNTNUM", default, skip_serializing_if = "Option::is_none")]
    pub discount_number: Option<u32>,
    /// `DISCOUNTTAX`
    #[serde(rename = "DISCOUNTTAX", default, skip_serializing_if = "Option::is_none")]
    pub discount_tax: Option<String>,
    /// `PARTPAYSUM`: paid now of this line.
    #[serde(rename = "PARTPAYSUM", default, skip_serializing_if = "Option::is_none")]
    pub part_pay_sum: Option<Money>,
    /// `COMMENT`
    #[serde(rename = "COMMENT", default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// `EXCISELABELS`
    #[serde(rename = "EXCISELABELS", default, skip_serializing_if = "Vec::is_empty")]
    pub excise_labels: Vec<ExciseLabel>,
}

impl CheckLine {
    /// A line without codes, taxes or discounts.
    pub fn new(name: impl Into<String>, amount: Amount, price: Money, cost: Money) -> Self {
        Self {
            code: None,
            barcode: None,
            uktzed: None,
            dkpp: None,
            name: name.into(),
            description: None,
            unit_code: None,
            unit_name: None,
            amount,
            price,
            letters: None,
            cost,
            discount_type: None,
            discount_percent: None,
            discount_sum: None,
            subtotal: None,
            usage_type: None,
            discount_number: None,
            discount_tax: None,
            part_pay_sum: None,
            comment: None,
            excise_labels: Vec::new(),
        }
    }
}

/// An excise stamp.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExciseLabel {
    /// `EXCISELABEL`
    #[serde(rename = "EXCISELABEL")]
    pub label: String,
}
