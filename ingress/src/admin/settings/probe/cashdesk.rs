//! What CashDesk says (`cashdesk.md` §5.1, §5.2): one login, the list of registers, one register.

use std::collections::BTreeMap;
use std::time::Duration;

use cashdesk::{Answer, Class, Client, Error, Flaw, TaxObject};
use domain::ids::RegisterNumber;
use ledger::settings::Credentials;
use url::Url;
use wire::Tokens;

use super::facts::{Certificate, KeyFacts, Listed, Place, RegisterFacts, Unit, filled};
use super::trouble::{Trouble, TroubleKind};
use super::{PATIENCE, http, option};

/// A login has the last place in SmartConnect's queue: with the list it may take so long.
const LOGIN: Duration = Duration::from_secs(75);

/// Somebody who asks with a login or a permanent key at an address.
pub struct Probe {
    client: Client,
}

/// What was asked.
#[derive(Clone, Copy)]
enum About {
    Login,
    Key,
    Register,
}

impl Probe {
    /// Asks nothing yet. Fails where no HTTP client can be made, and with a key that CashDesk does not take.
    pub fn new(base_url: Url, credentials: &Credentials, options: &BTreeMap<String, String>) -> Result<Self, Trouble> {
        let developer_id = option(options, "developer_id");
        let credentials = match credentials {
            Credentials::Login { login, password } => cashdesk::Credentials::Login {
                email: login.clone(),
                password: password.clone(),
                developer_id,
            },
            Credentials::ApiToken(token) => cashdesk::Credentials::ApiToken {
                token: token.clone(),
                developer_id,
            },
            Credentials::KeyPin(_) | Credentials::Keys { .. } | Credentials::SmartId | Credentials::Stored => {
                return Err(Trouble::new(TroubleKind::WrongKey, ""));
            }
        };
        let client = Client::new(http()?, base_url, credentials, Tokens::default(), PATIENCE);
        Ok(Self { client })
    }

    /// Does CashDesk take the login or the key, and which registers are its?
    pub async fn key(&self) -> Result<KeyFacts, Trouble> {
        let asked = tokio::time::timeout(LOGIN, self.client.tax_objects()).await;
        let (units, lists) = match asked.map_err(|_| silent())?.result {
            Ok(told) => (told.value.into_iter().filter_map(unit).collect(), true),
            // The key was taken, and the list has a shape that nobody documents: its registers can still be asked.
            Err(Error::BadAnswer {
                http_status: 200..=299,
                reason: Flaw::Missing(_) | Flaw::Shape(_),
            }) => (Vec::new(), false),
            Err(error) => return Err(trouble(&error, About::Key)),
        };
        Ok(KeyFacts {
            version: None,
            tax_service_away: false,
            certificate: Certificate::AtProvider,
            units,
            lists,
        })
    }

    /// How does a register stand? On a register that is at work already, ask only under its lease.
    pub async fn register(&self, number: &RegisterNumber) -> Result<RegisterFacts, Trouble> {
        let asked = tokio::time::timeout(PATIENCE, self.client.tax_object(number.get())).await;
        let told = asked
            .map_err(|_| silent())?
            .result
            .map_err(|error| trouble(&error, About::Register))?;
        if told.value.num_fiscal.is_some_and(|other| other != number.get()) {
            return Err(Trouble::new(TroubleKind::NotTheProvider, "another register"));
        }
        Ok(register(number, told))
    }
}

fn unit(object: TaxObject) -> Option<Unit> {
    let listed = Listed {
        number: RegisterNumber::parse(&object.num_fiscal?.to_string()).ok()?,
        name: String::new(),
        cancelled: false,
    };
    let place = place(object);
    Some(Unit {
        name: place.name,
        address: place.address,
        owner: place.owner,
        pays_vat: place.pays_vat,
        registers: vec![listed],
    })
}

fn place(object: TaxObject) -> Place {
    Place {
        name: object.name.unwrap_or_default(),
        address: object.address.unwrap_or_default(),
        owner: object.org_name.unwrap_or_default(),
        pays_vat: filled(object.ipn).is_some(),
    }
}

fn register(number: &RegisterNumber, told: Answer<TaxObject>) -> RegisterFacts {
    let shift = told.value.shift.as_ref();
    RegisterFacts {
        shift_open: told.shift_open,
        offline_now: shift.and_then(|shift| shift.offline),
        place: Some(place(told.value)),
        ..RegisterFacts::of(number.clone())
    }
}

fn silent() -> Trouble {
    Trouble::new(TroubleKind::NoAnswer, "")
}

fn trouble(error: &Error, about: About) -> Trouble {
    let kind = match error {
        Error::NotLoggedIn(why) => return trouble(why, About::Login),
        Error::NotSent(_) => TroubleKind::NotReached,
        Error::NoAnswer { .. } => TroubleKind::NoAnswer,
        Error::BadAnswer { http_status, reason } => bad_answer(*http_status, *reason),
        Error::Unauthorized => TroubleKind::WrongKey,
        Error::Refused { message, .. } if names_the_developer(message) => TroubleKind::UnknownDeveloper,
        Error::Refused { http_status, class, .. } => refusal(*http_status, *class, about),
    };
    match error {
        Error::Refused { message, .. } if !message.is_empty() => Trouble::new(kind, message),
        Error::NotSent(_)
        | Error::NotLoggedIn(_)
        | Error::NoAnswer { .. }
        | Error::BadAnswer { .. }
        | Error::Unauthorized
        | Error::Refused { .. } => Trouble::new(kind, &telemetry::chain(error)),
    }
}

const fn bad_answer(http_status: u16, flaw: Flaw) -> TroubleKind {
    match flaw {
        // Redirects are not followed: the key would go along.
        Flaw::Status if http_status >= 300 && http_status < 400 => TroubleKind::NotTheProvider,
        Flaw::Status => TroubleKind::NoAnswer,
        Flaw::NoMessage | Flaw::TooLarge | Flaw::NotJson | Flaw::Shape(_) | Flaw::Missing(_) | Flaw::OtherDocument => {
            TroubleKind::NotTheProvider
        }
    }
}

/// The status goes before the words, for the words are only hints (§9).
const fn refusal(http_status: u16, class: Class, about: About) -> TroubleKind {
    match (http_status, about) {
        (403, About::Login | About::Key) => return TroubleKind::WrongKey,
        (403, About::Register) => return TroubleKind::NotGranted,
        (404, About::Register) => return TroubleKind::UnknownRegister,
        (404, About::Login | About::Key) | (405, _) => return TroubleKind::NotTheProvider,
        _ => {}
    }
    match (class, about) {
        (Class::NotDone | Class::Unknown, _) => TroubleKind::NoAnswer,
        (Class::TaxServiceAway, _) => TroubleKind::TaxServiceAway,
        (Class::KeyAbsent, _) => TroubleKind::NoSigningKey,
        (Class::Misconfigured, _) => TroubleKind::WrongKey,
        (Class::NotFound, _) => TroubleKind::UnknownRegister,
        (Class::Refused, About::Login) => TroubleKind::WrongKey,
        (Class::Refused, About::Key | About::Register)
        | (Class::ShiftAlreadyOpen | Class::ShiftClosed | Class::QueueNotEmpty, _) => TroubleKind::Refused,
    }
}

/// A request without a name that CashDesk knows is blocked (§3); nobody tells with which status.
fn names_the_developer(message: &str) -> bool {
    let message = message.to_lowercase();
    ["developer-id", "developer_id", "developer id"]
        .iter()
        .any(|name| message.contains(name))
}
