//! `GET /settings`: what there is, what is missing, and the next step.

use axum::extract::State;
use axum::http::Uri;
use axum::response::Html;
use ledger::people::Reach;
use ledger::settings::{Merchant, Provider, Register, Source, SourceKind};
use ledger::settings_lists::{ApiKeyView, WebhookView};
use maud::{Markup, html};

use super::super::error::PageError;
use super::super::language::Language;
use super::super::page;
use super::super::parts::{self, Align, Head, Tone, badge};
use super::super::visitor::Visitor;
use super::sources::callback_url;
use super::{api_keys, reach, webhooks};
use crate::AppState;

/// All there is within reach.
struct All {
    merchants: Vec<Merchant>,
    registers: Vec<Register>,
    sources: Vec<Source>,
    keys: Vec<ApiKeyView>,
    webhooks: Vec<WebhookView>,
}

pub(super) async fn show(State(app): State<AppState>, visitor: Visitor, uri: Uri) -> Result<Html<String>, PageError> {
    let l = visitor.language;
    let all = All {
        merchants: reach::merchants(&app, &visitor).await?,
        registers: reach::registers(&app, &visitor).await?,
        sources: reach::sources(&app, &visitor).await?,
        keys: app.ledger.api_keys(visitor.reach()).await?,
        webhooks: app.ledger.shop_webhooks(visitor.reach()).await?,
    };
    let may_add = *visitor.reach() == Reach::Everything;
    let title = l.say("Налаштування", "Settings");
    let actions = html! {
        @if may_add { a.button href="/settings/merchants/new" { (l.say("Додати продавця", "Add a merchant")) } }
        a.button href="/settings/users" { (l.say("Користувачі", "Users")) }
    };
    let body = html! {
        (parts::heading(title, actions))
        (parts::notice(&visitor, &uri))
        (steps(l, &all, may_add))
        @for merchant in &all.merchants { (one(&app, &visitor, &all, merchant)) }
    };
    Ok(page::of(&visitor, title, &body))
}

/// The way to the first receipt, until it is gone.
fn steps(l: Language, all: &All, may_add: bool) -> Markup {
    let (merchant, register, source) = (
        !all.merchants.is_empty(),
        !all.registers.is_empty(),
        !all.sources.is_empty(),
    );
    if merchant && register && source {
        return html! {};
    }
    let next = if !merchant {
        may_add.then(|| ("/settings/merchants/new", l.say("Додати продавця", "Add a merchant")))
    } else if !register {
        Some((
            "/settings/registers/new",
            l.say("Додати першу касу", "Add your first register"),
        ))
    } else {
        Some((
            "/settings/sources/new",
            l.say("Додати джерело платежів", "Add a payment source"),
        ))
    };
    let step = |done: bool, text: &str| {
        html! {
            li { (badge(if done { Tone::Good } else { Tone::Quiet }, if done { l.say("готово", "done") } else { l.say("далі", "to do") }))
                " " (text) }
        }
    };
    html! {
        section.card #steps aria-labelledby="steps-title" {
            h2 #steps-title { (l.say("До першого чека", "On the way to the first receipt")) }
            ol {
                (step(merchant, l.say("Продавець: чиї чеки", "A merchant: whose receipts")))
                (step(register, l.say("Каса: номер і ключ, перевірені в Cashälot", "A register: number and key, checked with Cashälot")))
                (step(source, l.say("Джерело платежів: звідки Kasyr дізнається про оплати", "A payment source: how Kasyr learns of payments")))
            }
            @match next {
                Some((href, label)) => p { a.button.main href=(href) { (label) } },
                None => (parts::empty(l.say(
                    "Вам ще не відкрито жодного продавця; це робить адміністратор усіх продавців.",
                    "No merchant is open to you yet; an administrator of all merchants does that.",
                ))),
            }
        }
    }
}

