//! `GET` and `POST /settings/webhooks/new`.

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{Html, IntoResponse as _, Response};
use ledger::settings::{Merchant, Settings, ShopWebhook, WebhookFormat};
use maud::html;

use super::super::super::error::PageError;
use super::super::super::form::Form;
use super::super::super::notice::Notice;
use super::super::super::page;
use super::super::super::parts::{self, Field};
use super::super::super::visitor::Visitor;
use super::super::problems::Problems;
use super::super::save::save;
use super::super::{merchant_choice, reach};
use super::form::{address, secret as can_sign};
use super::{how_to_verify, secret, shapes};
use crate::AppState;

/// What was typed.
struct Typed {
    merchant: String,
    url: String,
    format: WebhookFormat,
}

pub async fn show(State(app): State<AppState>, visitor: Visitor, uri: Uri) -> Result<Html<String>, PageError> {
    let merchants = reach::merchants(&app, &visitor).await?;
    let typed = Typed {
        merchant: reach::asked(&uri, "merchant"),
        url: String::new(),
        format: WebhookFormat::default(),
    };
    Ok(view(&visitor, &merchants, &typed, &Problems::default()))
}

pub async fn add(State(app): State<AppState>, visitor: Visitor, form: Form) -> Result<Response, PageError> {
    let l = visitor.language;
    let merchants = reach::merchants(&app, &visitor).await?;
    let typed = Typed {
        merchant: form.text("merchant").to_owned(),
        url: form.text("url").to_owned(),
        format: WebhookFormat::parse(form.text("format")).unwrap_or_default(),
    };
    let mut problems = Problems::default();
    let merchant = merchant_choice::find(l, &merchants, &typed.merchant, &mut problems);
    let url = problems.keep("url", address(l, &typed.url));
    let given = form.secret("secret");
    if let Some(given) = &given {
        problems.keep("secret", can_sign(l, given));
    }
    let known = app.ledger.shop_webhooks(visitor.reach()).await?;
    if known
        .iter()
        .any(|view| view.merchant.as_str() == typed.merchant && view.url == typed.url)
    {
        problems.tell("url", l.say("Така адреса вже є.", "There is such an address already."));
    }
    let (Some(merchant), Some(url), true) = (merchant, url, problems.is_empty()) else {
        let page = view(&visitor, &merchants, &typed, &problems);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let new = given.clone().unwrap_or_else(hooks::new_secret);
    let settings = Settings {
        shop_webhooks: vec![ShopWebhook {
            merchant: merchant.id.clone(),
            url,
            secret: new.clone(),
            format: typed.format,
        }],
        ..Settings::default()
    };
    save(&app, &visitor, settings).await?;
    if given.is_some() {
        return Ok(Notice::Saved.at("/settings"));
    }
    Ok(secret::shown(&visitor, &new, "").into_response())
}

fn view(visitor: &Visitor, merchants: &[Merchant], typed: &Typed, problems: &Problems) -> Html<String> {
    let l = visitor.language;
    let title = l.say("Новий вебхук магазину", "New shop webhook");
    let form = parts::form(
        visitor,
        "/settings/webhooks/new",
        html! {
            (merchant_choice::field(l, merchants, &typed.merchant, problems))
            (Field {
                kind: "url",
                hint: l.say("Куди повідомляти магазин про чеки.", "Where the shop is told of receipts."),
                problem: problems.at("url"),
                required: true,
                ..Field::text(l.say("Адреса", "Address"), "url", &typed.url)
            })
            (Field {
                kind: "password",
                hint: l.say(
                    "Ним підписуються повідомлення: whsec_… або будь-що від 16 символів. Порожнє: Kasyr створить його і покаже один раз.",
                    "Messages are signed with it: whsec_…, or anything of 16 characters at least. Empty: Kasyr makes one and shows it once.",
                ),
                problem: problems.at("secret"),
                ..Field::text(l.say("Секрет", "Secret"), "secret", "")
            })
            (parts::select(l.say("Вигляд повідомлень", "Shape of messages"), "format", typed.format.as_str(), &shapes(l)))
            p.hint { (l.say(
                "«Як у CashDesk» розуміють програми, написані для його вебхуків; подія має ще номер замовлення магазину.",
                "Software written for CashDesk's webhooks understands its shape; an event also has the shop's order id.",
            )) }
            button.main type="submit" { (l.say("Додати", "Add")) }
        },
    );
    let body = html! {
        (parts::heading(title, html! { a.button href="/settings" { (l.say("До налаштувань", "To the settings")) } }))
        section.card {
            @if merchants.is_empty() {
                (merchant_choice::none_yet(l))
            } @else { (form) (how_to_verify(l)) }
        }
    };
    page::of(visitor, title, &body)
}
