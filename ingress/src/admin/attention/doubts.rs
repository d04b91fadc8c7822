//! `GET /attention/doubts`: documents nobody knows the fate of for longer than a moment.

use axum::extract::{Query, State};
use axum::response::Html;
use maud::html;
use serde::Deserialize;

use super::super::error::PageError;
use super::super::page;
use super::super::parts::{self, Align, Head, card};
use super::super::visitor::Visitor;
use super::super::words;
use super::holds;
use crate::AppState;

const PAGE: u32 = 50;

#[derive(Default, Deserialize)]
pub(super) struct Wish {
    after: Option<String>,
}

pub(super) async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Query(wish): Query<Wish>,
) -> Result<Html<String>, PageError> {
    let (l, now) = (visitor.language, app.ledger.now());
    let found = app
        .ledger
        .doubtful_documents(visitor.reach(), now, wish.after.as_deref(), PAGE)
        .await?;
    let next = found.next.map(|after| format!("/attention/doubts?after={after}"));
    let heads = [
        Head(l.say("Документ", "Document"), Align::Start),
        Head(l.say("Сума", "Amount"), Align::End),
        Head(l.say("Каса", "Register"), Align::Start),
        Head(l.say("Надіслано", "Sent"), Align::Start),
        Head(l.say("Спитаємо знову", "Asks again"), Align::Start),
    ];
    let title = l.say("Увага", "Attention");
    let body = html! {
        (parts::heading(title, html! {}))
        (super::tabs(&visitor))
        (card("doubts", l.say("Документи під сумнівом", "Documents in doubt"), html! {
            p.hint { (l.say(
                "Запит пішов, а певної відповіді не було. Kasyr не надсилає такий документ удруге, а питає касу, чи він є. Майже завжди це владнується само.",
                "A request left and no certain answer came. Kasyr does not send such a document again but asks the register whether it is there. Nearly always this settles by itself.",
            )) }
            @if found.rows.is_empty() {
                (parts::empty(l.say("Про кожен документ відомо, що з ним.", "The fate of every document is known.")))
            } @else {
                (parts::table(l.say("Документи під сумнівом", "Documents in doubt"), &heads, found.rows.iter().map(|row| vec![
                    holds::link(l, &row.document),
                    html! { (l.sum(row.document.amount)) },
                    html! {
                        a href={ "/registers/" (row.document.register) } { (row.document.register) }
                        @if let Some(trouble) = &row.register_trouble { br; (words::trouble(l, trouble)) }
                    },
                    parts::time(l, row.sent_at, now),
                    html! { @if row.asks_at > now { (l.time(row.asks_at)) } @else { (l.say("зараз", "now")) } },
                ])))
            }
            (parts::next_page(l, next.as_deref()))
        }))
    };
    Ok(page::of(&visitor, title, &body))
}
