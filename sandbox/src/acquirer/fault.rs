//! What may go wrong on purpose.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::millis;

/// A fault of one callback, drawn when the snapshot is made. It spoils the first attempt only, so that the retry shows
/// what a receiver makes of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum CallbackFault {
    /// The first send is lost on the way; the retry comes.
    Drop,
    /// No send arrives, nor any retry: the callback is never delivered.
    Lose,
    /// Sent this much later.
    Delay {
        /// How much.
        #[serde(rename = "ms", with = "millis")]
        by: Duration,
    },
    /// The same body is sent again, whatever was answered.
    Duplicate {
        /// How many times more.
        copies: u32,
    },
    /// Held back until the next snapshot of the payment has gone out (or the first retry delay has passed).
    Reorder,
    /// An older snapshot of the payment follows it.
    ReplayOld,
    /// A signature that does not fit.
    WrongSignature,
    /// Half the body.
    TruncatedBody,
    /// A field nobody heard of, correctly signed.
    UnknownField,
    /// A content type that does not fit the body.
    WrongContentType,
    /// The connection is reset in the middle of the body.
    Reset,
    /// The body trickles in over this time.
    SlowSend {
        /// How long.
        #[serde(rename = "ms", with = "millis")]
        over: Duration,
    },
}

/// A fault of one API call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum ApiFault {
    /// HTTP 502 and nothing is done.
    ServerError,
    /// HTTP 502 although everything was done.
    ServerErrorAfter,
    /// Everything is done and the connection is cut without an answer.
    AnswerLost,
    /// The answer comes this much later.
    Slow {
        /// How much.
        #[serde(rename = "ms", with = "millis")]
        by: Duration,
    },
    /// The system says that there is no such payment, and does nothing.
    NotFound,
    /// The system says that there were too many requests, and does nothing.
    TooManyRequests,
    /// HTTP 200 with a page of text, and nothing is done.
    NotJson,
    /// Where answers are signed: everything is done, and the answer's signature does not fit.
    WrongSignature,
    /// Refunds only: accepted and left waiting until `Simulator::finish_refunds`.
    RefundPending,
    /// Refunds only: the system says that it could not be done, and does nothing.
    RefundFailed,
}
