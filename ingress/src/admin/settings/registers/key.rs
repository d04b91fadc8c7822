//! How a register's documents are signed: what was given now, and what is kept from before.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ledger::settings::{Credentials, KeyKind, Provider, Register};
use secrecy::SecretString;
use url::Url;

use super::super::super::form::Form;
use super::super::super::language::Language;
use super::super::problems::{self, Problems};
use super::draft::Draft;
use super::upload;

/// The ways to sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Keys,
    KeyPin,
    SmartId,
    Stored,
    Login,
    ApiToken,
}

impl Way {
    pub const ALL: [Self; 6] = [
        Self::Keys,
        Self::KeyPin,
        Self::SmartId,
        Self::Stored,
        Self::Login,
        Self::ApiToken,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Keys => "keys",
            Self::KeyPin => "key_pin",
            Self::SmartId => "smart_id",
            Self::Stored => "stored",
            Self::Login => "login",
            Self::ApiToken => "api_token",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.as_str() == word)
    }

    pub const fn of(credentials: &Credentials) -> Self {
        match credentials.kind() {
            KeyKind::Keys => Self::Keys,
            KeyKind::KeyPin => Self::KeyPin,
            KeyKind::SmartId => Self::SmartId,
            KeyKind::Stored => Self::Stored,
            KeyKind::Login => Self::Login,
            KeyKind::ApiToken => Self::ApiToken,
        }
    }

    /// What the settings call it.
    pub const fn kind(self) -> KeyKind {
        match self {
            Self::Keys => KeyKind::Keys,
            Self::KeyPin => KeyKind::KeyPin,
            Self::SmartId => KeyKind::SmartId,
            Self::Stored => KeyKind::Stored,
            Self::Login => KeyKind::Login,
            Self::ApiToken => KeyKind::ApiToken,
        }
    }
}

/// A key that is complete.
#[derive(Clone, Debug)]
pub(super) struct Given {
    pub credentials: Credentials,
    /// Some of it is the saved register's. It is sent only to where it was sent before: whoever may change an
    /// address may not have the key sent to themselves.
    pub kept: bool,
}

/// What is there from before.
pub(super) struct Before<'a> {
    pub draft: Option<&'a Draft>,
    pub register: Option<&'a Register>,
}

impl Before<'_> {
    /// The key from before, if it may be sent to `base_url`.
    pub fn for_address(&self, base_url: Option<&Url>) -> Option<Given> {
        let same = self.register.is_some_and(|register| same_place(register, base_url));
        let draft = self.draft.and_then(|draft| draft.given.clone());
        let saved = || {
            self.register.map(|register| Given {
                credentials: register.credentials.clone(),
                kept: true,
            })
        };
        draft
            .filter(|given| same || !given.kept)
            .or_else(|| saved().filter(|_| same))
    }

    /// There is a saved secret that must not go to this address.
    fn is_withheld(&self, base_url: Option<&Url>) -> bool {
        self.register.is_some_and(|register| match &register.credentials {
            Credentials::Keys { .. }
            | Credentials::KeyPin(_)
            | Credentials::Login { .. }
            | Credentials::ApiToken(_) => !same_place(register, base_url),
            Credentials::SmartId | Credentials::Stored => false,
        })
    }
}

fn same_place(register: &Register, base_url: Option<&Url>) -> bool {
    let saved = Url::parse(&register.base_url).ok();
    match (saved, base_url) {
        (Some(saved), Some(wanted)) => saved.origin() == wanted.origin(),
        (None, _) | (_, None) => false,
    }
}

