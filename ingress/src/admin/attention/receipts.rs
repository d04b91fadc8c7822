//! `GET /attention/receipts`, `POST /expectations/{id}/look`, `…/close`: receipts that a payment system should have made,
//! and the Z-reports of its register.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Query, State};
use axum::http::Uri;
use axum::response::{Html, Response};
use domain::time::UnixMillis;
use ledger::gateway::{DayView, ExpectationView, Progress, Unmet};
use ledger::people::Role;
use maud::{Markup, html};
use queue::{Due, Kind};
use serde::Deserialize;

use super::super::error::PageError;
use super::super::form::Form;
use super::super::language::Language;
use super::super::notice::Notice;
use super::super::page;
use super::super::parts::{self, Align, Field, Head, Tone, badge, card};
use super::super::visitor::Visitor;
use crate::{AppState, documents};

const PAGE: u32 = 50;
const HERE: &str = "/attention/receipts";

#[derive(Default, Deserialize)]
pub(super) struct Wish {
    after: Option<String>,
    days: Option<String>,
}

type InPath = Result<Path<String>, PathRejection>;

pub(super) async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Query(wish): Query<Wish>,
    uri: Uri,
) -> Result<Html<String>, PageError> {
    let (l, now) = (visitor.language, app.ledger.now());
    let unmet = app
        .ledger
        .unmet_expectations(visitor.reach(), wish.after.as_deref(), PAGE)
        .await?;
    let days = app
        .ledger
        .gateway_days(visitor.reach(), wish.days.as_deref(), PAGE)
        .await?;
    let next = unmet.next.map(|after| parts::link(HERE, [("after", after.as_str())]));
    let older = days.next.map(|after| parts::link(HERE, [("days", after.as_str())]));
    let title = l.say("Увага", "Attention");
    let body = html! {
        (parts::notice(&visitor, &uri))
        (parts::heading(title, html! {}))
        (super::tabs(&visitor))
        (card("expected", l.say("Чеки, які має зробити платіжна система", "Receipts that the payment system should make"), html! {
            p.hint { (l.say(
                "Для джерел, де чеки робить платіжна система. Kasyr питає її, доки все не з'явиться; тут те, чого ще бракує.",
                "For sources whose receipts the payment system makes. Kasyr asks it until all is there; this is what is missing.",
            )) }
            @if unmet.rows.is_empty() {
                (parts::empty(l.say("Усе, що мала зробити платіжна система, є.", "All that the payment system should have made is there.")))
            } @else { (table(&visitor, &unmet.rows, now)) }
            (parts::next_page(l, next.as_deref()))
        }))
        (card("z-reports", l.say("Z-звіти каси платіжної системи", "Z-reports of the payment system's register"), html! {
            @if days.rows.is_empty() {
                (parts::empty(l.say(
                    "Звітів ще немає. Їх завантажує Kasyr, коли день скінчиться, якщо задано KASYR_FONDY_RECEIPT_PATH.",
                    "There are no reports yet. Kasyr gets them once a day is over, if KASYR_FONDY_RECEIPT_PATH is set.",
                )))
            } @else { (reports(l, &days.rows)) }
            (parts::next_page(l, older.as_deref()))
        }))
    };
    Ok(page::of(&visitor, title, &body))
}

fn table(visitor: &Visitor, rows: &[Unmet], now: UnixMillis) -> Markup {
    let l = visitor.language;
    let heads = [
        Head(l.say("Замовлення", "Order"), Align::Start),
        Head(l.say("Чого чекаємо і що є", "Expected and found"), Align::Start),
        Head(l.say("Чекаємо", "Waiting"), Align::Start),
        Head(l.say("Дія", "Action"), Align::Start),
    ];
    parts::table(
        l.say(
            "Чеки, які має зробити платіжна система",
            "Receipts that the payment system should make",
        ),
        &heads,
        rows.iter().map(|row| {
            let expected = &row.expectation;
            vec![
                html! { a href={ "/orders/" (expected.order_id) } { (row.order) } br; span.soft { (expected.source) } },
                sums(l, expected),
                html! { (l.span(now.0.saturating_sub(expected.since.0))) },
                actions(visitor, expected),
            ]
        }),
    )
}

