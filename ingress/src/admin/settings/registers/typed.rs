//! The form of a register as it was typed, and what it means. Nothing secret is in it.

use std::collections::BTreeMap;

use domain::ids::{RegisterId, RegisterNumber};
use domain::refund::RefundPolicy;
use domain::tax::{Rate, VatLetter, VatScheme};
use ledger::settings::{Credentials, Provider, Register};
use ledger::settings_rules::{time_of_day, web_address};
use url::Url;

use super::super::super::form::Form;
use super::super::super::language::Language;
use super::super::problems::{self, Problems};
use super::about;
use super::key::Way;
use super::options::{self, Options};

/// So many letters fit on the form; the tax service knows fewer.
pub(super) const LETTERS: usize = 8;

/// What was typed.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed {
    pub merchant: String,
    pub id: String,
    pub provider: String,
    pub base_url: String,
    /// Empty: to be chosen from what the key may work.
    pub number: String,
    pub way: String,
    /// Of the way that has one. It is no secret.
    pub login: String,
    /// The provider's own settings.
    pub options: Options,
    /// `none` or `letters`.
    pub vat: String,
    pub default_letter: String,
    /// Letter and rate.
    pub letters: Vec<(String, String)>,
    pub close_at: String,
    pub refund_policy: String,
}

/// What it means.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub id: RegisterId,
    pub provider: Provider,
    pub base_url: Url,
    /// As it was written: it is kept so.
    pub base_url_text: String,
    pub number: Option<RegisterNumber>,
    pub vat: VatScheme,
    pub close_at: Option<String>,
    pub refund_policy: RefundPolicy,
    pub options: Options,
}

impl Typed {
    /// An empty form with what most shops want.
    pub fn usual(provider: Provider, merchant: &str, id: String) -> Self {
        let options = about::usual_options(provider).iter();
        Self {
            merchant: merchant.to_owned(),
            id,
            provider: provider.as_str().to_owned(),
            base_url: about::base_url(provider).to_owned(),
            way: about::usual_way(provider).as_str().to_owned(),
            options: options
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            vat: "none".to_owned(),
            close_at: "23:30".to_owned(),
            refund_policy: RefundPolicy::StornoFirst.as_str().to_owned(),
            ..Self::default()
        }
    }

    /// A form filled with a register.
    pub fn of(register: &Register) -> Self {
        let (vat, default_letter, letters) = match &register.vat {
            VatScheme::NotAPayer => ("none", String::new(), Vec::new()),
            VatScheme::Letters { default, rates } => {
                let rates = rates.iter().map(|(letter, rate)| (letter.to_string(), percent(*rate)));
                ("letters", default.to_string(), rates.collect())
            }
        };
        Self {
            merchant: register.merchant.to_string(),
            id: register.id.to_string(),
            provider: register.provider.as_str().to_owned(),
            base_url: register.base_url.clone(),
            number: register.fiscal_number.to_string(),
            way: Way::of(&register.credentials).as_str().to_owned(),
            login: match &register.credentials {
                Credentials::Login { login, .. } => login.clone(),
                Credentials::KeyPin(_)
                | Credentials::Keys { .. }
                | Credentials::SmartId
                | Credentials::Stored
                | Credentials::ApiToken(_) => String::new(),
            },
            options: register.options.clone(),
            vat: vat.to_owned(),
            default_letter,
            letters,
            close_at: register.close_at.clone().unwrap_or_default(),
            refund_policy: register.refund_policy.as_str().to_owned(),
        }
    }

    /// Whose form it is.
    pub fn provider(&self) -> Provider {
        Provider::parse(&self.provider).unwrap_or(Provider::Cashalot)
    }

    /// What a form sent. Of a register that is known, merchant, id and provider stay.
    pub fn read(form: &Form, known: Option<&Register>) -> Self {
        let text = |name: &str| form.text(name).to_owned();
        let provider = known.map_or_else(|| text("provider"), |known| known.provider.as_str().to_owned());
        let options = Provider::parse(&provider).map(|provider| options::read(form, provider));
        let letters = (0..LETTERS).map(|place| (text(&format!("letter-{place}")), text(&format!("rate-{place}"))));
        Self {
            merchant: known.map_or_else(|| text("merchant"), |known| known.merchant.to_string()),
            id: known.map_or_else(|| text("id"), |known| known.id.to_string()),
            provider,
            base_url: text("base_url"),
            number: text("number"),
            way: text("way"),
            login: text("login"),
            options: options.unwrap_or_default(),
            vat: text("vat"),
            default_letter: text("default_letter"),
            letters: letters
                .filter(|(letter, rate)| !letter.is_empty() || !rate.is_empty())
                .collect(),
            close_at: text("close_at"),
            refund_policy: text("refund_policy"),
        }
    }

