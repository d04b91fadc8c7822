//! Questions about the service, a certificate and the merchant's registers (sheet §4.1–§4.3). All are safe to repeat.

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::Request;
use crate::answer::{Answer, wire};
use crate::auth::{Auth, Key};
use crate::error::Flaw;
use crate::lenient;

#[derive(Serialize)]
pub(crate) struct ServerStateRequest {}

/// Whether the service is up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ServerState {
    /// Advisory: `true` does not promise that the tax service takes the next document, and what `false` means is
    /// not known.
    #[serde(deserialize_with = "lenient::flag")]
    pub available: Option<bool>,
    /// The provider's version.
    #[serde(deserialize_with = "lenient::text")]
    pub version: Option<String>,
}

impl Request for ServerStateRequest {
    const COMMAND: &'static str = "ServerState";
    type Answer = ServerState;

    fn key<'a>(&'a self, _: &'a Auth) -> Key<'a> {
        Key::None
    }
}

impl Answer for ServerState {
    fn read(json: &str) -> Result<Self, Flaw> {
        wire(json)
    }
}

#[derive(Serialize)]
pub(crate) struct CertificateInfoRequest<'a> {
    #[serde(skip)]
    pub certificate: &'a SecretString,
}

/// What a certificate says. Times as they were written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct CertificateInfo {
    /// Valid from.
    #[serde(rename = "DtBeg", deserialize_with = "lenient::date_time")]
    pub valid_from: Option<String>,
    /// Valid until; warn before.
    #[serde(rename = "DtEnd", deserialize_with = "lenient::date_time")]
    pub valid_until: Option<String>,
    /// The organisation's number (ЄДРПОУ).
    #[serde(deserialize_with = "lenient::text")]
    pub edrpou: Option<String>,
    /// The person's tax number (РНОКПП).
    #[serde(deserialize_with = "lenient::text")]
    pub drfo: Option<String>,
    /// The owner's name.
    #[serde(deserialize_with = "lenient::text")]
    pub name: Option<String>,
    /// An organisation's seal rather than a person's signature.
    #[serde(deserialize_with = "lenient::flag")]
    pub stamp: Option<bool>,
}

impl Request for CertificateInfoRequest<'_> {
    const COMMAND: &'static str = "CertificateInfo";
    type Answer = CertificateInfo;

    fn key<'a>(&'a self, _: &'a Auth) -> Key<'a> {
        Key::Certificate(self.certificate)
    }
}

impl Answer for CertificateInfo {
    fn read(json: &str) -> Result<Self, Flaw> {
        wire(json)
    }
}

#[derive(Serialize)]
pub(crate) struct ObjectsRequest {}

/// A business unit visible to the key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct BusinessUnit {
    /// The unit's internal id.
    #[serde(deserialize_with = "lenient::integer")]
    pub entity: Option<i64>,
    /// The tax object's id as text.
    #[serde(deserialize_with = "lenient::text")]
    pub tax_obj_guid: Option<String>,
    /// The tax object's numeric id.
    #[serde(deserialize_with = "lenient::integer")]
    pub tax_obj_id: Option<i64>,
    /// The owner pays the single tax.
    #[serde(deserialize_with = "lenient::flag")]
    pub single_tax: Option<bool>,
    /// The unit's name.
    #[serde(deserialize_with = "lenient::text")]
    pub name: Option<String>,
    /// The unit's address.
    #[serde(deserialize_with = "lenient::text")]
    pub address: Option<String>,
    /// The owner's tax number, 8 or 10 digits.
    #[serde(deserialize_with = "lenient::text")]
    pub tin: Option<String>,
    /// The owner's VAT number, 12 digits; none if not a VAT payer.
    #[serde(deserialize_with = "lenient::text")]
    pub ipn: Option<String>,
    /// The owner's name.
    #[serde(deserialize_with = "lenient::text")]
    pub org_name: Option<String>,
    /// The key belongs to a senior cashier.
    #[serde(deserialize_with = "lenient::flag")]
    pub chief_cashier: Option<bool>,
    /// The unit's registers.
    #[serde(rename = "TransactionsRegistrars", deserialize_with = "lenient::or_default")]
    pub registrars: Vec<Registrar>,
}

/// A register of a business unit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Registrar {
    /// Its fiscal number, a [`RegistrarNumber`](crate::RegistrarNumber).
    #[serde(deserialize_with = "lenient::natural")]
    pub num_fiscal: Option<u64>,
    /// Its number within the business.
    #[serde(deserialize_with = "lenient::natural")]
    pub num_local: Option<u64>,
    /// Its name.
    #[serde(deserialize_with = "lenient::text")]
    pub name: Option<String>,
    /// Its registration is cancelled while a shift is still open.
    #[serde(deserialize_with = "lenient::flag")]
    pub closed: Option<bool>,
}

#[derive(Deserialize)]
struct ObjectsWire {
    #[serde(rename = "TaxObjects", default, deserialize_with = "lenient::or_default")]
    tax_objects: Vec<BusinessUnit>,
}

impl Request for ObjectsRequest {
    const COMMAND: &'static str = "Objects";
    type Answer = Vec<BusinessUnit>;
}

impl Answer for Vec<BusinessUnit> {
    fn read(json: &str) -> Result<Self, Flaw> {
        wire::<ObjectsWire>(json).map(|wire| wire.tax_objects)
    }
}
