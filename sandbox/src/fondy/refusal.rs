//! Why the gateway said no: its own numbers, used by the API and by the test controls alike.

use std::fmt;

/// A refusal with the gateway's error code (sheet §11).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The gateway's number, for example 1018.
    pub code: u32,
    /// Text for people, as the API would say it.
    pub message: String,
}

impl Refusal {
    pub(super) fn new(code: u32, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }
    pub(super) fn incorrect(parameter: &str) -> Self {
        Self::new(1007, format!("Parameter `{parameter}` is incorrect"))
    }
    pub(super) fn empty(parameter: &str) -> Self {
        Self::new(1009, format!("Parameter `{parameter}` is empty"))
    }
    pub(super) fn missing(parameter: &str) -> Self {
        Self::new(1011, format!("Parameter `{parameter}` is missing"))
    }
    pub(super) fn empty_request() -> Self {
        Self::new(1010, "Request is empty")
    }
    pub(super) fn duplicate_order() -> Self {
        Self::new(1013, "Duplicate order")
    }
    pub(super) fn unknown_merchant() -> Self {
        Self::new(1016, "Merchant not found")
    }
    pub(super) fn unknown_order() -> Self {
        Self::new(1018, "Order not found")
    }
    pub(super) fn completed() -> Self {
        Self::new(1019, "Order is already completed")
    }
    pub(super) fn content_type() -> Self {
        Self::new(1021, "Unsupported content type")
    }
    pub(super) fn amount() -> Self {
        Self::new(1023, "Invalid amount")
    }
    pub(super) fn separator(parameter: &str) -> Self {
        Self::new(1034, format!("Separator symbol is used in parameter `{parameter}`"))
    }
    pub(super) fn turnover() -> Self {
        Self::new(1069, "Reverse is not allowed, turnover is not enough")
    }
    pub(super) fn only_full() -> Self {
        Self::new(1084, "Only full refund is allowed")
    }
    pub(super) fn finished() -> Self {
        Self::new(1086, "Transaction is already finished")
    }
    pub(super) fn not_allowed() -> Self {
        Self::new(1100, "Operation is not allowed")
    }
    pub(super) fn captured_otherwise() -> Self {
        Self::new(1109, "Order is already captured with another amount")
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the gateway refused with {}: {}", self.code, self.message)
    }
}

impl std::error::Error for Refusal {}
