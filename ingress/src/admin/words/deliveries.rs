//! Messages to buyers and shops: what state one is in, why, and what to do about it.

use ledger::deliveries::{Channel, News};
use maud::{Markup, html};

use super::super::parts::{Tone, badge};
use super::Language;

/// How a message travels.
pub(in super::super) fn channel(l: Language, word: &str) -> &str {
    let Some(channel) = Channel::parse(word) else {
        return word;
    };
    match channel {
        Channel::Mail => l.say("лист покупцеві", "e-mail to the buyer"),
        Channel::Webhook => l.say("вебхук магазину", "shop webhook"),
        Channel::Phone => l.say("повідомлення на телефон", "message to the phone"),
    }
}

/// What is told.
pub(in super::super) fn news(l: Language, word: &str) -> &str {
    let Some(news) = News::parse(word) else {
        return word;
    };
    match news {
        News::Registered => l.say("чек зареєстровано", "registered"),
        News::Delivered => l.say("чек дійшов до податкової", "reached the tax service"),
    }
}

/// States that can be looked for.
pub(in super::super) const STATES: [&str; 5] = ["due", "held", "failed", "skipped", "done"];

/// Where a message stands.
pub(in super::super) fn delivery_state(l: Language, word: &str) -> (Tone, &str) {
    match word {
        "due" => (Tone::Busy, l.say("чекає", "waits")),
        "sending" => (Tone::Busy, l.say("надсилається", "being sent")),
        "done" => (Tone::Good, l.say("надіслано", "sent")),
        "held" => (Tone::Bad, l.say("зупинено", "on hold")),
        "failed" => (Tone::Warn, l.say("хибна адреса", "bad address")),
        "skipped" => (Tone::Quiet, l.say("не надсилається", "not sent")),
        other => (Tone::Quiet, other),
    }
}

/// The same with its colour.
pub(in super::super) fn delivery_badge(l: Language, word: &str) -> Markup {
    let (tone, text) = delivery_state(l, word);
    badge(tone, text)
}

