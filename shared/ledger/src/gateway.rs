//! Receipts that a payment system's own register makes (sources of mode `gateway-fiscalizes`). Nothing is planned for a
//! register of ours; an *expectation* says what should be found there, and looks are made until it is.
//!
//! ```text
//! event ──expect──▶ open ──look: claim, ask, settle──▶ met
//!                    ▲  └──▶ missed (looked for less often, a person should know) ──▶ met | closed by a person
//!                    └── a refund, a capture: more is expected
//! ```
//! One expectation per source and order carries running totals, for the payment system's messages are snapshots: two
//! refunds may be told as one. What is found becomes documents of an order, on no register (`made_by = 'gateway'`);
//! their transaction is unique per source, so fetching twice, or on two machines, adds nothing.

mod days;
mod expect;
mod files;
mod list;
mod probe;
mod settle;

use domain::ids::{ExternalOrderId, MerchantId, SourceId};
use domain::money::Kopecks;
use domain::time::UnixMillis;

pub use days::{DayClaim, DayView};
pub(crate) use expect::makes_receipts_of;
pub use expect::{Expected, Says};
pub use files::Wanted;
pub use list::{ExpectationView, Unmet};
pub use settle::{Look, Settlement, Standing};

/// Who registers the receipts of an order, or made one of its documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MadeBy {
    /// We, on a register of ours.
    Kasyr,
    /// The payment system, on its own.
    Gateway,
}

impl MadeBy {
    /// The stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kasyr => "kasyr",
            Self::Gateway => "gateway",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Kasyr, Self::Gateway]
            .into_iter()
            .find(|maker| maker.as_str() == word)
    }
}

/// What a look is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The payment system should make receipts.
    Receipt,
    /// It should make none: we do.
    Probe,
}

impl Purpose {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::Probe => "probe",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        [Self::Receipt, Self::Probe]
            .into_iter()
            .find(|purpose| purpose.as_str() == word)
    }
}

/// How far an expectation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Something is still to be found.
    Open,
    /// All is there.
    Met,
    /// It is long overdue; a person should know.
    Missed,
    /// A person settled it another way.
    Closed,
}

impl Progress {
    /// The stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Met => "met",
            Self::Missed => "missed",
            Self::Closed => "closed",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Open, Self::Met, Self::Missed, Self::Closed]
            .into_iter()
            .find(|progress| progress.as_str() == word)
    }
}

/// A look that somebody makes now; nobody else makes it meanwhile.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Of which expectation.
    pub id: String,
    /// Whose.
    pub merchant: MerchantId,
    /// Where to ask.
    pub source: SourceId,
    /// About which order.
    pub order: ExternalOrderId,
    /// What for.
    pub purpose: Purpose,
    /// Since when something is missing.
    pub since: UnixMillis,
    version: i64,
}

impl Claim {
    /// A claim of no ledger, for tests of pure decisions.
    pub fn for_tests(
        id: &str,
        merchant: MerchantId,
        source: SourceId,
        order: ExternalOrderId,
        purpose: Purpose,
        since: UnixMillis,
    ) -> Self {
        Self {
            id: id.to_owned(),
            merchant,
            source,
            order,
            purpose,
            since,
            version: 1,
        }
    }
}

/// Sales and returns, added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// By sales.
    pub sold: Kopecks,
    /// By returns.
    pub returned: Kopecks,
}

/// The kinds of alerts about an expectation; their subject is its id.
pub mod alert {
    /// A receipt that the payment system should have made is not there.
    pub const MISSING: &str = "gateway_receipt_missing";
    /// The tax service refused one, or it is not understood.
    pub const REFUSED: &str = "gateway_receipt_refused";
    /// Its receipts come to another sum than the payment.
    pub const DIFFERS: &str = "gateway_receipt_differs";
    /// Both we and the payment system make receipts; the subject is the source.
    pub const DOUBLE: &str = "double_fiscalization";
}
