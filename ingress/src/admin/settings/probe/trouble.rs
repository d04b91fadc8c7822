//! Why a provider did not tell.

/// Why the provider did not tell, and its own words, in which no secret is left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What it means.
    pub kind: TroubleKind,
    /// What the provider or the network said; empty if nothing.
    pub said: String,
}

/// What a failure means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TroubleKind {
    /// Nobody could be reached at the address.
    NotReached,
    /// Somebody was reached and did not answer in time, or broke off.
    NoAnswer,
    /// Somebody answered who is not the provider.
    NotTheProvider,
    /// The provider cannot reach the tax service.
    TaxServiceAway,
    /// The key, its password or its PIN is wrong; or the login.
    WrongKey,
    /// The certificate cannot be read.
    BadCertificate,
    /// The key that lies at the provider is missing or at its end.
    NoSigningKey,
    /// The provider does not take the name of whoever connects.
    UnknownDeveloper,
    /// The account is blocked.
    Blocked,
    /// The registers speak another version of the protocol.
    WrongProtocol,
    /// The tax service knows no such register.
    UnknownRegister,
    /// This key may not work this register.
    NotGranted,
    /// Key and register have different owners.
    OtherOwner,
    /// The provider's licence is missing or used up.
    NoLicence,
    /// The provider's view of the register is not the tax service's.
    OutOfStep,
    /// Another refusal.
    Refused,
}

impl Trouble {
    /// `said` may be anybody's words: it is masked here.
    pub(super) fn new(kind: TroubleKind, said: &str) -> Self {
        Self {
            kind,
            said: telemetry::mask::text(said).into_owned(),
        }
    }
}

impl TroubleKind {
    /// True when nothing is wrong with the settings as far as anybody knows: they could not be asked about.
    pub const fn is_outage(self) -> bool {
        match self {
            Self::NotReached | Self::NoAnswer | Self::TaxServiceAway => true,
            Self::NotTheProvider
            | Self::WrongKey
            | Self::BadCertificate
            | Self::NoSigningKey
            | Self::UnknownDeveloper
            | Self::Blocked
            | Self::WrongProtocol
            | Self::UnknownRegister
            | Self::NotGranted
            | Self::OtherOwner
            | Self::NoLicence
            | Self::OutOfStep
            | Self::Refused => false,
        }
    }
}
