//! `GET` and `POST /settings/sources/new`.

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{Html, IntoResponse as _, Response};
use domain::ids::{MerchantId, RegisterId};
use domain::time::UnixMillis;
use ledger::settings::Settings;
use ledger::settings_lists::RegisterSetting;
use maud::{Markup, html};
use secrecy::SecretString;

use super::super::super::error::PageError;
use super::super::super::form::Form;
use super::super::super::notice::Notice;
use super::super::super::parts;
use super::super::super::visitor::Visitor;
use super::super::problems::Problems;
use super::super::reach;
use super::super::save::save;
use super::super::secret::{new_secret, shown_once};
use super::form::{Choice, Typed};
use super::page::{Page, full_url};
use crate::AppState;

pub async fn show(State(app): State<AppState>, visitor: Visitor, uri: Uri) -> Result<Html<String>, PageError> {
    let chosen = match reach::own_register(&app, &visitor, &reach::asked(&uri, "register")).await? {
        Some(register) => Some((register.merchant, register.id)),
        None => any(&app, &visitor).await?,
    };
    let said = parts::notice(&visitor, &uri);
    let Some((merchant, register)) = chosen else {
        return Ok(page(&visitor, &[], &Typed::default(), &Problems::default(), said).show(&app));
    };
    let choice = Choice::of(&app, &merchant).await?;
    let typed = Typed::usual(&merchant, &register);
    Ok(page(&visitor, &choice.registers, &typed, &Problems::default(), said).show(&app))
}

pub async fn add(State(app): State<AppState>, visitor: Visitor, form: Form) -> Result<Response, PageError> {
    let l = visitor.language;
    let typed = Typed::read(&form, None);
    // The register says whose source it is; without one the form is shown again with somebody's to choose from.
    let merchant = match reach::own_register(&app, &visitor, &typed.register).await? {
        Some(register) => Some(register.merchant),
        None => any(&app, &visitor).await?.map(|(merchant, _)| merchant),
    };
    let Some(merchant) = merchant else {
        return Err(PageError::NoSuchPage);
    };
    let choice = Choice::of(&app, &merchant).await?;
    let mut problems = Problems::default();
    let given = form.secret("secret");
    let made = match given {
        None if typed.is_notices() => Some(new_secret()),
        Some(_) | None => None,
    };
    let secret = given.or_else(|| made.clone());
    let source = typed.source(l, &choice, secret, None, app.production, &mut problems);
    if let Some(source) = &source
        && app.ledger.source(&source.id).await?.is_some()
    {
        problems.tell("id", l.say("Таке джерело вже є.", "There is such a source already."));
    }
    let Some(source) = source.filter(|_| problems.is_empty()) else {
        let page = page(&visitor, &choice.registers, &typed, &problems, html! {});
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page.show(&app)).into_response());
    };
    let next = format!("/settings/sources/{}/edit", source.id);
    let address = made.is_some().then(|| SecretString::from(full_url(&app, &source)));
    let settings = Settings {
        sources: vec![source],
        ..Settings::default()
    };
    save(&app, &visitor, settings).await?;
    Ok(match address {
        Some(address) => shown(&visitor, &address, &next).into_response(),
        None => Notice::Saved.at(&next),
    })
}

/// The one page that shows an address with a secret we made.
fn shown(visitor: &Visitor, address: &SecretString, next: &str) -> Html<String> {
    let l = visitor.language;
    let title = l.say("Адреса для сповіщень", "Callback address");
    let next = html! {
        p { (l.say(
            "Останню частину адреси створив Kasyr: хто її знає, той може надсилати сповіщення.",
            "Kasyr made the last part of the address: whoever knows it can send notices.",
        )) }
        p { a.button href=(next) { (l.say("Скопійовано, далі", "Copied, go on")) } }
    };
    let body = html! {
        (parts::heading(title, html! {}))
        (shown_once(l, l.say("Адреса з секретом", "The address with its secret"), address, next))
    };
    super::super::super::page::of(visitor, title, &body)
}

/// The first register within reach, and whose it is.
async fn any(app: &AppState, visitor: &Visitor) -> Result<Option<(MerchantId, RegisterId)>, PageError> {
    let found = app.ledger.registers_list(visitor.reach(), None, 1).await?;
    Ok(found.rows.into_iter().next().map(|row| (row.merchant, row.id)))
}

fn page<'a>(
    visitor: &'a Visitor,
    registers: &'a [RegisterSetting],
    typed: &'a Typed,
    problems: &'a Problems,
    said: Markup,
) -> Page<'a> {
    Page {
        visitor,
        registers,
        known: None,
        secret: None,
        typed,
        problems,
        said,
        // Nothing on the page of a new source is about time.
        now: UnixMillis::EPOCH,
    }
}
