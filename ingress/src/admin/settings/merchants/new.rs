//! `GET` and `POST /settings/merchants/new`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use domain::ids::MerchantId;
use ledger::people::Reach;
use ledger::settings::{Merchant, Settings};
use maud::html;

use super::super::super::error::PageError;
use super::super::super::form::Form;
use super::super::super::notice::Notice;
use super::super::super::visitor::Visitor;
use super::super::super::{page, parts};
use super::super::problems::{self, Problems};
use super::super::save::save;
use super::form::{self, Typed};
use crate::AppState;

pub async fn show(visitor: Visitor) -> Result<Html<String>, PageError> {
    allowed(&visitor)?;
    Ok(view(&visitor, &Typed::default(), &Problems::default()))
}

pub async fn add(State(app): State<AppState>, visitor: Visitor, form: Form) -> Result<Response, PageError> {
    allowed(&visitor)?;
    let l = visitor.language;
    let typed = Typed {
        id: form.text("id").to_owned(),
        name: form.text("name").to_owned(),
    };
    let mut problems = Problems::default();
    let id = problems.keep(
        "id",
        MerchantId::parse(&typed.id).map_err(|error| problems::id(l, &error)),
    );
    let name = problems.keep("name", problems::name(l, &typed.name));
    if let Some(id) = &id
        && app.ledger.merchants(&Reach::Merchants(vec![id.clone()])).await?.len() == 1
    {
        problems.tell(
            "id",
            l.say("Такий продавець уже є.", "There is such a merchant already."),
        );
    }
    let (Some(id), Some(name), true) = (id, name, problems.is_empty()) else {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, view(&visitor, &typed, &problems)).into_response());
    };
    let next = format!("/settings/registers/new?merchant={id}");
    let settings = Settings {
        merchants: vec![Merchant { id, name }],
        ..Settings::default()
    };
    save(&app, &visitor, settings).await?;
    Ok(Notice::Saved.at(&next))
}

fn allowed(visitor: &Visitor) -> Result<(), PageError> {
    match visitor.reach() {
        Reach::Everything => Ok(()),
        Reach::Merchants(_) => Err(PageError::Refused(
            "Нових продавців додає адміністратор, який бачить усіх продавців.".to_owned(),
            "New merchants are added by an administrator who sees all merchants.".to_owned(),
        )),
    }
}

fn view(visitor: &Visitor, typed: &Typed, problems: &Problems) -> Html<String> {
    let l = visitor.language;
    let title = l.say("Новий продавець", "New merchant");
    let body = html! {
        (parts::heading(title, html! {}))
        section.card {
            p.soft { (l.say(
                "Продавець — це ФОП чи компанія, чиї каси й надходження належать разом. Далі ви додасте касу.",
                "A merchant is a seller whose registers and payment sources belong together. A register comes next.",
            )) }
            (form::form(visitor, None, typed, problems))
        }
    };
    page::of(visitor, title, &body)
}
