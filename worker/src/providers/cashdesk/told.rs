//! What went wrong in an exchange: what it allows, and how an alert tells it.

use ::cashdesk::{Class, Error};
use ledger::alerts::Words;

/// The word of a refusal that says that there is no such thing.
pub(super) const NOT_FOUND: &str = "not_found";

use crate::providers::{Failure, FailureClass};

const SHIFT_CLOSED: &str = "shift_closed";
const SHIFT_OPEN: &str = "shift_already_open";

pub(super) fn failure(error: &Error) -> Failure {
    let class = error.class();
    let (word, answered) = match error {
        Error::NotSent(_) => ("not_sent".to_owned(), false),
        Error::NotLoggedIn(_) => ("not_logged_in".to_owned(), false),
        Error::NoAnswer { .. } => ("no_answer".to_owned(), false),
        Error::BadAnswer { http_status, .. } => (format!("bad_answer_{http_status}"), false),
        Error::Unauthorized => ("unauthorized".to_owned(), true),
        Error::Refused { .. } => (word(class).to_owned(), true),
    };
    Failure {
        class: allowed(class),
        word,
        text: told(error),
        unreachable: is_unreachable(error),
        answered,
        tax_service_away: match class {
            // The tax service does not have everything yet: that is no trouble of the register's.
            Class::TaxServiceAway | Class::QueueNotEmpty => true,
            Class::NotDone
            | Class::Unknown
            | Class::ShiftAlreadyOpen
            | Class::ShiftClosed
            | Class::KeyAbsent
            | Class::NotFound
            | Class::Misconfigured
            | Class::Refused => false,
        },
    }
}

/// What a class allows. "No link to the tax service" is known by its words only, and comes under the status of a
/// refusal: it is asked about before anything is sent again.
fn allowed(class: Class) -> FailureClass {
    match class {
        Class::NotDone | Class::QueueNotEmpty => FailureClass::NotDone,
        Class::Unknown | Class::TaxServiceAway => FailureClass::Unknown,
        Class::ShiftAlreadyOpen | Class::ShiftClosed => FailureClass::Repair,
        Class::KeyAbsent | Class::Misconfigured => FailureClass::Misconfigured,
        // No such thing is no answer to a document.
        Class::NotFound => FailureClass::Unrecognised,
        Class::Refused => FailureClass::Refused,
    }
}

fn word(class: Class) -> &'static str {
    match class {
        Class::NotDone => "not_done",
        Class::Unknown => "unknown",
        Class::ShiftAlreadyOpen => SHIFT_OPEN,
        Class::ShiftClosed => SHIFT_CLOSED,
        Class::TaxServiceAway => "tax_service_away",
        Class::KeyAbsent => "key_absent",
        Class::QueueNotEmpty => "queue_not_empty",
        Class::NotFound => NOT_FOUND,
        Class::Misconfigured => "misconfigured",
        Class::Refused => "refused",
    }
}

fn is_unreachable(error: &Error) -> bool {
    match error {
        Error::NotSent(_) => true,
        Error::NotLoggedIn(why) => is_unreachable(why),
        Error::NoAnswer { .. } | Error::BadAnswer { .. } | Error::Unauthorized | Error::Refused { .. } => false,
    }
}

/// The provider's own text is Ukrainian and stays as it is.
fn told(error: &Error) -> Words {
    let chain = || telemetry::chain(error);
    match error {
        Error::Refused {
            http_status, message, ..
        } if message.is_empty() => Words::new(chain(), format!("CashDesk відхилив запит із HTTP {http_status}")),
        Error::Refused { message, .. } => {
            let text = telemetry::mask::text(message).to_string();
            Words::new(text.clone(), text)
        }
        Error::NotSent(_) => Words::new(chain(), "не вдалося з’єднатися з CashDesk"),
        Error::NotLoggedIn(_) => Words::new(chain(), "не вдалося увійти до CashDesk"),
        Error::Unauthorized => Words::new(chain(), "CashDesk не приймає наш токен"),
        Error::NoAnswer { .. } => Words::new(chain(), "CashDesk не дав відповіді"),
        Error::BadAnswer { http_status, .. } => Words::new(
            chain(),
            format!("CashDesk відповів HTTP {http_status} не так, як мав би"),
        ),
    }
}

/// A command's time was over.
pub(super) fn cut() -> Failure {
    let text = Words::new("CashDesk gave no answer in time", "CashDesk не відповів вчасно");
    Failure::ours(FailureClass::Unknown, "no_answer", text)
}

pub(super) fn is_closed_shift(failure: &Failure) -> bool {
    failure.answered && failure.word == SHIFT_CLOSED
}

pub(super) fn is_open_shift(failure: &Failure) -> bool {
    failure.answered && failure.word == SHIFT_OPEN
}

/// The shift is open now, and too little time is left to send the document.
pub(super) fn shift_was_opened() -> Failure {
    let text = Words::new(
        "the shift had to be opened first, and that took long",
        "спершу довелося відкрити зміну, і це забрало багато часу",
    );
    Failure {
        answered: true,
        ..Failure::ours(FailureClass::NotDone, "shift_was_opened", text)
    }
}

/// What a failure to open the shift means for a document that was refused for want of one: it was not done, whatever
/// became of the opening.
pub(super) fn before(class: FailureClass) -> FailureClass {
    match class {
        FailureClass::NotDone | FailureClass::Unknown | FailureClass::Unrecognised => FailureClass::NotDone,
        FailureClass::Repair | FailureClass::Desync | FailureClass::Refused => FailureClass::Repair,
        FailureClass::Misconfigured => FailureClass::Misconfigured,
        FailureClass::Operator => FailureClass::Operator,
    }
}

/// The answer came, and a list that it should have does not stand in it.
pub(super) fn no_list() -> Failure {
    let text = Words::new("the report does not list its checks", "звіт не перелічує своїх чеків");
    Failure {
        answered: true,
        ..Failure::ours(FailureClass::NotDone, "no_list", text)
    }
}
