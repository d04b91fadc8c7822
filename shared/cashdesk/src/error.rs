//! What can go wrong with one exchange, and what that allows the caller to do.

use std::time::Duration;

use wire::Unanswered;

use crate::refusal::Class;

/// Why an exchange gave no typed answer. Texts hold no secret and no address.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No byte of the request reached CashDesk: no connection, no name, no TLS, or it could not be built.
    #[error("could not connect to CashDesk")]
    NotSent(#[source] TransportError),
    /// There is no token, so the request itself was not sent, or was refused with 401 and not sent again.
    #[error("could not log in to CashDesk")]
    NotLoggedIn(#[source] Box<Self>),
    /// The request may have left, and no whole answer came.
    #[error("CashDesk gave no answer")]
    NoAnswer {
        /// From the start of the request to the failure.
        waited: Duration,
        /// How it ended: time-out, reset, half an answer.
        #[source]
        source: TransportError,
    },
    /// An answer came that says nothing trustworthy about what was done.
    #[error("CashDesk answered HTTP {http_status} with {reason}")]
    BadAnswer {
        /// The status line's number.
        http_status: u16,
        /// What is wrong with it.
        reason: Flaw,
    },
    /// HTTP 401, also to a fresh token: not done.
    #[error("CashDesk does not take our token")]
    Unauthorized,
    /// CashDesk refused, nearly always in words only (sheet §9): not done.
    #[error("CashDesk refused with HTTP {http_status}: {message}")]
    Refused {
        /// 400–499, or 200 with an error in the body of an answer to a question.
        http_status: u16,
        /// The text for people, in Ukrainian, shortened; empty if none.
        message: String,
        /// `type`, if there is one.
        level: Option<Level>,
        /// `Shift-state`, if it was told.
        shift_open: Option<bool>,
        /// What the refusal likely means.
        class: Class,
    },
}

wire::words! {
    /// How bad a refusal is, in CashDesk's word.
    Level {
        /// May work later.
        Warning = "WARNING",
        /// Refused.
        Error = "ERROR",
    }
}

/// What is wrong with an answer that came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// A status that promises no answer: 5xx, 3xx, 408.
    Status,
    /// A refusal without words: a proxy's page, half a body.
    NoMessage,
    /// Larger than any honest answer.
    TooLarge,
    /// Not JSON, or cut short.
    NotJson,
    /// A field has a shape that cannot be read.
    Shape(&'static str),
    /// Success, but without what the answer means nothing without.
    Missing(&'static str),
    /// Success, but of another document than the one sent.
    OtherDocument,
}

impl std::fmt::Display for Flaw {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Status => f.write_str("a failure status"),
            Self::NoMessage => f.write_str("a refusal without a message"),
            Self::TooLarge => f.write_str("a body that is too large"),
            Self::NotJson => f.write_str("a body that is not JSON"),
            Self::Shape(name) => write!(f, "an unexpected {name}"),
            Self::Missing(name) => write!(f, "success but no {name}"),
            Self::OtherDocument => f.write_str("another document"),
        }
    }
}

impl From<wire::CallbackError> for Flaw {
    fn from(error: wire::CallbackError) -> Self {
        match error {
            wire::CallbackError::MissingField(name) => Self::Missing(name),
            wire::CallbackError::BadField(name) | wire::CallbackError::BrokenBase64(name) => Self::Shape(name),
            wire::CallbackError::Malformed(_)
            | wire::CallbackError::MissingSignature
            | wire::CallbackError::WrongSignature
            | wire::CallbackError::WrongMerchant => Self::NotJson,
        }
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
    #[error("others were logging in for all that time")]
    Queue,
}

impl TransportError {
    pub(crate) const fn queue() -> Self {
        Self(Inner::Queue)
    }

    /// The request could not even be built: a wrong address, a control character in a token.
    fn is_ours(&self) -> bool {
        match &self.0 {
            Inner::Http(error) => error.is_builder(),
            Inner::Encode(_) => true,
            Inner::Queue => false,
        }
    }
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
    pub fn class(&self) -> Class {
        match self {
            Self::NotSent(source) if source.is_ours() => Class::Misconfigured,
            Self::NotSent(_) => Class::NotDone,
            Self::NoAnswer { .. } | Self::BadAnswer { .. } => Class::Unknown,
            Self::Unauthorized => Class::Misconfigured,
            Self::Refused { class, .. } => *class,
            Self::NotLoggedIn(why) => match why.class() {
                // Whatever became of the login, our request was not done.
                Class::NotDone | Class::Unknown | Class::TaxServiceAway | Class::QueueNotEmpty => Class::NotDone,
                Class::ShiftAlreadyOpen
                | Class::ShiftClosed
                | Class::KeyAbsent
                | Class::NotFound
                | Class::Misconfigured
                | Class::Refused => Class::Misconfigured,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_has_its_class() {
        let refused = |class| Error::Refused {
            http_status: 400,
            message: String::new(),
            level: None,
            shift_open: None,
            class,
        };
        let queue = || Error::NoAnswer {
            waited: Duration::ZERO,
            source: TransportError::queue(),
        };
        let bad = |http_status| Error::BadAnswer {
            http_status,
            reason: Flaw::Status,
        };
        let login = |error| Error::NotLoggedIn(Box::new(error));
        for (error, class) in [
            (Error::NotSent(TransportError::queue()), Class::NotDone),
            (queue(), Class::Unknown),
            (bad(502), Class::Unknown),
            (Error::Unauthorized, Class::Misconfigured),
            (refused(Class::ShiftClosed), Class::ShiftClosed),
            (login(queue()), Class::NotDone),
            (login(bad(502)), Class::NotDone),
            (login(Error::NotSent(TransportError::queue())), Class::NotDone),
            (login(refused(Class::NotDone)), Class::NotDone),
            (login(refused(Class::Refused)), Class::Misconfigured),
            (login(Error::Unauthorized), Class::Misconfigured),
        ] {
            assert_eq!(error.class(), class, "{error:?}");
        }
    }
}
