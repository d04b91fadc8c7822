//! What Cashälot says of a key and of a register, asked before anything is saved. Only commands that change
//! nothing (`cashalot.md` §4.1–4.4).

use cashalot::{
    Auth, BusinessUnit, CertificateInfo, Client, Error, ErrorCode, Flaw, RegistrarNumber, RegistrarState, ShiftState,
    TransactionsRegistrarState,
};
use domain::ids::RegisterNumber;
use domain::time::UnixMillis;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use ledger::settings::Credentials;
use url::Url;

use super::facts::{Certificate, KeyFacts, Listed, RegisterFacts, Unit, filled};
use super::trouble::{Trouble, TroubleKind};
use super::{PATIENCE, http};

/// Somebody who asks with a key at an address.
pub struct Probe {
    client: Client,
    auth: Auth,
}

impl Probe {
    /// Asks nothing yet. Fails only where no HTTP client can be made, such as on a machine without certificates.
    pub fn new(base_url: Url, credentials: &Credentials) -> Result<Self, Trouble> {
        let auth = auth(credentials);
        let client = Client::new(http()?, base_url, auth.clone(), PATIENCE);
        Ok(Self { client, auth })
    }

    /// Does the provider answer, what does the certificate say, where may the key work?
    pub async fn key(&self) -> Result<KeyFacts, Trouble> {
        let server = self
            .client
            .server_state()
            .await
            .result
            .map_err(|error| trouble(&error))?;
        let certificate = self.certificate().await?;
        let units = match self.client.objects().await.result {
            Ok(units) => units.into_iter().map(unit).collect(),
            Err(Error::Refused {
                code: ErrorCode::NoContent,
                ..
            }) => Vec::new(),
            Err(error) => return Err(trouble(&error)),
        };
        Ok(KeyFacts {
            version: server.version,
            tax_service_away: server.available == Some(false),
            certificate,
            units,
            lists: true,
        })
    }

    /// How does a register stand? On a register that is at work already, ask only under its lease.
    pub async fn register(&self, number: &RegisterNumber) -> Result<RegisterFacts, Trouble> {
        let question = TransactionsRegistrarState {
            registrar: RegistrarNumber(number.get()),
            include_tax_object: false,
            uid: None,
        };
        let told = self.client.transactions_registrar_state(&question).await.result;
        told.map(|state| register(number, state))
            .map_err(|error| trouble(&error))
    }

    async fn certificate(&self) -> Result<Certificate, Trouble> {
        let Some(certificate) = self.auth.certificate() else {
            return Ok(Certificate::AtProvider);
        };
        match self.client.certificate_info(certificate).await.result {
            Ok(info) => Ok(known(info)),
            Err(error) => match trouble(&error) {
                Trouble {
                    kind: TroubleKind::WrongKey,
                    said,
                } => Err(Trouble {
                    kind: TroubleKind::BadCertificate,
                    said,
                }),
                outage if outage.kind.is_outage() => Err(outage),
                // An older provider may not know the command; the key itself is asked about next.
                _ => Ok(Certificate::NotTold),
            },
        }
    }
}

/// How the provider's client signs with a register's credentials.
fn auth(credentials: &Credentials) -> Auth {
    match credentials {
        Credentials::KeyPin(pin) => Auth::KeyPin(pin.clone()),
        Credentials::Keys {
            certificate,
            private_key,
            password,
        } => Auth::Keys {
            certificate: certificate.clone(),
            private_key: private_key.clone(),
            password: password.clone(),
        },
        Credentials::SmartId => Auth::SmartId,
        // The form offers no other for this provider.
        Credentials::Stored | Credentials::Login { .. } | Credentials::ApiToken(_) => Auth::Stored,
    }
}

fn known(info: CertificateInfo) -> Certificate {
    Certificate::Known {
        owner: filled(info.name),
        tax_number: filled(info.edrpou).or_else(|| filled(info.drfo)),
        until: info.valid_until.as_deref().and_then(time),
    }
}