fn one(app: &AppState, visitor: &Visitor, all: &All, merchant: &Merchant) -> Markup {
    let l = visitor.language;
    let id = merchant.id.as_str();
    html! {
        section.card id={ "merchant-" (id) } aria-labelledby={ "merchant-" (id) "-title" } {
            div.heading {
                h2 id={ "merchant-" (id) "-title" } { (merchant.name) " " span.soft { (id) } }
                div.actions { a.button href={ "/settings/merchants/" (id) "/edit" } { (l.say("Змінити назву", "Rename")) } }
            }
            (part(l.say("Каси", "Registers"), &format!("/settings/registers/new?merchant={id}"),
                l.say("Додати касу", "Add a register"), registers(l, all, merchant)))
            (part(l.say("Джерела платежів", "Payment sources"), &add_source(all, merchant),
                l.say("Додати джерело", "Add a source"), sources(app, l, all, merchant)))
            (part(l.say("Ключі API", "API keys"), &format!("/settings/api-keys/new?merchant={id}"),
                l.say("Створити ключ", "Make a key"), keys(visitor, all, merchant, app)))
            (part(l.say("Вебхуки магазину", "Shop webhooks"), &format!("/settings/webhooks/new?merchant={id}"),
                l.say("Додати вебхук", "Add a webhook"), hooks(visitor, all, merchant, app)))
        }
    }
}

fn part(title: &str, add: &str, label: &str, body: Markup) -> Markup {
    html! {
        div.heading { h3 { (title) } div.actions { a.button href=(add) { (label) } } }
        (body)
    }
}

fn add_source(all: &All, merchant: &Merchant) -> String {
    let register = all.registers.iter().find(|register| register.merchant == merchant.id);
    match register {
        Some(register) => format!("/settings/sources/new?register={}", register.id),
        None => format!("/settings/registers/new?merchant={}", merchant.id),
    }
}

fn registers(l: Language, all: &All, merchant: &Merchant) -> Markup {
    let own: Vec<&Register> = all
        .registers
        .iter()
        .filter(|register| register.merchant == merchant.id)
        .collect();
    if own.is_empty() {
        return parts::empty(l.say(
            "Каси ще немає. Додайте її: знадобляться ключ касира і пароль до нього.",
            "No register yet. Add one: you need the cashier's key and its password.",
        ));
    }
    let heads = [
        Head(l.say("Каса", "Register"), Align::Start),
        Head(l.say("Фіскальний номер", "Fiscal number"), Align::Start),
        Head(l.say("Постачальник", "Provider"), Align::Start),
        Head(l.say("Стан", "State"), Align::Start),
    ];
    let rows = own.iter().map(|register| {
        let name = match register.provider {
            Provider::Cashalot => "Cashälot",
        };
        vec![
            html! { a href={ "/settings/registers/" (register.id) "/edit" } { (register.id) } },
            html! { (register.fiscal_number) },
            html! { (name) },
            html! { div {
                @if register.failures > 0 {
                    (badge(Tone::Bad, l.say("не відповідає", "in trouble"))) " "
                    a href={ "/settings/registers/" (register.id) "/edit" } { (l.say("перевірити", "check it")) }
                } @else { (badge(Tone::Good, l.say("працює", "works"))) }
            } },
        ]
    });
    parts::table(l.say("Каси", "Registers"), &heads, rows)
}

fn sources(app: &AppState, l: Language, all: &All, merchant: &Merchant) -> Markup {
    let own: Vec<&Source> = all
        .sources
        .iter()
        .filter(|source| source.merchant == merchant.id)
        .collect();
    if own.is_empty() {
        let has_register = all.registers.iter().any(|register| register.merchant == merchant.id);
        return parts::empty(if has_register {
            l.say(
                "Kasyr ще не знає, звідки приходять платежі. Додайте джерело або надсилайте події через API.",
                "Kasyr does not know yet where payments come from. Add a source, or send events through the API.",
            )
        } else {
            l.say(
                "Спершу потрібна каса: на ній робитимуться чеки платежів.",
                "A register comes first: receipts of the payments are made on it.",
            )
        });
    }
    let heads = [
        Head(l.say("Джерело", "Source"), Align::Start),
        Head(l.say("Платіжна система", "Payment system"), Align::Start),
        Head(l.say("Каса", "Register"), Align::Start),
        Head(l.say("Адреса для сповіщень", "Callback address"), Align::Start),
    ];
    let rows = own.iter().map(|source| {
        let kind = match source.kind {
            SourceKind::Fondy => "Fondy",
        };
        vec![
            html! { a href={ "/settings/sources/" (source.id) "/edit" } { (source.id) } },
            html! { (kind) " " (source.gateway_merchant_id) },
            html! { (source.register) },
            parts::copyable(l, &callback_url(app, source)),
        ]
    });
    parts::table(l.say("Джерела платежів", "Payment sources"), &heads, rows)
}

