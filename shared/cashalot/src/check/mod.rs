//! The check object (sheet §6). Organisation and numbering fields are left out: the provider fills them.
//!
//! A check is kept as JSON text and sent again inside a storno, so writing, reading and writing again gives the same
//! bytes, and a field this crate does not know is an error rather than a silent loss.

mod head;
mod line;
mod pay;
mod tax;
mod total;

use serde::{Deserialize, Serialize};

pub use head::CheckHead;
pub use line::{CheckLine, ExciseLabel};
pub use pay::{CheckPay, PaySys, pay_form};
pub use tax::{CheckTax, tax_type};
pub use total::{CheckTotal, DiscountType, PartPayType};

/// A check document. Empty blocks are not sent: a service deposit is a head and a total, a storno a head alone or with
/// its original's blocks (which of the two the provider wants is unknown; both can be said).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// `CHECKHEAD`
    #[serde(rename = "CHECKHEAD")]
    pub head: CheckHead,
    /// `CHECKTOTAL`
    #[serde(rename = "CHECKTOTAL", default, skip_serializing_if = "Option::is_none")]
    pub total: Option<CheckTotal>,
    /// `CHECKPAY`
    #[serde(rename = "CHECKPAY", default, skip_serializing_if = "Vec::is_empty")]
    pub pay: Vec<CheckPay>,
    /// `CHECKTAX`; leave empty for those who do not pay VAT.
    #[serde(rename = "CHECKTAX", default, skip_serializing_if = "Vec::is_empty")]
    pub tax: Vec<CheckTax>,
    /// `CHECKBODY`
    #[serde(rename = "CHECKBODY", default, skip_serializing_if = "Vec::is_empty")]
    pub body: Vec<CheckLine>,
}

impl Check {
    /// A check of nothing but a head.
    pub const fn new(head: CheckHead) -> Self {
        Self {
            head,
            total: None,
            pay: Vec::new(),
            tax: Vec::new(),
            body: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests;
