//! A register's shifts on its card, newest first, a page at a time.

use domain::ids::{DocumentId, RegisterId};
use ledger::shifts::Shift;
use ledger::shifts_list::ShiftRow;
use maud::{Markup, Render, html};

use super::super::error::PageError;
use super::super::language::Language;
use super::super::parts::{self, Align, Head, Tone, badge};
use super::super::visitor::Visitor;
use crate::AppState;

/// A month of days.
const PAGE: u32 = 31;

pub(super) async fn page(
    app: &AppState,
    visitor: &Visitor,
    register: &RegisterId,
    after: Option<&str>,
) -> Result<Markup, PageError> {
    let l = visitor.language;
    let found = app.ledger.shifts_of(visitor.reach(), register, after, PAGE).await?;
    let next = found
        .next
        .map(|after| format!("/registers/{register}?after={after}#shifts"));
    Ok(html! {
        @if !found.rows.is_empty() { (table(l, register, &found.rows)) }
        @else if after.is_some() { (parts::empty(l.say("Давніших змін немає.", "There are no older shifts."))) }
        @else { (parts::empty(l.say(
            "Ще не було жодної зміни. Перша відкриється разом із першим чеком.",
            "There was no shift yet. The first one opens with the first receipt.",
        ))) }
        (parts::next_page(l, next.as_deref()))
    })
}

fn table(l: Language, register: &RegisterId, rows: &[ShiftRow]) -> Markup {
    let heads = [
        Head(l.say("Відкрито", "Opened"), Align::Start),
        Head(l.say("Закрито", "Closed"), Align::Start),
        Head(l.say("Z-звіт", "Z-report"), Align::Start),
        Head(l.say("Продажі", "Sales"), Align::End),
        Head(l.say("Повернення", "Returns"), Align::End),
        Head(l.say("Звірка", "Compared"), Align::Start),
    ];
    parts::table(
        l.say("Зміни", "Shifts"),
        &heads,
        rows.iter().map(|row| {
            let shift = &row.shift;
            let sums = shift.totals.as_ref();
            vec![
                html! { a href={ "/registers/" (register) "/shifts/" (shift.id) } { (l.minute(shift.opened_at)) } },
                html! { @match shift.closed_at {
                    Some(at) => (l.minute(at)),
                    None => (badge(Tone::Good, l.say("відкрита", "open"))),
                } },
                document(row.z_report, shift.z_number.as_deref().unwrap_or("—")),
                html! { (sums.map_or_else(|| "—".to_owned(), |sums| l.sum(sums.sales.sum))) },
                html! { (sums.map_or_else(|| "—".to_owned(), |sums| l.sum(sums.returns.sum))) },
                compared(l, shift),
            ]
        }),
    )
}

/// The shift's own document can be looked at, if it is in the ledger.
fn document(id: Option<DocumentId>, text: impl Render) -> Markup {
    html! { @match id {
        Some(id) => a href={ "/documents/" (id) } { (text) },
        None => (text),
    } }
}

/// Does the report say what our documents say?
pub(super) fn compared(l: Language, shift: &Shift) -> Markup {
    match (shift.closed_at, shift.compared_at, &shift.difference) {
        (None, _, _) => html! { "—" },
        (Some(_), None, _) => badge(Tone::Busy, l.say("ще не звірено", "not yet")),
        (Some(_), Some(_), None) => badge(Tone::Good, l.say("збігається", "agrees")),
        (Some(_), Some(_), Some(_)) => badge(Tone::Bad, l.say("розходиться", "differs")),
    }
}
