//! Cashälot (`cashalot.md`): how our documents become its checks, and how a doubt is settled.

mod check;
mod day;
mod find;
mod told;

use ::cashalot::{
    Auth, Check, Class, Client, Error, ErrorCode, Image, RegisterCheck, RegisteredCheck, RegisteredDocument,
    RegistrarNumber, RegistrarState, ShiftState, TransactionsRegistrarState,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::document::{Presence, Registration, Rendering};
use domain::ids::FiscalNumber;
use ledger::alerts::Words;
use ledger::settings::{Credentials, Register};
use ledger::tape::NewAttempt;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use url::Url;
use wire::Exchange;

use super::{Answered, Asked, Draft, Failure, FailureClass, Look, Sent, What, attempt};

/// The QR picture's side in pixels.
const QR_SIZE: u16 = 256;

/// One register at Cashälot.
pub(crate) struct Cashalot {
    client: Client,
    number: RegistrarNumber,
}

/// What is kept of the register's state with an intent (`cashalot.md` §9).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Before {
    shift_open: Option<bool>,
    shift_id: Option<i64>,
    next_local: Option<u64>,
    last_fiscal: Option<String>,
    offline_session: Option<i64>,
    offline_next: Option<u64>,
    offline_present: Option<bool>,
}

impl Cashalot {
    /// Fails when the register's address is not a URL.
    pub fn new(http: reqwest::Client, register: &Register, timeout: Duration) -> Result<Self, Failure> {
        let base_url = Url::parse(&register.base_url).map_err(|_| {
            let text = Words::new("its base_url is not a URL", "її base_url не є адресою");
            Failure::ours(FailureClass::Misconfigured, "bad_base_url", text)
        })?;
        let auth = auth(&register.credentials).ok_or_else(|| {
            let text = Words::new(
                "this provider takes no such key",
                "цей провайдер не приймає таких ключів",
            );
            Failure::ours(FailureClass::Misconfigured, "wrong_key_kind", text)
        })?;
        let number = RegistrarNumber(register.fiscal_number.get());
        Ok(Self {
            client: Client::new(http, base_url, auth, timeout),
            number,
        })
    }

    async fn read_state(&self) -> Asked<Result<Look, Failure>> {
        let (state, attempt) = self.state().await;
        let value = state.map(|state| Look {
            last_fiscal_number: state.last_fiscal_num.clone(),
            before: serde_json::to_string(&Before::from(&state)).unwrap_or_default(),
            facts: day::facts(&state),
            shift: day::shift(&state),
        });
        Asked {
            value,
            attempts: vec![attempt],
        }
    }

    fn written(draft: &Draft<'_>) -> String {
        let token = &draft.document.token;
        let text = match draft.what {
            What::Sale(receipt) => check::sale(receipt, token),
            What::Return(receipt, of) => check::return_of(receipt, token, of),
            What::Storno(of) => check::storno_of(token, of),
            What::Cash(kind, amount) => check::cash(kind, amount, token),
        };
        if draft.testing { check::as_test(&text) } else { text }
    }

    async fn register(&self, sent: &Sent<'_>) -> Asked<Result<Answered, Failure>> {
        let (Ok(check), Ok(storned_check)) = (
            serde_json::from_str::<Check>(sent.text),
            sent.storned.map(serde_json::from_str::<Check>).transpose(),
        ) else {
            return Asked {
                value: Err(unreadable_check()),
                attempts: Vec::new(),
            };
        };
        let request = RegisterCheck {
            registrar: self.number,
            check,
            auto_open_shift: true,
            qr_size: Some(QR_SIZE),
            visualization: Some(cashalot::Rendering::Html),
            storned_check,
            uid: Some(uuid::Uuid::new_v4()),
        };
        let exchange = self.client.register_check(&request).await;
        let (result, attempt) = keep(exchange);
        Asked {
            value: result.and_then(registration).map(Answered::Registered),
            attempts: vec![attempt],
        }
    }

    async fn state(&self) -> (Result<RegistrarState, Failure>, NewAttempt) {
        let request = TransactionsRegistrarState {
            registrar: self.number,
            include_tax_object: false,
            uid: None,
        };
        keep(self.client.transactions_registrar_state(&request).await)
    }
}

