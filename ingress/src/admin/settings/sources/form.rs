//! The form of a source as it was typed, and what it means.

use domain::ids::{MerchantId, RegisterId, SourceId};
use domain::receipt::MismatchPolicy;
use ledger::settings::{ReceiptMaker, Source, SourceKind};
use ledger::settings_lists::RegisterSetting;
use ledger::settings_rules::{self, SettingError, web_address};
use secrecy::SecretString;

use super::super::super::error::PageError;
use super::super::super::form::Form;
use super::super::super::language::Language;
use super::super::problems::{self, Problems};
use super::kind;
use crate::AppState;

/// The registers a source may have: those of its merchant, with whom it stays.
pub(super) struct Choice {
    pub merchant: MerchantId,
    pub registers: Vec<RegisterSetting>,
}

impl Choice {
    pub async fn of(app: &AppState, merchant: &MerchantId) -> Result<Self, PageError> {
        let all = app.ledger.register_settings(merchant, None, u32::MAX).await?;
        Ok(Self {
            merchant: merchant.clone(),
            registers: all.rows,
        })
    }
}

/// What was typed. Nothing secret is in it.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed {
    pub id: String,
    pub kind: String,
    pub register: String,
    pub account: String,
    pub old_secret_hours: String,
    pub api_url: String,
    pub confirm: bool,
    pub on_mismatch: String,
    pub allowed_addresses: String,
    pub mode: String,
}

impl Typed {
    /// An empty form with what most shops want.
    pub fn usual(merchant: &MerchantId, register: &RegisterId) -> Self {
        Self {
            id: format!("{merchant}-fondy"),
            kind: SourceKind::Fondy.as_str().to_owned(),
            register: register.to_string(),
            account: String::new(),
            old_secret_hours: Source::OLD_SECRET_HOURS.to_string(),
            api_url: kind::usual_api(SourceKind::Fondy).to_owned(),
            confirm: true,
            on_mismatch: MismatchPolicy::Hold.as_str().to_owned(),
            allowed_addresses: String::new(),
            mode: ReceiptMaker::Kasyr.as_str().to_owned(),
        }
    }

    /// A form filled with a source.
    pub fn of(source: &Source) -> Self {
        Self {
            id: source.id.to_string(),
            kind: source.kind.as_str().to_owned(),
            register: source.register.to_string(),
            account: source.account.clone(),
            old_secret_hours: source.old_secret_hours.to_string(),
            api_url: source.api_url.clone(),
            confirm: source.confirm,
            on_mismatch: source.on_mismatch.as_str().to_owned(),
            allowed_addresses: listed(source),
            mode: source.makes_receipts.as_str().to_owned(),
        }
    }

    /// What a form sent. The id of a known source stays.
    pub fn read(form: &Form, known: Option<&Source>) -> Self {
        let text = |name: &str| form.text(name).to_owned();
        Self {
            id: known.map_or_else(|| text("id"), |known| known.id.to_string()),
            kind: text("kind"),
            register: text("register"),
            account: text("account"),
            // A new source has no key before its first, and its form does not ask.
            old_secret_hours: known.map_or_else(String::new, |_| text("old_secret_hours")),
            api_url: text("api_url"),
            confirm: form.ticked("confirm"),
            on_mismatch: text("on_mismatch"),
            allowed_addresses: text("allowed_addresses"),
            mode: text("mode"),
        }
    }

