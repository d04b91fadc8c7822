//! `GET /settings/registers/new`, and `POST` of it: the check of a new register.

use axum::extract::State;
use axum::http::Uri;
use axum::response::{Html, Response};
use domain::ids::RegisterId;
use ledger::settings::{Merchant, Provider};

use super::super::super::error::PageError;
use super::super::super::form::Form;
use super::super::super::parts;
use super::super::super::visitor::Visitor;
use super::super::reach;
use super::page::Page;
use super::typed::Typed;
use crate::AppState;

pub async fn show(State(app): State<AppState>, visitor: Visitor, uri: Uri) -> Result<Html<String>, PageError> {
    let merchants = reach::merchants(&app, &visitor).await?;
    let asked = reach::asked(&uri, "merchant");
    let chosen = merchants.iter().find(|merchant| merchant.id.as_str() == asked);
    let provider = Provider::parse(&reach::asked(&uri, "provider")).unwrap_or(Provider::Cashalot);
    let typed = match chosen.or(merchants.first()) {
        Some(merchant) => Typed::usual(provider, merchant.id.as_str(), suggest(&app, merchant).await?),
        None => Typed::default(),
    };
    let page = Page::empty(&visitor, &merchants, None, typed);
    Ok(page.saying(parts::notice(&visitor, &uri)).show(&app))
}

pub async fn check(State(app): State<AppState>, visitor: Visitor, form: Form) -> Result<Response, PageError> {
    super::check::check(&app, &visitor, None, &form).await
}

/// The first of `flowers-1`, `flowers-2`, … that is free.
async fn suggest(app: &AppState, merchant: &Merchant) -> Result<String, PageError> {
    const MOST: usize = 1000;
    for number in 1..MOST {
        let Ok(id) = RegisterId::parse(&format!("{}-{number}", merchant.id)) else {
            break;
        };
        if app.ledger.register(&id).await?.is_none() {
            return Ok(id.to_string());
        }
    }
    Ok(String::new())
}
