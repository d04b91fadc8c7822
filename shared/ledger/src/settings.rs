//! Merchants, registers, payment sources and API keys: read by the programs, changed by `apply`.
//!
//! Secrets live in their own columns, sealed, and outside of the database in types that print nothing.

mod address_range;
mod apply;
mod credentials;
mod old_secret;
mod provider;
mod put;
mod read;
mod secret_info;
mod source;
mod webhook_secret;

use std::collections::BTreeMap;
use std::time::Duration;

use domain::ids::{MerchantId, RegisterId, RegisterNumber};
use domain::refund::RefundPolicy;
use domain::tax::VatScheme;
use domain::time::UnixMillis;
use secrecy::SecretString;

pub use address_range::AddressRange;
pub use provider::{Capabilities, KeyKind, OptionError, OptionRule};
pub(crate) use read::written_account;
pub use secret_info::SecretInfo;
pub(crate) use source::IS_PAYMENT;
pub use source::{OldSecret, PaymentSystem, ReceiptMaker, Source, SourceKind};

use crate::sheet::MailSettings;

/// A seller.
#[derive(Clone, Debug)]
pub struct Merchant {
    /// Its id.
    pub id: MerchantId,
    /// Its name.
    pub name: String,
}

/// The API through which a register is worked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provider {
    /// Cashälot WEB API ПРРО.
    Cashalot,
    /// CashDesk API v2, in the cloud or as SmartConnect.
    CashDesk,
    /// ATOL Online, a cloud of Russian cash registers.
    AtolOnline,
}

/// A register and how to work it.
#[derive(Clone, Debug)]
pub struct Register {
    /// Our name of it.
    pub id: RegisterId,
    /// Whose.
    pub merchant: MerchantId,
    /// Through which API.
    pub provider: Provider,
    /// Its number at the tax service.
    pub fiscal_number: RegisterNumber,
    /// Where the API is.
    pub base_url: String,
    /// When its day closes, `HH:MM` in Kyiv.
    pub close_at: Option<String>,
    /// How refunds are made.
    pub refund_policy: RefundPolicy,
    /// How its merchant is taxed.
    pub vat: VatScheme,
    /// How to sign.
    pub credentials: Credentials,
    /// The provider's own settings by name ([`Provider::options`]); nothing secret.
    pub options: BTreeMap<String, String>,
    /// Where new receipts are made while it has not worked for long.
    pub stand_in: Option<StandIn>,
    /// Consecutive failures; zero when healthy.
    pub failures: u32,
    /// Since when it has not worked.
    pub failing_since: Option<UnixMillis>,
}

/// Another register of the same merchant, for new receipts only: what may have been sent stays where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandIn {
    /// Which one.
    pub register: RegisterId,
    /// After so long without work; whole minutes are kept.
    pub after: Duration,
}

impl Register {
    /// Has it not worked for at least so long?
    pub fn is_down(&self, since: Duration, now: UnixMillis) -> bool {
        self.failing_since.is_some_and(|failing| now.since(failing) >= since)
    }

    /// A setting of the provider's own; `None`: not there, or empty.
    pub fn option(&self, name: &str) -> Option<&str> {
        let value = self.options.get(name)?.trim();
        (!value.is_empty()).then_some(value)
    }
}

/// How the provider knows us, and how documents are signed. `Debug` prints the variant only.
#[derive(Clone)]
pub enum Credentials {
    /// The key lives in the provider's back office and is named by a PIN.
    KeyPin(SecretString),
    /// Key files, base64, with their password, in every command.
    Keys {
        /// Certificate file, base64.
        certificate: SecretString,
        /// Key container, base64.
        private_key: SecretString,
        /// Its password.
        password: SecretString,
    },
    /// A cloud key service.
    SmartId,
    /// Keys were stored at the provider by `Setup`.
    Stored,
    /// A name and a password, for which the provider gives a token.
    Login {
        /// The account's name or e-mail.
        login: String,
        /// Its password.
        password: SecretString,
    },
    /// A permanent key of the provider's.
    ApiToken(SecretString),
}

/// An API key of a shop.
#[derive(Clone, Debug)]
pub struct ApiKey {
    /// Whose.
    pub merchant: MerchantId,
    /// Its name.
    pub id: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
}

/// How a shop's endpoint is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WebhookFormat {
    /// CashDesk's receipt JSON, so that software written for it works unchanged.
    #[default]
    Receipt,
    /// The same in the envelope of Standard Webhooks, with the shop's own order id.
    Event,
}

/// A shop's endpoint.
#[derive(Clone, Debug)]
pub struct ShopWebhook {
    /// Whose.
    pub merchant: MerchantId,
    /// Where messages go.
    pub url: String,
    /// What they are signed with.
    pub secret: SecretString,
    /// How they look.
    pub format: WebhookFormat,
}

impl ShopWebhook {
    /// In CashDesk's shape.
    pub fn new(merchant: MerchantId, url: impl Into<String>, secret: impl Into<SecretString>) -> Self {
        Self {
            merchant,
            url: url.into(),
            secret: secret.into(),
            format: WebhookFormat::default(),
        }
    }
}

/// An endpoint as messages need it.
#[derive(Clone, Debug)]
pub struct WebhookKeys {
    /// How they look.
    pub format: WebhookFormat,
    /// What they are signed with, the newest first; two while a shop changes from one to the next.
    pub secrets: Vec<SecretString>,
}

/// What an API key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// `PUT /v1/orders/{order_id}`.
    Orders,
    /// `POST /v1/events`.
    Events,
    /// Read orders and documents.
    Receipts,
    /// Work the registers, resend documents.
    Operator,
}

/// Everything `apply` declares.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Merchants.
    pub merchants: Vec<Merchant>,
    /// Registers.
    pub registers: Vec<Register>,
    /// Sources.
    pub sources: Vec<Source>,
    /// API keys with their secrets.
    pub api_keys: Vec<(ApiKey, SecretString)>,
    /// Shops' endpoints.
    pub shop_webhooks: Vec<ShopWebhook>,
    /// How merchants write to buyers.
    pub mail: Vec<(MerchantId, MailSettings)>,
}

/// One line of what `apply` did: the thing and what happened to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// E.g. `register flowers-1`.
    pub thing: String,
    /// Added, or the names of the columns that changed (never values).
    pub what: Changed,
}

/// What happened to a thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It is new.
    Added,
    /// These settings changed.
    Updated(Vec<&'static str>),
}

macro_rules! words {
    ($name:ident { $($variant:ident => $word:literal),+ $(,)? }) => {
        impl $name {
            /// The stable word.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// Every one of them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Reads the word back.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

words! { Provider { Cashalot => "cashalot", CashDesk => "cashdesk", AtolOnline => "atol-online" } }
words! {
    SourceKind {
        Fondy => "fondy", LiqPay => "liqpay", WayForPay => "wayforpay", Monobank => "monobank",
        CashDesk => "cashdesk", AtolOnline => "atol-online",
    }
}
words! { ReceiptMaker { Kasyr => "kasyr-fiscalizes", Gateway => "gateway-fiscalizes" } }
words! { WebhookFormat { Receipt => "cashdesk", Event => "event" } }
words! { Scope { Orders => "orders", Events => "events", Receipts => "receipts", Operator => "operator" } }
