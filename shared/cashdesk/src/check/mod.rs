//! The check that `/check/sale` takes (sheet §6).
//!
//! The caller keeps it as JSON text before sending, so writing, reading and writing again gives the same bytes, and a
//! field this crate does not know is an error rather than a silent loss.

mod payment;
mod product;
mod service;

use serde::{Deserialize, Serialize};

use crate::decimal::Money;
use crate::kind::ActionType;

pub use payment::{CARD, CASH, Payment};
pub use product::Product;
pub use service::ServiceDocument;

/// A sale or a return: one fiscal document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// The register's fiscal number.
    pub num_fiscal: u64,
    /// Sale or return.
    pub action_type: ActionType,
    /// Our number of the operation: unique for the register's whole life, at most 2^53 − 1. CashDesk echoes it and does
    /// not compare it; it is what a lost answer is searched by. A return may carry its sale's.
    pub local_number: u64,
    /// The total after rounding; equals the payments' sum.
    pub total_sum: Money,
    /// Rounded less exact, in hryvnias; see [`round_cash`](crate::round_cash).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round_sum: Option<Money>,
    /// 10 was seen where cash is rounded to 10 kopecks; nobody says that it is needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round_rule: Option<u32>,
    /// A discount on the whole check. Documented in answers, likely in requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub global_discount: Option<Money>,
    /// What is sold, at least one.
    pub products: Vec<Product>,
    /// How it is paid, at least one.
    pub payments: Vec<Payment>,
    /// Open the shift first if it is closed.
    #[serde(default, skip_serializing_if = "is_false")]
    pub open_shift: bool,
    /// Text under the check. Documented in answers, unconfirmed in requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub footer: Option<String>,
    /// Leave the PDF out of the answer.
    #[serde(default, skip_serializing_if = "is_false")]
    pub no_pdf: bool,
    /// Leave the QR picture out of the answer.
    #[serde(default, skip_serializing_if = "is_false")]
    pub no_qr: bool,
    /// Leave the text form out of the answer.
    #[serde(default, skip_serializing_if = "is_false")]
    pub no_text_print: bool,
    /// Characters in a line of the text form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub print_width: Option<u32>,
    /// Characters in a line of the PDF.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pdf_width: Option<u32>,
}

impl Check {
    /// An empty check that asks for none of the heavy parts.
    pub const fn new(num_fiscal: u64, action_type: ActionType, local_number: u64, total_sum: Money) -> Self {
        Self {
            num_fiscal,
            action_type,
            local_number,
            total_sum,
            round_sum: None,
            round_rule: None,
            global_discount: None,
            products: Vec::new(),
            payments: Vec::new(),
            open_shift: false,
            footer: None,
            no_pdf: true,
            no_qr: true,
            no_text_print: true,
            print_width: None,
            pdf_width: None,
        }
    }
}

pub(crate) fn is_false(flag: &bool) -> bool {
    !*flag
}

#[cfg(test)]
mod tests;
