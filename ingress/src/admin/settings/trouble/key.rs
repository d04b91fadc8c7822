//! What is wrong with a key that was not taken.

use ledger::settings::{Credentials, Provider};

use super::super::super::language::Language;
use super::words::{Words, words};

/// The words for a key, a login or a PIN that is wrong.
pub(super) fn wrong(l: Language, provider: Provider, credentials: &Credentials) -> Words {
    let (what, next) = match credentials {
        Credentials::KeyPin(_) => (
            ("PIN неправильний.", "The PIN is wrong."),
            (
                "Візьміть KeyPin у кабінеті {name}, де зберігається ключ, і введіть його знову.",
                "Take the KeyPin from {name}'s cabinet, where the key lies, and enter it again.",
            ),
        ),
        Credentials::Keys { .. } => (
            ("Ключ не відкрився.", "The key could not be opened."),
            (
                "Найчастіше неправильний пароль. Також перевірте, чи сертифікат і контейнер від одного ключа і чи не минув його строк.",
                "Most often the password is wrong. Check also that certificate and container belong to one key that has not expired.",
            ),
        ),
        Credentials::SmartId => (
            ("SmartID не підписує.", "SmartID does not sign."),
            (
                "Під’єднайте SmartID до кабінету {name} і підтвердьте доступ.",
                "Connect SmartID to {name}'s cabinet and confirm the access.",
            ),
        ),
        Credentials::Stored => (
            ("У {name} немає збереженого ключа.", "{name} has no stored key."),
            (
                "Збережіть ключ на сервері {name} (команда Setup) або виберіть тут інший спосіб підпису.",
                "Store the key at the {name} server (its Setup command), or choose another way to sign here.",
            ),
        ),
        Credentials::Login { .. } => (
            ("Логін чи пароль неправильні.", "The login or the password is wrong."),
            match provider {
                Provider::CashDesk => (
                    "Впишіть e-mail і пароль, з якими заходять у кабінет {name}; звірте й розробника (developer-id): без нього {name} не пускає.",
                    "Fill in the e-mail and password that open {name}'s cabinet; compare the developer (developer-id), too: {name} lets nobody in without it.",
                ),
                Provider::Cashalot | Provider::AtolOnline => (
                    "Впишіть логін і пароль для API з кабінету {name}: це не ті, з якими заходять у сам кабінет.",
                    "Fill in the login and password for the API from {name}'s cabinet: they are not those that open the cabinet itself.",
                ),
            },
        ),
        Credentials::ApiToken(_) => (
            ("Ключ API неправильний.", "The API key is wrong."),
            (
                "Скопіюйте його з кабінету {name} ще раз або створіть там новий.",
                "Copy it from {name}'s cabinet again, or make a new one there.",
            ),
        ),
    };
    words(l, provider, what, next)
}
