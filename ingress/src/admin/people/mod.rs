//! Users and their roles. They are made without a password: a one-time link, shown once, is for them to
//! choose it, so that no administrator knows anybody's.

mod change;
mod fields;
mod invite;
mod list;

use ledger::people::{Role, UserError};

use super::error::PageError;
use super::language::Language;
use super::route::{Access, Route, get, post};

pub(super) fn routes() -> Vec<Route> {
    let administrator = Access::Needs(Role::Administrator);
    vec![
        get("/settings/users", administrator, list::show),
        get("/settings/users/new", administrator, invite::show),
        post("/settings/users/new", administrator, invite::invite),
        get("/settings/users/{id}", administrator, change::show),
        post("/settings/users/{id}", administrator, change::save),
        post("/settings/users/{id}/link", administrator, invite::again),
    ]
}

/// What is wrong, for people; or an error that is no mistake of theirs.
fn words(l: Language, error: UserError) -> Result<&'static str, PageError> {
    Ok(match error {
        UserError::LoginTaken => l.say("Такий логін уже є.", "Somebody has this login."),
        UserError::BadLogin => l.say(
            "Логін: від 1 до 64 літер, цифр і знаків . - _ @ +, без пробілів.",
            "A login has 1 to 64 letters, digits and . - _ @ +, no spaces.",
        ),
        UserError::BadName => l.say("Ім'я: від 1 до 100 знаків.", "A name has 1 to 100 characters."),
        UserError::UnknownLanguage => l.say("Такої мови немає.", "There is no such language."),
        UserError::OutOfReach => l.say(
            "Позначте хоча б одного продавця, якого ви самі бачите.",
            "Tick at least one merchant that you see yourself.",
        ),
        UserError::Disabled => l.say(
            "Користувача вимкнено: спершу ввімкніть його.",
            "The user is switched off: switch them on first.",
        ),
        UserError::LastAdministrator => l.say(
            "Це останній адміністратор, що бачить усе: хтось такий має лишитися.",
            "This is the last administrator who sees everything: somebody like that must be left.",
        ),
        UserError::NotFound => return Err(PageError::NoSuchPage),
        UserError::Ledger(error) => return Err(error.into()),
    })
}
