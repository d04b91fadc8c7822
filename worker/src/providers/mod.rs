//! Providers as the worker sees them. One file per provider adapts its client to these words.

pub(crate) mod cashalot;

use domain::document::Registration;
use domain::shift::ShiftSums;
use domain::time::UnixMillis;
use ledger::alerts::Words;
use ledger::day::Facts;
use ledger::tape::NewAttempt;

/// The register as it is before a document.
#[derive(Clone, Debug)]
pub(crate) struct Look {
    /// What the provider's adapter wants to find again when it settles a doubt.
    pub before: String,
    /// Fiscal number of the open shift's last document.
    pub last_fiscal_number: Option<String>,
    /// Everything else it told.
    pub facts: Facts,
    /// The open shift, if one is open.
    pub shift: Option<SeenShift>,
}

/// An open shift as a look sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SeenShift {
    /// What names it at the provider; the same at every look.
    pub reference: String,
    /// The provider's own id of it.
    pub provider_id: Option<i64>,
    /// Who opened it.
    pub operator: Option<String>,
    /// The local number of its first document.
    pub first_local: Option<i64>,
}

/// A shift that was closed by our request.
#[derive(Clone, Debug)]
pub(crate) struct Closed {
    pub closing: Registration,
    /// The Z-report, if it was made on the way.
    pub z: Option<Registration>,
}

/// What the register's own totals say.
#[derive(Clone, Debug)]
pub(crate) struct OwnTotals {
    /// When the shift was opened, if told.
    pub opened_at: Option<UnixMillis>,
    /// The sums, if there is a shift to sum up.
    pub sums: Option<ShiftSums>,
}

/// A shift as the tax service lists it.
#[derive(Clone, Debug)]
pub(crate) struct ListedShift {
    pub provider_id: Option<i64>,
    pub opened_at: Option<UnixMillis>,
    pub closing_number: Option<String>,
    pub z_number: Option<String>,
}

/// A document as the tax service lists it.
#[derive(Clone, Debug)]
pub(crate) struct ListedDocument {
    pub fiscal_number: String,
    pub local_number: i64,
    pub at: Option<String>,
    /// A sale, return, storno or cash movement: something we make, or somebody else.
    pub is_receipt: bool,
    /// The online twin of a document that was issued again offline: it does not count.
    pub revoked: bool,
}

/// What a receipt that somebody else made says of itself.
#[derive(Clone, Debug)]
pub(crate) struct Original {
    /// `sale`, `return`, `storno`; `unknown` when it does not say.
    pub kind: &'static str,
    /// Kopecks.
    pub amount: Option<i64>,
    /// The receipt it gives back or cancels.
    pub of_number: Option<String>,
    /// The reference printed on it.
    pub token: Option<String>,
}

impl Default for Original {
    fn default() -> Self {
        Self {
            kind: "unknown",
            amount: None,
            of_number: None,
            token: None,
        }
    }
}

/// Where an offline document is.
#[derive(Clone, Debug)]
pub(crate) enum Delivery {
    /// The tax service has it.
    Done {
        url: Option<String>,
        qr_code: Option<String>,
    },
    /// Not yet.
    Waiting,
    /// The tax service says that this number was never given out, or another word we do not expect.
    Strange(String),
}

/// Why something did not work.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// What may be done next.
    pub class: FailureClass,
    /// A short stable word: the provider's code, or ours for transport.
    pub word: String,
    /// For people; nothing secret or personal.
    pub text: Words,
    /// The provider could not be reached at all.
    pub unreachable: bool,
    /// The provider answered: nothing of ours runs there any more.
    pub answered: bool,
}

/// What a failure allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FailureClass {
    /// Nothing happened; try later.
    NotDone,
    /// It may have happened; ask first.
    Unknown,
    /// Nothing happened; the register's state needs repair.
    Repair,
    /// Nothing happened; the provider's view of the register must be brought in line first.
    Desync,
    /// Nothing happened; register, key or licence are wrong.
    Misconfigured,
    /// Nothing happened; this document is refused for good.
    Refused,
    /// Nothing happened; a person must act at the provider.
    Operator,
    /// An answer we do not know; ask first.
    Unrecognised,
}

impl FailureClass {
    /// The word kept with an attempt.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotDone => "not_done",
            Self::Unknown => "unknown",
            Self::Repair => "needs_repair",
            Self::Desync => "desynchronised",
            Self::Misconfigured => "misconfigured",
            Self::Refused => "refused",
            Self::Operator => "operator_needed",
            Self::Unrecognised => "unrecognised",
        }
    }
}

/// What asking about a document in doubt found.
#[derive(Clone, Debug)]
pub(crate) enum Finding {
    /// It is on the tape.
    Found(Registration),
    /// Everything on the tape since then is something else.
    Absent,
    /// It cannot be told yet.
    Unclear(String),
    /// The provider could not be asked.
    Failed(Failure),
}

/// A value together with the requests it took.
pub(crate) struct Asked<T> {
    pub value: T,
    pub attempts: Vec<NewAttempt>,
}
