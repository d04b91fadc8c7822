//! Answers to what LiqPay's documentation leaves open.

use serde::{Deserialize, Serialize};

use crate::acquirer::Writing;

/// The default is the likelier answer; a client must do with either.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Switches {
    /// `version` of callbacks and answers.
    pub version: u8,
    /// How sums are written.
    pub amounts: Writing,
    /// What `status` says of a payment that nobody paid.
    pub unpaid: Unpaid,
    /// What `status` says after a part went back.
    pub partial_refund: PartialRefund,
    /// What `refund_amount` is.
    pub refund_amount: RefundAmount,
    /// Whether refunds send a callback.
    pub refund_callbacks: bool,
    /// Whether an unpaid payment whose time ended sends a callback.
    pub expiry_callbacks: bool,
    /// What `amount` is after a partial capture.
    pub captured_amount: CapturedAmount,
    /// Which date `reports` goes by.
    pub reports_by: ReportsBy,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            version: 3,
            amounts: Writing::FloatLike,
            unpaid: Unpaid::default(),
            partial_refund: PartialRefund::default(),
            refund_amount: RefundAmount::default(),
            refund_callbacks: true,
            expiry_callbacks: false,
            captured_amount: CapturedAmount::default(),
            reports_by: ReportsBy::default(),
        }
    }
}

/// What `status` says of a payment that nobody paid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unpaid {
    /// `prepared`.
    #[default]
    Prepared,
    /// The error `payment_not_found`.
    NotFound,
}

/// `status` after a part went back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartialRefund {
    /// `success` as before; only `refund_amount` tells.
    #[default]
    StaysSuccess,
    /// `reversed`, as after a whole refund.
    BecomesReversed,
}

/// What `refund_amount` is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefundAmount {
    /// Everything that went back.
    #[default]
    Total,
    /// What went back last.
    Last,
    /// Not there at all.
    Absent,
}

/// What `amount` is after a partial capture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CapturedAmount {
    /// What was taken.
    #[default]
    Taken,
    /// What was held.
    Held,
}

/// Which date `reports` goes by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReportsBy {
    /// `create_date`.
    #[default]
    Created,
    /// `end_date`.
    Ended,
}
