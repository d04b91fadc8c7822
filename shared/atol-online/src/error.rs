//! What can go wrong with one call, and what that allows the caller to do.

use std::time::Duration;

use wire::Unanswered;

use crate::trouble::{ErrorType, Trouble};

/// What a failure means for the caller's next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Nothing was registered by this call; the same request may be sent again later.
    NotDone,
    /// It may have happened. The same body with the same `external_id` is safe to send again, without a limit; never
    /// a new id.
    Unknown,
    /// The token was refused although it was just renewed. Nothing was registered; later the same request again.
    Auth,
    /// The login, the group, the version or the address: nothing was registered, every other document fails the same
    /// way, and a person has to change the settings.
    Misconfigured,
    /// Refused at the door because of what the document says: nothing was registered, its `external_id` stays free.
    Refused,
    /// Registered earlier, and its uuid is not known: wait for its callback. Never a new id.
    Accepted,
    /// There is no result under this uuid, or it is no longer kept.
    NotFound,
}

/// Why a call gave no typed answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not reached, or no whole answer.
    #[error("ATOL Online gave no answer")]
    Unanswered(#[source] Unanswered),
    /// An answer came that says nothing trustworthy about what was done.
    #[error("ATOL Online answered HTTP {http_status} with {reason}")]
    BadAnswer {
        /// The status line's number.
        http_status: u16,
        /// What is wrong with it.
        reason: Flaw,
    },
    /// An HTTP 4xx without the service's own error in the body.
    #[error("the request was refused with HTTP {http_status}")]
    HttpRefused {
        /// 400–499.
        http_status: u16,
    },
    /// The service's own error.
    #[error("ATOL Online refused: {0}")]
    Refused(Trouble),
    /// Error 33 without the uuid of the first document.
    #[error("this external_id is registered already, and its uuid is not told")]
    DuplicateWithoutUuid,
    /// A result, but under another uuid.
    #[error("ATOL Online answered about another document")]
    OtherDocument,
    /// The request was not sent for want of a token.
    #[error("no token")]
    NoToken(#[source] Box<Error>),
    /// The request was not sent: others were still asking for the token.
    #[error("no token in {waited:?}")]
    TokenLate {
        /// The client's time limit.
        waited: Duration,
    },
}

/// What is wrong with an answer that came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// A status that promises no answer: 5xx, 3xx, 408.
    Status,
    /// Not a JSON object.
    NotAnObject,
    /// Success without a uuid that could be used.
    NoUuid,
    /// A state this crate does not know, or a failure without its reason where one is promised.
    NoState,
    /// `done` without the three numbers that identify a fiscal document.
    NoFiscalSign,
    /// Success without a token that could be used.
    NoToken,
}

impl std::fmt::Display for Flaw {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Status => "a failure status",
            Self::NotAnObject => "something that is not a JSON object",
            Self::NoUuid => "success but no uuid",
            Self::NoState => "no state that is known",
            Self::NoFiscalSign => "a result without its fiscal numbers",
            Self::NoToken => "success but no token",
        })
    }
}

impl Error {
    /// What this failure allows. Exhaustive on purpose: a new variant must be classed here.
    pub fn class(&self) -> Class {
        match self {
            Self::Unanswered(Unanswered::NotSent(_)) => Class::NotDone,
            Self::Unanswered(Unanswered::NoAnswer { .. } | Unanswered::TooLarge { .. }) => Class::Unknown,
            Self::BadAnswer { .. } | Self::OtherDocument => Class::Unknown,
            Self::HttpRefused { http_status } => match http_status {
                429 => Class::NotDone,
                // The service says with 400 and an error in the body all that it refuses, and that it knows a document
                // already: without the body nobody knows which.
                400 | 408 | 425 => Class::Unknown,
                413 => Class::Refused,
                _ => Class::Misconfigured,
            },
            Self::Refused(trouble) => trouble.class(),
            Self::DuplicateWithoutUuid => Class::Accepted,
            Self::NoToken(source) => match source.class() {
                // The request itself never left.
                Class::NotDone | Class::Unknown | Class::Accepted => Class::NotDone,
                Class::Auth => Class::Auth,
                Class::Misconfigured | Class::Refused | Class::NotFound => Class::Misconfigured,
            },
            Self::TokenLate { .. } => Class::NotDone,
        }
    }

    /// The service's own error, of the token's request too.
    pub fn trouble(&self) -> Option<&Trouble> {
        match self {
            Self::Refused(trouble) => Some(trouble),
            Self::NoToken(source) => source.trouble(),
            Self::Unanswered(_)
            | Self::BadAnswer { .. }
            | Self::HttpRefused { .. }
            | Self::DuplicateWithoutUuid
            | Self::OtherDocument
            | Self::TokenLate { .. } => None,
        }
    }

    /// The token is missing or at its end: worth a new one. Any other 401 is not.
    pub(crate) fn wants_token(&self) -> bool {
        match self {
            Self::Refused(trouble) => trouble.kind == ErrorType::System && matches!(trouble.code, 10 | 11),
            Self::Unanswered(_)
            | Self::BadAnswer { .. }
            | Self::HttpRefused { .. }
            | Self::DuplicateWithoutUuid
            | Self::OtherDocument
            | Self::NoToken(_)
            | Self::TokenLate { .. } => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_has_its_class() {
        let bad = |http_status| Error::BadAnswer {
            http_status,
            reason: Flaw::Status,
        };
        let http = |http_status| Error::HttpRefused { http_status };
        let refused = |code| Error::Refused(Trouble::new(ErrorType::System, code, ""));
        let no_token = |error| Error::NoToken(Box::new(error));
        let late = Error::TokenLate {
            waited: Duration::from_secs(1),
        };
        for (error, class) in [
            (bad(503), Class::Unknown),
            (bad(200), Class::Unknown),
            (http(429), Class::NotDone),
            (http(400), Class::Unknown),
            (http(408), Class::Unknown),
            (http(413), Class::Refused),
            (http(404), Class::Misconfigured),
            (http(401), Class::Misconfigured),
            (refused(32), Class::Refused),
            (Error::DuplicateWithoutUuid, Class::Accepted),
            (Error::OtherDocument, Class::Unknown),
            (late, Class::NotDone),
            (no_token(bad(502)), Class::NotDone),
            (no_token(refused(50)), Class::NotDone),
            (no_token(refused(11)), Class::Auth),
            (no_token(refused(12)), Class::Misconfigured),
            (no_token(refused(13)), Class::Misconfigured),
            (no_token(http(404)), Class::Misconfigured),
            (no_token(http(400)), Class::NotDone),
        ] {
            assert_eq!(error.class(), class, "{error}");
        }
    }
}
