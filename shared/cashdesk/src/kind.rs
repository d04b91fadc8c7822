//! CashDesk's words for kinds of documents.

use serde::{Deserialize, Serialize};

/// Which of the two `/check/sale` makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ActionType {
    /// A sale.
    #[serde(rename = "Z_SALE")]
    Sale,
    /// A return; its sums are positive. Nothing names the sale it gives back (sheet §13, 10).
    #[serde(rename = "Z_RETURN")]
    Return,
}

/// Which way cash moves without a sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CashMove {
    /// Put into the box.
    #[serde(rename = "SERVICE_INPUT")]
    In,
    /// Taken out of the box.
    #[serde(rename = "SERVICE_OUTPUT")]
    Out,
}

wire::words! {
    /// What a document is, as answers name it.
    CheckType {
        /// A sale.
        Sale = "Z_SALE",
        /// A return.
        Return = "Z_RETURN",
        /// Cash put in.
        ServiceInput = "SERVICE_INPUT",
        /// Cash taken out.
        ServiceOutput = "SERVICE_OUTPUT",
        /// The opening of a shift; named after the request, unseen in an answer.
        OpenShift = "OPEN_SHIFT",
        /// A Z-report; named after the request, unseen in an answer.
        ZReport = "Z_REPORT",
    }
}

impl From<ActionType> for CheckType {
    fn from(action: ActionType) -> Self {
        match action {
            ActionType::Sale => Self::Sale,
            ActionType::Return => Self::Return,
        }
    }
}

impl From<CashMove> for CheckType {
    fn from(cash_move: CashMove) -> Self {
        match cash_move {
            CashMove::In => Self::ServiceInput,
            CashMove::Out => Self::ServiceOutput,
        }
    }
}
