//! A merchant's webhooks among the settings.

use domain::time::UnixMillis;
use ledger::settings_lists::WebhookView;
use maud::{Markup, html};

use super::super::super::parts::{self, Align, Head};
use super::super::super::visitor::Visitor;
use super::form::fields;
use super::{how_to_verify, shape, shapes};

pub fn list(visitor: &Visitor, own: &[WebhookView], now: UnixMillis) -> Markup {
    let l = visitor.language;
    if own.is_empty() {
        return parts::empty(l.say(
            "Немає. Вебхук повідомлятиме магазин про кожен чек.",
            "None. A webhook tells the shop of every receipt.",
        ));
    }
    let heads = [
        Head(l.say("Адреса", "Address"), Align::Start),
        Head(l.say("Вигляд", "Shape"), Align::Start),
        Head(l.say("Задано", "Set"), Align::Start),
        Head(l.say("Дія", "Action"), Align::Start),
    ];
    let rows = own.iter().map(|view| {
        vec![
            html! { code { (view.url) } },
            html! { (shape(l, view.format)) },
            html! { div {
                (parts::time(l, view.set_at, now))
                @if let Some(until) = view.old_until.filter(|until| *until > now) {
                    br; span.soft { (l.say("старий секрет діє до ", "the old secret counts until ")) (l.minute(until)) }
                }
            } },
            html! { div.actions { (actions(visitor, view)) } },
        ]
    });
    html! {
        (parts::table(l.say("Вебхуки магазину", "Shop webhooks"), &heads, rows))
        (how_to_verify(l))
    }
}

fn actions(visitor: &Visitor, view: &WebhookView) -> Markup {
    let l = visitor.language;
    html! {
        (parts::ask_first(
            visitor,
            "/settings/webhooks/secret",
            l.say("Змінити секрет", "Change the secret"),
            l.say(
                "Kasyr створить новий секрет і покаже його один раз. Ще добу повідомлення підписуються обома.",
                "Kasyr makes a new secret and shows it once. For a day messages are signed with both.",
            ),
            fields(view),
            l.say("Так, змінити секрет", "Yes, change the secret"),
        ))
        (parts::ask_first(
            visitor,
            "/settings/webhooks/format",
            l.say("Змінити вигляд", "Change the shape"),
            l.say(
                "Уже наступне повідомлення матиме новий вигляд; магазин має його розуміти.",
                "The next message already has the new shape; the shop must understand it.",
            ),
            html! { (fields(view)) (choice(l.say("Вигляд", "Shape"), &shapes(l), view.format.as_str())) },
            l.say("Так, змінити вигляд", "Yes, change the shape"),
        ))
        (parts::ask_first(
            visitor,
            "/settings/webhooks/remove",
            l.say("Видалити", "Remove"),
            l.say(
                "Адресу і її секрет буде видалено; магазин більше не дізнаватиметься про чеки.",
                "The address and its secret are removed; the shop is no longer told of receipts.",
            ),
            fields(view),
            l.say("Видалити вебхук", "Remove the webhook"),
        ))
    }
}

/// The label is around it: there may be several such forms on the page.
fn choice(label: &str, options: &[(&str, &str)], chosen: &str) -> Markup {
    html! {
        label.field { (label)
            select name="format" {
                @for (value, text) in options { option value=(value) selected[*value == chosen] { (text) } }
            }
        }
    }
}
