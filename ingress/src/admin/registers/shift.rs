//! `GET /registers/{id}/shifts/{shift}`: one shift and its Z-report.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Html;
use domain::document::Kind;
use maud::{Markup, html};

use super::super::error::PageError;
use super::super::page;
use super::super::parts::{self, card};
use super::super::visitor::Visitor;
use super::super::words;
use super::{shifts, totals};
use crate::AppState;

pub(super) async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Result<Html<String>, PageError> {
    let Path((register, shift)) = path.map_err(|_| PageError::NoSuchPage)?;
    let register = super::by_id(&app, &visitor, &register).await?;
    let shift = app
        .ledger
        .shift_of(&register.id, &shift)
        .await?
        .ok_or(PageError::NoSuchPage)?;
    let l = visitor.language;
    let ours = match shift.first_local.zip(shift.last_local.or(Some(i64::MAX))) {
        Some((first, last)) => Some(app.ledger.sums_between(&register.id, first, last).await?.0),
        None => None,
    };
    let z = app.ledger.document_of_shift(&shift.id, Kind::ZReport).await?;
    let closing = app.ledger.document_of_shift(&shift.id, Kind::Closing).await?;
    let link = |found: &Option<(domain::ids::DocumentId, String)>, number: Option<&str>| -> Markup {
        html! { @match (found, number) {
            (Some((id, _)), number) => a href={ "/documents/" (id) } { (number.unwrap_or(l.say("документ", "the document"))) },
            (None, Some(number)) => (number),
            (None, None) => "—",
        } }
    };
    let body = html! {
        (parts::heading(html! { (l.say("Зміна від ", "Shift of ")) (l.minute(shift.opened_at)) }, html! {
            a.button href={ "/registers/" (register.id) } { (l.say("До каси ", "To register ")) (register.id) }
        }))
        (card("facts", l.say("Про зміну", "About the shift"), parts::facts([
            (l.say("Відкрито", "Opened"), html! { (l.time(shift.opened_at)) }),
            (l.say("Закрито", "Closed"), html! { (shift.closed_at.map_or_else(|| "—".to_owned(), |at| l.time(at))) }),
            (l.say("Хто відкрив", "Opened by"), html! { (shift.operator.as_deref().unwrap_or("—")) }),
            (l.say("Z-звіт", "Z-report"), link(&z, shift.z_number.as_deref())),
            (l.say("Закриття", "Closing"), link(&closing, shift.closing_number.as_deref())),
            (l.say("Звірка", "Compared"), shifts::compared(l, &shift)),
        ])))
        (card("report", l.say("Z-звіт і наші документи", "The Z-report and our documents"), html! {
            (totals::sides(l, shift.totals.as_ref(), ours.as_ref()))
            @if let Some(difference) = &shift.difference { p.problem { (words::detail(l, difference)) } }
            @if !shift.foreign_documents.is_empty() {
                p { (l.say("Документи на касі, яких Kasyr не робив: ", "Documents on the register that Kasyr did not make: ")) (shift.foreign_documents.join(", ")) }
            }
        }))
    };
    Ok(page::of(
        &visitor,
        &format!("{} {}", l.say("Зміна", "Shift"), l.minute(shift.opened_at)),
        &body,
    ))
}