    /// What it means; otherwise every problem is told. An empty secret keeps the known one.
    pub fn source(
        &self,
        l: Language,
        choice: &Choice,
        secret: Option<SecretString>,
        known: Option<&Source>,
        production: bool,
        problems: &mut Problems,
    ) -> Option<Source> {
        let choose = || l.say("Виберіть одне з наведеного.", "Choose one of those offered.");
        let id = problems.keep("id", SourceId::parse(&self.id).map_err(|error| problems::id(l, &error)));
        let kind = problems.keep("kind", SourceKind::parse(&self.kind).ok_or_else(choose));
        let mut offered = choice.registers.iter();
        let register = offered.find(|register| register.id.as_str() == self.register);
        let register = problems.keep("register", register.ok_or_else(choose));
        let rule = |error: SettingError| problems::setting(l, error);
        let register = register.zip(kind).and_then(|(register, kind)| {
            let fits = settings_rules::register_of(kind, register.provider);
            problems.keep("register", fits.map(|()| register).map_err(rule))
        });
        let account = kind.and_then(|kind| {
            let account = settings_rules::account(kind, &self.account);
            problems.keep("account", account.map_err(rule))
        });
        let kept = known.map(|known| known.secret.clone());
        let secret = problems.keep("secret", secret.or(kept).ok_or_else(|| problems::empty(l)));
        let secret = secret.zip(kind).and_then(|(secret, kind)| {
            let fits = settings_rules::secret(kind, &secret);
            problems.keep("secret", fits.map(|()| secret).map_err(rule))
        });
        let hours = problems.keep("old_secret_hours", self.hours().map_err(rule));
        let api_url = kind.map_or(self.api_url.as_str(), |kind| kind::api(kind, &self.api_url));
        let is_payment = kind.is_none_or(SourceKind::is_payment);
        let api_url = match is_payment {
            true => problems.keep("api_url", web_address(api_url).map_err(rule)),
            false => Some(String::new()),
        };
        let allowed = settings_rules::address_ranges(&self.allowed_addresses);
        let allowed_addresses = problems.keep("allowed_addresses", allowed.map_err(rule));
        let on_mismatch = problems.keep(
            "on_mismatch",
            MismatchPolicy::parse(&self.on_mismatch).ok_or_else(choose),
        );
        let makes_receipts = problems.keep("mode", self.maker(known).ok_or_else(choose));
        let new = Source::new(kind?, id?, choice.merchant.clone(), register?.id.clone());
        let source = Source {
            account: account?,
            secret: secret?,
            old_secret_hours: hours?,
            api_url: api_url?,
            // Without a question nothing of a provider's notices is believed.
            confirm: self.confirm || !is_payment,
            on_mismatch: on_mismatch?,
            allowed_addresses: allowed_addresses?,
            makes_receipts: makes_receipts?,
            // What this page does not ask stays as it is.
            receivers: known.map(|known| known.receivers.clone()).unwrap_or_default(),
            technical: known.is_some_and(|known| known.technical),
            ..new
        };
        problems.keep("kind", settings_rules::source(&source).map_err(rule))?;
        if production && kind::is_public_test(&source) {
            problems.tell(
                "account",
                l.say(
                    "Це тестовий обліковий запис: ключ відомий усім або гроші не справжні, тож у роботі його не приймають.",
                    "This is a test account: everybody knows its key or its money is not real, so it is refused in production.",
                ),
            );
            return None;
        }
        Some(source)
    }

    /// Are these a provider's notices? Then a secret that nobody typed is made.
    pub fn is_notices(&self) -> bool {
        SourceKind::parse(&self.kind).is_some_and(|kind| !kind.is_payment())
    }

    /// A form without the field, such as an earlier version's page that was still open, changes nothing.
    fn maker(&self, known: Option<&Source>) -> Option<ReceiptMaker> {
        if self.mode.is_empty() {
            return Some(known.map(|known| known.makes_receipts).unwrap_or_default());
        }
        ReceiptMaker::parse(&self.mode)
    }

    /// A form without the field wants the usual.
    fn hours(&self) -> Result<u32, SettingError> {
        if self.old_secret_hours.is_empty() {
            return Ok(Source::OLD_SECRET_HOURS);
        }
        let hours = self.old_secret_hours.parse().map_err(|_| SettingError::NotHours)?;
        settings_rules::old_secret_hours(hours)
    }
}

fn listed(source: &Source) -> String {
    let all: Vec<String> = source.allowed_addresses.iter().map(ToString::to_string).collect();
    all.join(" ")
}
