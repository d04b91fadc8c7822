//! What goes wrong with mail.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::millis;

/// A step of a message's way, in their order; each is an occasion for a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// The connection is there and waits for the greeting.
    Greeting,
    /// `EHLO` or `HELO`.
    Hello,
    /// `STARTTLS`.
    StartTls,
    /// `AUTH`, when the credentials have come.
    Auth,
    /// `MAIL FROM`.
    Mail,
    /// `RCPT TO`; the first step at which a fault can be narrowed, to this recipient.
    Rcpt,
    /// `DATA`; narrowed to any of the message's recipients.
    Data,
    /// The message's final dot; narrowed in the same way.
    Message,
    /// `RSET`, `NOOP`, `QUIT`, `VRFY` and what is not known.
    Other,
}

/// What happens at a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum FaultKind {
    /// The step is not carried out and answered with this code; 421 also closes the connection.
    Answer {
        /// Where.
        step: Step,
        /// 4xx asks to try again, 5xx is for good.
        code: u16,
        /// The text after the code, with its enhanced code; None takes a usual one.
        #[serde(default)]
        text: Option<String>,
    },
    /// Carried out, and answered after a while. Counts answers.
    Slow {
        /// Where; None is at every step.
        #[serde(default)]
        step: Option<Step>,
        /// How long.
        #[serde(rename = "ms", with = "millis")]
        by: Duration,
    },
    /// Not carried out and never answered; the connection stays open until the client leaves.
    Silent {
        /// Where.
        step: Step,
    },
    /// Not carried out; the connection is closed without an answer.
    Drop {
        /// Where; at `Message` the whole text was taken and nothing is kept.
        step: Step,
    },
    /// At the final dot: the message is kept and the connection closed without an answer.
    KeepThenDrop,
    /// At the final dot: the message is kept and never answered.
    KeepThenSilent,
    /// At the final dot: the message is kept and refused all the same.
    KeepThenAnswer {
        /// What is said.
        code: u16,
    },
}

impl FaultKind {
    /// A step answered with a code and its usual text.
    pub fn answer(step: Step, code: u16) -> Self {
        Self::Answer { step, code, text: None }
    }

    /// Whether it can happen at a step; slowness is asked for by itself, for it goes with the others.
    pub(super) fn happens_at(&self, at: Step) -> bool {
        match self {
            Self::Answer { step, .. } | Self::Silent { step } | Self::Drop { step } => *step == at,
            Self::KeepThenDrop | Self::KeepThenSilent | Self::KeepThenAnswer { .. } => at == Step::Message,
            Self::Slow { .. } => false,
        }
    }

    /// Whether it slows the answer at a step.
    pub(super) fn slows(&self, at: Step) -> bool {
        match self {
            Self::Slow { step, .. } => step.is_none_or(|step| step == at),
            Self::Answer { .. }
            | Self::Silent { .. }
            | Self::Drop { .. }
            | Self::KeepThenDrop
            | Self::KeepThenSilent
            | Self::KeepThenAnswer { .. } => false,
        }
    }

    pub(super) fn delay(&self) -> Option<Duration> {
        match self {
            Self::Slow { by, .. } => Some(*by),
            Self::Answer { .. }
            | Self::Silent { .. }
            | Self::Drop { .. }
            | Self::KeepThenDrop
            | Self::KeepThenSilent
            | Self::KeepThenAnswer { .. } => None,
        }
    }
}