/// A word for what came of a try, in both languages with what to do about it; Ukrainian first.
struct Trouble(&'static str, [&'static str; 2], [&'static str; 2]);

const LATER: [&str; 2] = ["Kasyr спробує ще раз сам.", "Kasyr tries again by itself."];
const NOTHING: [&str; 2] = ["", ""];

const TROUBLES: &[Trouble] = &[
    Trouble("taken", ["прийнято", "taken"], NOTHING),
    Trouble(
        "put_off",
        [
            "поштовий сервер просить прийти пізніше",
            "the mail server asks to come later",
        ],
        LATER,
    ),
    Trouble(
        "mail_not_sent",
        ["поштовий сервер недоступний", "the mail server cannot be reached"],
        [
            "Kasyr спробує ще раз сам. Якщо це триває, перевірте адресу й порт у KASYR_SMTP_URL.",
            "Kasyr tries again by itself. If it goes on, check the address and port in KASYR_SMTP_URL.",
        ],
    ),
    Trouble(
        "no_such_address",
        ["такої поштової скриньки немає", "there is no such mailbox"],
        [
            "Спитайте в покупця правильну адресу, хай магазин оновить замовлення, тоді надішліть лист ще раз.",
            "Ask the buyer for the right address, have the shop update the order, then send the e-mail again.",
        ],
    ),
    Trouble(
        "not_an_address",
        ["це не адреса e-mail", "this is not an e-mail address"],
        [
            "Хай магазин оновить адресу в замовленні, тоді надішліть лист ще раз.",
            "Have the shop update the address in the order, then send the e-mail again.",
        ],
    ),
    Trouble(
        "letter_refused",
        [
            "поштовий сервер відмовив назавжди",
            "the mail server refused it for good",
        ],
        [
            "Причина — у спробах. Найчастіше це відправник, якому сервер не дозволяє писати, або захист від спаму.",
            "The reason is with the tries. Mostly it is a sender whom the server does not allow, or a spam filter.",
        ],
    ),
    Trouble(
        "unreadable",
        [
            "чек у базі не вдалося прочитати",
            "the receipt could not be read from the ledger",
        ],
        [
            "Подивіться журнал програми і надішліть повідомлення знову, коли базу полагоджено.",
            "See the program's log, and send the message again when the ledger is mended.",
        ],
    ),
    Trouble(
        "sealed_secret",
        ["секрет не вдалося відкрити", "the secret could not be opened"],
        [
            "Робітник працює з іншим головним ключем: перевірте KASYR_MASTER_KEY_FILE.",
            "The worker runs with another master key: check KASYR_MASTER_KEY_FILE.",
        ],
    ),
    Trouble(
        "mail_settings",
        [
            "поштовий сервер не приймає налаштувань",
            "the mail server does not accept the settings",
        ],
        [
            "Перевірте користувача, пароль і TLS у KASYR_SMTP_URL.",
            "Check the user, the password and TLS in KASYR_SMTP_URL.",
        ],
    ),
    Trouble(
        "bad_letter",
        ["лист не вдалося скласти", "the letter could not be written"],
        [
            "Перевірте відправника й адресу для відповіді.",
            "Check the sender and the reply address.",
        ],
    ),
    Trouble(
        "mail_unclear",
        [
            "зв’язок обірвався: лист міг дійти",
            "the connection broke: the letter may have arrived",
        ],
        [
            "Kasyr надішле його ще раз під тим самим номером.",
            "Kasyr sends it again under the same id.",
        ],
    ),
    Trouble(
        "bad_sender",
        [
            "відправником така адреса бути не може",
            "this address cannot be a sender",
        ],
        [
            "Виправте відправника в налаштуваннях пошти продавця, тоді надішліть знову.",
            "Correct the sender in the merchant's mail settings, then send again.",
        ],
    ),
    Trouble(
        "bad_reply_to",
        ["хибна адреса для відповіді", "the reply address is wrong"],
        [
            "Виправте її в налаштуваннях пошти продавця, тоді надішліть знову.",
            "Correct it in the merchant's mail settings, then send again.",
        ],
    ),
    Trouble(
        "no_pdf",
        ["не вдалося зробити PDF", "the PDF could not be made"],
        [
            "Це помилка Kasyr: повідомте про неї.",
            "This is a fault of Kasyr: report it.",
        ],
    ),
    Trouble(
        "no_mail_server",
        ["поштового сервера не налаштовано", "no mail server is set up"],
        [
            "Задайте KASYR_SMTP_URL і KASYR_MAIL_FROM, тоді надішліть знову.",
            "Set KASYR_SMTP_URL and KASYR_MAIL_FROM, then send again.",
        ],
    ),
    Trouble(
        "switched_off",
        [
            "вимкнено в налаштуваннях продавця",
            "switched off in the merchant's settings",
        ],
        NOTHING,
    ),
    Trouble(
        "no_address",
        ["адреса покупця невідома", "the buyer's address is not known"],
        NOTHING,
    ),
    Trouble(
        "no_phone",
        ["телефон покупця невідомий", "the buyer's phone is not known"],
        NOTHING,
    ),
    Trouble(
        "no_channel",
        [
            "постачальник цієї каси не надсилає на телефон",
            "this register's provider sends nothing to phones",
        ],
        [
            "Надішліть покупцеві лист або дайте йому адресу чека.",
            "Send the buyer an e-mail, or give them the receipt's address.",
        ],
    ),
    Trouble("no_receipt", ["чека ще немає", "there is no receipt yet"], NOTHING),
    Trouble(
        "no_register",
        ["такої каси немає", "there is no such register"],
        NOTHING,
    ),
    Trouble(
        "refused",
        ["магазин відмовив у прийомі", "the shop refused it"],
        [
            "Kasyr спробує ще раз сам. Гляньте журнал магазину: він відповів не 2xx.",
            "Kasyr tries again by itself. Look into the shop's log: it did not answer 2xx.",
        ],
    ),
    Trouble(
        "redirected",
        [
            "адреса переадресовує, а Kasyr за цим не йде",
            "the address redirects, which Kasyr does not follow",
        ],
        [
            "Додайте вебхук із кінцевою адресою.",
            "Add a webhook with the final address.",
        ],
    ),
    Trouble(
        "private_address",
        [
            "адреса веде у внутрішню мережу",
            "the address leads into a private network",
        ],
        [
            "Вкажіть публічну адресу або дозвольте внутрішні в KASYR_PRIVATE_WEBHOOKS.",
            "Give a public address, or allow private ones in KASYR_PRIVATE_WEBHOOKS.",
        ],
    ),
    Trouble(
        "no_answer",
        [
            "магазин не відповів вчасно: повідомлення могло дійти",
            "the shop did not answer in time: it may have arrived",
        ],
        [
            "Kasyr надішле його ще раз із тим самим webhook-id.",
            "Kasyr sends it again with the same webhook-id.",
        ],
    ),
    Trouble(
        "endpoint_trouble",
        ["магазин відповідає помилкою", "the shop answers with an error"],
        LATER,
    ),
    Trouble(
        "not_reached",
        ["магазин недоступний", "the shop cannot be reached"],
        [
            "Kasyr спробує ще раз сам. Якщо це триває, перевірте адресу, DNS і сертифікат TLS.",
            "Kasyr tries again by itself. If it goes on, check the address, DNS and the TLS certificate.",
        ],
    ),
    Trouble(
        "gone",
        [
            "магазин каже, що цієї адреси більше немає (410)",
            "the shop says that this address is gone (410)",
        ],
        [
            "Видаліть вебхук або налагодьте адресу й надішліть знову.",
            "Remove the webhook, or mend the address and send again.",
        ],
    ),
    Trouble(
        "bad_address",
        ["на цю адресу надсилати не можна", "nothing can be sent to this address"],
        [
            "Видаліть вебхук і додайте його з правильною адресою.",
            "Remove the webhook and add it with the right address.",
        ],
    ),
    Trouble(
        "bad_secret",
        ["цим секретом не можна підписувати", "this secret cannot sign"],
        [
            "Змініть секрет вебхука в налаштуваннях, тоді надішліть знову.",
            "Change the webhook's secret in the settings, then send again.",
        ],
    ),
    Trouble(
        "bad_body",
        ["повідомлення не вдалося скласти", "the message could not be written"],
        [
            "Це помилка Kasyr: повідомте про неї.",
            "This is a fault of Kasyr: report it.",
        ],
    ),
    Trouble(
        "endpoint_removed",
        ["вебхук видалено", "the webhook was removed"],
        NOTHING,
    ),
    Trouble(
        "earlier_held",
        [
            "чекає на попереднє про цей документ",
            "waits for an earlier one about this document",
        ],
        [
            "Надішліть зупинені знову: вони підуть за порядком.",
            "Send those on hold again: they go in order.",
        ],
    ),
    Trouble(
        "phone_refused",
        ["провайдер каси не надіслав", "the register's provider did not send it"],
        [
            "Причина — у спробах. Чека це не стосується.",
            "The reason is with the tries. The receipt is not affected.",
        ],
    ),
    Trouble(
        "phone_unclear",
        [
            "невідомо, чи надіслано, а повтор коштує грошей",
            "it may have been sent, and another costs money",
        ],
        [
            "Спитайте покупця; якщо не отримав, надішліть на телефон ще раз.",
            "Ask the buyer; if nothing came, send it to the phone again.",
        ],
    ),
];

fn known(word: &str) -> Option<&'static Trouble> {
    TROUBLES.iter().find(|trouble| trouble.0 == word)
}

