//! `GET /attention` and `POST /attention/resend`: documents that wait for a person.

use axum::extract::{Query, State};
use axum::http::Uri;
use axum::response::{Html, Response};
use domain::ids::DocumentId;
use domain::time::UnixMillis;
use ledger::holds::{HeldDocument, OpenDocument};
use ledger::people::Role;
use maud::{Markup, html};
use serde::Deserialize;

use super::super::error::PageError;
use super::super::form::Form;
use super::super::language::Language;
use super::super::notice::Notice;
use super::super::parts::{self, Align, Head, card};
use super::super::visitor::Visitor;
use super::super::{page, words};
use crate::error::ApiError;
use crate::{AppState, documents};

const PAGE: u32 = 50;

#[derive(Default, Deserialize)]
pub(super) struct Wish {
    after: Option<String>,
}

pub(super) async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Query(wish): Query<Wish>,
    uri: Uri,
) -> Result<Html<String>, PageError> {
    let (l, now) = (visitor.language, app.ledger.now());
    let found = app
        .ledger
        .held_documents(visitor.reach(), wish.after.as_deref(), PAGE)
        .await?;
    let next = found.next.map(|after| format!("/attention?after={after}"));
    let title = l.say("Увага", "Attention");
    let body = html! {
        (parts::notice(&visitor, &uri))
        (parts::heading(title, html! {}))
        (super::tabs(&visitor))
        (card("holds", l.say("Документи, що чекають на людину", "Documents that wait for a person"), html! {
            @if found.rows.is_empty() {
                (parts::empty(l.say("Жоден документ не чекає на людину. Якщо чек не зможе пройти сам, він з'явиться тут із причиною і наступним кроком.",
                    "No document waits for a person. One that cannot go through by itself appears here, with the reason and the next step.")))
            } @else if visitor.may(Role::Operator) {
                form method="post" action="/attention/resend" {
                    (page::token(&visitor))
                    (table(l, &found.rows, now, true))
                    div.actions {
                        label.inline { input type="checkbox" data-pick-all; " " (l.say("Усі на цій сторінці", "All on this page")) }
                        button.main type="submit" { (l.say("Надіслати позначені ще раз", "Resend the ticked ones")) }
                    }
                }
            } @else { (table(l, &found.rows, now, false)) }
            (parts::next_page(l, next.as_deref()))
        }))
    };
    Ok(page::of(&visitor, title, &body))
}

fn table(l: Language, rows: &[HeldDocument], now: UnixMillis, pick: bool) -> Markup {
    let heads = [
        Head(l.say("Документ", "Document"), Align::Start),
        Head(l.say("Сума", "Amount"), Align::End),
        Head(l.say("Причина і що робити", "Reason and what to do"), Align::Start),
        Head(l.say("Каса", "Register"), Align::Start),
        Head(l.say("Чекає", "Waits"), Align::Start),
    ];
    parts::table(
        l.say("Документи, що чекають на людину", "Documents that wait for a person"),
        &heads,
        rows.iter().map(|held| {
            let document = &held.document;
            let code = held.reason.code();
            vec![
                html! {
                    @if pick && held.reason.can_be_resent() {
                        input type="checkbox" name="document" value=(document.id) data-pick
                            aria-label={ (l.say("Позначити ", "Tick ")) (named(l, document)) };
                        " "
                    }
                    (link(l, document))
                },
                html! { (l.sum(document.amount)) },
                html! { b { (words::hold(l, code)) } br; span.soft { (words::detail(l, &held.detail)) } br; (words::next_step(l, code)) },
                html! { a href={ "/registers/" (document.register) } { (document.register) } },
                html! { (l.span(now.0.saturating_sub(held.since.0))) },
            ]
        }),
    )
}

fn named(l: Language, document: &OpenDocument) -> String {
    let order = document.order.as_ref().map_or("", |(_, external)| external.as_str());
    format!("{} {order}", words::kind(l, &document.kind))
}

/// To the order, or to the document itself when it belongs to none.
pub(super) fn link(l: Language, document: &OpenDocument) -> Markup {
    html! { @match &document.order {
        Some((id, external)) => { a href={ "/orders/" (id) } { (external) } br; span.soft { (words::kind(l, &document.kind)) } },
        None => a href={ "/documents/" (document.id) } { (words::kind(l, &document.kind)) },
    } }
}

/// Every ticked one; what cannot be resent, or was dealt with meanwhile, stays as it is.
pub(super) async fn resend(State(app): State<AppState>, visitor: Visitor, form: Form) -> Result<Response, PageError> {
    for text in form.all("document") {
        let id = DocumentId::parse(text).map_err(|_| PageError::BadForm)?;
        match documents::resend_within(&app, visitor.reach(), id, &visitor.actor()).await {
            Ok(_) | Err(ApiError::NotHeld { .. } | ApiError::CannotBeResent { .. } | ApiError::NotFound(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Notice::Resent.at("/attention"))
}
