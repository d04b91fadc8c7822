//! The settings file as it is written (design §7).

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use domain::ids::{MerchantId, RegisterId, RegisterNumber, SourceId};
use domain::receipt::MismatchPolicy;
use domain::refund::RefundPolicy;
use ledger::settings::{
    AddressRange, ApiKey, Credentials, Merchant, Provider, ReceiptMaker, Register, Scope, Settings, ShopWebhook,
    Source, SourceKind, StandIn, WebhookFormat,
};
use ledger::settings_rules::{self, address_ranges, time_of_day, web_address};
use ledger::sheet::MailSettings;
use serde::Deserialize;

use super::secret::{Places, Secret};
use super::tax::Tax;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    #[serde(default)]
    merchant: Vec<MerchantTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MerchantTable {
    id: String,
    name: String,
    #[serde(default)]
    register: Vec<RegisterTable>,
    #[serde(default)]
    source: Vec<SourceTable>,
    #[serde(default)]
    api_key: Vec<ApiKeyTable>,
    #[serde(default)]
    shop_webhook: Vec<ShopWebhookTable>,
    mail: Option<MailTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegisterTable {
    id: String,
    provider: String,
    fiscal_number: Digits,
    base_url: String,
    close_at: Option<String>,
    #[serde(default = "storno_first")]
    refund_policy: String,
    credentials: CredentialsTable,
    tax: Tax,
    /// The provider's own settings.
    #[serde(default)]
    options: BTreeMap<String, String>,
    /// Another register of this merchant, for new receipts while this one does not work.
    stand_in: Option<String>,
    /// Minutes without work after which it stands in.
    #[serde(default = "half_an_hour")]
    stand_in_after: u32,
}

const fn half_an_hour() -> u32 {
    30
}

/// A merchant's name at a payment system: some are numbers, which people write without quotes.
#[derive(Deserialize)]
#[serde(untagged, expecting = "it must be a text or a number, like \"1396424\"")]
enum Account {
    Text(String),
    Number(u64),
}

/// A number people write with or without quotes.
#[derive(Deserialize)]
#[serde(untagged, expecting = "it must be digits, like \"4000999001\"")]
enum Digits {
    Quoted(String),
    Bare(u64),
}

impl Digits {
    fn text(&self) -> String {
        match self {
            Self::Quoted(text) => text.clone(),
            Self::Bare(number) => number.to_string(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CredentialsTable {
    key_pin: Option<Secret>,
    certificate: Option<Secret>,
    private_key: Option<Secret>,
    password: Option<Secret>,
    #[serde(default)]
    smart_id: bool,
    #[serde(default)]
    stored: bool,
    login: Option<String>,
    api_token: Option<Secret>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceTable {
    id: String,
    kind: String,
    register: String,
    account: Option<Account>,
    /// As earlier versions called Fondy's.
    gateway_merchant_id: Option<u64>,
    secret: Secret,
    #[serde(default = "a_day")]
    old_secret_hours: u32,
    /// A provider's notices have none.
    #[serde(default)]
    api_url: String,
    #[serde(default = "yes")]
    confirm: bool,
    #[serde(default = "hold")]
    on_mismatch: String,
    #[serde(default)]
    receivers: BTreeMap<String, String>,
    #[serde(default)]
    allowed_addresses: Vec<String>,
    #[serde(default = "ours")]
    mode: String,
    #[serde(default)]
    technical: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ApiKeyTable {
    id: String,
    secret: Secret,
    scopes: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShopWebhookTable {
    url: String,
    secret: Secret,
    #[serde(default = "cashdesk")]
    format: String,
}

/// What is left out is as for everybody: buyers get mail, from the service's address.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MailTable {
    #[serde(default = "yes")]
    buyers: bool,
    #[serde(default)]
    phone: bool,
    from: Option<String>,
    reply_to: Option<String>,
    report_to: Option<String>,
    report_locale: Option<String>,
}

fn cashdesk() -> String {
    WebhookFormat::default().as_str().to_owned()
}

fn storno_first() -> String {
    RefundPolicy::StornoFirst.as_str().to_owned()
}

const fn yes() -> bool {
    true
}

const fn a_day() -> u32 {
    Source::OLD_SECRET_HOURS
}

fn ours() -> String {
    ReceiptMaker::default().as_str().to_owned()
}

fn hold() -> String {
    MismatchPolicy::Hold.as_str().to_owned()
}

/// Gathers what is wrong, with where it is.
struct Problems<'a> {
    all: &'a mut Vec<String>,
    place: String,
}

impl Problems<'_> {
    fn keep<T>(&mut self, what: &str, result: Result<T, impl ToString>) -> Option<T> {
        result
            .map_err(|error| self.all.push(format!("{}, {what}: {}", self.place, error.to_string())))
            .ok()
    }

    fn word<T>(&mut self, what: &str, word: &str, parsed: Option<T>, allowed: &str) -> Option<T> {
        self.keep(what, parsed.ok_or_else(|| format!("{word:?} is not one of: {allowed}")))
    }
}

impl File {
    /// The settings, or everything that is wrong with them.
    pub fn settings(&self, places: &Places<'_>) -> Result<Settings, Vec<String>> {
        let mut all = Vec::new();
        let mut settings = Settings::default();
        for merchant in &self.merchant {
            merchant.read(places, &mut settings, &mut all);
        }
        twice(
            "register",
            settings.registers.iter().map(|register| register.id.to_string()),
            &mut all,
        );
        twice(
            "source",
            settings.sources.iter().map(|source| source.id.to_string()),
            &mut all,
        );
        twice(
            "merchant",
            self.merchant.iter().map(|merchant| merchant.id.clone()),
            &mut all,
        );
        twice(
            "fiscal number",
            settings
                .registers
                .iter()
                .map(|register| register.fiscal_number.to_string()),
            &mut all,
        );
        if all.is_empty() { Ok(settings) } else { Err(all) }
    }
}

fn twice(what: &str, names: impl Iterator<Item = String>, all: &mut Vec<String>) {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name.clone()) {
            all.push(format!("the {what} {name} is declared twice"));
        }
    }
}

impl MerchantTable {
    fn read(&self, places: &Places<'_>, settings: &mut Settings, all: &mut Vec<String>) {
        let mut problems = Problems {
            all,
            place: format!("merchant {:?}", self.id),
        };
        let Some(id) = problems.keep("id", MerchantId::parse(&self.id)) else {
            return;
        };
        settings.merchants.push(Merchant {
            id: id.clone(),
            name: self.name.clone(),
        });
        for register in &self.register {
            problems.place = format!("register {:?}", register.id);
            settings
                .registers
                .extend(register.read(&id, &self.register, places, &mut problems));
        }
        for source in &self.source {
            problems.place = format!("source {:?}", source.id);
            settings
                .sources
                .extend(source.read(&id, &self.register, places, &mut problems));
        }
        for key in &self.api_key {
            problems.place = format!("api_key {:?}", key.id);
            let secret = problems.keep("secret", key.secret.text(places));
            let scopes: Vec<Option<Scope>> = key
                .scopes
                .iter()
                .map(|word| problems.word("scopes", word, Scope::parse(word), "orders, events, receipts, operator"))
                .collect();
            if let (Some(secret), Some(scopes)) = (secret, scopes.into_iter().collect()) {
                settings.api_keys.push((
                    ApiKey {
                        merchant: id.clone(),
                        id: key.id.clone(),
                        scopes,
                    },
                    secret,
                ));
            }
        }
        if let Some(mail) = &self.mail {
            problems.place = format!("mail of {:?}", self.id);
            let mut address = |what: &str, text: &Option<String>| {
                let good = text.as_deref().map(mailer::Address::parse).transpose();
                problems.keep(what, good).map(|_| text.clone())
            };
            let (from, reply_to) = (address("from", &mail.from), address("reply_to", &mail.reply_to));
            let report_to = address("report_to", &mail.report_to);
            let locale = mail.report_locale.as_deref().unwrap_or("uk");
            let locale = problems.word(
                "report_locale",
                locale,
                ["uk", "en"].contains(&locale).then_some(locale),
                "uk, en",
            );
            if let (Some(from), Some(reply_to), Some(report_to), Some(locale)) = (from, reply_to, report_to, locale) {
                let wanted = MailSettings {
                    mail_buyers: mail.buyers,
                    phone_buyers: mail.phone,
                    from,
                    reply_to,
                    report_to,
                    report_locale: (locale != "uk").then(|| locale.to_owned()),
                };
                settings.mail.push((id.clone(), wanted));
            }
        }
        for webhook in &self.shop_webhook {
            problems.place = format!("shop_webhook of {:?}", self.id);
            let secret = problems.keep("secret", webhook.secret.text(places));
            // It must be able to sign: what it cannot do is said here and not with the first receipt.
            let secret = secret.filter(|secret| {
                let signed = hooks::sign(std::slice::from_ref(secret), "check", 0, b"");
                problems
                    .keep("secret", signed.map_err(|error| telemetry::chain(&error)))
                    .is_some()
            });
            let url = hooks::Endpoint::parse(&webhook.url).map(|_| webhook.url.clone());
            let url = problems.keep("url", url);
            let format = WebhookFormat::parse(&webhook.format);
            let format = problems.word("format", &webhook.format, format, "cashdesk, event");
            if let (Some(secret), Some(url), Some(format)) = (secret, url, format) {
                settings.shop_webhooks.push(ShopWebhook {
                    merchant: id.clone(),
                    url,
                    secret,
                    format,
                });
            }
        }
    }
}

impl RegisterTable {
    fn read(
        &self,
        merchant: &MerchantId,
        registers: &[RegisterTable],
        places: &Places<'_>,
        problems: &mut Problems<'_>,
    ) -> Option<Register> {
        let id = problems.keep("id", RegisterId::parse(&self.id));
        let providers: Vec<&str> = Provider::ALL.iter().map(|provider| provider.as_str()).collect();
        let known = Provider::parse(&self.provider);
        let provider = problems.word("provider", &self.provider, known, &providers.join(", "));
        let fiscal_number = problems.keep("fiscal_number", RegisterNumber::parse(&self.fiscal_number.text()));
        let base_url = problems.keep("base_url", web_address(&self.base_url));
        let close_at = problems.keep("close_at", self.close_at.as_deref().map(time_of_day).transpose());
        let policy = RefundPolicy::parse(&self.refund_policy);
        let refund_policy = problems.word(
            "refund_policy",
            &self.refund_policy,
            policy,
            "storno-first, return-only",
        );
        let vat = problems.keep("tax", self.tax.scheme());
        let credentials = problems.keep("credentials", self.credentials.read(places));
        let stand_in = problems.keep("stand_in", self.stand_in(registers));
        if let Some(provider) = provider {
            let given = self.options.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            for wrong in provider.check_options(given) {
                problems.keep("options", Err::<(), _>(wrong));
            }
            let taken = |credentials: &Credentials| provider.keys().contains(&credentials.kind());
            if credentials.as_ref().is_some_and(|credentials| !taken(credentials)) {
                let wrong = format!("{} takes no such key", provider.name());
                problems.keep("credentials", Err::<(), _>(wrong));
            }
        }
        Some(Register {
            id: id?,
            merchant: merchant.clone(),
            provider: provider?,
            fiscal_number: fiscal_number?,
            base_url: base_url?,
            close_at: close_at?,
            refund_policy: refund_policy?,
            vat: vat?,
            credentials: credentials?,
            options: self.options.clone(),
            stand_in: stand_in?,
            failures: 0,
            failing_since: None,
        })
    }
}

impl RegisterTable {
    fn stand_in(&self, registers: &[RegisterTable]) -> Result<Option<StandIn>, String> {
        let Some(name) = &self.stand_in else {
            return Ok(None);
        };
        if *name == self.id || !registers.iter().any(|register| register.id == *name) {
            return Err(format!("the merchant declares no other register {name:?}"));
        }
        if self.stand_in_after == 0 {
            return Err("stand_in_after is in minutes, and at least 1".to_owned());
        }
        Ok(Some(StandIn {
            register: RegisterId::parse(name).map_err(|error| error.to_string())?,
            after: Duration::from_secs(60 * u64::from(self.stand_in_after)),
        }))
    }
}

impl CredentialsTable {
    fn read(&self, places: &Places<'_>) -> Result<Credentials, String> {
        let any_key = self.certificate.is_some() || self.private_key.is_some();
        let chosen = [
            self.key_pin.is_some(),
            any_key,
            self.smart_id,
            self.stored,
            self.login.is_some(),
            self.api_token.is_some(),
        ];
        if chosen.iter().filter(|chosen| **chosen).count() != 1 {
            return Err(
                "give exactly one of: key_pin; certificate, private_key and password; smart_id = true; \
                        stored = true; login and password; api_token"
                    .to_owned(),
            );
        }
        if let Some(login) = &self.login {
            let password = self.password.as_ref().ok_or("login and password belong together")?;
            return Ok(Credentials::Login {
                login: login.clone(),
                password: password.text(places)?,
            });
        }
        if let Some(token) = &self.api_token {
            return Ok(Credentials::ApiToken(token.text(places)?));
        }
        if let Some(pin) = &self.key_pin {
            return Ok(Credentials::KeyPin(pin.text(places)?));
        }
        if self.smart_id {
            return Ok(Credentials::SmartId);
        }
        if self.stored {
            return Ok(Credentials::Stored);
        }
        match (&self.certificate, &self.private_key, &self.password) {
            (Some(certificate), Some(private_key), Some(password)) => Ok(Credentials::Keys {
                certificate: certificate.base64(places)?,
                private_key: private_key.base64(places)?,
                password: password.text(places)?,
            }),
            _ => Err("certificate, private_key and password belong together".to_owned()),
        }
    }
}

impl SourceTable {
    fn read(
        &self,
        merchant: &MerchantId,
        registers: &[RegisterTable],
        places: &Places<'_>,
        problems: &mut Problems<'_>,
    ) -> Option<Source> {
        let own = |name: &str| {
            if registers.iter().any(|register| register.id == name) {
                RegisterId::parse(name).map_err(|error| error.to_string())
            } else {
                Err(format!("the merchant declares no register {name:?}"))
            }
        };
        let id = problems.keep("id", SourceId::parse(&self.id));
        let kind = problems.word(
            "kind",
            &self.kind,
            SourceKind::parse(&self.kind),
            "fondy, liqpay, wayforpay, monobank, cashdesk, atol-online",
        );
        let register = problems.keep("register", own(&self.register));
        let declared = registers.iter().find(|register| register.id == self.register);
        let provider = declared.and_then(|register| Provider::parse(&register.provider));
        if let Some((kind, provider)) = kind.zip(provider) {
            problems.keep("register", settings_rules::register_of(kind, provider));
        }
        let account = kind.and_then(|kind| problems.keep("account", self.account(kind)));
        let secret = problems.keep("secret", self.secret.text(places));
        let secret = secret.zip(kind).and_then(|(secret, kind)| {
            let fits = settings_rules::secret(kind, &secret);
            problems.keep("secret", fits.map(|()| secret))
        });
        let hours = settings_rules::old_secret_hours(self.old_secret_hours);
        let old_secret_hours = problems.keep("old_secret_hours", hours);
        let is_payment = kind.is_none_or(SourceKind::is_payment);
        let api_url = match is_payment || !self.api_url.is_empty() {
            true => problems.keep("api_url", web_address(&self.api_url)),
            false => Some(String::new()),
        };
        let policy = MismatchPolicy::parse(&self.on_mismatch);
        let on_mismatch = problems.word("on_mismatch", &self.on_mismatch, policy, "hold, adjust");
        let receivers: Option<BTreeMap<String, RegisterId>> = self
            .receivers
            .iter()
            .map(|(gateway, name)| Some((gateway.clone(), problems.keep("receivers", own(name))?)))
            .collect();
        let ranges: Result<Vec<Vec<AddressRange>>, _> =
            self.allowed_addresses.iter().map(|text| address_ranges(text)).collect();
        let allowed_addresses = problems.keep("allowed_addresses", ranges);
        let maker = ReceiptMaker::parse(&self.mode);
        let makes_receipts = problems.word("mode", &self.mode, maker, "kasyr-fiscalizes, gateway-fiscalizes");
        let source = Source {
            account: account?,
            secret: secret?,
            old_secret_hours: old_secret_hours?,
            api_url: api_url?,
            confirm: self.confirm,
            on_mismatch: on_mismatch?,
            receivers: receivers?,
            allowed_addresses: allowed_addresses?.concat(),
            makes_receipts: makes_receipts?,
            technical: self.technical,
            ..Source::new(kind?, id?, merchant.clone(), register?)
        };
        problems.keep("kind", settings_rules::source(&source))?;
        Some(source)
    }

    fn account(&self, kind: SourceKind) -> Result<String, String> {
        let text = match (&self.account, self.gateway_merchant_id) {
            (Some(_), Some(_)) => return Err("gateway_merchant_id is its name of old; give one of them".to_owned()),
            (Some(Account::Text(text)), None) => text.clone(),
            (Some(Account::Number(number)), None) => number.to_string(),
            (None, Some(number)) => number.to_string(),
            (None, None) => String::new(),
        };
        settings_rules::account(kind, &text).map_err(|error| error.to_string())
    }
}
