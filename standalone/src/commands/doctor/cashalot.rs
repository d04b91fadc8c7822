//! What is asked of Cashälot.

use cashalot::{Client, RegistrarNumber, TransactionsRegistrarState};
use ledger::settings::Register;
use url::Url;

use super::super::facts::Known;
use super::super::report::{Line, Report};
use super::PATIENCE;
use super::register::wrong_key;

pub(super) async fn ask(
    register: &Register,
    base_url: Url,
    known: &Known,
    http: &reqwest::Client,
    report: &mut Report,
) {
    let Some(auth) = worker::providers::cashalot::auth(&register.credentials) else {
        report.tell(wrong_key(register));
        return;
    };
    let client = Client::new(http.clone(), base_url, auth.clone(), PATIENCE);
    match client.server_state().await.result {
        Ok(state) if state.available == Some(false) => report.tell(Line::note(
            "Cashälot answers, the tax service does not; wait: receipts are made offline or later",
        )),
        Ok(_) => report.tell(Line::good("Cashälot answers")),
        Err(error) => {
            report.tell(Line::person(
                format!("Cashälot cannot be reached: {}", telemetry::chain(&error)),
                "check base_url and the network",
            ));
            return;
        }
    }
    if let Some(certificate) = auth.certificate() {
        match client.certificate_info(certificate).await.result {
            // Once Kasyr has looked, the end is told from the ledger, with what to do about it.
            Ok(info) if known.day.certificate_until.is_none() => report.tell(Line::good(format!(
                "the certificate is valid until {}",
                info.valid_until.unwrap_or_default()
            ))),
            Ok(_) => {}
            Err(error) => report.tell(Line::person(
                format!("the certificate: {}", telemetry::chain(&error)),
                "check the certificate file",
            )),
        }
    }
    let question = TransactionsRegistrarState {
        registrar: RegistrarNumber(register.fiscal_number.get()),
        include_tax_object: false,
        uid: None,
    };
    match client.transactions_registrar_state(&question).await.result {
        Ok(_) => report.tell(Line::good("the register answers; it and its key are accepted")),
        Err(error) => report.tell(Line::person(
            format!("the register's state: {}", telemetry::chain(&error)),
            "check fiscal_number and credentials, apply them again",
        )),
    }
}