/// Why a message is not there yet; a word that we do not know as it is.
pub(in super::super) fn delivery_trouble(l: Language, word: &str) -> String {
    known(word).map_or_else(|| word.to_owned(), |Trouble(_, [uk, en], _)| l.say(*uk, *en).to_owned())
}

/// The same with what to do, where there is something.
pub(in super::super) fn delivery_why(l: Language, word: &str) -> Markup {
    let step = known(word).map_or("", |Trouble(_, _, [uk, en])| l.say(*uk, *en));
    html! { (delivery_trouble(l, word)) @if !step.is_empty() { ". " span.soft { (step) } } }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the worker and the ledger write, read from their sources.
    const WRITTEN: [&str; 5] = [
        include_str!("../../../../worker/src/deliver.rs"),
        include_str!("../../../../worker/src/deliver/mail.rs"),
        include_str!("../../../../worker/src/deliver/webhook.rs"),
        include_str!("../../../../worker/src/deliver/phone.rs"),
        include_str!("../../../../shared/ledger/src/deliveries/work.rs"),
    ];

    #[test]
    fn every_word_for_a_trouble_is_known_in_both_languages() {
        let mut found = Vec::new();
        for source in WRITTEN {
            for mark in [
                "skipped(\"",
                "Err(\"",
                "map_err(|_| \"",
                "trouble = '",
                "told(End::",
                "(End::",
            ] {
                for part in source.split(mark).skip(1) {
                    let line = part.split(['\n', ';']).next().unwrap_or_default();
                    let word = if mark.contains("End::") {
                        line.split('"').nth(1).unwrap_or_default()
                    } else {
                        line.split(['"', '\'']).next().unwrap_or_default()
                    };
                    found.push(word);
                }
            }
        }
        found.retain(|word| !word.is_empty());
        assert!(found.len() > 30, "{found:?}");
        for word in found {
            assert!(known(word).is_some(), "{word} has no words");
        }
    }

    #[test]
    fn every_state_that_can_be_looked_for_has_words_of_its_own() {
        for state in STATES {
            assert_ne!(delivery_state(Language::Uk, state).1, state);
        }
    }
}
