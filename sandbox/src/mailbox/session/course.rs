//! What becomes of a step under a fault.

use crate::mailbox::fault::{FaultKind, Step};
use crate::mailbox::reply::Reply;

/// Where a fault may meet a client: a step and the recipients it is about.
#[derive(Clone, Debug)]
pub(super) struct Occasion {
    pub step: Step,
    pub recipients: Vec<String>,
}

impl Occasion {
    pub(super) fn of(step: Step) -> Self {
        Self::about(step, Vec::new())
    }

    pub(super) fn about(step: Step, recipients: Vec<String>) -> Self {
        Self { step, recipients }
    }

    pub(super) fn names(&self) -> Vec<&str> {
        self.recipients.iter().map(String::as_str).collect()
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Course {
    /// Carried out and answered.
    Usual,
    /// Not carried out.
    Instead(Then),
    /// Carried out, and yet.
    Despite(Then),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Then {
    Say(Reply),
    Silence,
    Cut,
}

impl Course {
    pub(super) fn under(fault: Option<FaultKind>) -> Self {
        match fault {
            None | Some(FaultKind::Slow { .. }) => Self::Usual,
            Some(FaultKind::Answer { code, text, .. }) => {
                let reply = text.map_or_else(|| Reply::usual(code), |text| Reply::new(code, text));
                Self::Instead(Then::Say(reply))
            }
            Some(FaultKind::Silent { .. }) => Self::Instead(Then::Silence),
            Some(FaultKind::Drop { .. }) => Self::Instead(Then::Cut),
            Some(FaultKind::KeepThenDrop) => Self::Despite(Then::Cut),
            Some(FaultKind::KeepThenSilent) => Self::Despite(Then::Silence),
            Some(FaultKind::KeepThenAnswer { code }) => Self::Despite(Then::Say(Reply::usual(code))),
        }
    }
}
