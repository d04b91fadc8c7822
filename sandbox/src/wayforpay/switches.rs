//! Answers to what WayForPay's documentation leaves open.

use serde::{Deserialize, Serialize};

use crate::acquirer::Writing;

/// The default is the likelier answer; a client must do with either.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Switches {
    /// How sums are written, and therefore signed.
    pub amounts: Writing,
    /// How the message to `serviceUrl` travels.
    pub body: BodyForm,
    /// What `transactionStatus` is after a part went back.
    pub partial_refund: PartialRefund,
    /// What `amount` is in the message about a refund.
    pub refunded_amount: RefundedAmount,
    /// Whether CHECK_STATUS leaves out `refundAmount`.
    pub no_refund_amount: bool,
    /// Whether refunds send no message.
    pub silent_refunds: bool,
    /// How refunds are shown in TRANSACTION_LIST.
    pub refund_rows: RefundRows,
    /// Whether any 200 ends the retries, whatever it says.
    pub any_answer_accepts: bool,
}

/// How the message to `serviceUrl` travels; the published plugins read it in all these ways.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BodyForm {
    /// JSON, announced as JSON.
    #[default]
    Json,
    /// JSON, announced as a form.
    JsonCalledForm,
    /// A form whose only name is the JSON.
    FormName,
}

/// `transactionStatus` after a part went back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartialRefund {
    /// `Refunded`, as after a whole refund.
    #[default]
    BecomesRefunded,
    /// `Approved` as before.
    StaysApproved,
}

/// What `amount` is in the message about a refund.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefundedAmount {
    /// The order's.
    #[default]
    Order,
    /// What went back last.
    Refund,
}

/// How refunds are shown in TRANSACTION_LIST.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefundRows {
    /// Each has a row of type `REFUND` beside the purchase's.
    #[default]
    Separate,
    /// The purchase's row says it all.
    OnPurchase,
}
