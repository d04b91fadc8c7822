//! `GET` and `POST /settings/sources/{id}/edit`.

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
use super::super::reach::{self, Named};
use super::super::save::save;
use super::form::{Choice, Typed};
use super::page::Page;
use crate::AppState;

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    path: Named,
    uri: Uri,
) -> Result<Html<String>, PageError> {
    let source = reach::source(&app, &visitor, path).await?;
    let page = Page {
        visitor: &visitor,
        registers: &Choice::of(&app, &source.merchant).await?.registers,
        known: Some(&source),
        secret: app.ledger.source_secret_info(&source.id).await?,
        typed: &Typed::of(&source),
        problems: &Problems::default(),
        said: parts::notice(&visitor, &uri),
        now: app.ledger.now(),
    };
    Ok(page.show(&app))
}

pub async fn change(
    State(app): State<AppState>,
    visitor: Visitor,
    path: Named,
    form: Form,
) -> Result<Response, PageError> {
    let known = reach::source(&app, &visitor, path).await?;
    let choice = Choice::of(&app, &known.merchant).await?;
    let typed = Typed::read(&form, Some(&known));
    let mut problems = Problems::default();
    let secret = form.secret("secret");
    let production = app.production;
    let read = typed.source(
        visitor.language,
        &choice,
        secret,
        Some(&known),
        production,
        &mut problems,
    );
    let Some(source) = read else {
        let page = Page {
            visitor: &visitor,
            registers: &choice.registers,
            known: Some(&known),
            secret: app.ledger.source_secret_info(&known.id).await?,
            typed: &typed,
            problems: &problems,
            said: html! {},
            now: app.ledger.now(),
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
