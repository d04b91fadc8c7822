//! The form of a source as it was typed, and what it means.

use domain::ids::{MerchantId, RegisterId, SourceId};
use domain::receipt::MismatchPolicy;
use ledger::settings::{Source, SourceKind};
use ledger::settings_lists::RegisterSetting;
use ledger::settings_rules::web_address;
use secrecy::SecretString;

use super::super::super::error::PageError;
use super::super::super::form::Form;
use super::super::super::language::Language;
use super::super::problems::{self, Problems};
use crate::AppState;

/// Fondy's own; its brands have others.
const USUAL_API: &str = "https://pay.fondy.eu";

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
    pub gateway_merchant_id: String,
    pub api_url: String,
    pub confirm: bool,
    pub on_mismatch: String,
}

impl Typed {
    /// An empty form with what most shops want.
    pub fn usual(merchant: &MerchantId, register: &RegisterId) -> Self {
        Self {
            id: format!("{merchant}-fondy"),
            kind: SourceKind::Fondy.as_str().to_owned(),
            register: register.to_string(),
            gateway_merchant_id: String::new(),
            api_url: USUAL_API.to_owned(),
            confirm: true,
            on_mismatch: MismatchPolicy::Hold.as_str().to_owned(),
        }
    }

    /// A form filled with a source.
    pub fn of(source: &Source) -> Self {
        Self {
            id: source.id.to_string(),
            kind: source.kind.as_str().to_owned(),
            register: source.register.to_string(),
            gateway_merchant_id: source.gateway_merchant_id.to_string(),
            api_url: source.api_url.clone(),
            confirm: source.confirm,
            on_mismatch: source.on_mismatch.as_str().to_owned(),
        }
    }

    /// What a form sent. The id of a known source stays.
    pub fn read(form: &Form, known: Option<&Source>) -> Self {
        let text = |name: &str| form.text(name).to_owned();
        Self {
            id: known.map_or_else(|| text("id"), |known| known.id.to_string()),
            kind: text("kind"),
            register: text("register"),
            gateway_merchant_id: text("gateway_merchant_id"),
            api_url: text("api_url"),
            confirm: form.ticked("confirm"),
            on_mismatch: text("on_mismatch"),
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
        let number = problems.keep("gateway_merchant_id", self.number(l));
        let kept = known.map(|known| known.secret.clone());
        let secret = problems.keep("secret", secret.or(kept).ok_or_else(|| problems::empty(l)));
        let address = web_address(&self.api_url).map_err(|error| problems::setting(l, error));
        let api_url = problems.keep("api_url", address);
        let on_mismatch = problems.keep(
            "on_mismatch",
            MismatchPolicy::parse(&self.on_mismatch).ok_or_else(choose),
        );
        let source = Source {
            id: id?,
            merchant: choice.merchant.clone(),
            kind: kind?,
            register: register?.id.clone(),
            gateway_merchant_id: number?,
            secret: secret?,
            api_url: api_url?,
            confirm: self.confirm,
            on_mismatch: on_mismatch?,
            receivers: known.map(|known| known.receivers.clone()).unwrap_or_default(),
        };
        if production && is_public_test(&source) {
            problems.tell(
                "gateway_merchant_id",
                l.say(
                    "Це тестовий продавець Fondy: його ключ відомий усім, тож у роботі його не приймають.",
                    "This is Fondy's public test merchant: everybody knows its key, so it is refused in production.",
                ),
            );
            return None;
        }
        Some(source)
    }

    fn number(&self, l: Language) -> Result<u64, &'static str> {
        let digits = self.gateway_merchant_id.bytes().all(|byte| byte.is_ascii_digit());
        let number = self.gateway_merchant_id.parse::<u64>().ok().filter(|_| digits);
        // The ledger keeps it as a signed number.
        number.filter(|number| i64::try_from(*number).is_ok()).ok_or_else(|| {
            l.say(
                "Номер продавця у Fondy — лише цифри, наприклад 1396424.",
                "A merchant's number at Fondy has only digits, such as 1396424.",
            )
        })
    }
}

/// Anybody can forge its callbacks.
pub(super) fn is_public_test(source: &Source) -> bool {
    fondy::Credentials {
        merchant_id: source.gateway_merchant_id,
        key: source.secret.clone(),
    }
    .is_public_test()
}
