//! What went wrong, as a class and as people read it.

use ::atol_online::{Class, Error, Trouble};
use ledger::alerts::Words;
use wire::Unanswered;

use crate::providers::{Failure, FailureClass};

/// A call that failed.
pub(super) fn failure(error: &Error) -> Failure {
    let class = match error.class() {
        // A token that was just renewed and is refused says nothing of the register.
        Class::NotDone | Class::Auth => FailureClass::NotDone,
        Class::Unknown | Class::Accepted => FailureClass::Unknown,
        Class::Misconfigured => FailureClass::Misconfigured,
        Class::Refused => FailureClass::Refused,
        Class::NotFound => FailureClass::Unrecognised,
    };
    Failure {
        class,
        word: word(error),
        text: told(error),
        unreachable: is_unreachable(error),
        answered: is_answer(error),
        tax_service_away: false,
    }
}

/// The error of the service, with its text: contacts are masked by the client.
pub(super) fn trouble(trouble: &Trouble) -> String {
    match trouble.text.trim() {
        "" => trouble.to_string(),
        text => format!("{trouble}: {}", telemetry::mask::text(text)),
    }
}

fn told(error: &Error) -> Words {
    let chain = || telemetry::chain(error);
    match error {
        Error::Refused(refused) => {
            let text = trouble(refused);
            Words::new(
                format!("ATOL Online refused: {text}"),
                format!("ATOL Online відмовив: {text}"),
            )
        }
        Error::NoToken(source) => {
            let inner = told(source);
            Words::new(format!("no token: {}", inner.en), format!("немає токена: {}", inner.uk))
        }
        Error::TokenLate { .. } => Words::new(chain(), "токен не прийшов вчасно"),
        Error::Unanswered(Unanswered::NotSent(_)) => Words::new(chain(), "не вдалося з’єднатися з ATOL Online"),
        Error::Unanswered(Unanswered::NoAnswer { .. } | Unanswered::TooLarge { .. }) => {
            Words::new(chain(), "ATOL Online не дав відповіді")
        }
        Error::BadAnswer { http_status, .. } => Words::new(
            chain(),
            format!("ATOL Online відповів HTTP {http_status} не так, як мав би"),
        ),
        Error::HttpRefused { http_status } => {
            Words::new(chain(), format!("ATOL Online відхилив запит із HTTP {http_status}"))
        }
        Error::DuplicateWithoutUuid => Words::new(chain(), "ATOL Online уже має цей документ, але не каже його uuid"),
        Error::OtherDocument => Words::new(chain(), "ATOL Online відповів про інший документ"),
    }
}

fn word(error: &Error) -> String {
    match error {
        Error::Refused(trouble) => {
            let kind = match &trouble.kind {
                ::atol_online::ErrorType::Other(_) => "other",
                known => known.as_str(),
            };
            format!("{kind}_{}", trouble.code)
        }
        Error::NoToken(source) => format!("token_{}", word(source)),
        Error::TokenLate { .. } => "token_late".to_owned(),
        Error::Unanswered(Unanswered::NotSent(_)) => "not_sent".to_owned(),
        Error::Unanswered(Unanswered::NoAnswer { .. }) => "no_answer".to_owned(),
        Error::Unanswered(Unanswered::TooLarge { http_status }) | Error::BadAnswer { http_status, .. } => {
            format!("bad_answer_{http_status}")
        }
        Error::HttpRefused { http_status } => format!("http_{http_status}"),
        Error::DuplicateWithoutUuid => "duplicate_without_uuid".to_owned(),
        Error::OtherDocument => "other_document".to_owned(),
    }
}

fn is_unreachable(error: &Error) -> bool {
    match error {
        Error::Unanswered(Unanswered::NotSent(_)) => true,
        Error::NoToken(source) => is_unreachable(source),
        Error::Unanswered(Unanswered::NoAnswer { .. } | Unanswered::TooLarge { .. })
        | Error::BadAnswer { .. }
        | Error::HttpRefused { .. }
        | Error::Refused(_)
        | Error::DuplicateWithoutUuid
        | Error::OtherDocument
        | Error::TokenLate { .. } => false,
    }
}

/// The service itself spoke, so it is done with the request.
fn is_answer(error: &Error) -> bool {
    match error {
        Error::Refused(_) | Error::DuplicateWithoutUuid | Error::OtherDocument | Error::HttpRefused { .. } => true,
        Error::NoToken(source) => is_answer(source),
        Error::Unanswered(_) | Error::BadAnswer { .. } | Error::TokenLate { .. } => false,
    }
}
