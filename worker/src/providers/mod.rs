//! Providers as the worker sees them. One file per provider adapts its client to these words.

pub(crate) mod cashalot;

use domain::document::Registration;
use ledger::tape::NewAttempt;

/// The register as it is before a document.
#[derive(Clone, Debug)]
pub(crate) struct Look {
    /// What the provider's adapter wants to find again when it settles a doubt.
    pub before: String,
    /// Fiscal number of the open shift's last document.
    pub last_fiscal_number: Option<String>,
    /// Why no document may be sent now, if so.
    pub blocked: Option<Failure>,
}

/// Why something did not work.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// What may be done next.
    pub class: FailureClass,
    /// A short stable word: the provider's code, or ours for transport.
    pub word: String,
    /// For people; nothing secret or personal.
    pub text: String,
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
