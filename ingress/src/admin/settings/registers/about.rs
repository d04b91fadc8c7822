//! What the form says of each provider, and what it is filled with at first.

use ledger::settings::Provider;

use super::super::super::language::Language;
use super::key::Way;

/// Where the provider's own service is.
pub(in super::super) const fn base_url(provider: Provider) -> &'static str {
    match provider {
        Provider::Cashalot => "https://fsapi.cashalot.org.ua/",
        Provider::CashDesk => "https://api.cashdesk.com.ua/api/v2",
        Provider::AtolOnline => "https://online.atol.ru/possystem/v5",
    }
}

/// What to write into the address.
pub(super) fn address_hint(l: Language, provider: Provider) -> &'static str {
    match provider {
        Provider::Cashalot => l.say(
            "Хмарний сервіс уже вписано; для свого сервера вкажіть його адресу.",
            "The cloud service is filled in; for a server of your own give its address.",
        ),
        Provider::CashDesk => l.say(
            "Хмару вже вписано; для SmartConnect у вашій мережі вкажіть його адресу з /api/v2.",
            "The cloud is filled in; for a SmartConnect in your network give its address with /api/v2.",
        ),
        Provider::AtolOnline => l.say(
            "Версія в кінці (v4 чи v5) — та сама, що й протокол нижче. В інших сервісів із цим протоколом адреса своя.",
            "The version at its end (v4 or v5) is that of the protocol below. Other services of this protocol have an address of their own.",
        ),
    }
}

/// The way to sign that most have.
pub(super) const fn usual_way(provider: Provider) -> Way {
    match provider {
        Provider::Cashalot => Way::Keys,
        Provider::CashDesk | Provider::AtolOnline => Way::Login,
    }
}

/// Options that most have.
pub(super) const fn usual_options(provider: Provider) -> &'static [(&'static str, &'static str)] {
    match provider {
        Provider::Cashalot => &[],
        Provider::CashDesk => &[("server", "cloud")],
        Provider::AtolOnline => &[("protocol", "v5")],
    }
}

/// Does the provider tell which registers there are? Otherwise a number must be typed.
pub(super) const fn lists_registers(provider: Provider) -> bool {
    match provider {
        Provider::Cashalot | Provider::CashDesk => true,
        Provider::AtolOnline => false,
    }
}

/// What a register's number is called, and what it is.
pub(super) fn number(l: Language, provider: Provider) -> (&'static str, &'static str) {
    match provider {
        Provider::Cashalot | Provider::CashDesk => (
            l.say("Фіскальний номер каси", "Register's fiscal number"),
            l.say(
                "Можна залишити порожнім: після перевірки ви виберете касу зі списку.",
                "It may be left empty: after the check you choose the register from a list.",
            ),
        ),
        Provider::AtolOnline => (
            l.say("Номер каси", "Register's number"),
            l.say(
                "Ваш номер каси для людей: лише цифри, свій для кожної каси. Сервіс його не знає й касу з групи вибирає сам.",
                "Your own number of it, for people: only digits, another one for each register. The service does not know it and chooses a register of the group by itself.",
            ),
        ),
    }
}

/// Where letters and rates come from.
pub(super) fn letters_hint(l: Language, provider: Provider) -> &'static str {
    match provider {
        Provider::Cashalot => l.say(
            "Літери — як у налаштуваннях каси: зазвичай А — 20 %, Б — 7 %.",
            "The letters are the register's own: usually А is 20 %, Б is 7 %.",
        ),
        Provider::CashDesk => l.say(
            "Літери — як у реєстрації каси: ставку, якої в неї немає, не приймуть.",
            "The letters are those the register is registered with: a rate that it does not have is refused.",
        ),
        Provider::AtolOnline => l.say(
            "Літери — позначки ваших ставок: їх називає магазин, а в чек іде тип ПДВ цієї ставки.",
            "The letters stand for your rates: the shop names them, and the receipt gets the VAT type of the rate.",
        ),
    }
}

/// What cannot be found out by a check.
pub(super) fn unseen(l: Language, provider: Provider) -> Option<&'static str> {
    match provider {
        Provider::Cashalot | Provider::CashDesk => None,
        Provider::AtolOnline => Some(l.say(
            "Перевірено лише логін і пароль. Код групи, ІНН і систему оподаткування без чека не перевірити: звірте їх самі. Якщо вони неправильні, перший чек чекатиме на вас.",
            "Only login and password are checked. Group code, INN and the system of taxation cannot be checked without a receipt: compare them yourself. If they are wrong, the first receipt waits for you.",
        )),
    }
}
