//! What stands in the way of a register, in plain words, with the next step.

use ledger::settings::Credentials;
use maud::{Markup, html};

use super::super::language::Language;
use super::cashalot::{Trouble, TroubleKind};

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
    /// This provider's registers are set up in the settings file.
    InFile,
}

impl Obstacle {
    /// Could the settings not be asked about, so that they may be right all the same?
    pub fn is_outage(&self) -> bool {
        match self {
            Self::Provider(trouble) => trouble.kind.is_outage(),
            Self::Busy | Self::Expired | Self::NoRegisters | Self::InFile => false,
        }
    }

    /// Is another key needed?
    pub fn is_the_key(&self) -> bool {
        match self {
            Self::Provider(trouble) => matches!(trouble.kind, TroubleKind::WrongKey | TroubleKind::BadCertificate),
            Self::Expired => true,
            Self::Busy | Self::NoRegisters | Self::InFile => false,
        }
    }

    /// What is wrong, and what to do.
    pub fn words(&self, l: Language, credentials: &Credentials) -> (&'static str, &'static str) {
        match self {
            Self::Provider(trouble) => provider(l, trouble.kind, credentials),
            Self::Busy => (
                l.say("Каса саме зайнята.", "The register is busy."),
                l.say(
                    "Kasyr зараз робить на ній чек. Перевірте ще раз за кілька секунд.",
                    "Kasyr is making a receipt on it. Check again in a few seconds.",
                ),
            ),
            Self::Expired => (
                l.say("Строк сертифіката минув.", "The certificate has expired."),
                l.say(
                    "Отримайте новий ключ у свого надавача (КНЕДП чи податкової), подайте його за формою 5-ПРРО і завантажте тут.",
                    "Get a new key from your trust service provider, file it with form 5-ПРРО and upload it here.",
                ),
            ),
            Self::NoRegisters => (
                l.say("Цей ключ не бачить жодної каси.", "This key sees no register."),
                l.say(
                    "Зареєструйте ПРРО в кабінеті податкової (форма 1-ПРРО) і додайте ключ касира (форма 5-ПРРО); зазвичай це видно за годину.",
                    "Register the cash register in the tax cabinet (form 1-ПРРО) and file the cashier's key (form 5-ПРРО); it shows within about an hour.",
                ),
            ),
            Self::InFile => (
                l.say(
                    "Каси цього постачальника налаштовують у файлі.",
                    "Registers of this provider are set up in the settings file.",
                ),
                l.say(
                    "Змініть її у файлі налаштувань і виконайте kasyr apply.",
                    "Change it in the settings file and run kasyr apply.",
                ),
            ),
        }
    }

    /// The words as a part of a page, with what the provider said.
    pub fn show(&self, l: Language, credentials: &Credentials) -> Markup {
        let (what, next) = self.words(l, credentials);
        let said = match self {
            Self::Provider(trouble) => trouble.said.as_str(),
            Self::Busy | Self::Expired | Self::NoRegisters | Self::InFile => "",
        };
        html! {
            p { strong { (what) } " " (next) }
            @if !said.is_empty() {
                p.hint { (l.say("Дослівно: ", "Its own words: ")) (said) }
            }
        }
    }
}