fn unit(unit: BusinessUnit) -> Unit {
    let listed = |registrar: cashalot::Registrar| {
        Some(Listed {
            number: RegisterNumber::parse(&registrar.num_fiscal?.to_string()).ok()?,
            name: registrar.name.unwrap_or_default(),
            cancelled: registrar.closed == Some(true),
        })
    };
    Unit {
        name: unit.name.unwrap_or_default(),
        address: unit.address.unwrap_or_default(),
        owner: unit.org_name.unwrap_or_default(),
        pays_vat: filled(unit.ipn).is_some(),
        registers: unit.registrars.into_iter().filter_map(listed).collect(),
    }
}

fn register(number: &RegisterNumber, state: RegistrarState) -> RegisterFacts {
    RegisterFacts {
        shift_open: state.shift_state.map(|shift| match shift {
            ShiftState::Closed => false,
            ShiftState::Open | ShiftState::Other(_) => true,
        }),
        operator: filled(state.name),
        testing: state.testing == Some(true),
        offline: state.offline_supported,
        licence_until: state.license_expiration.as_deref().and_then(time),
        cancelled: state.closed == Some(true),
        ..RegisterFacts::of(number.clone())
    }
}

/// A time with an offset, or a Kyiv time without one (`cashalot.md` §1).
fn time(text: &str) -> Option<UnixMillis> {
    let text = text.trim();
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(UnixMillis(at.as_millisecond()));
    }
    let local: DateTime = text.parse().ok()?;
    let zone = TimeZone::get("Europe/Kyiv").ok()?;
    let at = local.to_zoned(zone).ok()?.timestamp();
    Some(UnixMillis(at.as_millisecond()))
}

fn trouble(error: &Error) -> Trouble {
    let (kind, said) = match error {
        Error::NotSent(_) => (TroubleKind::NotReached, telemetry::chain(error)),
        Error::NoAnswer { .. } => (TroubleKind::NoAnswer, telemetry::chain(error)),
        // Redirects are not followed: the key would go along.
        Error::BadAnswer {
            http_status: 300..=399, ..
        } => (TroubleKind::NotTheProvider, error.to_string()),
        Error::BadAnswer { reason, .. } => (bad_answer(*reason), error.to_string()),
        Error::HttpRefused { http_status: 429 } => (TroubleKind::NoAnswer, error.to_string()),
        Error::HttpRefused { .. } => (TroubleKind::NotTheProvider, error.to_string()),
        Error::Refused { code, message } if message.is_empty() => (refusal(code), code.to_string()),
        Error::Refused { code, message } => (refusal(code), message.clone()),
    };
    Trouble::new(kind, &said)
}

const fn bad_answer(flaw: Flaw) -> TroubleKind {
    match flaw {
        // A status of failure or half an answer: a proxy in trouble, or the provider itself.
        Flaw::Status | Flaw::Empty | Flaw::OkWithFailureStatus => TroubleKind::NoAnswer,
        Flaw::TooLarge
        | Flaw::NotJson
        | Flaw::NotAnObject
        | Flaw::NoErrorCode
        | Flaw::Shape
        | Flaw::MissingDocument => TroubleKind::NotTheProvider,
    }
}

const fn refusal(code: &ErrorCode) -> TroubleKind {
    match code {
        ErrorCode::TransactionsRegistrarAbsent | ErrorCode::NoContent => TroubleKind::UnknownRegister,
        ErrorCode::OperatorAccessToTransactionsRegistrarNotGranted => TroubleKind::NotGranted,
        ErrorCode::InvalidTin => TroubleKind::OtherOwner,
        ErrorCode::CryptographyError => TroubleKind::WrongKey,
        ErrorCode::LicenseViolation => TroubleKind::NoLicence,
        ErrorCode::FiscalServerNotAvailable | ErrorCode::FiscalServerError | ErrorCode::OfflineModeNotSupported => {
            TroubleKind::TaxServiceAway
        }
        ErrorCode::InconsistentRegistrarState => TroubleKind::OutOfStep,
        ErrorCode::ShiftAlreadyOpened
        | ErrorCode::ShiftNotOpened
        | ErrorCode::LastDocumentMustBeZRep
        | ErrorCode::CheckLocalNumberInvalid
        | ErrorCode::ZRepAlreadyRegistered
        | ErrorCode::DocumentValidationError
        | ErrorCode::PackageValidationError
        | ErrorCode::InvalidQueryParameter
        | ErrorCode::Other(_) => TroubleKind::Refused,
    }
}
