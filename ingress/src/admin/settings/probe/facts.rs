//! What a provider tells of a key and of a register.

use domain::ids::RegisterNumber;
use domain::time::UnixMillis;

/// What is known of a key.
#[derive(Clone, Debug)]
pub struct KeyFacts {
    /// The provider's version.
    pub version: Option<String>,
    /// The provider says that the tax service does not answer it.
    pub tax_service_away: bool,
    /// What the certificate says.
    pub certificate: Certificate,
    /// Where the key may work.
    pub units: Vec<Unit>,
    /// The provider tells where; else the number is typed.
    pub lists: bool,
}

/// What is known of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Certificate {
    /// The key lies at the provider, which tells nothing of it.
    AtProvider,
    /// Nothing is signed with a key of ours.
    NotNeeded,
    /// The provider did not tell.
    NotTold,
    /// Told.
    Known {
        /// Whose it is.
        owner: Option<String>,
        /// The owner's number at the tax service.
        tax_number: Option<String>,
        /// Valid until.
        until: Option<UnixMillis>,
    },
}

/// A business unit with its registers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub address: String,
    /// Whose it is.
    pub owner: String,
    /// The owner is told to pay VAT.
    pub pays_vat: bool,
    /// Its registers.
    pub registers: Vec<Listed>,
}

/// A register the key may work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its fiscal number.
    pub number: RegisterNumber,
    /// Its name.
    pub name: String,
    /// Its registration is cancelled, its shift still open.
    pub cancelled: bool,
}

/// Where a register is, and whose. Empty: not told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The outlet.
    pub name: String,
    /// Where it is.
    pub address: String,
    /// Whose it is.
    pub owner: String,
    /// The owner is told to pay VAT.
    pub pays_vat: bool,
}

/// What is known of a register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterFacts {
    /// Its fiscal number.
    pub number: RegisterNumber,
    /// The provider told of it. False: it tells of none, and all is as it was typed.
    pub told: bool,
    /// Where it is and whose, where the provider tells that with its state.
    pub place: Option<Place>,
    /// A shift is open. `None`: not told.
    pub shift_open: Option<bool>,
    /// Who opened it.
    pub operator: Option<String>,
    /// The open shift is a test one.
    pub testing: bool,
    /// It may work offline. `None`: not told.
    pub offline: Option<bool>,
    /// It does so now. `None`: not told.
    pub offline_now: Option<bool>,
    /// The provider's licence ends.
    pub licence_until: Option<UnixMillis>,
    /// The registration is cancelled.
    pub cancelled: bool,
}

impl RegisterFacts {
    /// A register of which only the number is known.
    pub(super) const fn of(number: RegisterNumber) -> Self {
        Self {
            number,
            told: true,
            place: None,
            shift_open: None,
            operator: None,
            testing: false,
            offline: None,
            offline_now: None,
            licence_until: None,
            cancelled: false,
        }
    }
}

/// A text that says something.
pub(super) fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}
