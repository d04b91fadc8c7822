//! What each provider is and can do, as data: the worker, the pages and `doctor` go by this and know no provider's
//! name.

use super::{Credentials, Provider};

/// What can be done at a provider. What it cannot do is neither tried nor offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// Shifts are opened and closed by us; else by the provider itself.
    pub shifts: bool,
    /// A Z-report can be made without closing the shift.
    pub separate_z: bool,
    /// A sale can be cancelled while it is the last document.
    pub storno: bool,
    /// Cash can be put into the drawer and taken out.
    pub cash: bool,
    /// Its view of a register can be brought in line with the tax service's.
    pub cleanup: bool,
    /// It works on without the tax service, and delivers later.
    pub offline: bool,
    /// It tells the running shift's totals.
    pub totals: bool,
    /// It draws a document for people.
    pub rendering: bool,
    /// It lists what is on a register's tape.
    pub lists: bool,
    /// It sends a receipt to a phone.
    pub phone: bool,
    /// It wants a number of ours for each document.
    pub numbers: bool,
    /// It takes a document at once and tells the result later.
    pub later: bool,
    /// It wants to know how to reach the buyer, and sends the receipt there by itself.
    pub buyer: bool,
}

/// A setting that is one provider's own: not secret, kept by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OptionRule {
    /// As it stands in a file, and in the page's form.
    pub name: &'static str,
    /// What it is, for people: English, Ukrainian.
    pub label: (&'static str, &'static str),
    /// It must be there.
    pub required: bool,
    /// Letters at most.
    pub longest: usize,
    /// The only values it can have; empty: any text.
    pub values: &'static [&'static str],
}

/// Why the options of a register cannot be used. Holds names only.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OptionError {
    /// A required one is missing.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// The provider has none of this name.
    #[error("this provider has no option {0:?}")]
    Unknown(String),
    /// Too long.
    #[error("{0} has more than {1} characters")]
    TooLong(&'static str, usize),
    /// Not one of the possible values.
    #[error("{0} is not one of: {1}")]
    NotOneOf(&'static str, String),
}

/// How a provider knows whose documents they are, without the secret itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// [`Credentials::KeyPin`].
    KeyPin,
    /// [`Credentials::Keys`].
    Keys,
    /// [`Credentials::SmartId`].
    SmartId,
    /// [`Credentials::Stored`].
    Stored,
    /// [`Credentials::Login`].
    Login,
    /// [`Credentials::ApiToken`].
    ApiToken,
}

impl Credentials {
    /// What kind of key this is.
    pub const fn kind(&self) -> KeyKind {
        match self {
            Self::KeyPin(_) => KeyKind::KeyPin,
            Self::Keys { .. } => KeyKind::Keys,
            Self::SmartId => KeyKind::SmartId,
            Self::Stored => KeyKind::Stored,
            Self::Login { .. } => KeyKind::Login,
            Self::ApiToken(_) => KeyKind::ApiToken,
        }
    }
}

/// Every request to CashDesk names its developer; its cloud wants signs of life, a SmartConnect does not.
const CASHDESK_OPTIONS: &[OptionRule] = &[
    OptionRule {
        name: "developer_id",
        label: ("Developer (developer-id)", "Розробник (developer-id)"),
        required: true,
        longest: 200,
        values: &[],
    },
    OptionRule {
        name: "server",
        label: (
            "Server: cloud, or smartconnect in your network",
            "Сервер: cloud (хмара) або smartconnect (у вашій мережі)",
        ),
        required: false,
        longest: 20,
        values: &["cloud", "smartconnect"],
    },
    OptionRule {
        name: "footer",
        label: ("Text under the receipt", "Текст під чеком"),
        required: false,
        longest: 300,
        values: &[],
    },
];

