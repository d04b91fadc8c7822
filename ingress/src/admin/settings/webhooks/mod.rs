//! Shop webhooks: where a shop is told of its receipts, in which shape, and what that is signed with.

mod form;
pub(super) mod format;
mod list;
pub(super) mod new;
pub(super) mod remove;
pub(super) mod secret;

use ledger::people::Role;
use ledger::settings::WebhookFormat;
use maud::{Markup, html};

use super::super::language::Language;
use super::super::route::{Access, Route, get, post};

pub(super) use list::list;

const NEEDED: Access = Access::Needs(Role::Administrator);

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/settings/webhooks/new", NEEDED, new::show),
        post("/settings/webhooks/new", NEEDED, new::add),
        post("/settings/webhooks/format", NEEDED, format::change),
        post("/settings/webhooks/secret", NEEDED, secret::change),
        post("/settings/webhooks/remove", NEEDED, remove::remove),
    ]
}

fn shape(l: Language, format: WebhookFormat) -> &'static str {
    match format {
        WebhookFormat::Receipt => l.say("як у CashDesk", "as CashDesk does"),
        WebhookFormat::Event => l.say("подія (Standard Webhooks)", "event (Standard Webhooks)"),
    }
}

fn shapes(l: Language) -> [(&'static str, &'static str); 2] {
    [WebhookFormat::Receipt, WebhookFormat::Event].map(|format| (format.as_str(), shape(l, format)))
}

/// What a shop's developer must know.
fn how_to_verify(l: Language) -> Markup {
    html! {
        details {
            summary { (l.say("Як магазинові перевірити підпис", "How the shop verifies the signature")) }
            ol {
                li { (l.say("Візьміть заголовки ", "Take the headers ")) code { "webhook-id" } ", " code { "webhook-timestamp" } ", " code { "webhook-signature" }
                    (l.say(" і тіло запиту байт у байт.", " and the body, byte for byte.")) }
                li { (l.say("Відкиньте повідомлення, чий час відрізняється від вашого більше ніж на 5 хвилин.",
                    "Refuse a message whose time differs from yours by more than 5 minutes.")) }
                li { (l.say("Порахуйте ", "Compute ")) code { "base64(HMAC-SHA256(key, id + \".\" + timestamp + \".\" + body))" }
                    (l.say("; ключ — байти з Base64 після ", "; the key is what stands in Base64 after ")) code { "whsec_" }
                    (l.say(", а в іншого секрету — сам його текст.", ", or the text itself of another secret.")) }
                li { (l.say("Одне зі слів заголовка після ", "One of the header's words after ")) code { "v1," }
                    (l.say(" має дорівнювати порахованому; порівнюйте за сталий час.", " must be equal to it; compare in constant time.")) }
                li { (l.say("Те саме ", "The same ")) code { "webhook-id" }
                    (l.say(" — те саме повідомлення: удруге лише відповідайте 200.", " is the same message: answer 200 and do nothing again.")) }
            }
            p.hint { (l.say("Готові бібліотеки: ", "Ready libraries: ")) code { "standardwebhooks.com" } "." }
        }
    }
}
