//! What goes wrong at a shop.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::millis;

/// What happens to a request. All but `DropBefore` take its body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum FaultKind {
    /// Answers this status.
    Status {
        /// Such as 400, 404, 410, 429, 500, 503.
        status: u16,
        /// Seconds of a `Retry-After`.
        #[serde(default)]
        retry_after: Option<u32>,
    },
    /// Sends the client elsewhere.
    Redirect {
        /// 301, 302, 303, 307 or 308.
        status: u16,
        /// `Location`, as it is.
        to: String,
    },
    /// Answers after a while, as usual or as another fault says.
    Slow {
        /// How long.
        #[serde(rename = "ms", with = "millis")]
        by: Duration,
    },
    /// Never answers; the connection stays open until the client leaves.
    Hang,
    /// Closes the connection when the head has come, before the body is read.
    DropBefore,
    /// Closes the connection without an answer when the body has been read.
    DropAfter,
    /// Answers with a body of so many octets.
    HugeAnswer {
        /// The status; None is the usual one.
        #[serde(default)]
        status: Option<u16>,
        /// How many; as many as the number can hold never end.
        bytes: u64,
    },
}

impl FaultKind {
    /// A status without more.
    pub fn status(status: u16) -> Self {
        Self::Status {
            status,
            retry_after: None,
        }
    }

    /// How long it holds an answer back; slowness is asked for by itself, for it goes with the others.
    pub(super) fn delay(&self) -> Option<Duration> {
        match self {
            Self::Slow { by } => Some(*by),
            Self::Status { .. }
            | Self::Redirect { .. }
            | Self::Hang
            | Self::DropBefore
            | Self::DropAfter
            | Self::HugeAnswer { .. } => None,
        }
    }
}
