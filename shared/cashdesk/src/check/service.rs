use serde::{Deserialize, Serialize};

use super::is_false;
use crate::decimal::Money;
use crate::kind::CashMove;

/// Cash put into the box or taken out without a sale (sheet §7): one fiscal document. Kept as text like
/// [`Check`](super::Check).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceDocument {
    /// The register's fiscal number.
    pub num_fiscal: u64,
    /// Which way.
    pub action_type: CashMove,
    /// Ours, where sent; no client is known to send it, and then reports show the register's own counter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_number: Option<u64>,
    /// 0: cash.
    #[serde(rename = "type")]
    pub payment_type: u32,
    /// «ГОТІВКА».
    pub name: String,
    /// How much.
    pub sum: Money,
    /// Leave the PDF out of the answer.
    #[serde(default, skip_serializing_if = "is_false")]
    pub no_pdf: bool,
}

impl ServiceDocument {
    /// Moves cash.
    pub fn new(num_fiscal: u64, action_type: CashMove, sum: Money) -> Self {
        Self {
            num_fiscal,
            action_type,
            local_number: None,
            payment_type: super::CASH,
            name: "ГОТІВКА".to_owned(),
            sum,
            no_pdf: true,
        }
    }
}
