//! `GET /reconciliation`

use axum::extract::{Query, State};
use axum::http::Uri;
use axum::response::Html;
use ledger::people::Role;
use ledger::reconcile::{FindingFilter, FindingStats};
use maud::{Markup, html};
use serde::Deserialize;

use super::super::error::PageError;
use super::super::language::Language;
use super::super::page;
use super::super::parts::{self, Field, card};
use super::super::visitor::Visitor;
use super::{findings, runs};
use crate::{AppState, day};

const PAGE: u32 = 50;
const RUNS: u32 = 30;

#[derive(Default, Deserialize)]
pub(super) struct Wish {
    #[serde(default)]
    day: String,
    #[serde(default)]
    source: String,
    after: Option<String>,
    /// Anything: findings that are over, too.
    all: Option<String>,
}

pub(super) async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Query(wish): Query<Wish>,
    uri: Uri,
) -> Result<Html<String>, PageError> {
    let (l, now) = (visitor.language, app.ledger.now());
    let day = Some(wish.day.trim()).filter(|text| day::midnight(text, 0).is_some());
    let source = Some(wish.source.trim()).filter(|text| !text.is_empty());
    let filter = FindingFilter {
        day,
        source,
        all: wish.all.is_some(),
        ..FindingFilter::default()
    };
    let found = app
        .ledger
        .findings(visitor.reach(), &filter, wish.after.as_deref(), PAGE)
        .await?;
    let stats = app.ledger.finding_stats(visitor.reach(), &filter).await?;
    let history = app
        .ledger
        .reconciliations(visitor.reach(), day, source, None, RUNS)
        .await?;
    let mut sources = app.ledger.sources().await?;
    sources.retain(|source| source.kind.is_payment() && visitor.reach().sees(source.merchant.as_str()));
    let names: Vec<&str> = sources.iter().map(|source| source.id.as_str()).collect();
    let all = if filter.all { "yes" } else { "" };
    let place = |after: &str| {
        parts::link(
            "/reconciliation",
            [
                ("day", wish.day.trim()),
                ("source", wish.source.trim()),
                ("all", all),
                ("after", after),
            ],
        )
    };
    let next = found.next.as_deref().map(place);
    let title = l.say("Звірка", "Reconciliation");
    let body = html! {
        (parts::notice(&visitor, &uri))
        (parts::heading(title, html! {
            @if filter.all { a.button href="/reconciliation" { (l.say("Лише відкриті", "Only open ones")) } }
            @else { a.button href="/reconciliation?all=yes" { (l.say("Показати й минулі", "Show past ones, too")) } }
        }))
        (card("totals", l.say("Що не сходиться", "What does not fit"), html! {
            (counts(l, &stats))
            (filters(l, &wish, &names))
        }))
        (card("findings", l.say("Розбіжності", "Findings"), html! {
            @if found.rows.is_empty() {
                (parts::empty(if history.rows.is_empty() { l.say(
                    "Звірок ще не було. Перша буде вночі; нижче можна запустити її зараз.",
                    "There was no comparison yet. The first one comes at night; below you can start one now.",
                ) } else { l.say(
                    "Гроші та чеки сходяться: відкритих розбіжностей немає.",
                    "Money and receipts agree: nothing is open.",
                ) }))
            }
            @for finding in &found.rows { (findings::one(&visitor, finding, now)) }
            (parts::next_page(l, next.as_deref()))
        }))
        @if visitor.may(Role::Operator) && !names.is_empty() {
            (card("start", l.say("Звірити зараз", "Compare now"), start(&visitor, &names, &day_of(now))))
        }
        (card("runs", l.say("Усі звірки", "All comparisons"), runs::table(l, &history.rows, now)))
    };
    Ok(page::of(&visitor, title, &body))
}

/// The day of a moment in Kyiv, as a browser's field has it.
fn day_of(now: domain::time::UnixMillis) -> String {
    jiff::Timestamp::from_millisecond(now.0)
        .map(|at| at.to_zoned(day::zone()).date().to_string())
        .unwrap_or_default()
}

fn counts(l: Language, stats: &[FindingStats]) -> Markup {
    parts::facts(stats.iter().map(|one| {
        let open = u64::try_from(one.open).unwrap_or(0);
        (findings::kind(l, one.kind), html! { (l.number(open)) })
    }))
}

fn filters(l: Language, wish: &Wish, names: &[&str]) -> Markup {
    let every = l.say("усі", "all");
    let options: Vec<(&str, &str)> = std::iter::once(("", every))
        .chain(names.iter().map(|name| (*name, *name)))
        .collect();
    html! {
        form.fields method="get" action="/reconciliation" {
            (Field { kind: "date", ..Field::text(l.say("День", "Day"), "day", wish.day.trim()) })
            (parts::select(l.say("Джерело", "Source"), "source", wish.source.trim(), &options))
            button type="submit" { (l.say("Показати", "Show")) }
        }
    }
}

fn start(visitor: &Visitor, names: &[&str], today: &str) -> Markup {
    let l = visitor.language;
    html! {
        form.fields method="post" action="/reconciliation/run" {
            (page::token(visitor))
            div.field {
                label for="start-day" { (l.say("День у Києві", "Day in Kyiv")) }
                input #start-day type="date" name="day" value=(today) max=(today) required;
            }
            div.field {
                label for="start-source" { (l.say("Джерело оплат", "Payment source")) }
                select #start-source name="source" { @for name in names { option value=(name) { (name) } } }
            }
            (parts::tick(l.say("Прийняти пропущені оплати", "Take in missed payments"), "take_in", true, l.say(
                "Kasyr зробить чеки на оплати, про які його не повідомили, якщо платіжна система їх підтвердить.",
                "Kasyr makes the receipts of payments it was not told of, if the payment system confirms them.",
            )))
            (parts::tick(l.say("Перепитати про кожне замовлення", "Ask about every order"), "deep", false, l.say(
                "Довше: без цього платіжну систему питають лише там, де щось не сходиться.",
                "Slower: otherwise the payment system is asked only where something does not fit.",
            )))
            button.main type="submit" { (l.say("Звірити", "Compare")) }
        }
    }
}
