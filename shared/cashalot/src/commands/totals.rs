//! The running totals of a shift, the "X-report" (sheet §4.9). Safe to repeat.

use serde::{Deserialize, Serialize};

use super::{RegistrarNumber, Request, is_false};
use crate::answer::{Answer, wire};
use crate::decimal::{Money, Percent};
use crate::error::Flaw;
use crate::lenient;

/// Asks for the totals of the open shift; on a closed one the answer may be the last shift's or nothing.
#[derive(Clone, Debug, Serialize)]
pub struct LastShiftTotals {
    /// Which register.
    #[serde(rename = "NumFiscal")]
    pub registrar: RegistrarNumber,
    /// Return a printable text.
    #[serde(rename = "Visualization", skip_serializing_if = "is_false")]
    pub visualization: bool,
}

/// Totals of a shift.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ShiftTotals {
    /// When the shift was opened, as it was written.
    #[serde(deserialize_with = "lenient::date_time")]
    pub shift_opened: Option<String>,
    /// The totals; none if there is no shift to sum up.
    pub totals: Option<Totals>,
    /// A printable text, where asked for.
    #[serde(deserialize_with = "lenient::rendering")]
    pub visualization: Option<String>,
}

/// The content of a Z-report. Blocks with nothing in them are absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, from = "TotalsWire")]
pub struct Totals {
    /// Sales, storned ones taken out.
    pub sales: Option<TotalsBlock>,
    /// Returns, as positive sums.
    pub returns: Option<TotalsBlock>,
    /// Cash put in.
    pub service_input: Option<Money>,
    /// Cash taken out.
    pub service_output: Option<Money>,
}

/// Sales or returns of a shift.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "UPPERCASE")]
pub struct TotalsBlock {
    /// All together.
    #[serde(deserialize_with = "lenient::money")]
    pub sum: Option<Money>,
    /// Rounding.
    #[serde(deserialize_with = "lenient::money")]
    pub rndsum: Option<Money>,
    /// Before rounding.
    #[serde(deserialize_with = "lenient::money")]
    pub norndsum: Option<Money>,
    /// How many checks.
    #[serde(deserialize_with = "lenient::natural")]
    pub orderscnt: Option<u64>,
    /// By form of payment.
    #[serde(deserialize_with = "lenient::or_default")]
    pub payforms: Vec<PayFormTotal>,
    /// By tax.
    #[serde(deserialize_with = "lenient::or_default")]
    pub taxes: Vec<TaxTotal>,
}

/// What was paid in one form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "UPPERCASE")]
pub struct PayFormTotal {
    /// The form's code, see [`pay_form`](crate::pay_form).
    #[serde(deserialize_with = "lenient::natural")]
    pub payformcd: Option<u64>,
    /// Its name.
    #[serde(deserialize_with = "lenient::text")]
    pub payformnm: Option<String>,
    /// The sum.
    #[serde(deserialize_with = "lenient::money")]
    pub sum: Option<Money>,
}

/// What one tax came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "UPPERCASE")]
pub struct TaxTotal {
    /// The tax's kind, see [`tax_type`](crate::tax_type).
    #[serde(rename = "TYPE", deserialize_with = "lenient::natural")]
    pub tax_type: Option<u64>,
    /// Its name.
    #[serde(deserialize_with = "lenient::text")]
    pub name: Option<String>,
    /// Its letter on the receipt.
    #[serde(deserialize_with = "lenient::text")]
    pub letter: Option<String>,
    /// Its rate.
    #[serde(deserialize_with = "lenient::percent")]
    pub prc: Option<Percent>,
    /// Added to the price rather than included.
    #[serde(deserialize_with = "lenient::flag")]
    pub sign: Option<bool>,
    /// Turnover before discounts.
    #[serde(deserialize_with = "lenient::money")]
    pub turnover: Option<Money>,
    /// Discounts on it.
    #[serde(deserialize_with = "lenient::money")]
    pub turnoverdiscount: Option<Money>,
    /// What was taxed, after discounts.
    #[serde(deserialize_with = "lenient::money")]
    pub sourcesum: Option<Money>,
    /// The tax.
    #[serde(deserialize_with = "lenient::money")]
    pub sum: Option<Money>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "UPPERCASE")]
struct TotalsWire {
    zreprealiz: Option<TotalsBlock>,
    zrepreturn: Option<TotalsBlock>,
    #[serde(deserialize_with = "lenient::or_default")]
    zrepbody: BodyWire,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "UPPERCASE")]
struct BodyWire {
    #[serde(deserialize_with = "lenient::money")]
    serviceinput: Option<Money>,
    #[serde(deserialize_with = "lenient::money")]
    serviceoutput: Option<Money>,
}

impl From<TotalsWire> for Totals {
    fn from(wire: TotalsWire) -> Self {
        Self {
            sales: wire.zreprealiz,
            returns: wire.zrepreturn,
            service_input: wire.zrepbody.serviceinput,
            service_output: wire.zrepbody.serviceoutput,
        }
    }
}

impl Request for LastShiftTotals {
    const COMMAND: &'static str = "LastShiftTotals";
    type Answer = ShiftTotals;
}

impl Answer for ShiftTotals {
    fn read(json: &str) -> Result<Self, Flaw> {
        wire(json)
    }
}
