use serde::{Deserialize, Serialize};

use crate::decimal::Money;

/// The code of cash. Any other means cashless.
pub const CASH: u32 = 0;
/// A code for cards; CashDesk documents no table beyond [`CASH`].
pub const CARD: u32 = 1;

/// What is paid in one way (sheet §6.2). Details of a card terminal are left out: their shape is unknown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payment {
    /// [`CASH`] or anything else.
    pub code: u32,
    /// What the receipt calls it: «ГОТІВКА», «КАРТКА».
    pub name: String,
    /// How much; cash is rounded.
    pub sum: Money,
    /// What the buyer handed over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sum_provided: Option<Money>,
    /// The change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sum_remains: Option<Money>,
}

impl Payment {
    /// A payment without change.
    pub fn new(code: u32, name: impl Into<String>, sum: Money) -> Self {
        Self {
            code,
            name: name.into(),
            sum,
            sum_provided: None,
            sum_remains: None,
        }
    }
}
