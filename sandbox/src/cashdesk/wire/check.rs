//! Bodies of the methods.

use serde::Deserialize;
use serde_json::Value;

use super::loose::{Flag, Whole, text};
use crate::decimal::Decimal;

/// `/authenticate`.
#[derive(Deserialize)]
pub(in crate::cashdesk) struct SignIn {
    pub email: Option<String>,
    pub password: Option<String>,
}

/// Which parts of an answer are wanted.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(default)]
pub(in crate::cashdesk) struct Wishes {
    pub no_pdf: Option<Flag>,
    pub no_qr: Option<Flag>,
    pub no_text_print: Option<Flag>,
    pub print_width: Option<Whole>,
    pub include_checks: Option<Flag>,
}

/// `/shift/zReport/period`.
#[derive(Deserialize)]
pub(in crate::cashdesk) struct PeriodBody {
    pub from: Option<String>,
    pub to: Option<String>,
}

/// `/check/service`.
#[derive(Deserialize)]
pub(in crate::cashdesk) struct ServiceBody {
    #[serde(rename = "type")]
    pub payment: Option<Whole>,
    pub name: Option<String>,
    pub sum: Option<Decimal>,
    pub local_number: Option<Whole>,
}

/// `/check/sale`.
#[derive(Deserialize)]
pub(in crate::cashdesk) struct CheckBody {
    pub local_number: Option<Whole>,
    pub total_sum: Option<Decimal>,
    pub round_sum: Option<Decimal>,
    pub global_discount: Option<Decimal>,
    #[serde(default)]
    pub products: Vec<ProductBody>,
    #[serde(default)]
    pub payments: Vec<PaymentBody>,
    pub open_shift: Option<Flag>,
    #[serde(default, deserialize_with = "text")]
    pub footer: Option<String>,
}

#[derive(Deserialize)]
pub(in crate::cashdesk) struct ProductBody {
    #[serde(default, deserialize_with = "text")]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub code: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub bar_code: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub uktzed: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub unit_name: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub unit_code: Option<String>,
    pub amount: Option<Decimal>,
    pub price: Option<Decimal>,
    pub cost: Option<Decimal>,
    pub sum_discount: Option<Decimal>,
    #[serde(default, deserialize_with = "text")]
    pub letters: Option<String>,
    pub tax_prc: Option<Decimal>,
    #[serde(default, deserialize_with = "text")]
    pub excise_letter: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub excise_barcode: Option<String>,
}

#[derive(Deserialize)]
pub(in crate::cashdesk) struct PaymentBody {
    pub code: Option<Whole>,
    #[serde(default, deserialize_with = "text")]
    pub name: Option<String>,
    pub sum: Option<Decimal>,
    pub sum_provided: Option<Decimal>,
    pub sum_remains: Option<Decimal>,
    #[serde(default)]
    pub pay_terminal: Value,
}
