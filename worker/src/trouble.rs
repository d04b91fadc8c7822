//! A register in trouble: how long it rests and who is told.

use domain::ids::RegisterId;
use domain::time::UnixMillis;
use ledger::LedgerError;
use ledger::alerts::{NewAlert, Severity, Words};
use ledger::settings::Register;
use ledger::tape::{Health, REGISTER_TROUBLE};
use tracing::{error, warn};

use crate::config::WorkerTimes;
use crate::providers::{Failure, FailureClass};

/// After so many failures in a row an outage is worth an alert.
const ALERT_AFTER: u32 = 5;

/// What a failure means for its register.
pub(crate) fn health(register: &Register, failure: &Failure, times: &WorkerTimes, now: UnixMillis) -> Health {
    let failures = register.failures.saturating_add(1);
    let schedule = match failure.class {
        FailureClass::Misconfigured => times.misconfigured_backoff,
        FailureClass::NotDone
        | FailureClass::Unknown
        | FailureClass::Repair
        | FailureClass::Desync
        | FailureClass::Refused
        | FailureClass::Operator
        | FailureClass::Unrecognised => times.register_backoff,
    };
    Health::Trouble {
        until: now.plus(schedule.wait(failures)),
        word: failure.word.clone(),
        alert: alert(register, failure, failures).map(Box::new),
    }
}

fn alert(register: &Register, failure: &Failure, failures: u32) -> Option<NewAlert> {
    let (severity, next_step) = match failure.class {
        FailureClass::NotDone | FailureClass::Unknown if failures < ALERT_AFTER => return None,
        FailureClass::NotDone | FailureClass::Unknown => (
            Severity::Warning,
            Words::new(
                "Receipts wait and go out by themselves once it answers; check the provider's status.",
                "Чеки чекають і підуть самі, щойно провайдер відповість; перевірте його стан.",
            ),
        ),
        FailureClass::Repair | FailureClass::Desync => (
            Severity::Critical,
            Words::new(
                "The register's state is not what it should be. Look at it in the provider's cabinet; receipts wait \
                 and nothing is lost.",
                "Стан каси не такий, як має бути. Перегляньте її в кабінеті провайдера; чеки чекають, нічого не втрачено.",
            ),
        ),
        FailureClass::Misconfigured => (
            Severity::Critical,
            Words::new(
                "Check the register's number, key and licence, correct them in the settings (or with kasyr apply); receipts wait until then.",
                "Перевірте номер, ключ і ліцензію каси, виправте їх у налаштуваннях (або командою kasyr apply); до того чеки чекають.",
            ),
        ),
        FailureClass::Operator => (
            Severity::Critical,
            Words::new(
                "Offline documents are stuck at the provider. Call its support; receipts wait.",
                "Офлайн-документи застрягли в провайдера. Зверніться до його підтримки; чеки чекають.",
            ),
        ),
        FailureClass::Refused | FailureClass::Unrecognised => (
            Severity::Critical,
            Words::new(
                "The provider gave an answer we do not know. Look at the attempts; receipts wait.",
                "Провайдер дав невідому нам відповідь. Перегляньте спроби; чеки чекають.",
            ),
        ),
    };
    Some(NewAlert {
        kind: REGISTER_TROUBLE,
        subject: register.id.to_string(),
        severity,
        merchant: Some(register.merchant.clone()),
        register: Some(register.id.clone()),
        text: Words::new(
            format!("Register {}: {}.", register.id, failure.text.en),
            format!("Каса {}: {}.", register.id, failure.text.uk),
        ),
        next_step,
    })
}

/// Ledger trouble is logged once, with its whole chain; an outage passes by itself.
pub(crate) fn log_ledger(what: &str, failure: &LedgerError) {
    let chain = telemetry::chain(failure);
    if failure.is_outage() {
        warn!(error = %chain, "Could not {what}; it will be tried again");
    } else {
        error!(error = %chain, "Could not {what}");
    }
}

/// The same for a register.
pub(crate) fn log_register(register: &RegisterId, failure: &Failure) {
    warn!(register.id = %register, code = %failure.word, "Register {register}: {}", failure.text.en);
}
