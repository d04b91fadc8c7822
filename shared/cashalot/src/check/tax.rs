//! `CHECKTAX` (sheet §6.4).

use serde::{Deserialize, Serialize};

use crate::decimal::{Money, Percent};

/// Kinds of taxes.
pub mod tax_type {
    /// VAT.
    pub const VAT: u32 = 0;
    /// Excise.
    pub const EXCISE: u32 = 1;
    /// Pension fund.
    pub const PENSION_FUND: u32 = 2;
}

/// One tax of a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckTax {
    /// `TYPE`, see [`tax_type`].
    #[serde(rename = "TYPE")]
    pub tax_type: u32,
    /// `NAME`: at most 64 characters.
    #[serde(rename = "NAME")]
    pub name: String,
    /// `LETTER`: what lines refer to.
    #[serde(rename = "LETTER", default, skip_serializing_if = "Option::is_none")]
    pub letter: Option<String>,
    /// `PRC`: the rate.
    #[serde(rename = "PRC")]
    pub rate: Percent,
    /// `SIGN`: `true` if the tax is added to the price; absent or `false` if the price includes it.
    #[serde(rename = "SIGN", default, skip_serializing_if = "Option::is_none")]
    pub added: Option<bool>,
    /// `TURNOVER`: before discounts.
    #[serde(rename = "TURNOVER", default, skip_serializing_if = "Option::is_none")]
    pub turnover: Option<Money>,
    /// `TURNOVERDISCOUNT`
    #[serde(rename = "TURNOVERDISCOUNT", default, skip_serializing_if = "Option::is_none")]
    pub turnover_discount: Option<Money>,
    /// `SOURCESUM`: what is taxed, after discounts.
    #[serde(rename = "SOURCESUM", default, skip_serializing_if = "Option::is_none")]
    pub source_sum: Option<Money>,
    /// `SUM`: the tax.
    #[serde(rename = "SUM")]
    pub sum: Money,
}