/// How far it is, and by how much.
pub(in super::super) fn sums(l: Language, shown: &ExpectationView) -> Markup {
    let (tone, word) = match shown.progress {
        Progress::Open => (Tone::Busy, l.say("чекаємо", "expected")),
        Progress::Met => (Tone::Good, l.say("усе є", "all there")),
        Progress::Missed => (Tone::Bad, l.say("не зроблено", "not made")),
        Progress::Closed => (Tone::Quiet, l.say("закрито", "closed")),
    };
    html! {
        (badge(tone, word)) " "
        (l.say("продано", "sold")) " " (l.sum(shown.found.sold)) " " (l.say("з", "of")) " " (l.sum(shown.expected.sold))
        @if !shown.expected.returned.is_zero() || !shown.found.returned.is_zero() {
            ", " (l.say("повернено", "given back")) " " (l.sum(shown.found.returned)) " " (l.say("з", "of")) " "
            (l.sum(shown.expected.returned))
        }
        @if let Some(trouble) = &shown.trouble { br; span.soft { (telemetry::mask::text(trouble)) } }
        @if let Some((by, why)) = &shown.closed { br; span.soft { (by) ": " (telemetry::mask::text(why)) } }
    }
}

/// What a person may do about one that is not met.
pub(in super::super) fn actions(visitor: &Visitor, shown: &ExpectationView) -> Markup {
    let l = visitor.language;
    let unmet = matches!(shown.progress, Progress::Open | Progress::Missed);
    let to = |what: &str| format!("/expectations/{}/{what}", shown.id);
    html! {
        @if unmet && visitor.may(Role::Operator) {
            div.actions {
                (parts::button(visitor, &to("look"), l.say("Перевірити зараз", "Look now")))
                (parts::ask_first(visitor, &to("close"), l.say("Більше не чекати", "Expect no more"), l.say(
                    "Kasyr більше не питатиме про цей чек, а попередження закриється. Причину буде записано в журнал.",
                    "Kasyr asks for this receipt no more, and its alert closes. The reason goes into the audit log.",
                ), html! { (Field { required: true, ..Field::text(l.say("Причина", "Reason"), "reason", "") }) },
                l.say("Так, більше не чекати", "Yes, expect no more")))
            }
        }
    }
}

fn reports(l: Language, rows: &[DayView]) -> Markup {
    let heads = [
        Head(l.say("День", "Day"), Align::Start),
        Head(l.say("Джерело", "Source"), Align::Start),
        Head(l.say("Каса", "Register"), Align::Start),
        Head(l.say("Z-звіт", "Z-report"), Align::Start),
    ];
    parts::table(
        l.say(
            "Z-звіти каси платіжної системи",
            "Z-reports of the payment system's register",
        ),
        &heads,
        rows.iter().map(|row| {
            vec![
                html! { (row.day) },
                html! { (row.source) },
                html! { @if row.register_number.is_empty() { "—" } @else { (row.register_number) } },
                report(l, row),
            ]
        }),
    )
}

fn report(l: Language, row: &DayView) -> Markup {
    html! {
        @if row.fetched_at.is_some() {
            a href={ "/gateway-days/" (row.id) "/report.pdf" } { "PDF" }
        } @else if let Some(trouble) = &row.trouble {
            span.soft { (telemetry::mask::text(trouble)) }
        } @else { (l.say("після закінчення дня", "once the day is over")) }
    }
}

/// Looks at once: whoever works hears a bell, or finds it due.
pub(super) async fn look(
    State(app): State<AppState>,
    visitor: Visitor,
    path: InPath,
    _: Form,
) -> Result<Response, PageError> {
    let Path(id) = path.map_err(|_| PageError::NoSuchPage)?;
    let now = app.ledger.now();
    if !app.ledger.look_for_receipt_now(visitor.reach(), &id, now).await? {
        return Err(PageError::NoSuchPage);
    }
    app.doorbell.ring(Kind::Expect, id, Due::Now);
    Ok(Notice::LooksNow.at(HERE))
}

pub(super) async fn close(
    State(app): State<AppState>,
    visitor: Visitor,
    path: InPath,
    form: Form,
) -> Result<Response, PageError> {
    let Path(id) = path.map_err(|_| PageError::NoSuchPage)?;
    let Some(reason) = form.filled("reason") else {
        return Err(PageError::Refused(
            "Напишіть причину: її прочитає той, хто перевірятиме. Нічого не зроблено.".to_owned(),
            "Write the reason: whoever checks will read it. Nothing was done.".to_owned(),
        ));
    };
    let now = app.ledger.now();
    let closed = app
        .ledger
        .close_expectation(visitor.reach(), &id, reason, visitor.actor(), now)
        .await?;
    if closed {
        Ok(Notice::ExpectsNoMore.at(HERE))
    } else {
        Err(PageError::NoSuchPage)
    }
}

/// A Z-report's file, as the payment system has it.
pub(super) async fn file(State(app): State<AppState>, visitor: Visitor, path: InPath) -> Result<Response, PageError> {
    let Path(id) = path.map_err(|_| PageError::NoSuchPage)?;
    let kept = app.ledger.gateway_day_file(visitor.reach(), &id).await?;
    let body = kept.ok_or(PageError::NoSuchPage)?;
    Ok(documents::gateway_answer(&body, "z-report")?)
}
