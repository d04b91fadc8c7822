//! What is asked of ATOL Online. Whether the group is the account's shows only with a document.

use ledger::settings::Register;
use wire::Tokens;
use worker::providers::atol_online::{Setup, Unfit};

use super::super::report::{Line, Report};
use super::PATIENCE;
use super::register::wrong_key;

pub(super) async fn ask(register: &Register, http: &reqwest::Client, report: &mut Report) {
    let setup = match Setup::of(register) {
        Ok(setup) => setup,
        Err(Unfit::WrongKey) => return report.tell(wrong_key(register)),
        Err(unfit @ (Unfit::BadAddress | Unfit::OtherVersion | Unfit::BadOption(_))) => {
            let text = unfit.to_string();
            return report.tell(Line::person(text, "correct it in the settings file and apply it again"));
        }
    };
    let Some(client) = setup.client(http.clone(), Tokens::default(), PATIENCE) else {
        let text = "its base_url is not a URL";
        return report.tell(Line::person(text, "correct it in the settings file and apply it again"));
    };
    match client.check_access().await.result {
        Ok(()) => report.tell(Line::good(
            "ATOL Online answers; the account and the protocol are accepted",
        )),
        Err(error) => report.tell(Line::person(
            format!("ATOL Online gives no token: {}", telemetry::chain(&error)),
            "check base_url, protocol and credentials, apply them again",
        )),
    }
}