impl Provider {
    /// Its name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cashalot => "Cashälot",
            Self::CashDesk => "CashDesk",
            Self::AtolOnline => "ATOL Online",
        }
    }

    /// What it can do.
    pub const fn capabilities(self) -> Capabilities {
        match self {
            Self::Cashalot => Capabilities {
                shifts: true,
                separate_z: true,
                storno: true,
                cash: true,
                cleanup: true,
                offline: true,
                totals: true,
                rendering: true,
                lists: true,
                phone: true,
                numbers: false,
                later: false,
                buyer: false,
            },
            Self::CashDesk => Capabilities {
                shifts: true,
                separate_z: false,
                storno: false,
                cash: true,
                cleanup: false,
                offline: true,
                totals: true,
                rendering: true,
                lists: true,
                phone: false,
                numbers: true,
                later: false,
                buyer: false,
            },
            Self::AtolOnline => Capabilities {
                shifts: false,
                separate_z: false,
                storno: false,
                cash: false,
                cleanup: false,
                offline: false,
                totals: false,
                rendering: false,
                lists: false,
                phone: false,
                numbers: false,
                later: true,
                buyer: true,
            },
        }
    }

    /// The keys it takes.
    pub const fn keys(self) -> &'static [KeyKind] {
        match self {
            Self::Cashalot => &[KeyKind::KeyPin, KeyKind::Keys, KeyKind::SmartId, KeyKind::Stored],
            Self::CashDesk => &[KeyKind::Login, KeyKind::ApiToken],
            Self::AtolOnline => &[KeyKind::Login],
        }
    }

    /// Settings of its own.
    pub const fn options(self) -> &'static [OptionRule] {
        match self {
            Self::Cashalot => &[],
            Self::CashDesk => CASHDESK_OPTIONS,
            Self::AtolOnline => ATOL_ONLINE,
        }
    }

    /// Every mistake in the options of a register at this provider.
    pub fn check_options<'a>(self, given: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<OptionError> {
        let given: Vec<(&str, &str)> = given.into_iter().collect();
        let mut wrong = Vec::new();
        for (name, _) in &given {
            if !self.options().iter().any(|rule| rule.name == *name) {
                wrong.push(OptionError::Unknown((*name).to_owned()));
            }
        }
        for rule in self.options() {
            let value = given
                .iter()
                .find(|(name, _)| *name == rule.name)
                .map(|(_, value)| *value);
            match value.filter(|value| !value.trim().is_empty()) {
                None if rule.required => wrong.push(OptionError::Missing(rule.name)),
                None => {}
                Some(value) if value.chars().count() > rule.longest => {
                    wrong.push(OptionError::TooLong(rule.name, rule.longest));
                }
                Some(value) if !rule.values.is_empty() && !rule.values.contains(&value) => {
                    wrong.push(OptionError::NotOneOf(rule.name, rule.values.join(", ")));
                }
                Some(_) => {}
            }
        }
        wrong
    }
}

/// What ATOL Online wants to know of a seller beside the account.
const ATOL_ONLINE: &[OptionRule] = &[
    OptionRule {
        required: true,
        longest: 128,
        ..option("group_code", "Code of the group of registers", "Код групи кас")
    },
    OptionRule {
        required: true,
        values: &["v4", "v5"],
        ..option(
            "protocol",
            "Protocol: v4 (FFD 1.05) or v5 (FFD 1.2)",
            "Протокол: v4 (ФФД 1.05) або v5 (ФФД 1.2)",
        )
    },
    OptionRule {
        required: true,
        longest: 12,
        ..option(
            "inn",
            "The company's INN, as in the register",
            "ІНН компанії, як у касі",
        )
    },
    OptionRule {
        required: true,
        longest: 256,
        ..option(
            "payment_address",
            "Where it is sold: the shop's address or site",
            "Місце розрахунків: адреса чи сайт магазину",
        )
    },
    OptionRule {
        required: true,
        longest: 64,
        ..option("email", "The company's e-mail", "E-mail компанії")
    },
    OptionRule {
        values: &["osn", "usn_income", "usn_income_outcome", "envd", "esn", "patent"],
        ..option(
            "sno",
            "System of taxation; v5 needs it",
            "Система оподаткування; для v5 обов’язкова",
        )
    },
    OptionRule {
        longest: 64,
        ..option(
            "buyer_contact",
            "E-mail for receipts whose buyer left no contact",
            "E-mail для чеків, покупець яких не залишив контакту",
        )
    },
    option(
        "vat_types",
        "VAT types of the letters, such as А=vat20 Б=vat10; without it by their rates",
        "Типи ПДВ літер, як-от А=vat20 Б=vat10; без цього — за їхніми ставками",
    ),
    OptionRule {
        values: &[
            "commodity",
            "excise",
            "job",
            "service",
            "intellectual_activity",
            "payment",
            "agent_commission",
            "another",
        ],
        ..option(
            "payment_object",
            "What is sold; commodity, unless another is given",
            "Предмет розрахунку; commodity, якщо не вказано інше",
        )
    },
];

/// One that need not be there and may be any text.
const fn option(name: &'static str, en: &'static str, uk: &'static str) -> OptionRule {
    OptionRule {
        name,
        label: (en, uk),
        required: false,
        longest: 255,
        values: &[],
    }
}
