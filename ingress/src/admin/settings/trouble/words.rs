//! What a provider's trouble means, and what to do about it.

use ledger::settings::{Credentials, Provider};

use super::super::super::language::Language;
use super::super::probe::TroubleKind;
use super::super::registers::about;

/// What is wrong, and what to do.
pub(super) type Words = (String, String);

/// Both texts, with the provider's name for `{name}` and its usual address for `{address}`.
pub(super) fn words(l: Language, provider: Provider, what: (&str, &str), next: (&str, &str)) -> Words {
    let filled = |(uk, en): (&str, &str)| {
        l.say(uk, en)
            .replace("{name}", provider.name())
            .replace("{address}", about::base_url(provider))
    };
    (filled(what), filled(next))
}

/// The words for a trouble.
pub(super) fn of(l: Language, provider: Provider, kind: TroubleKind, credentials: &Credentials) -> Words {
    let (what, next) = match kind {
        TroubleKind::WrongKey => return super::key::wrong(l, provider, credentials),
        TroubleKind::NotTheProvider => (
            ("За цією адресою не {name}.", "This is not {name}'s address."),
            address(provider),
        ),
        TroubleKind::UnknownRegister => unknown_register(provider),
        TroubleKind::NotGranted => not_granted(provider),
        TroubleKind::NotReached => (
            (
                "За цією адресою ніхто не відповідає.",
                "Nobody answers at this address.",
            ),
            (
                "Перевірте адресу й мережу сервера, тоді перевірте ще раз.",
                "Check the address and the server's network, then check again.",
            ),
        ),
        TroubleKind::NoAnswer => (
            ("{name} не дав відповіді.", "{name} gave no answer."),
            (
                "Мабуть, у нього перерва. Перевірте ще раз за хвилину.",
                "It is probably having a pause. Check again in a minute.",
            ),
        ),
        TroubleKind::TaxServiceAway => (
            (
                "{name} відповідає, а податкова — ні.",
                "{name} answers, the tax service does not.",
            ),
            ("Перевірте ще раз за кілька хвилин.", "Check again in a few minutes."),
        ),
        TroubleKind::BadCertificate => (
            (
                "{name} не може прочитати сертифікат.",
                "{name} cannot read the certificate.",
            ),
            (
                "Завантажте файл .cer чи .crt того самого ключа (для підпису, а не для шифрування).",
                "Upload the .cer or .crt file of the same key (the one for signing, not for encryption).",
            ),
        ),
        TroubleKind::NoSigningKey => (
            (
                "У {name} немає чинного ключа касира.",
                "{name} has no working key of the cashier.",
            ),
            (
                "Завантажте чи подовжте ключ (КЕП) касира в кабінеті {name}, тоді перевірте ще раз.",
                "Upload or renew the cashier's signing key in {name}'s cabinet, then check again.",
            ),
        ),
        TroubleKind::UnknownDeveloper => (
            (
                "{name} не приймає розробника (developer-id).",
                "{name} does not take the developer (developer-id).",
            ),
            (
                "Впишіть назву інтегратора чи компанії так, як її знає {name}; якщо не певні, спитайте його підтримку.",
                "Fill in the integrator's or the company's name as {name} knows it; if in doubt, ask its support.",
            ),
        ),
        TroubleKind::Blocked => (
            (
                "{name} заблокував цей обліковий запис.",
                "{name} has blocked this account.",
            ),
            (
                "З’ясуйте причину в підтримки {name}, тоді перевірте ще раз.",
                "Find out why from {name}'s support, then check again.",
            ),
        ),
        TroubleKind::WrongProtocol => (
            (
                "Каси цього облікового запису працюють за іншою версією протоколу.",
                "The registers of this account speak another version of the protocol.",
            ),
            (
                "Виберіть інший протокол (v4 — ФФД 1.05, v5 — ФФД 1.2) і ту саму версію в адресі.",
                "Choose the other protocol (v4 is FFD 1.05, v5 is FFD 1.2), and the same version in the address.",
            ),
        ),
        TroubleKind::OtherOwner => (
            (
                "Ключ і каса належать різним власникам.",
                "The key and the register have different owners.",
            ),
            (
                "Податковий номер у ключі має бути той самий, на який зареєстровано касу.",
                "The tax number in the key must be the one the register is registered to.",
            ),
        ),
        TroubleKind::NoLicence => (
            (
                "Ліцензії {name} немає або її вичерпано.",
                "{name}'s licence is missing or used up.",
            ),
            (
                "Подовжте її в кабінеті {name} і перевірте ще раз.",
                "Renew it in {name}'s cabinet and check again.",
            ),
        ),
        TroubleKind::OutOfStep => (
            (
                "{name} бачить касу не так, як податкова.",
                "{name}'s view of the register is not the tax service's.",
            ),
            (
                "Синхронізуйте касу в кабінеті {name} (для вже доданої — кнопкою на її сторінці), тоді перевірте ще раз.",
                "Synchronise the register in {name}'s cabinet (one that is added already: on its page), then check again.",
            ),
        ),
        TroubleKind::Refused => (
            ("{name} відмовив.", "{name} refused."),
            (
                "Прочитайте його слова нижче; якщо вони незрозумілі, передайте їх його підтримці.",
                "Read its words below; if they make no sense, pass them on to its support.",
            ),
        ),
    };
    words(l, provider, what, next)
}

type Both = (&'static str, &'static str);

const fn address(provider: Provider) -> Both {
    match provider {
        Provider::Cashalot => (
            "Звірте адресу: хмарний сервіс — {address}, свій сервер — як у його налаштуваннях.",
            "Compare the address: the cloud service is {address}, a server of your own is as in its settings.",
        ),
        Provider::CashDesk => (
            "Звірте адресу: хмара — {address}, SmartConnect — http://комп’ютер:порт/api/v2.",
            "Compare the address: the cloud is {address}, a SmartConnect is http://machine:port/api/v2.",
        ),
        Provider::AtolOnline => (
            "Звірте адресу: {name} — {address} (або …/v4); в інших сервісів із цим протоколом вона своя.",
            "Compare the address: {name} is {address} (or …/v4); other services of this protocol have their own.",
        ),
    }
}

const fn unknown_register(provider: Provider) -> (Both, Both) {
    let what = match provider {
        Provider::Cashalot => (
            "Податкова не знає такої каси.",
            "The tax service knows no such register.",
        ),
        Provider::CashDesk | Provider::AtolOnline => ("{name} не знає такої каси.", "{name} knows no such register."),
    };
    let next = (
        "Звірте фіскальний номер (10 цифр, зазвичай 4000…) або залиште його порожнім і виберіть зі списку.",
        "Compare the fiscal number (10 digits, usually 4000…), or leave it empty and choose from the list.",
    );
    (what, next)
}

const fn not_granted(provider: Provider) -> (Both, Both) {
    match provider {
        Provider::Cashalot => (
            (
                "Цей ключ не має доступу до каси.",
                "This key may not work this register.",
            ),
            (
                "Подайте форму 5-ПРРО для цього ключа або виберіть іншу касу.",
                "File form 5-ПРРО for this key, or choose another register.",
            ),
        ),
        Provider::CashDesk | Provider::AtolOnline => (
            (
                "Цей користувач не має доступу до каси.",
                "This user may not work this register.",
            ),
            (
                "Відкрийте йому касу в кабінеті {name} або виберіть іншу.",
                "Open the register to them in {name}'s cabinet, or choose another one.",
            ),
        ),
    }
}
