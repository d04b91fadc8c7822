//! `GET /audit`

use axum::extract::{Query, State};
use axum::response::Html;
use ledger::audit::AuditEntry;
use ledger::people::Reach;
use maud::{Markup, html};

use super::super::error::PageError;
use super::super::language::Language;
use super::super::parts::{self, Align, Head, card};
use super::super::visitor::Visitor;
use super::super::{page, words};
use super::filter::Wish;
use crate::AppState;

const PAGE: u64 = 50;

pub(super) async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Query(wish): Query<Wish>,
) -> Result<Html<String>, PageError> {
    let l = visitor.language;
    let mut entries = app
        .ledger
        .audit_log(visitor.reach(), &wish.filter(), wish.after(), PAGE + 1)
        .await?;
    let more = entries.len() > usize::try_from(PAGE).unwrap_or(usize::MAX);
    entries.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let next = entries
        .last()
        .filter(|_| more)
        .map(|last| wish.link("/audit", Some(&last.id)));
    let title = l.say("Журнал дій", "Audit log");
    let body = html! {
        (parts::heading(title, html! { a.button href=(wish.link("/audit.csv", None)) { (l.say("Вивантажити CSV", "Export CSV")) } }))
        section.card { (wish.form(l)) }
        (card("entries", l.say("Хто, коли, звідки, що", "Who, when, from where, what"), html! {
            @if entries.is_empty() {
                (parts::empty(l.say("Таких записів немає.", "There are no such entries.")))
            } @else { (table(l, &entries)) }
            (parts::next_page(l, next.as_deref()))
        }))
        @if *visitor.reach() != Reach::Everything {
            p.hint { (l.say("Входи та зміни користувачів бачать лише ті, хто бачить усіх продавців.",
                "Sign-ins and changes of users are seen only by those who see every merchant.")) }
        }
    };
    Ok(page::of(&visitor, title, &body))
}

fn table(l: Language, entries: &[AuditEntry]) -> Markup {
    let heads = [
        Head(l.say("Коли", "When"), Align::Start),
        Head(l.say("Хто", "Who"), Align::Start),
        Head(l.say("Що", "What"), Align::Start),
        Head(l.say("З чим", "To what"), Align::Start),
        Head(l.say("Було → стало", "Before → after"), Align::Start),
    ];
    parts::table(
        l.say("Журнал дій", "Audit log"),
        &heads,
        entries.iter().map(|entry| {
            vec![
                html! { span.nowrap { (l.time(entry.at)) } },
                html! { (entry.actor) @if let Some(address) = &entry.address { br; span.soft { (address) } } },
                html! { (words::deed(l, &entry.action)) },
                html! { (entry.subject) @if let Some(merchant) = &entry.merchant { br; span.soft { (merchant) } } },
                html! {
                    @if let Some(before) = &entry.before { (before) " → " }
                    (entry.after.as_deref().unwrap_or(if entry.before.is_some() { "—" } else { "" }))
                },
            ]
        }),
    )
}
