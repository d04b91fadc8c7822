//! What is asked of CashDesk.

use cashdesk::{Class, Client};
use ledger::settings::Register;
use url::Url;

use super::super::report::{Line, Report};
use super::PATIENCE;

pub(super) async fn ask(register: &Register, base_url: Url, http: &reqwest::Client, report: &mut Report) {
    let credentials = match worker::providers::cashdesk::credentials(register) {
        Ok(credentials) => credentials,
        Err(why) => {
            let next = "correct options and credentials in the settings file and apply it again";
            report.tell(Line::person(why.en, next));
            return;
        }
    };
    let tokens = wire::Tokens::default();
    let client = Client::new(http.clone(), base_url, credentials, tokens, PATIENCE);
    match client.check_login().await.result {
        Ok(_) => report.tell(Line::good("CashDesk answers, and takes our credentials")),
        Err(error) => {
            let text = telemetry::chain(&error);
            report.tell(match error.class() {
                Class::Misconfigured | Class::Refused => Line::person(
                    format!("CashDesk does not take our credentials: {text}"),
                    "check credentials and options.developer_id, apply them again",
                ),
                Class::NotDone
                | Class::Unknown
                | Class::ShiftAlreadyOpen
                | Class::ShiftClosed
                | Class::TaxServiceAway
                | Class::KeyAbsent
                | Class::QueueNotEmpty
                | Class::NotFound => Line::person(
                    format!("CashDesk cannot be reached: {text}"),
                    "check base_url (it ends with /api/v2) and the network",
                ),
            });
            return;
        }
    }
    match client.tax_object(register.fiscal_number.get()).await.result {
        Ok(answer) => {
            let shift = match answer.shift_open {
                Some(true) => "its shift is open",
                Some(false) => "its shift is closed",
                None => "it does not tell of its shift",
            };
            report.tell(Line::good(format!("the register answers; {shift}")));
        }
        Err(error) => report.tell(Line::person(
            format!("the register: {}", telemetry::chain(&error)),
            "check fiscal_number, and that the account may use this register",
        )),
    }
}
