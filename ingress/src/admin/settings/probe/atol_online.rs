//! What ATOL Online says: does it take login and password (`atol-online.md` §3)? Of a group or a register it tells
//! nothing before there is a document.

use std::collections::BTreeMap;

use atol_online::{Client, Error, ErrorType, Flaw, Version};
use domain::ids::RegisterNumber;
use ledger::settings::Credentials;
use url::Url;
use wire::{Tokens, Unanswered};

use super::facts::{Certificate, KeyFacts, RegisterFacts};
use super::trouble::{Trouble, TroubleKind};
use super::{PATIENCE, http, option};

/// Somebody who asks with a login at an address.
pub struct Probe {
    client: Client,
}

impl Probe {
    /// Asks nothing yet. Fails where no HTTP client can be made, and with a key that ATOL Online does not take.
    pub fn new(base_url: Url, credentials: &Credentials, options: &BTreeMap<String, String>) -> Result<Self, Trouble> {
        let Credentials::Login { login, password } = credentials else {
            return Err(Trouble::new(TroubleKind::WrongKey, ""));
        };
        let credentials = atol_online::Credentials {
            login: login.clone(),
            pass: password.clone(),
            group_code: option(options, "group_code"),
        };
        let version = match option(options, "protocol").as_str() {
            "v4" => Version::V4,
            _ => Version::V5,
        };
        let base_url = with_version(base_url, version);
        let client = Client::new(http()?, base_url, version, credentials, Tokens::default(), PATIENCE);
        Ok(Self { client })
    }

    /// Does ATOL Online take the login? No more is told.
    pub async fn key(&self) -> Result<KeyFacts, Trouble> {
        self.client
            .check_access()
            .await
            .result
            .map_err(|error| trouble(&error))?;
        Ok(KeyFacts {
            version: None,
            tax_service_away: false,
            certificate: Certificate::NotNeeded,
            units: Vec::new(),
            lists: false,
        })
    }

    /// The number as it was typed: nobody can be asked about it.
    pub fn register(&self, number: &RegisterNumber) -> RegisterFacts {
        RegisterFacts {
            told: false,
            ..RegisterFacts::of(number.clone())
        }
    }
}

/// The address may end with its version, as the vendor writes it, or leave it out.
fn with_version(mut base_url: Url, version: Version) -> Url {
    let last = base_url
        .path()
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default();
    if !matches!(last, "v4" | "v5")
        && let Ok(mut segments) = base_url.path_segments_mut()
    {
        segments.pop_if_empty().push(version.as_str());
    }
    base_url
}

fn trouble(error: &Error) -> Trouble {
    let kind = match error {
        Error::NoToken(why) => return trouble(why),
        Error::Unanswered(Unanswered::NotSent(_)) => TroubleKind::NotReached,
        Error::Unanswered(Unanswered::NoAnswer { .. }) | Error::TokenLate { .. } => TroubleKind::NoAnswer,
        Error::Unanswered(Unanswered::TooLarge { .. }) => TroubleKind::NotTheProvider,
        Error::BadAnswer { http_status, reason } => bad_answer(*http_status, *reason),
        Error::HttpRefused {
            http_status: 408 | 425 | 429,
        } => TroubleKind::NoAnswer,
        Error::HttpRefused { .. } | Error::DuplicateWithoutUuid | Error::OtherDocument => TroubleKind::NotTheProvider,
        Error::Refused(trouble) => return refused(trouble),
    };
    Trouble::new(kind, &telemetry::chain(error))
}

const fn bad_answer(http_status: u16, flaw: Flaw) -> TroubleKind {
    match flaw {
        // Redirects are not followed: login and password would go along.
        Flaw::Status if http_status >= 300 && http_status < 400 => TroubleKind::NotTheProvider,
        Flaw::Status => TroubleKind::NoAnswer,
        Flaw::NotAnObject | Flaw::NoUuid | Flaw::NoState | Flaw::NoFiscalSign | Flaw::NoToken => {
            TroubleKind::NotTheProvider
        }
    }
}

/// The vendor's table of errors (§8.1), as far as a login meets them.
fn refused(told: &atol_online::Trouble) -> Trouble {
    let kind = match (&told.kind, told.code) {
        // 13: a login or password that nobody could have.
        (ErrorType::System, 12 | 13) => TroubleKind::WrongKey,
        (ErrorType::System, 14) => TroubleKind::Blocked,
        (ErrorType::System, 21) => TroubleKind::WrongProtocol,
        (ErrorType::System, 50) => TroubleKind::NoAnswer,
        (
            ErrorType::System
            | ErrorType::None
            | ErrorType::Unknown
            | ErrorType::Driver
            | ErrorType::Timeout
            | ErrorType::Agent
            | ErrorType::Other(_),
            _,
        ) => TroubleKind::Refused,
    };
    Trouble::new(kind, format!("{} ({told})", told.text).trim())
}
