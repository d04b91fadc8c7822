//! `GET /settings`: what there is, what is missing, and the next step. Merchants come a page at a time; one whose
//! registers or sources do not fit is shown alone.

use axum::extract::{Query, State};
use axum::http::Uri;
use axum::response::Html;
use domain::ids::MerchantId;
use ledger::page::Page;
use ledger::people::Reach;
use ledger::settings::Merchant;
use ledger::settings_lists::{ApiKeyView, FirstSteps, RegisterSetting, SourceSetting, WebhookView};
use maud::{Markup, html};
use serde::Deserialize;

use super::super::error::PageError;
use super::super::language::Language;
use super::super::page;
use super::super::parts::{self, Align, Head, Tone, badge};
use super::super::visitor::Visitor;
use super::super::words;
use super::sources::callback_url;
use super::{api_keys, reach, webhooks};
use crate::AppState;

/// Merchants on a page.
const MERCHANTS: u32 = 10;
/// Registers and sources of each; so many of one merchant who is shown alone.
const OF_EACH: u32 = 20;
const ALONE: u32 = 100;

#[derive(Default, Deserialize)]
pub(super) struct Wish {
    /// Merchants after this one.
    after: Option<String>,
    /// This one alone.
    merchant: Option<String>,
    /// Its registers after this one.
    registers: Option<String>,
    /// Its sources after this one.
    sources: Option<String>,
}

/// A merchant and what belongs to it.
struct One {
    merchant: Merchant,
    registers: Page<RegisterSetting>,
    sources: Page<SourceSetting>,
    keys: Vec<ApiKeyView>,
    webhooks: Vec<WebhookView>,
}

pub(super) async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Query(wish): Query<Wish>,
    uri: Uri,
) -> Result<Html<String>, PageError> {
    let l = visitor.language;
    let merchants = match &wish.merchant {
        Some(id) => Page {
            rows: vec![reach::merchant(&app, &visitor, id).await?],
            next: None,
        },
        None => {
            let after = wish.after.as_deref();
            app.ledger.merchants_page(visitor.reach(), after, MERCHANTS).await?
        }
    };
    let next = merchants
        .next
        .map(|after| parts::link("/settings", [("after", after.as_str())]));
    let shown = read(&app, merchants.rows, &wish).await?;
    let steps = app.ledger.first_steps(visitor.reach()).await?;
    let may_add = *visitor.reach() == Reach::Everything;
    let title = l.say("Налаштування", "Settings");
    let actions = html! {
        @if wish.merchant.is_some() { a.button href="/settings" { (l.say("Усі продавці", "All merchants")) } }
        @if may_add { a.button href="/settings/merchants/new" { (l.say("Додати продавця", "Add a merchant")) } }
        a.button href="/settings/users" { (l.say("Користувачі", "Users")) }
    };
    let body = html! {
        (parts::heading(title, actions))
        (parts::notice(&visitor, &uri))
        (way(l, steps, may_add))
        @for one in &shown { (card(&app, &visitor, one)) }
        (parts::next_page(l, next.as_deref()))
    };
    Ok(page::of(&visitor, title, &body))
}

async fn read(app: &AppState, merchants: Vec<Merchant>, wish: &Wish) -> Result<Vec<One>, PageError> {
    let ledger = &app.ledger;
    let here = Reach::Merchants(merchants.iter().map(|merchant| merchant.id.clone()).collect());
    let (keys, webhooks) = (ledger.api_keys(&here).await?, ledger.shop_webhooks(&here).await?);
    let alone = wish.merchant.is_some();
    let limit = if alone { ALONE } else { OF_EACH };
    let after = |cursor: &Option<String>| cursor.clone().filter(|_| alone);
    let (registers, sources) = (after(&wish.registers), after(&wish.sources));
    let mut all = Vec::new();
    for merchant in merchants {
        let id = &merchant.id;
        all.push(One {
            registers: ledger.register_settings(id, registers.as_deref(), limit).await?,
            sources: ledger.source_settings(id, sources.as_deref(), limit).await?,
            keys: keys.iter().filter(|view| view.key.merchant == *id).cloned().collect(),
            webhooks: webhooks.iter().filter(|view| view.merchant == *id).cloned().collect(),
            merchant,
        });
    }
    Ok(all)
}

