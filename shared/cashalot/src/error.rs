//! What can go wrong with one exchange, and what that allows the caller to do.

use std::time::Duration;

use wire::Unanswered;

use crate::code::{Class, ErrorCode};

/// Why an exchange gave no typed answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No byte of the request reached the provider: no connection, no name, no TLS.
    #[error("could not connect to Cashälot")]
    NotSent(#[source] TransportError),
    /// The request may have left, and no whole answer came.
    #[error("Cashälot gave no answer")]
    NoAnswer {
        /// From the start of the request to the failure.
        waited: Duration,
        /// How it ended: time-out, reset, half an answer.
        #[source]
        source: TransportError,
    },
    /// An answer came that says nothing trustworthy about what was done.
    #[error("Cashälot answered HTTP {http_status} with {reason}")]
    BadAnswer {
        /// The status line's number.
        http_status: u16,
        /// What is wrong with it.
        reason: Flaw,
    },
    /// An HTTP 4xx without the provider's own error code in the body.
    #[error("Cashälot refused the request with HTTP {http_status}")]
    HttpRefused {
        /// 400–499.
        http_status: u16,
    },
    /// The provider refused with its own code.
    #[error("Cashälot refused: {code}")]
    Refused {
        /// Which refusal.
        code: ErrorCode,
        /// The provider's text for people, in Ukrainian; empty if none. Never parse it for control flow (sheet §5.3).
        message: String,
    },
}

/// What is wrong with an answer that came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// A status that promises no answer to the command: 5xx, 3xx, 408.
    Status,
    /// Nothing in the body.
    Empty,
    /// Larger than any honest answer.
    TooLarge,
    /// Not JSON, or cut short.
    NotJson,
    /// JSON, but not an object.
    NotAnObject,
    /// No `ErrorCode` that can be read.
    NoErrorCode,
    /// `ErrorCode` says success although the HTTP status says failure.
    OkWithFailureStatus,
    /// Success, but a field has a shape that cannot be read.
    Shape,
    /// Success, but the fiscal number, the local number or the time of the document is missing.
    MissingDocument,
}

impl std::fmt::Display for Flaw {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Status => "a failure status",
            Self::Empty => "an empty body",
            Self::TooLarge => "a body that is too large",
            Self::NotJson => "a body that is not JSON",
            Self::NotAnObject => "JSON that is not an object",
            Self::NoErrorCode => "no error code",
            Self::OkWithFailureStatus => "success in the body but not in the status",
            Self::Shape => "a field of an unexpected shape",
            Self::MissingDocument => "success but no document",
        })
    }
}

/// What the transport said. Holds no address and no body.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct TransportError(Inner);

#[derive(Debug, thiserror::Error)]
enum Inner {
    #[error(transparent)]
    Http(reqwest::Error),
    #[error("the request cannot be written as JSON")]
    Encode(#[source] serde_json::Error),
}

impl From<serde_json::Error> for TransportError {
    fn from(error: serde_json::Error) -> Self {
        Self(Inner::Encode(error))
    }
}

impl From<Unanswered> for Error {
    fn from(unanswered: Unanswered) -> Self {
        match unanswered {
            Unanswered::NotSent(source) => Self::NotSent(TransportError(Inner::Http(source))),
            Unanswered::NoAnswer { waited, source, .. } => Self::NoAnswer {
                waited,
                source: TransportError(Inner::Http(source)),
            },
            Unanswered::TooLarge { http_status } => Self::BadAnswer {
                http_status,
                reason: Flaw::TooLarge,
            },
        }
    }
}

impl Error {
    /// What this failure allows. Exhaustive on purpose: a new variant must be classed here.
    pub const fn class(&self) -> Class {
        match self {
            Self::NotSent(_) => Class::NotDone,
            Self::NoAnswer { .. } | Self::BadAnswer { .. } => Class::Unknown,
            Self::HttpRefused { http_status: 429 } => Class::NotDone,
            Self::HttpRefused { .. } => Class::Misconfigured,
            Self::Refused { code, .. } => code.class(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_has_its_class() {
        let refused = Error::Refused {
            code: ErrorCode::InvalidTin,
            message: String::new(),
        };
        for (error, class) in [
            (
                Error::BadAnswer {
                    http_status: 503,
                    reason: Flaw::Status,
                },
                Class::Unknown,
            ),
            (
                Error::BadAnswer {
                    http_status: 200,
                    reason: Flaw::MissingDocument,
                },
                Class::Unknown,
            ),
            (Error::HttpRefused { http_status: 429 }, Class::NotDone),
            (Error::HttpRefused { http_status: 404 }, Class::Misconfigured),
            (refused, Class::Misconfigured),
        ] {
            assert_eq!(error.class(), class, "{error}");
        }
    }
}