/// Reads the key of a form; an empty field keeps what was there.
pub(super) fn read(
    l: Language,
    form: &Form,
    provider: Provider,
    before: &Before<'_>,
    base_url: Option<&Url>,
    problems: &mut Problems,
) -> Option<Given> {
    let way = Way::parse(form.text("way")).filter(|way| provider.keys().contains(&way.kind()));
    let Some(way) = way else {
        problems.tell("way", l.say("Виберіть спосіб підпису.", "Choose a way to sign."));
        return None;
    };
    let earlier = before.for_address(base_url);
    let withheld = earlier.is_none() && before.is_withheld(base_url);
    match way {
        Way::SmartId => fresh(Credentials::SmartId),
        Way::Stored => fresh(Credentials::Stored),
        Way::KeyPin => {
            let (pin, kept) = part(
                form.secret("key_pin"),
                earlier.as_ref(),
                |credentials| match credentials {
                    Credentials::KeyPin(pin) => Some(pin.clone()),
                    _ => None,
                },
            );
            let pin = problems.keep("key_pin", pin.ok_or_else(|| missing(l, withheld)));
            pin.map(|pin| Given {
                credentials: Credentials::KeyPin(pin),
                kept,
            })
        }
        Way::ApiToken => {
            let (token, kept) = part(
                form.secret("api_token"),
                earlier.as_ref(),
                |credentials| match credentials {
                    Credentials::ApiToken(token) => Some(token.clone()),
                    _ => None,
                },
            );
            let token = problems.keep("api_token", token.ok_or_else(|| missing(l, withheld)));
            token.map(|token| Given {
                credentials: Credentials::ApiToken(token),
                kept,
            })
        }
        Way::Login => {
            let (password, kept) = part(
                form.secret("login_password"),
                earlier.as_ref(),
                |credentials| match credentials {
                    Credentials::Login { password, .. } => Some(password.clone()),
                    _ => None,
                },
            );
            let login = Some(form.text("login").to_owned()).filter(|login| !login.is_empty());
            let login = problems.keep("login", login.ok_or_else(|| problems::empty(l)));
            let password = problems.keep("login_password", password.ok_or_else(|| missing(l, withheld)));
            Some(Given {
                credentials: Credentials::Login {
                    login: login?,
                    password: password?,
                },
                kept,
            })
        }
        Way::Keys => keys(l, form, earlier.as_ref(), withheld, problems),
    }
}

fn keys(l: Language, form: &Form, earlier: Option<&Given>, withheld: bool, problems: &mut Problems) -> Option<Given> {
    let certificate = problems.keep("certificate", upload::certificate(l, form.file("certificate")))?;
    let private_key = problems.keep("private_key", upload::private_key(l, form.file("private_key")))?;
    if let (Some(one), Some(other)) = (&certificate, &private_key)
        && one == other
    {
        problems.tell(
            "private_key",
            l.say(
                "Це той самий файл, що й сертифікат.",
                "This is the same file as the certificate.",
            ),
        );
        return None;
    }
    let encode = |bytes: &[u8]| SecretString::from(STANDARD.encode(bytes));
    let of_keys = |choose: fn(&Credentials) -> Option<SecretString>| choose;
    let (certificate, kept_1) = part(
        certificate.as_deref().map(encode),
        earlier,
        of_keys(|credentials| match credentials {
            Credentials::Keys { certificate, .. } => Some(certificate.clone()),
            _ => None,
        }),
    );
    let (private_key, kept_2) = part(
        private_key.as_deref().map(encode),
        earlier,
        of_keys(|credentials| match credentials {
            Credentials::Keys { private_key, .. } => Some(private_key.clone()),
            _ => None,
        }),
    );
    let (password, kept_3) = part(
        form.secret("password"),
        earlier,
        of_keys(|credentials| match credentials {
            Credentials::Keys { password, .. } => Some(password.clone()),
            _ => None,
        }),
    );
    let certificate = problems.keep("certificate", certificate.ok_or_else(|| missing(l, withheld)));
    let private_key = problems.keep("private_key", private_key.ok_or_else(|| missing(l, withheld)));
    let password = problems.keep("password", password.ok_or_else(|| missing(l, withheld)));
    Some(Given {
        credentials: Credentials::Keys {
            certificate: certificate?,
            private_key: private_key?,
            password: password?,
        },
        kept: kept_1 || kept_2 || kept_3,
    })
}

/// What was given now, else the part from before; and whether that one is a saved secret.
fn part(
    now: Option<SecretString>,
    earlier: Option<&Given>,
    choose: impl Fn(&Credentials) -> Option<SecretString>,
) -> (Option<SecretString>, bool) {
    match (now, earlier) {
        (Some(now), _) => (Some(now), false),
        (None, Some(earlier)) => {
            let part = choose(&earlier.credentials);
            let kept = part.is_some() && earlier.kept;
            (part, kept)
        }
        (None, None) => (None, false),
    }
}

fn fresh(credentials: Credentials) -> Option<Given> {
    Some(Given {
        credentials,
        kept: false,
    })
}

fn missing(l: Language, withheld: bool) -> String {
    if withheld {
        l.say(
            "Адреса інша, тож збережений ключ туди не надсилається: дайте його ще раз.",
            "The address is another one, and the saved key is not sent there: give it again.",
        )
        .to_owned()
    } else {
        problems::empty(l)
    }
}
