//! How a simulator and its registers are set up.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;

/// The settings of a whole simulator.
#[derive(Clone, Debug)]
pub struct Config {
    /// The credentials of every register that names none of its own.
    pub credentials: Credentials,
    /// The encoding of `OriginalXml`; the tax service uses windows-1251.
    pub xml_encoding: XmlEncoding,
    /// How often undelivered offline documents are delivered without a command. None leaves it to commands alone.
    pub delivery_every: Option<Duration>,
    /// `Version` of `ServerState`.
    pub version: String,
    /// The first online fiscal number is above this.
    pub fiscal_numbers_above: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            credentials: Credentials::KeyPin(DEFAULT_KEY_PIN.to_owned()),
            xml_encoding: XmlEncoding::Windows1251,
            delivery_every: Some(Duration::from_secs(1)),
            version: "2.0.0.1".to_owned(),
            fiscal_numbers_above: 9_000_000_100,
        }
    }
}

/// The KeyPin that `Config::default()` accepts; a test value of the sandbox, good for nothing else.
pub const DEFAULT_KEY_PIN: &str = "sandbox-pin-0001";

/// The encoding of the XML behind `OriginalXml`, also named in its declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XmlEncoding {
    /// `utf-8`.
    Utf8,
    /// `windows-1251`; a character it lacks becomes a numeric reference.
    Windows1251,
}

/// What a command must carry to sign as an operator (sheet §2). `Debug` prints the variant only.
#[derive(Clone, PartialEq, Eq)]
pub enum Credentials {
    /// Simplified mode: the key lies at Cashälot, the PIN opens it.
    KeyPin(String),
    /// The key in each command, all three as they are sent (base64, base64, plain).
    Keys {
        /// `Certificate`.
        certificate: String,
        /// `PrivateKey`.
        private_key: String,
        /// `Password`.
        password: String,
    },
    /// `UseSmartId: true`.
    SmartId,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::KeyPin(_) => "KeyPin(…)",
            Self::Keys { .. } => "Keys(…)",
            Self::SmartId => "SmartId",
        })
    }
}

/// An operator: whoever owns the credentials.
#[derive(Clone, Debug)]
pub struct OperatorSetup {
    /// The name shown in shifts.
    pub name: String,
    /// How the operator signs.
    pub credentials: Credentials,
    /// A senior cashier may work in another operator's shift.
    pub chief: bool,
}

/// One registrar (ПРРО) and the business unit around it.
#[derive(Clone, Debug)]
pub struct RegisterSetup {
    /// The registrar's fiscal number.
    pub num_fiscal: u64,
    /// The registrar's local number (`CASHDESKNUM`).
    pub num_local: u32,
    /// The registrar's name.
    pub name: String,
    /// Who may work on it; None means the simulator's default credentials. More with `Simulator::add_operator`.
    pub credentials: Option<Credentials>,
    /// The first operator's name.
    pub operator: String,
    /// Whether that operator is a senior cashier.
    pub chief: bool,
    /// Whether offline work is permitted.
    pub offline_supported: bool,
    /// End of the Cashälot licence; None never ends.
    pub licence_expires: Option<Timestamp>,
    /// The local number of the very first document.
    pub first_local: u64,
    /// The owner's name.
    pub organisation: String,
    /// The business unit's name.
    pub unit: String,
    /// The business unit's address.
    pub address: String,
    /// The owner's tax id.
    pub tin: String,
    /// The owner's VAT payer number; None for those who do not pay VAT.
    pub ipn: Option<String>,
    /// Whether the owner pays the single tax.
    pub single_tax: bool,
}

impl RegisterSetup {
    /// A register with made-up surroundings that takes the simulator's default credentials.
    pub fn new(num_fiscal: u64) -> Self {
        Self {
            num_fiscal,
            num_local: 1,
            name: "Каса 1".to_owned(),
            credentials: None,
            operator: "Касир Приклад".to_owned(),
            chief: true,
            offline_supported: true,
            licence_expires: None,
            first_local: 1,
            organisation: "ФОП Приклад".to_owned(),
            unit: "Інтернет-магазин".to_owned(),
            address: "УКРАЇНА, М.КИЇВ, вул. Прикладна, 1".to_owned(),
            tin: "9999999999".to_owned(),
            ipn: None,
            single_tax: true,
        }
    }
}
