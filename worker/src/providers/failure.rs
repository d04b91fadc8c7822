//! Why something did not work, and what that allows.

use ledger::alerts::Words;

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
    /// The provider answers but the tax service does not: no reason to leave the register alone.
    pub tax_service_away: bool,
}

impl Failure {
    /// One that is not the provider's answer.
    pub fn ours(class: FailureClass, word: &str, text: Words) -> Self {
        Self {
            class,
            word: word.to_owned(),
            text,
            unreachable: false,
            answered: false,
            tax_service_away: false,
        }
    }
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
