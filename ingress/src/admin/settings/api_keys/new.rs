//! `GET` and `POST /settings/api-keys/new`. The answer to the form is the only page that shows the key.

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{Html, IntoResponse as _, Response};
use ledger::settings::{ApiKey, Merchant, Scope, Settings};
use maud::html;

use super::super::super::error::PageError;
use super::super::super::form::Form;
use super::super::super::page;
use super::super::super::parts::{self, Field};
use super::super::super::visitor::Visitor;
use super::super::problems::{self, Problems};
use super::super::save::save;
use super::super::secret::{new_secret, shown_once};
use super::super::{merchant_choice, reach};
use super::{SCOPES, meaning};
use crate::AppState;

/// What was typed.
struct Typed {
    merchant: String,
    id: String,
    scopes: Vec<Scope>,
}

pub async fn show(State(app): State<AppState>, visitor: Visitor, uri: Uri) -> Result<Html<String>, PageError> {
    let merchants = reach::merchants(&app, &visitor).await?;
    let typed = Typed {
        merchant: reach::asked(&uri, "merchant"),
        id: String::new(),
        scopes: vec![Scope::Orders, Scope::Events, Scope::Receipts],
    };
    Ok(view(&visitor, &merchants, &typed, &Problems::default()))
}

pub async fn add(State(app): State<AppState>, visitor: Visitor, form: Form) -> Result<Response, PageError> {
    let l = visitor.language;
    let merchants = reach::merchants(&app, &visitor).await?;
    let typed = Typed {
        merchant: form.text("merchant").to_owned(),
        id: form.text("id").to_owned(),
        scopes: SCOPES.into_iter().filter(|scope| form.ticked(&field(*scope))).collect(),
    };
    let mut problems = Problems::default();
    let merchant = merchant_choice::find(l, &merchants, &typed.merchant, &mut problems);
    let id = problems.keep("id", problems::name(l, &typed.id));
    if typed.scopes.is_empty() {
        problems.tell(
            "scopes",
            l.say("Дозвольте ключу хоч щось.", "Let the key do something at least."),
        );
    }
    let known = app.ledger.api_keys(visitor.reach()).await?;
    if known
        .iter()
        .any(|view| view.key.merchant.as_str() == typed.merchant && view.key.id == typed.id)
    {
        problems.tell(
            "id",
            l.say("Ключ із такою назвою вже є.", "There is a key of this name already."),
        );
    }
    let (Some(merchant), Some(id), true) = (merchant, id, problems.is_empty()) else {
        let page = view(&visitor, &merchants, &typed, &problems);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let key = ApiKey {
        merchant: merchant.id.clone(),
        id,
        scopes: typed.scopes,
    };
    let secret = new_secret();
    let title = format!("{} {}", l.say("Ключ API", "API key"), key.id);
    let settings = Settings {
        api_keys: vec![(key, secret.clone())],
        ..Settings::default()
    };
    save(&app, &visitor, settings).await?;
    let next = html! {
        p { (l.say("Магазин надсилає його так: ", "A shop sends it so: ")) code { "Authorization: Bearer …" } }
        p { a.button href="/settings" { (l.say("Скопійовано, далі", "Copied, go on")) } }
    };
    let body = html! {
        (parts::heading(&title, html! {}))
        (shown_once(l, l.say("Новий ключ", "The new key"), &secret, next))
    };
    Ok(page::of(&visitor, &title, &body).into_response())
}

fn field(scope: Scope) -> String {
    format!("scope-{}", scope.as_str())
}

fn view(visitor: &Visitor, merchants: &[Merchant], typed: &Typed, problems: &Problems) -> Html<String> {
    let l = visitor.language;
    let title = l.say("Новий ключ API", "New API key");
    let form = parts::form(
        visitor,
        "/settings/api-keys/new",
        html! {
            (merchant_choice::field(l, merchants, &typed.merchant, problems))
            (Field {
                hint: l.say("Хто ним користуватиметься, наприклад «shop».", "Who will use it, such as “shop”."),
                problem: problems.at("id"),
                required: true,
                ..Field::text(l.say("Назва", "Name"), "id", &typed.id)
            })
            fieldset {
                legend { (l.say("Що можна", "What it may do")) }
                (problems.line("scopes"))
                @for scope in SCOPES {
                    (parts::tick(scope.as_str(), &field(scope), typed.scopes.contains(&scope), meaning(l, scope)))
                }
            }
            button.main type="submit" { (l.say("Створити ключ", "Make the key")) }
        },
    );
    let body = html! {
        (parts::heading(title, html! { a.button href="/settings" { (l.say("До налаштувань", "To the settings")) } }))
        section.card {
            @if merchants.is_empty() {
                (merchant_choice::none_yet(l))
            } @else {
                p.soft { (l.say(
                    "Сам ключ створює Kasyr і показує його один раз.",
                    "Kasyr makes the key itself and shows it once.",
                )) }
                (form)
            }
        }
    };
    page::of(visitor, title, &body)
}