/// How the provider's client signs with a register's credentials; `None`: it takes no such key.
pub fn auth(credentials: &Credentials) -> Option<Auth> {
    Some(match credentials {
        Credentials::KeyPin(pin) => Auth::KeyPin(pin.clone()),
        Credentials::Keys {
            certificate,
            private_key,
            password,
        } => Auth::Keys {
            certificate: certificate.clone(),
            private_key: private_key.clone(),
            password: password.clone(),
        },
        Credentials::SmartId => Auth::SmartId,
        Credentials::Stored => Auth::Stored,
        Credentials::Login { .. } | Credentials::ApiToken(_) => return None,
    })
}

impl From<&RegistrarState> for Before {
    fn from(state: &RegistrarState) -> Self {
        Self {
            shift_open: state.shift_state.as_ref().map(|shift| *shift == ShiftState::Open),
            shift_id: state.shift_id,
            next_local: state.next_local_num,
            last_fiscal: state.last_fiscal_num.clone(),
            offline_session: state.offline_session_id,
            offline_next: state.offline_next_local_num,
            offline_present: state.offline_documents_present,
        }
    }
}

fn registration(registered: RegisteredCheck) -> Result<Registration, Failure> {
    Ok(Registration {
        url: registered.url,
        qr_code: registered.qr_code.map(|image| picture(&image)),
        ..plain_registration(registered.document)?
    })
}

/// Of a document that has no link.
fn plain_registration(document: RegisteredDocument) -> Result<Registration, Failure> {
    let fiscal_number = FiscalNumber::parse(&document.fiscal_number).map_err(|_| {
        let text = Words::new(
            "the provider answered with a fiscal number that cannot be one",
            "провайдер відповів фіскальним номером, якого не може бути",
        );
        Failure::ours(FailureClass::Unknown, "bad_fiscal_number", text)
    })?;
    Ok(Registration {
        fiscal_number,
        local_number: i64::try_from(document.local_number).unwrap_or(i64::MAX),
        registered_at: document.order_date_time,
        presence: if document.offline {
            Presence::Offline
        } else {
            Presence::Online
        },
        url: None,
        qr_code: None,
        rendering: document.visualization.map(rendering),
        provider_id: None,
    })
}

/// Asked for as HTML, which not every version of the provider's API knows.
fn rendering(body: String) -> Rendering {
    Rendering {
        html: body.trim_start().starts_with('<'),
        body,
    }
}

fn picture(image: &Image) -> String {
    STANDARD.encode(&image.bytes)
}

/// Our own stored check that cannot be read: nothing leaves.
fn unreadable_check() -> Failure {
    let text = Words::new("the stored check cannot be read", "збережений чек не читається");
    Failure::ours(FailureClass::Refused, "unreadable_check", text)
}

/// An exchange as result and attempt; also counts it.
fn keep<T>(exchange: Exchange<T, Error>) -> (Result<T, Failure>, NewAttempt) {
    let Exchange { result, record } = exchange;
    let result = result.map_err(|error| failure(&error));
    let made = attempt(record, &result);
    (result, made)
}

fn failure(error: &Error) -> Failure {
    let desync = matches!(
        error,
        Error::Refused {
            code: ErrorCode::InconsistentRegistrarState | ErrorCode::CheckLocalNumberInvalid,
            ..
        }
    );
    let class = match error.class() {
        Class::RepairNeeded if desync => FailureClass::Desync,
        Class::NotDone => FailureClass::NotDone,
        Class::Unknown => FailureClass::Unknown,
        Class::RepairNeeded => FailureClass::Repair,
        Class::Misconfigured => FailureClass::Misconfigured,
        Class::DocumentRefused => FailureClass::Refused,
        Class::OperatorNeeded => FailureClass::Operator,
        // "Nothing found" is no answer to a document.
        Class::NotFound | Class::Unrecognised => FailureClass::Unrecognised,
    };
    let answered = matches!(error, Error::Refused { .. } | Error::HttpRefused { .. });
    let (word, unreachable) = match error {
        Error::NotSent(_) => ("not_sent".to_owned(), true),
        Error::NoAnswer { .. } => ("no_answer".to_owned(), false),
        Error::BadAnswer { http_status, .. } => (format!("bad_answer_{http_status}"), false),
        Error::HttpRefused { http_status } => (format!("http_{http_status}"), false),
        Error::Refused { code, .. } => (code.name().chars().take(60).collect(), false),
    };
    Failure {
        class,
        word,
        text: told::told(error),
        unreachable,
        answered,
        tax_service_away: tax_service_away(error),
    }
}

fn tax_service_away(error: &Error) -> bool {
    matches!(
        error,
        Error::Refused {
            code: ErrorCode::FiscalServerNotAvailable | ErrorCode::FiscalServerError,
            ..
        }
    )
}
