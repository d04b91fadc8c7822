//! What a register's settings mean at ATOL Online, read and checked once for all its documents.

use std::collections::BTreeMap;
use std::time::Duration;

use ::atol_online::{Client, Company, Credentials, PaymentObject, Sno, VatTable, VatType, Version};
use domain::tax::{Rate, VatLetter, VatScheme};
use ledger::settings::{self, Register};
use secrecy::SecretString;
use url::Url;
use wire::{Personal, Tokens};

/// Why a register's settings cannot be used. Holds names only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// The address is none.
    #[error("its base_url is not a URL")]
    BadAddress,
    /// The address names another version than the protocol.
    #[error("its base_url and its protocol name different versions")]
    OtherVersion,
    /// Not a login and a password.
    #[error("ATOL Online takes no such key")]
    WrongKey,
    /// An option that is missing or cannot be.
    #[error("its option {0} cannot be used")]
    BadOption(&'static str),
}

/// A register at ATOL Online.
pub struct Setup {
    /// The service's address without the version and without a slash at the end.
    pub(super) address: String,
    /// The group of registers.
    pub(super) group: String,
    /// Which protocol the group speaks.
    pub(super) version: Version,
    pub(super) company: Company,
    /// Where receipts of buyers without a contact go.
    pub(super) fallback: Option<Personal>,
    pub(super) object: PaymentObject,
    vat_types: BTreeMap<VatLetter, VatType>,
    login: String,
    password: SecretString,
}

/// Plain rates, in the order in which they are looked through; each is in the client's table.
const PLAIN: [&str; 6] = ["vat0", "vat5", "vat7", "vat10", "vat20", "vat22"];

/// What can be chosen as sold; both versions know them.
const OBJECTS: [PaymentObject; 8] = [
    PaymentObject::Commodity,
    PaymentObject::Excise,
    PaymentObject::Job,
    PaymentObject::Service,
    PaymentObject::IntellectualActivity,
    PaymentObject::Payment,
    PaymentObject::AgentCommission,
    PaymentObject::Another,
];

impl Setup {
    /// Reads a register's settings.
    pub fn of(register: &Register) -> Result<Self, Unfit> {
        let settings::Credentials::Login { login, password } = &register.credentials else {
            return Err(Unfit::WrongKey);
        };
        let needed = |name| register.option(name).ok_or(Unfit::BadOption(name));
        let version = version(needed("protocol")?).ok_or(Unfit::BadOption("protocol"))?;
        let inn = needed("inn")?;
        let digits = inn.bytes().all(|byte| byte.is_ascii_digit());
        if !digits || !matches!(inn.len(), 10 | 12) {
            return Err(Unfit::BadOption("inn"));
        }
        let sno = register.option("sno").map(Sno::from_wire);
        if sno.is_none() && version == Version::V5 {
            return Err(Unfit::BadOption("sno"));
        }
        let object = match register.option("payment_object") {
            None => PaymentObject::Commodity,
            Some(word) => {
                let known = OBJECTS.into_iter().find(|object| object.v4() == Some(word));
                known.ok_or(Unfit::BadOption("payment_object"))?
            }
        };
        Ok(Self {
            address: address(&register.base_url, version)?,
            group: needed("group_code")?.to_owned(),
            version,
            company: Company {
                email: needed("email")?.to_owned(),
                sno,
                inn: inn.to_owned(),
                payment_address: needed("payment_address")?.to_owned(),
                location: None,
            },
            fallback: register.option("buyer_contact").map(Personal::new),
            object,
            vat_types: vat_types(register)?,
            login: login.clone(),
            password: password.clone(),
        })
    }

    /// The client of a group of this account: the register's own, or the one that a document was sent to when the
    /// settings were others.
    pub(super) fn client_of(
        &self,
        http: reqwest::Client,
        tokens: Tokens,
        (group, version): (&str, Version),
        timeout: Duration,
    ) -> Option<Client> {
        let base_url = Url::parse(&format!("{}/{version}", self.address)).ok()?;
        let credentials = Credentials {
            login: self.login.clone(),
            pass: self.password.clone(),
            group_code: group.to_owned(),
        };
        Some(Client::new(http, base_url, version, credentials, tokens, timeout))
    }

    /// The client of the register's own group.
    pub fn client(&self, http: reqwest::Client, tokens: Tokens, timeout: Duration) -> Option<Client> {
        self.client_of(http, tokens, (&self.group, self.version), timeout)
    }

    /// The VAT type of a letter that has this rate: the one in the settings, else the plain one of the rate.
    pub(super) fn vat_type(&self, letter: VatLetter, rate: Rate) -> Option<VatType> {
        if let Some(told) = self.vat_types.get(&letter) {
            return Some(told.clone());
        }
        let table = VatTable::default();
        PLAIN
            .iter()
            .filter_map(|word| table.get(word).ok())
            .find(|plain| plain.rate() == Some(rate.basis_points()))
    }
}

/// The version of a word in the settings, or in what was sent.
pub(super) fn version(word: &str) -> Option<Version> {
    [Version::V4, Version::V5]
        .into_iter()
        .find(|version| version.as_str() == word)
}

/// The address may end with its version, as the vendor writes it, or leave it out.
fn address(base_url: &str, protocol: Version) -> Result<String, Unfit> {
    let url = Url::parse(base_url).map_err(|_| Unfit::BadAddress)?;
    if url.cannot_be_a_base() {
        return Err(Unfit::BadAddress);
    }
    let text = url.as_str().trim_end_matches('/');
    let Some((rest, last)) = text.rsplit_once('/') else {
        return Err(Unfit::BadAddress);
    };
    match version(last) {
        None => Ok(text.to_owned()),
        Some(named) if named == protocol => Ok(rest.to_owned()),
        Some(_) => Err(Unfit::OtherVersion),
    }
}

/// `А=vat20 Б=vat10`. A type that the table does not know has the letter's rate: rates come by law.
fn vat_types(register: &Register) -> Result<BTreeMap<VatLetter, VatType>, Unfit> {
    const BAD: Unfit = Unfit::BadOption("vat_types");
    let Some(text) = register.option("vat_types") else {
        return Ok(BTreeMap::new());
    };
    let rate = |letter: VatLetter| match &register.vat {
        VatScheme::NotAPayer => None,
        VatScheme::Letters { rates, .. } => rates.get(&letter).map(|rate| rate.basis_points()),
    };
    let words = text
        .split(|letter: char| letter.is_whitespace() || letter == ',')
        .filter(|word| !word.is_empty());
    words
        .map(|word| {
            let (letter, kind) = word.split_once('=').ok_or(BAD)?;
            let letter = VatLetter::parse(letter).map_err(|_| BAD)?;
            let table = VatTable::default();
            let known = match (table.get(kind), rate(letter)) {
                (Ok(known), _) => known,
                (Err(_), Some(rate)) => {
                    let more = table.with(kind, rate).map_err(|_| BAD)?;
                    more.get(kind).map_err(|_| BAD)?
                }
                (Err(_), None) => return Err(BAD),
            };
            // A type of another rate would tell the tax office another tax than the settings do.
            let agrees = rate(letter).is_none_or(|rate| known.rate().unwrap_or(0) == rate);
            agrees.then_some((letter, known)).ok_or(BAD)
        })
        .collect()
}

#[cfg(test)]
mod tests;
