//! CashDesk (`cashdesk.md`): how our documents become its checks, and how a doubt is settled.
//!
//! It answers a registration at once, keeps nothing from being registered twice, and lists a shift's checks with the
//! numbers we gave them: what became of a lost request is found there. A shift's Z-report is its closing, too, so one
//! document of ours is both.

mod check;
mod day;
mod find;
mod lists;
mod session;
mod shift;
mod told;

use std::time::Duration;

use ::cashdesk::{Check, CheckView, Client, Credentials as Signed, OpenShift, ServiceDocument};
use domain::document::{Kind, Presence, Registration};
use domain::ids::FiscalNumber;
use domain::tax::VatScheme;
use ledger::alerts::Words;
use ledger::settings::{Credentials, Register};
use url::Url;
use wire::Tokens;

use self::check::Writer;
use self::session::Session;
use super::{Answered, Asked, Failure, FailureClass, Sent};
use crate::kyiv;

/// One register at CashDesk.
pub(crate) struct CashDesk {
    client: Client,
    number: u64,
    vat: VatScheme,
    writer: Writer,
    /// Its cloud wants signs of life; a SmartConnect gives them itself, and works on without the tax service.
    is_cloud: bool,
    /// All requests of one command together take no longer.
    limit: Duration,
}

impl CashDesk {
    /// Fails when the register's settings cannot be. No command takes longer than `limit`; a single request gets four
    /// fifths of it, so that an answer that was cut leaves its attempt.
    pub fn new(http: reqwest::Client, tokens: Tokens, register: &Register, limit: Duration) -> Result<Self, Failure> {
        let misconfigured = |word, text| Failure::ours(FailureClass::Misconfigured, word, text);
        let base_url = Url::parse(&register.base_url).map_err(|_| {
            let text = Words::new("its base_url is not a URL", "її base_url не є адресою");
            misconfigured("bad_base_url", text)
        })?;
        let credentials = credentials(register).map_err(|text| misconfigured("wrong_key_kind", text))?;
        Ok(Self {
            client: Client::new(http, base_url, credentials, tokens, limit * 4 / 5),
            number: register.fiscal_number.get(),
            vat: register.vat.clone(),
            writer: Writer {
                number: register.fiscal_number.get(),
                footer: register.option("footer").map(str::to_owned),
            },
            is_cloud: register.option("server") != Some("smartconnect"),
            limit,
        })
    }

    fn session(&self) -> Session {
        Session::new(self.limit)
    }

    async fn register(&self, sent: &Sent<'_>) -> Asked<Result<Answered, Failure>> {
        let mut session = self.session();
        let mut answer = self.register_once(&mut session, sent).await;
        if answer.as_ref().is_err_and(told::is_closed_shift) {
            answer = match self.open(&mut session).await {
                // Both were answered, so nothing is on its way; but a registration wants its full time.
                Ok(()) if session.has_time(self.limit) => self.register_once(&mut session, sent).await,
                Ok(()) => Err(told::shift_was_opened()),
                Err(failure) => Err(Failure {
                    class: told::before(failure.class),
                    ..failure
                }),
            };
        }
        let value = answer.and_then(|view| registration(&view, sent.number).map(Answered::Registered));
        session.end(value)
    }

    async fn register_once(&self, session: &mut Session, sent: &Sent<'_>) -> Result<CheckView, Failure> {
        match sent.kind {
            Kind::CashIn | Kind::CashOut => {
                let request: ServiceDocument = serde_json::from_str(sent.text).map_err(|_| unreadable())?;
                session.ask("check/service", self.client.service(&request)).await
            }
            Kind::Sale | Kind::Return | Kind::Storno | Kind::ZReport | Kind::Closing => {
                let request: Check = serde_json::from_str(sent.text).map_err(|_| unreadable())?;
                session.ask("check/sale", self.client.register_check(&request)).await
            }
        }
        .map(|answer| answer.value)
    }

    /// An open shift is what was wanted, whoever opened it.
    async fn open(&self, session: &mut Session) -> Result<(), Failure> {
        let request = OpenShift::new(self.number);
        match session.ask("shift", self.client.open_shift(&request)).await {
            Ok(_) => Ok(()),
            Err(failure) if told::is_open_shift(&failure) => Ok(()),
            Err(failure) => Err(failure),
        }
    }
}

/// How the provider's client signs for a register; fails, in words, when its settings do not say.
pub fn credentials(register: &Register) -> Result<Signed, Words> {
    let developer_id = register.option("developer_id").ok_or_else(|| {
        Words::new(
            "its options have no developer_id",
            "у її налаштуваннях немає developer_id",
        )
    })?;
    let developer_id = developer_id.to_owned();
    match &register.credentials {
        Credentials::Login { login, password } => Ok(Signed::Login {
            email: login.clone(),
            password: password.clone(),
            developer_id,
        }),
        Credentials::ApiToken(token) => Ok(Signed::ApiToken {
            token: token.clone(),
            developer_id,
        }),
        Credentials::KeyPin(_) | Credentials::Keys { .. } | Credentials::SmartId | Credentials::Stored => {
            Err(Words::new(
                "this provider takes no such key",
                "цей провайдер не приймає таких ключів",
            ))
        }
    }
}

/// What an answer to a document says. One without any number of the tax service's proves nothing yet.
fn registration(view: &CheckView, number: Option<i64>) -> Result<Registration, Failure> {
    let told = view.order_num.as_ref().or(view.data.offline_id.as_ref());
    let fiscal_number = told
        .and_then(|told| FiscalNumber::parse(told).ok())
        .ok_or_else(no_fiscal_number)?;
    Ok(Registration {
        fiscal_number,
        local_number: number
            .or_else(|| view.local_number.and_then(|told| i64::try_from(told).ok()))
            .unwrap_or(0),
        registered_at: written_at(view),
        presence: if view.is_offline {
            Presence::Offline
        } else {
            Presence::Online
        },
        url: view.qr_data.clone().or_else(|| view.link.clone()),
        qr_code: None,
        rendering: None,
        provider_id: view.uuid.clone(),
    })
}

/// Something was made, and nothing tells its number: it is looked for.
fn no_fiscal_number() -> Failure {
    let text = Words::new(
        "the provider answered without a fiscal number",
        "провайдер відповів без фіскального номера",
    );
    Failure {
        answered: true,
        ..Failure::ours(FailureClass::Unknown, "no_fiscal_number", text)
    }
}

/// Kyiv's time with its offset, or as much as was told.
fn written_at(view: &CheckView) -> String {
    let date = view.order_date.as_deref().unwrap_or_default().trim();
    let text = format!("{date}T{}", view.order_time.as_deref().unwrap_or_default().trim());
    kyiv::read(&text).map_or_else(|| date.to_owned(), kyiv::write)
}

/// Our own stored document that cannot be read: nothing leaves.
fn unreadable() -> Failure {
    let text = Words::new("the stored check cannot be read", "збережений чек не читається");
    Failure::ours(FailureClass::Refused, "unreadable_check", text)
}

#[cfg(test)]
mod tests;
