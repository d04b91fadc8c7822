//! How a simulator and its registers are set up.

use std::fmt;
use std::time::Duration;

use crate::schedule::RetrySchedule;

/// The settings of a whole simulator. `Debug` prints no secret.
#[derive(Clone)]
pub struct Config {
    /// The e-mail of the one account.
    pub email: String,
    /// Its password.
    pub password: String,
    /// Its permanent API key, as made in the cabinet.
    pub api_token: String,
    /// How long a token of `/authenticate` lives.
    pub token_lifetime: Duration,
    /// How often queued offline documents are uploaded without a request. None leaves it to `deliver_offline` and to
    /// the next document made online.
    pub upload_every: Option<Duration>,
    /// Where links to check pages point, without a slash at the end; None is the first listener's own address.
    pub public_url: Option<String>,
    /// What fiscal numbers begin with.
    pub fiscal_prefix: String,
    /// How long a receiver of webhooks may take to answer.
    pub webhook_timeout: Duration,
    /// When a webhook that was not taken is sent again.
    pub webhook_schedule: RetrySchedule,
    /// A webhook is given up when its next attempt would be later than this after the first one.
    pub webhook_for: Duration,
    /// Webhooks under way at once, at most.
    pub concurrency: usize,
}

/// The e-mail that `Config::default()` accepts.
pub const DEFAULT_EMAIL: &str = "till@shop.example";

/// The password that `Config::default()` accepts; a test value of the sandbox, good for nothing else.
pub const DEFAULT_PASSWORD: &str = "sandbox-cashdesk-password-0001";

/// The permanent API key that `Config::default()` accepts; a test value of the sandbox, good for nothing else.
pub const DEFAULT_API_TOKEN: &str = "sandbox-cashdesk-api-token-0001";

const MINUTE: u64 = 60;

impl Default for Config {
    fn default() -> Self {
        Self {
            email: DEFAULT_EMAIL.to_owned(),
            password: DEFAULT_PASSWORD.to_owned(),
            api_token: DEFAULT_API_TOKEN.to_owned(),
            token_lifetime: Duration::from_secs(365 * 24 * 60 * MINUTE),
            upload_every: Some(Duration::from_secs(1)),
            public_url: None,
            fiscal_prefix: "TST_".to_owned(),
            webhook_timeout: Duration::from_secs(10),
            webhook_schedule: RetrySchedule::repeating(
                [1, 5, 15, 60]
                    .map(|minutes| Duration::from_secs(minutes * MINUTE))
                    .to_vec(),
            ),
            webhook_for: Duration::from_secs(24 * 60 * MINUTE),
            concurrency: 16,
        }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("token_lifetime", &self.token_lifetime)
            .field("upload_every", &self.upload_every)
            .field("public_url", &self.public_url)
            .field("webhook_timeout", &self.webhook_timeout)
            .field("webhook_for", &self.webhook_for)
            .finish_non_exhaustive()
    }
}

/// Which of the two servers a register is worked through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// The vendor's cloud: without the tax service there are no documents.
    #[default]
    Cloud,
    /// The program in the merchant's network: without the tax service it goes on offline and uploads later.
    SmartConnect,
}

/// A tax group that a register is registered with.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct TaxRate {
    /// The Cyrillic letter; None is "no VAT" without a letter.
    pub letter: Option<String>,
    /// Whole percent.
    pub prc: u8,
}

impl TaxRate {
    /// The group without VAT and without a letter.
    pub fn no_vat() -> Self {
        Self { letter: None, prc: 0 }
    }

    /// A group with a letter.
    pub fn new(letter: &str, prc: u8) -> Self {
        Self {
            letter: Some(letter.to_owned()),
            prc,
        }
    }
}

/// One register (ПРРО) and the outlet around it.
#[derive(Clone, Debug)]
pub struct RegisterSetup {
    /// The register's fiscal number.
    pub num_fiscal: u64,
    /// Cloud or SmartConnect.
    pub mode: Mode,
    /// The tax groups it may sell in.
    pub taxes: Vec<TaxRate>,
    /// Whether the cashier's signing key is there.
    pub key_ok: bool,
    /// Where webhooks go, as set in the cabinet; only `http://` can be reached.
    pub webhook_url: Option<String>,
    /// What lies in the box before the first shift, in kopecks.
    pub cash_in_box_kopecks: i64,
    /// The outlet's name.
    pub name: String,
    /// The owner's name.
    pub org_name: String,
    /// The outlet's address.
    pub address: String,
    /// The owner's tax id.
    pub tin: String,
    /// The owner's VAT payer number; None for those who do not pay VAT.
    pub ipn: Option<String>,
    /// The cashier's name.
    pub cashier: String,
    /// The cashier's taxpayer card number, which `/key-heartbeat` asks by.
    pub drfo: String,
}

impl RegisterSetup {
    /// A register in the cloud with made-up surroundings: no VAT, А 20 %, Б 0 %, В 7 %, Н 0 %, an empty box.
    pub fn new(num_fiscal: u64) -> Self {
        let lettered = [("А", 20), ("Б", 0), ("В", 7), ("Н", 0)].map(|(letter, prc)| TaxRate::new(letter, prc));
        Self {
            num_fiscal,
            mode: Mode::Cloud,
            taxes: std::iter::once(TaxRate::no_vat()).chain(lettered).collect(),
            key_ok: true,
            webhook_url: None,
            cash_in_box_kopecks: 0,
            name: "Інтернет-магазин".to_owned(),
            org_name: "ФОП Приклад".to_owned(),
            address: "УКРАЇНА, М.КИЇВ, вул. Прикладна, 1".to_owned(),
            tin: "9999999999".to_owned(),
            ipn: None,
            cashier: "Касир Приклад".to_owned(),
            drfo: "9999999999".to_owned(),
        }
    }
}
