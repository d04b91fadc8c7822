//! What differs between payment systems, and providers that tell by themselves, on the settings page.

use ledger::settings::{Source, SourceKind};

use super::super::super::language::Language;

/// Its name.
pub(in super::super) fn name(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Fondy => "Fondy (Hutko, Flitt)",
        SourceKind::LiqPay => "LiqPay",
        SourceKind::WayForPay => "WayForPay",
        SourceKind::Monobank => "monobank",
        SourceKind::CashDesk => "CashDesk (webhook)",
        SourceKind::AtolOnline => "ATOL Online (callback)",
    }
}

/// Where its API usually is. Fondy's brands have others; a provider is asked at its register's address.
pub(super) fn usual_api(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Fondy => "https://pay.fondy.eu",
        SourceKind::LiqPay => "https://www.liqpay.ua",
        SourceKind::WayForPay => "https://api.wayforpay.com",
        SourceKind::Monobank => "https://api.monobank.ua",
        SourceKind::CashDesk | SourceKind::AtolOnline => "",
    }
}

/// The address that was typed; where none was, or another system's usual one was left standing when
/// the system was chosen, this one's usual.
pub(super) fn api(kind: SourceKind, typed: &str) -> &str {
    let of_another = SourceKind::ALL
        .iter()
        .any(|other| *other != kind && usual_api(*other) == typed);
    if typed.is_empty() || of_another || !kind.is_payment() {
        usual_api(kind)
    } else {
        typed
    }
}

/// Where its callback address is to be told.
pub(super) fn tell_it(l: Language, kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Fondy => l.say(
            "Вкажіть її як server_callback_url платежів у Fondy і передавайте version 1.0.1. Тоді перевірте, чи сповіщення доходять.",
            "Give it to Fondy as your payments' server_callback_url, with version 1.0.1. Then see whether callbacks arrive.",
        ),
        SourceKind::LiqPay => l.say(
            "Передавайте її як server_url платежів у LiqPay. Тоді перевірте, чи сповіщення доходять.",
            "Give it to LiqPay as your payments' server_url. Then see whether callbacks arrive.",
        ),
        SourceKind::WayForPay => l.say(
            "Передавайте її як serviceUrl платежів у WayForPay. Тоді перевірте, чи сповіщення доходять.",
            "Give it to WayForPay as your payments' serviceUrl. Then see whether callbacks arrive.",
        ),
        SourceKind::Monobank => l.say(
            "Передавайте її як webHookUrl рахунків monobank, а номер замовлення — як merchantPaymInfo.reference. Тоді перевірте, чи сповіщення доходять.",
            "Give it to monobank as your invoices' webHookUrl, and the order's id as merchantPaymInfo.reference. Then see whether callbacks arrive.",
        ),
        SourceKind::CashDesk => l.say(
            "Вкажіть її в кабінеті CashDesk, у налаштуваннях каси, як адресу вебхука; замість СЕКРЕТ — секрет із цієї сторінки. Нікому її не показуйте: сповіщень ніхто не підписує.",
            "Give it to CashDesk in its cabinet, in the register's settings, as the webhook's address, with the secret of this page in place of SECRET. Show it to nobody: nothing signs the notices.",
        ),
        SourceKind::AtolOnline => l.say(
            "Kasyr сам називає її АТОЛу з кожним документом; замість СЕКРЕТ там секрет із цієї сторінки. Без сповіщень результат дізнаються запитами, лише пізніше.",
            "Kasyr itself names it to ATOL with each document, with the secret of this page in place of SECRET. Without notices results are asked for, only later.",
        ),
    }
}

/// What the test does.
pub(super) fn test_hint(l: Language, kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Fondy | SourceKind::LiqPay | SourceKind::WayForPay => l.say(
            "Kasyr сам підпише нешкідливе сповіщення «замовлення створено» і надішле його на цю адресу. Чека не буде.",
            "Kasyr itself signs a harmless “order created” callback and sends it to this address. No receipt follows.",
        ),
        SourceKind::Monobank => l.say(
            "Підписати сповіщення може лише банк, тож Kasyr надішле непідписане: якщо його відхилено саме через це, адреса доступна. Чека не буде.",
            "Only the bank can sign a webhook, so Kasyr sends one without a signature: if it is refused for that very reason, the address can be reached. No receipt follows.",
        ),
        SourceKind::CashDesk | SourceKind::AtolOnline => l.say(
            "Kasyr надішле на цю адресу порожнє сповіщення: якщо його відхилено саме через це, адреса доступна. Нічого не станеться.",
            "Kasyr sends an empty notice to this address: if it is refused for that very reason, the address can be reached. Nothing follows.",
        ),
    }
}

/// Anybody can forge its callbacks, or its payments move no money.
pub(super) fn is_public_test(source: &Source) -> bool {
    match source.kind {
        SourceKind::Fondy => source.gateway_merchant_id().is_some_and(|merchant_id| {
            let key = source.secret.clone();
            ::fondy::Credentials { merchant_id, key }.is_public_test()
        }),
        SourceKind::LiqPay => ::liqpay::Credentials {
            public_key: source.account.clone(),
            private_key: source.secret.clone(),
        }
        .is_test(),
        SourceKind::WayForPay => ::wayforpay::Credentials {
            account: source.account.clone(),
            key: source.secret.clone(),
        }
        .is_public_test(),
        // Nothing tells a test token from another.
        SourceKind::Monobank => false,
        // They move no money.
        SourceKind::CashDesk | SourceKind::AtolOnline => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_left_standing_follows_the_system() {
        for (kind, typed, expected) in [
            (SourceKind::LiqPay, "", "https://www.liqpay.ua"),
            (SourceKind::LiqPay, "https://pay.fondy.eu", "https://www.liqpay.ua"),
            (SourceKind::Fondy, "https://pay.fondy.eu", "https://pay.fondy.eu"),
            (SourceKind::Fondy, "https://pay.hutko.org", "https://pay.hutko.org"),
            (SourceKind::Monobank, "http://127.0.0.1:9", "http://127.0.0.1:9"),
            (SourceKind::CashDesk, "https://pay.fondy.eu", ""),
            (SourceKind::AtolOnline, "http://127.0.0.1:9", ""),
            (SourceKind::Fondy, "", "https://pay.fondy.eu"),
        ] {
            assert_eq!(api(kind, typed), expected, "{kind:?} {typed}");
        }
    }
}
