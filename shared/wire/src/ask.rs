//! One question to a payment system's API, bounded in time and size, and the ways it fails.

use std::fmt;
use std::time::Duration;

use crate::{CallbackError, Malformed, Unanswered, exchange};

/// More than an answer about one order has; twenty refunds and fifty goods are 20 KB.
pub const ANSWER_BYTES: usize = 256 * 1024;

/// Why a question brought nothing that can be believed. All questions only read, so asking again
/// is always safe.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// The request did not leave: no connection, or it could not be built.
    #[error("the request could not be sent to the payment system")]
    NotSent(#[source] reqwest::Error),
    /// The request may have left and no whole answer came.
    #[error("the payment system gave no whole answer")]
    NoAnswer(#[source] reqwest::Error),
    /// An answer that is not the system's protocol: another HTTP status, a foreign body, too much
    /// of it.
    #[error("the payment system's answer is not understood (HTTP status {http_status})")]
    BadAnswer {
        /// The HTTP status of the answer.
        http_status: u16,
        /// What was wrong with its body, when that was looked at.
        #[source]
        source: Option<CallbackError>,
    },
    /// The system refused the question. Good for deciding whether to ask again, never as proof of
    /// anything about the money.
    #[error("the payment system refused the question, code {code}")]
    Refused {
        /// The system's code, shortened.
        code: String,
        /// What the code means for us.
        meaning: Meaning,
    },
    /// The answer's signature is missing or does not fit.
    #[error("the signature of the payment system's answer does not fit")]
    WrongSignature,
    /// A good answer about another order: an old answer played again.
    #[error("the payment system answered about another order")]
    OtherOrder,
}

/// What a refusal means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// The system has no such order.
    UnknownOrder,
    /// Its own trouble, or it was asked too often: later.
    Trouble,
    /// Our mistake: a wrong key, a closed shop.
    Ours,
}

impl AskError {
    /// A refusal with a code of theirs, cut to a length fit for a log.
    pub fn refused(code: &str, meaning: Meaning) -> Self {
        let code = code.chars().filter(|c| !c.is_control()).take(64).collect();
        Self::Refused { code, meaning }
    }

    /// May the same question be asked again with hope?
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::NotSent(_) | Self::NoAnswer(_) => true,
            // A proxy's page under 200 is as passing as a 5xx; any other 4xx is our own mistake.
            Self::BadAnswer { http_status, .. } => matches!(http_status, 200..=299 | 408 | 425 | 429 | 500..=599),
            Self::Refused { meaning, .. } => *meaning == Meaning::Trouble,
            Self::WrongSignature | Self::OtherOrder => false,
        }
    }

    /// True when the system says that it does not know the order.
    pub fn is_unknown_order(&self) -> bool {
        match self {
            Self::Refused { meaning, .. } => *meaning == Meaning::UnknownOrder,
            Self::NotSent(_) | Self::NoAnswer(_) | Self::BadAnswer { .. } | Self::WrongSignature | Self::OtherOrder => {
                false
            }
        }
    }
}

/// An answer as it came. No whole `Debug`: it may hold what is personal.
#[derive(Clone)]
pub struct Asked {
    /// Its HTTP status.
    pub http_status: u16,
    /// Its body, whole.
    pub body: Vec<u8>,
}

impl fmt::Debug for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asked")
            .field("http_status", &self.http_status)
            .finish_non_exhaustive()
    }
}

impl Asked {
    /// The body as text, of a 200 only.
    pub fn text(&self) -> Result<&str, AskError> {
        if self.http_status != 200 {
            return Err(self.bad(None));
        }
        std::str::from_utf8(&self.body).map_err(|_| self.bad(Some(Malformed::NotUtf8.into())))
    }

    /// An answer that is not the protocol.
    pub fn bad(&self, source: Option<CallbackError>) -> AskError {
        AskError::BadAnswer {
            http_status: self.http_status,
            source,
        }
    }
}

/// Sends a request and reads its answer to the end, up to [`ANSWER_BYTES`], as [`exchange`] does.
pub async fn ask(request: reqwest::RequestBuilder, timeout: Duration) -> Result<Asked, AskError> {
    let received = exchange(request, timeout, ANSWER_BYTES).await?;
    Ok(Asked {
        http_status: received.http_status,
        body: received.body,
    })
}

impl From<Unanswered> for AskError {
    fn from(unanswered: Unanswered) -> Self {
        match unanswered {
            Unanswered::NotSent(error) => Self::NotSent(error),
            Unanswered::NoAnswer { source, .. } => Self::NoAnswer(source),
            Unanswered::TooLarge { http_status } => Self::BadAnswer {
                http_status,
                source: None,
            },
        }
    }
}

#[cfg(test)]
mod tests;
