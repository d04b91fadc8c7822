//! Money against receipts, kept: runs of the comparison (one source, one day in Kyiv), what they found, and
//! documents on our tapes that we did not make.
//!
//! ```text
//! run:     asked ──claim──▶ at work, a page at a time (stage, place) ──▶ ended
//! finding: open ──cause gone──▶ gone ──found again──▶ open;  open ──a person, with a reason──▶ closed
//! ```
//! A run is claimed like a register's tape: for a while, by the database's clock. Each page commits what it
//! found together with where it is, so that whoever comes next goes on there. A finding is one row per cause,
//! so running again adds nothing.

mod figures;
mod findings;
mod list;
mod repair;
mod reports;
mod runs;
mod sides;
mod tape;
mod words;

pub use figures::{Counts, Figures};
pub use findings::{Judged, NewFinding};
pub use list::{FindingFilter, FindingStats, FindingView};
pub use repair::{Closing, Linked, Linking, Repaired};
pub use reports::{DueReport, ReportEnd, ReportFacts};
pub use runs::{AskedRun, NewRun, Night, Progress, Run, RunView};
pub use sides::{Known, OrderSides};
pub(crate) use tape::keep_strangers;
pub use tape::{Stranger, TapeRead};
pub use words::{explain, next_step};

/// What leads out of a finding, besides closing it with a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repair {
    /// Take in what the payment system says, as its own message would have been.
    TakeIn,
    /// Send the held receipt again.
    Resend,
    /// Ask and compare once more.
    AskAgain,
    /// Say which order a stranger's document belongs to.
    Link,
}

impl Repair {
    /// Every repair.
    pub const ALL: [Self; 4] = [Self::TakeIn, Self::Resend, Self::AskAgain, Self::Link];

    /// The stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TakeIn => "take_in",
            Self::Resend => "resend",
            Self::AskAgain => "ask_again",
            Self::Link => "link",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|repair| repair.as_str() == word)
    }
}

/// The kind of alert that is open while a source has open findings.
pub const RECONCILIATION: &str = "reconciliation";
