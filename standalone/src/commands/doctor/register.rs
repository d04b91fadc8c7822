//! The live questions about a register: does its provider answer, does it know the register, does it take the key?

use ledger::settings::{Provider, Register};
use url::Url;

use super::super::facts::Known;
use super::super::report::{Line, Report};
use super::{atol_online, cashalot, cashdesk};

pub(super) async fn ask(register: &Register, known: &Known, http: &reqwest::Client, report: &mut Report) {
    let Ok(base_url) = Url::parse(&register.base_url) else {
        report.tell(Line::person(
            "its base_url is not a URL",
            "correct it in the settings file and apply it again",
        ));
        return;
    };
    match register.provider {
        Provider::Cashalot => cashalot::ask(register, base_url, known, http, report).await,
        Provider::CashDesk => cashdesk::ask(register, base_url, http, report).await,
        Provider::AtolOnline => atol_online::ask(register, http, report).await,
    }
}

/// A key of a kind that the provider does not take.
pub(super) fn wrong_key(register: &Register) -> Line {
    let text = format!("{} takes no such key", register.provider.name());
    Line::person(text, "correct credentials in the settings file and apply it again")
}
