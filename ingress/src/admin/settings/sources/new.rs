//! `GET` and `POST /settings/sources/new`.

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{Html, IntoResponse as _, Response};
use ledger::settings::Settings;
use maud::html;

use super::super::super::error::PageError;
use super::super::super::form::Form;
use super::super::super::notice::Notice;
use super::super::super::parts;
use super::super::super::visitor::Visitor;
use super::super::problems::Problems;
use super::super::reach;
use super::super::save::save;
use super::form::Typed;
use super::page::Page;
use crate::AppState;

pub async fn show(State(app): State<AppState>, visitor: Visitor, uri: Uri) -> Result<Html<String>, PageError> {
    let registers = reach::registers(&app, &visitor).await?;
    let asked = reach::asked(&uri, "register");
    let chosen = registers.iter().find(|register| register.id.as_str() == asked);
    let page = Page {
        visitor: &visitor,
        registers: &registers,
        known: None,
        secret: None,
        typed: &Typed::usual(chosen.or(registers.first())),
        problems: &Problems::default(),
        said: parts::notice(&visitor, &uri),
    };
    Ok(page.show(&app))
}

pub async fn add(State(app): State<AppState>, visitor: Visitor, form: Form) -> Result<Response, PageError> {
    let l = visitor.language;
    let registers = reach::registers(&app, &visitor).await?;
    let typed = Typed::read(&form, None);
    let mut problems = Problems::default();
    let secret = form.secret("secret");
    let source = typed.source(l, &registers, secret, None, app.production, &mut problems);
    if let Some(source) = &source
        && app.ledger.source(&source.id).await?.is_some()
    {
        problems.tell("id", l.say("Таке джерело вже є.", "There is such a source already."));
    }
    let Some(source) = source.filter(|_| problems.is_empty()) else {
        let page = Page {
            visitor: &visitor,
            registers: &registers,
            known: None,
            secret: None,
            typed: &typed,
            problems: &problems,
            said: html! {},
        };
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page.show(&app)).into_response());
    };
    let next = format!("/settings/sources/{}/edit", source.id);
    let settings = Settings {
        sources: vec![source],
        ..Settings::default()
    };
    save(&app, &visitor, settings).await?;
    Ok(Notice::Saved.at(&next))
}