/// The way to the first receipt, until it is gone.
fn way(l: Language, steps: FirstSteps, may_add: bool) -> Markup {
    let FirstSteps {
        merchant,
        register,
        source,
    } = steps;
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
                (step(register, l.say("Каса: номер і ключ, перевірені в постачальника", "A register: number and key, checked with its provider")))
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

fn card(app: &AppState, visitor: &Visitor, one: &One) -> Markup {
    let (l, merchant) = (visitor.language, &one.merchant);
    let id = merchant.id.as_str();
    html! {
        section.card id={ "merchant-" (id) } aria-labelledby={ "merchant-" (id) "-title" } {
            div.heading {
                h2 id={ "merchant-" (id) "-title" } { (merchant.name) " " span.soft { (id) } }
                div.actions {
                    a.button href={ "/settings/merchants/" (id) "/edit" } { (l.say("Змінити назву", "Rename")) }
                    a.button href={ "/settings/merchants/" (id) "/mail" } { (l.say("Листи покупцям", "Mail to buyers")) }
                }
            }
            (part(l.say("Каси", "Registers"), &format!("/settings/registers/new?merchant={id}"),
                l.say("Додати касу", "Add a register"), registers(l, one)))
            (part(l.say("Джерела платежів", "Payment sources"), &add_source(one),
                l.say("Додати джерело", "Add a source"), sources(app, l, one)))
            (part(l.say("Ключі API", "API keys"), &format!("/settings/api-keys/new?merchant={id}"),
                l.say("Створити ключ", "Make a key"), keys(visitor, &one.keys, app)))
            (part(l.say("Вебхуки магазину", "Shop webhooks"), &format!("/settings/webhooks/new?merchant={id}"),
                l.say("Додати вебхук", "Add a webhook"), webhooks::list(visitor, &one.webhooks, app.ledger.now())))
        }
    }
}

fn part(title: &str, add: &str, label: &str, body: Markup) -> Markup {
    html! {
        div.heading { h3 { (title) } div.actions { a.button href=(add) { (label) } } }
        (body)
    }
}

fn add_source(one: &One) -> String {
    let id = one.merchant.id.as_str();
    match one.registers.rows.first() {
        Some(register) => format!("/settings/sources/new?register={}", register.id),
        None => format!("/settings/registers/new?merchant={id}"),
    }
}

/// The rest of a merchant's list, on a page of its own.
fn rest(l: Language, merchant: &MerchantId, list: &str, next: Option<&str>) -> Markup {
    let href = next.map(|after| parts::link("/settings", [("merchant", merchant.as_str()), (list, after)]));
    parts::next_page(l, href.as_deref())
}

fn registers(l: Language, one: &One) -> Markup {
    let Page { rows: own, next } = &one.registers;
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
        vec![
            html! { a href={ "/settings/registers/" (register.id) "/edit" } { (register.id) } },
            html! { (register.fiscal_number) },
            html! { (words::provider(register.provider)) },
            html! { div {
                @if register.failures > 0 {
                    (badge(Tone::Bad, l.say("не відповідає", "in trouble"))) " "
                    a href={ "/settings/registers/" (register.id) "/edit" } { (l.say("перевірити", "check it")) }
                } @else { (badge(Tone::Good, l.say("працює", "works"))) }
            } },
        ]
    });
    html! {
        (parts::table(l.say("Каси", "Registers"), &heads, rows))
        (rest(l, &one.merchant.id, "registers", next.as_deref()))
    }
}

fn sources(app: &AppState, l: Language, one: &One) -> Markup {
    let Page { rows: own, next } = &one.sources;
    if own.is_empty() {
        return parts::empty(if one.registers.rows.is_empty() {
            l.say(
                "Спершу потрібна каса: на ній робитимуться чеки платежів.",
                "A register comes first: receipts of the payments are made on it.",
            )
        } else {
            l.say(
                "Kasyr ще не знає, звідки приходять платежі. Додайте джерело або надсилайте події через API.",
                "Kasyr does not know yet where payments come from. Add a source, or send events through the API.",
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
        let kind = super::sources::kind::name(source.kind);
        vec![
            html! { a href={ "/settings/sources/" (source.id) "/edit" } { (source.id) } },
            html! { (kind) " " (source.account) },
            html! { (source.register) },
            parts::copyable(l, &callback_url(app, &source.id, source.kind)),
        ]
    });
    html! {
        (parts::table(l.say("Джерела платежів", "Payment sources"), &heads, rows))
        (rest(l, &one.merchant.id, "sources", next.as_deref()))
    }
}

fn keys(visitor: &Visitor, own: &[ApiKeyView], app: &AppState) -> Markup {
    let (l, now) = (visitor.language, app.ledger.now());
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
