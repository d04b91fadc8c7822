//! Signing in and out, the one-time link, the language.

mod cookies;
mod language;
mod pace;
pub(super) mod password;
mod second_step;
mod sign_in;
mod sign_out;
pub(super) mod welcome;

use ledger::people::Role;

use super::route::{Access, Route, get, post};

pub(crate) use pace::Pace;
pub(super) use second_step::SecondStep;
pub(super) use sign_in::own_path;

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/sign-in", Access::Anyone, sign_in::show),
        post("/sign-in", Access::Anyone, sign_in::sign_in),
        post("/sign-out", Access::Needs(Role::Accountant), sign_out::sign_out),
        get("/welcome/{token}", Access::Anyone, welcome::show),
        post("/welcome/{token}", Access::Anyone, welcome::accept),
        post("/language", Access::Anyone, language::choose),
    ]
}