fn provider(l: Language, kind: TroubleKind, credentials: &Credentials) -> (&'static str, &'static str) {
    match kind {
        TroubleKind::NotReached => (
            l.say("За цією адресою ніхто не відповідає.", "Nobody answers at this address."),
            l.say(
                "Перевірте адресу й мережу сервера, тоді перевірте ще раз.",
                "Check the address and the server's network, then check again.",
            ),
        ),
        TroubleKind::NoAnswer => (
            l.say("Cashälot не дав відповіді.", "Cashälot gave no answer."),
            l.say(
                "Мабуть, у нього перерва. Перевірте ще раз за хвилину.",
                "It is probably having a pause. Check again in a minute.",
            ),
        ),
        TroubleKind::NotCashalot => (
            l.say("За цією адресою не Cashälot.", "This is not Cashälot's address."),
            l.say(
                "Звірте адресу: хмарний сервіс — https://fsapi.cashalot.org.ua/, свій сервер — як у його налаштуваннях.",
                "Compare the address: the cloud service is https://fsapi.cashalot.org.ua/, a server of your own is as in its settings.",
            ),
        ),
        TroubleKind::TaxServiceAway => (
            l.say("Cashälot відповідає, а податкова — ні.", "Cashälot answers, the tax service does not."),
            l.say("Перевірте ще раз за кілька хвилин.", "Check again in a few minutes."),
        ),
        TroubleKind::WrongKey => wrong_key(l, credentials),
        TroubleKind::BadCertificate => (
            l.say("Cashälot не може прочитати сертифікат.", "Cashälot cannot read the certificate."),
            l.say(
                "Завантажте файл .cer чи .crt того самого ключа (для підпису, а не для шифрування).",
                "Upload the .cer or .crt file of the same key (the one for signing, not for encryption).",
            ),
        ),
        TroubleKind::UnknownRegister => (
            l.say("Податкова не знає такої каси.", "The tax service knows no such register."),
            l.say(
                "Звірте фіскальний номер (10 цифр, зазвичай 4000…) або залиште його порожнім і виберіть зі списку.",
                "Compare the fiscal number (10 digits, usually 4000…), or leave it empty and choose from the list.",
            ),
        ),
        TroubleKind::NotGranted => (
            l.say("Цей ключ не має доступу до каси.", "This key may not work this register."),
            l.say(
                "Подайте форму 5-ПРРО для цього ключа або виберіть іншу касу.",
                "File form 5-ПРРО for this key, or choose another register.",
            ),
        ),
        TroubleKind::OtherOwner => (
            l.say("Ключ і каса належать різним власникам.", "The key and the register have different owners."),
            l.say(
                "Податковий номер у ключі має бути той самий, на який зареєстровано касу.",
                "The tax number in the key must be the one the register is registered to.",
            ),
        ),
        TroubleKind::NoLicence => (
            l.say("Ліцензії Cashälot немає або її вичерпано.", "Cashälot's licence is missing or used up."),
            l.say("Подовжте її в кабінеті Cashälot і перевірте ще раз.", "Renew it in Cashälot's cabinet and check again."),
        ),
        TroubleKind::OutOfStep => (
            l.say(
                "Cashälot бачить касу не так, як податкова.",
                "Cashälot's view of the register is not the tax service's.",
            ),
            l.say(
                "Синхронізуйте касу в кабінеті Cashälot (для вже доданої — кнопкою на її сторінці), тоді перевірте ще раз.",
                "Synchronise the register in Cashälot's cabinet (one that is added already: on its page), then check again.",
            ),
        ),
        TroubleKind::Refused => (
            l.say("Cashälot відмовив.", "Cashälot refused."),
            l.say(
                "Прочитайте його слова нижче; якщо вони незрозумілі, передайте їх його підтримці.",
                "Read its words below; if they make no sense, pass them on to its support.",
            ),
        ),
    }
}

fn wrong_key(l: Language, credentials: &Credentials) -> (&'static str, &'static str) {
    match credentials {
        Credentials::KeyPin(_) => (
            l.say("PIN неправильний.", "The PIN is wrong."),
            l.say(
                "Візьміть KeyPin у кабінеті Cashälot, де зберігається ключ, і введіть його знову.",
                "Take the KeyPin from Cashälot's cabinet, where the key lies, and enter it again.",
            ),
        ),
        Credentials::Keys { .. } => (
            l.say("Ключ не відкрився.", "The key could not be opened."),
            l.say(
                "Найчастіше неправильний пароль. Також перевірте, чи сертифікат і контейнер від одного ключа і чи не минув його строк.",
                "Most often the password is wrong. Check also that certificate and container belong to one key that has not expired.",
            ),
        ),
        Credentials::SmartId => (
            l.say("SmartID не підписує.", "SmartID does not sign."),
            l.say(
                "Під’єднайте SmartID до кабінету Cashälot і підтвердьте доступ.",
                "Connect SmartID to Cashälot's cabinet and confirm the access.",
            ),
        ),
        Credentials::Stored | Credentials::Login { .. } | Credentials::ApiToken(_) => (
            l.say("У Cashälot немає збереженого ключа.", "Cashälot has no stored key."),
            l.say(
                "Збережіть ключ на сервері Cashälot (команда Setup) або виберіть тут інший спосіб підпису.",
                "Store the key at the Cashälot server (its Setup command), or choose another way to sign here.",
            ),
        ),
    }
}
