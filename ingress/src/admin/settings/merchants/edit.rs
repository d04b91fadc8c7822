//! `GET` and `POST /settings/merchants/{id}/edit`.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use ledger::settings::{Merchant, Settings};
use maud::html;

use super::super::super::error::PageError;
use super::super::super::form::Form;
use super::super::super::notice::Notice;
use super::super::super::visitor::Visitor;
use super::super::super::{page, parts};
use super::super::problems::{self, Problems};
use super::super::reach::{self, Named};
use super::super::save::save;
use super::form::{self, Typed};
use crate::AppState;

pub async fn show(State(app): State<AppState>, visitor: Visitor, path: Named) -> Result<Html<String>, PageError> {
    let merchant = find(&app, &visitor, path).await?;
    let typed = Typed {
        id: merchant.id.to_string(),
        name: merchant.name.clone(),
    };
    Ok(view(&visitor, &merchant, &typed, &Problems::default()))
}

pub async fn rename(
    State(app): State<AppState>,
    visitor: Visitor,
    path: Named,
    form: Form,
) -> Result<Response, PageError> {
    let merchant = find(&app, &visitor, path).await?;
    let typed = Typed {
        id: merchant.id.to_string(),
        name: form.text("name").to_owned(),
    };
    let mut problems = Problems::default();
    let Some(name) = problems.keep("name", problems::name(visitor.language, &typed.name)) else {
        let page = view(&visitor, &merchant, &typed, &problems);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let settings = Settings {
        merchants: vec![Merchant { id: merchant.id, name }],
        ..Settings::default()
    };
    save(&app, &visitor, settings).await?;
    Ok(Notice::Saved.at("/settings"))
}

async fn find(app: &AppState, visitor: &Visitor, path: Named) -> Result<Merchant, PageError> {
    let Path(id) = path.map_err(|_| PageError::NoSuchPage)?;
    reach::merchant(app, visitor, &id).await
}

fn view(visitor: &Visitor, merchant: &Merchant, typed: &Typed, problems: &Problems) -> Html<String> {
    let l = visitor.language;
    let title = format!("{} {}", l.say("Продавець", "Merchant"), merchant.id);
    let body = html! {
        (parts::heading(&title, html! { a.button href="/settings" { (l.say("До налаштувань", "To the settings")) } }))
        section.card { (form::form(visitor, Some(merchant), typed, problems)) }
    };
    page::of(visitor, &title, &body)
}
