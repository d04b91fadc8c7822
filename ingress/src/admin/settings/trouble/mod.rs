//! What stands in the way of a register, in plain words, with the next step.

mod key;
mod words;

use ledger::settings::{Credentials, Provider};
use maud::{Markup, html};

use super::super::language::Language;
use super::probe::{Trouble, TroubleKind};
use words::Words;

/// Why a check did not come to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Obstacle {
    /// The provider's.
    Provider(Trouble),
    /// A worker is writing on the register's tape.
    Busy,
    /// The certificate has ended.
    Expired,
    /// The key may work no register.
    NoRegisters,
    /// The provider does not tell its registers, and none was named.
    NoList,
}

impl Obstacle {
    /// Could the settings not be asked about, so that they may be right all the same?
    pub fn is_outage(&self) -> bool {
        match self {
            Self::Provider(trouble) => trouble.kind.is_outage(),
            Self::Busy | Self::Expired | Self::NoRegisters | Self::NoList => false,
        }
    }

    /// Is another key needed?
    pub fn is_the_key(&self) -> bool {
        match self {
            Self::Provider(trouble) => matches!(trouble.kind, TroubleKind::WrongKey | TroubleKind::BadCertificate),
            Self::Expired => true,
            Self::Busy | Self::NoRegisters | Self::NoList => false,
        }
    }

    /// What is wrong, and what to do.
    fn words(&self, l: Language, provider: Provider, credentials: &Credentials) -> Words {
        let (what, next) = match self {
            Self::Provider(trouble) => return words::of(l, provider, trouble.kind, credentials),
            Self::Busy => (
                ("Каса саме зайнята.", "The register is busy."),
                (
                    "Kasyr зараз робить на ній чек. Перевірте ще раз за кілька секунд.",
                    "Kasyr is making a receipt on it. Check again in a few seconds.",
                ),
            ),
            Self::Expired => (
                ("Строк сертифіката минув.", "The certificate has expired."),
                (
                    "Отримайте новий ключ у свого надавача (КНЕДП чи податкової), подайте його за формою 5-ПРРО і завантажте тут.",
                    "Get a new key from your trust service provider, file it with form 5-ПРРО and upload it here.",
                ),
            ),
            Self::NoRegisters => match provider {
                Provider::Cashalot => (
                    ("Цей ключ не бачить жодної каси.", "This key sees no register."),
                    (
                        "Зареєструйте ПРРО в кабінеті податкової (форма 1-ПРРО) і додайте ключ касира (форма 5-ПРРО); зазвичай це видно за годину.",
                        "Register the cash register in the tax cabinet (form 1-ПРРО) and file the cashier's key (form 5-ПРРО); it shows within about an hour.",
                    ),
                ),
                Provider::CashDesk | Provider::AtolOnline => (
                    ("Цей користувач не бачить жодної каси.", "This user sees no register."),
                    (
                        "Додайте касу в кабінеті {name} і відкрийте її цьому користувачеві.",
                        "Add the register in {name}'s cabinet and open it to this user.",
                    ),
                ),
            },
            Self::NoList => (
                ("{name} не показує списку кас.", "{name} shows no list of registers."),
                (
                    "Впишіть номер каси й перевірте ще раз.",
                    "Fill in the register's number and check again.",
                ),
            ),
        };
        words::words(l, provider, what, next)
    }

    /// The words as a part of a page, with what the provider said.
    pub fn show(&self, l: Language, provider: Provider, credentials: &Credentials) -> Markup {
        let (what, next) = self.words(l, provider, credentials);
        let said = match self {
            Self::Provider(trouble) => trouble.said.as_str(),
            Self::Busy | Self::Expired | Self::NoRegisters | Self::NoList => "",
        };
        html! {
            p { strong { (what) } " " (next) }
            @if !said.is_empty() {
                p.hint { (l.say("Дослівно: ", "Its own words: ")) (said) }
            }
        }
    }
}
