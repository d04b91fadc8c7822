//! `GET /registers`, and the table that the first page shows, too.

use axum::extract::{Query, State};
use axum::response::Html;
use domain::time::UnixMillis;
use ledger::alerts::Severity;
use ledger::people::Role;
use ledger::register_list::{Line, RegisterRow};
use maud::{Markup, html};
use serde::Deserialize;

use super::super::error::PageError;
use super::super::language::Language;
use super::super::page;
use super::super::parts::{self, Align, Head, Tone, badge, card};
use super::super::visitor::Visitor;
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
    let l = visitor.language;
    let found = app
        .ledger
        .registers_list(visitor.reach(), wish.after.as_deref(), PAGE)
        .await?;
    let next = found.next.map(|after| format!("/registers?after={after}"));
    let title = l.say("Каси", "Registers");
    let body = html! {
        (parts::heading(title, html! { @if visitor.may(Role::Administrator) {
            a.button href="/settings" { (l.say("Налаштування кас", "Settings of registers")) }
        } }))
        (card("registers", l.say("Стан", "State"), html! {
            @if found.rows.is_empty() {
                (parts::empty(l.say("Ще немає жодної каси. Її додає адміністратор у налаштуваннях.",
                    "There is no register yet. An administrator adds one in the settings.")))
            } @else { (table(l, &found.rows, app.ledger.now())) }
            (parts::next_page(l, next.as_deref()))
        }))
    };
    Ok(page::of(&visitor, title, &body))
}

pub(in super::super) fn table(l: Language, rows: &[RegisterRow], now: UnixMillis) -> Markup {
    let heads = [
        Head(l.say("Каса", "Register"), Align::Start),
        Head(l.say("Зміна", "Shift"), Align::Start),
        Head(l.say("Зв'язок", "Connection"), Align::Start),
        Head(l.say("Документи", "Documents"), Align::Start),
        Head(l.say("Останній чек", "Last receipt"), Align::Start),
    ];
    parts::table(l.say("Каси", "Registers"), &heads, rows.iter().map(|row| vec![
        html! { a href={ "/registers/" (row.id) } { (row.id) } br; span.soft { (row.fiscal_number) " · " (row.merchant) } },
        shift(l, row),
        line(l, row, now),
        documents(l, row),
        html! { @match row.last_receipt { Some(at) => (parts::time(l, at, now)), None => "—" } },
    ]))
}

fn shift(l: Language, row: &RegisterRow) -> Markup {
    html! { @match row.shift {
        Some((since, until)) => {
            (badge(Tone::Good, l.say("відкрита", "open")))
            br; span.soft { (l.say("з ", "since ")) (l.clock(since)) (l.say(" до ", " until ")) (l.minute(until)) }
        },
        None => (badge(Tone::Quiet, l.say("закрита", "closed"))),
    } }
}

fn line(l: Language, row: &RegisterRow, now: UnixMillis) -> Markup {
    html! {
        @match row.line() {
            Line::Online => (badge(Tone::Good, l.say("онлайн", "online"))),
            Line::Offline => (badge(Tone::Warn, l.say("офлайн", "offline"))),
            Line::Unknown if row.failures > 0 => (badge(Tone::Bad, l.say("не працює", "in trouble"))),
            Line::Unknown => (badge(Tone::Busy, l.say("ще не перевірено", "not looked at yet"))),
        }
        @if row.rests_until > now { br; span.soft { (l.say("наступна спроба ", "next try ")) (l.clock(row.rests_until)) } }
        @match row.worst_alert {
            Some(Severity::Critical) => { " " (badge(Tone::Bad, l.say("тривога", "alert"))) },
            Some(Severity::Warning) => { " " (badge(Tone::Warn, l.say("попередження", "warning"))) },
            None => {},
        }
    }
}

fn documents(l: Language, row: &RegisterRow) -> Markup {
    let open = &row.open;
    html! {
        @if open.due == 0 && open.in_doubt == 0 && open.held == 0 && row.offline_documents == 0 { span.soft { (l.say("усе зроблено", "all done")) } }
        @else { div.actions {
            @if open.due > 0 { (badge(Tone::Busy, format!("{} {}", l.number(open.due), l.say("у черзі", "queued")))) }
            @if open.in_doubt > 0 { (badge(Tone::Warn, format!("{} {}", l.number(open.in_doubt), l.say("під сумнівом", "in doubt")))) }
            @if open.held > 0 { (badge(Tone::Bad, l.count(open.held, ["чекає на людину", "чекають на людину", "чекають на людину"], ["on hold", "on hold"]))) }
            @if row.offline_documents > 0 { (badge(Tone::Warn, format!("{} {}", l.number(row.offline_documents), l.say("офлайн", "offline")))) }
        } }
    }
}