    /// What it means; otherwise every problem is told.
    pub fn wanted(&self, l: Language, problems: &mut Problems) -> Option<Wanted> {
        let can = self.provider().capabilities();
        let choose = || problems::not_offered(l);
        let id = problems.keep(
            "id",
            RegisterId::parse(&self.id).map_err(|error| problems::id(l, &error)),
        );
        let provider = problems.keep("provider", Provider::parse(&self.provider).ok_or_else(choose));
        let base_url = problems.keep("base_url", address(l, &self.base_url));
        let number = problems.keep("number", self.number(l));
        let vat = problems.keep("vat", self.scheme(l));
        let close_at = match can.shifts {
            true => problems.keep("close_at", self.close_at(l)),
            false => Some(None),
        };
        // Without a storno both policies do the same.
        let refund_policy = match can.storno {
            true => problems.keep(
                "refund_policy",
                RefundPolicy::parse(&self.refund_policy).ok_or_else(choose),
            ),
            false => Some(RefundPolicy::StornoFirst),
        };
        options::check(l, self.provider(), &self.options, base_url.as_ref(), problems);
        Some(Wanted {
            id: id?,
            provider: provider?,
            base_url: base_url?,
            base_url_text: self.base_url.clone(),
            number: number?,
            vat: vat?,
            close_at: close_at?,
            refund_policy: refund_policy?,
            options: self.options.clone(),
        })
    }

    fn number(&self, l: Language) -> Result<Option<RegisterNumber>, String> {
        if self.number.is_empty() {
            return match about::lists_registers(self.provider()) {
                true => Ok(None),
                false => Err(problems::empty(l)),
            };
        }
        let number = RegisterNumber::parse(&self.number).map_err(|error| problems::id(l, &error))?;
        Ok(Some(number))
    }

    fn close_at(&self, l: Language) -> Result<Option<String>, &'static str> {
        if self.close_at.is_empty() {
            return Ok(None);
        }
        time_of_day(&self.close_at)
            .map(Some)
            .map_err(|error| problems::setting(l, error))
    }

    fn scheme(&self, l: Language) -> Result<VatScheme, String> {
        match self.vat.as_str() {
            "none" => return Ok(VatScheme::NotAPayer),
            "letters" => {}
            _ => return Err(l.say("Виберіть одне з двох.", "Choose one of the two.").to_owned()),
        }
        let told = |error| problems::tax(l, &error);
        let mut rates = BTreeMap::new();
        for (letter, rate) in &self.letters {
            let letter = VatLetter::parse(letter).map_err(told)?;
            let rate = Rate::parse_percent(&rate.replace(',', ".")).map_err(told)?;
            if rates.insert(letter, rate).is_some() {
                return Err(match l {
                    Language::Uk => format!("Літера {letter} стоїть двічі."),
                    Language::En => format!("The letter {letter} is there twice."),
                });
            }
        }
        let default = VatLetter::parse(&self.default_letter).map_err(told)?;
        VatScheme::letters(default, rates).map_err(told)
    }
}

fn address(l: Language, text: &str) -> Result<Url, String> {
    let wrong = |error| problems::setting(l, error).to_owned();
    let url = Url::parse(&web_address(text).map_err(wrong)?);
    url.map_err(|_| wrong(ledger::settings_rules::SettingError::NotAnAddress))
}

/// Basis points as per cent: `20`, `14.5`.
fn percent(rate: Rate) -> String {
    let (whole, rest) = (rate.basis_points() / 100, rate.basis_points() % 100);
    match (rest, rest % 10) {
        (0, _) => whole.to_string(),
        (rest, 0) => format!("{whole}.{}", rest / 10),
        (rest, _) => format!("{whole}.{rest:02}"),
    }
}

/// The register as it is to be kept.
impl Wanted {
    pub fn register(
        self,
        merchant: domain::ids::MerchantId,
        number: RegisterNumber,
        credentials: Credentials,
        known: Option<&Register>,
    ) -> Register {
        Register {
            id: self.id,
            merchant,
            provider: self.provider,
            fiscal_number: number,
            base_url: self.base_url_text,
            close_at: self.close_at,
            refund_policy: self.refund_policy,
            vat: self.vat,
            credentials,
            options: self.options,
            // Set in a file only; the page keeps it.
            stand_in: known.and_then(|known| known.stand_in.clone()),
            failures: 0,
            failing_since: None,
        }
    }
}