fn keys(visitor: &Visitor, all: &All, merchant: &Merchant, app: &AppState) -> Markup {
    let (l, now) = (visitor.language, app.ledger.now());
    let own: Vec<&ApiKeyView> = all
        .keys
        .iter()
        .filter(|view| view.key.merchant == merchant.id)
        .collect();
    if own.is_empty() {
        return parts::empty(l.say(
            "Ключів немає. Створіть ключ, щоб магазин надсилав замовлення або забирав чеки.",
            "No keys. Make one so that the shop can send orders or fetch receipts.",
        ));
    }
    let heads = [
        Head(l.say("Назва", "Name"), Align::Start),
        Head(l.say("Що можна", "What it may do"), Align::Start),
        Head(l.say("Задано", "Set"), Align::Start),
        Head(l.say("Дія", "Action"), Align::Start),
    ];
    let rows = own.iter().map(|view| {
        vec![
            html! { (view.key.id) },
            html! { div { @for scope in &view.key.scopes { div { code { (scope.as_str()) } " — " (api_keys::meaning(l, *scope)) } } } },
            parts::time(l, view.set_at, now),
            parts::ask_first(
                visitor,
                "/settings/api-keys/revoke",
                l.say("Відкликати", "Revoke"),
                l.say(
                    "Усі запити з цим ключем одразу почнуть отримувати відмову. Повернути його не можна, лише створити новий.",
                    "Every request with this key is refused at once. It cannot be brought back, only a new one made.",
                ),
                html! {
                    input type="hidden" name="merchant" value=(view.key.merchant);
                    input type="hidden" name="id" value=(view.key.id);
                },
                l.say("Відкликати ключ", "Revoke the key"),
            ),
        ]
    });
    parts::table(l.say("Ключі API", "API keys"), &heads, rows)
}

fn hooks(visitor: &Visitor, all: &All, merchant: &Merchant, app: &AppState) -> Markup {
    let (l, now) = (visitor.language, app.ledger.now());
    let own: Vec<&WebhookView> = all
        .webhooks
        .iter()
        .filter(|view| view.merchant == merchant.id)
        .collect();
    if own.is_empty() {
        return parts::empty(html! {
            (l.say(
                "Немає. Вебхук повідомлятиме магазин про кожен чек.",
                "None. A webhook is to tell the shop of every receipt.",
            ))
            " " (webhooks::not_sent_yet(l))
        });
    }
    let heads = [
        Head(l.say("Адреса", "Address"), Align::Start),
        Head(l.say("Задано", "Set"), Align::Start),
        Head(l.say("Дія", "Action"), Align::Start),
    ];
    let rows = own.iter().map(|view| {
        vec![
            html! { code { (view.url) } },
            parts::time(l, view.set_at, now),
            parts::ask_first(
                visitor,
                "/settings/webhooks/remove",
                l.say("Видалити", "Remove"),
                l.say(
                    "Адресу і її секрет буде видалено; магазин більше не дізнаватиметься про чеки.",
                    "The address and its secret are removed; the shop is no longer told of receipts.",
                ),
                html! {
                    input type="hidden" name="merchant" value=(view.merchant);
                    input type="hidden" name="url" value=(view.url);
                },
                l.say("Видалити вебхук", "Remove the webhook"),
            ),
        ]
    });
    html! {
        p.hint { (webhooks::not_sent_yet(l)) }
        (parts::table(l.say("Вебхуки магазину", "Shop webhooks"), &heads, rows))
    }
}
