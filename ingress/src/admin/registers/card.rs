//! `GET /registers/{id}`: one register: how it is, what it sold in this shift, its shifts, what can be asked.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Html;
use domain::time::UnixMillis;
use ledger::actions::{Action, Ask};
use ledger::day::Day;
use ledger::people::Role;
use ledger::settings::Register;
use ledger::shifts::Shift;
use maud::{Markup, html};
use uuid::Uuid;

use super::super::error::PageError;
use super::super::language::Language;
use super::super::parts::{self, Align, Field, Head, Tone, ask_first, badge, card};
use super::super::visitor::Visitor;
use super::super::{page, words};
use super::{state, totals};
use crate::AppState;

/// How many shifts and past actions the card shows.
const SHIFTS: u64 = 31;
const ACTIONS: u64 = 10;

pub(super) async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    path: Result<Path<String>, PathRejection>,
    uri: Uri,
) -> Result<Html<String>, PageError> {
    let register = super::own(&app, &visitor, path).await?;
    let id = &register.id;
    let (l, now) = (visitor.language, app.ledger.now());
    let day = app.ledger.day(id).await?;
    let condition = app.ledger.condition(id).await?;
    let open = app.ledger.open_documents(id).await?;
    let sums = app.ledger.totals(id).await?;
    let shifts = app.ledger.recent_shifts(id, SHIFTS).await?;
    let past = app.ledger.recent_actions(id, ACTIONS).await?;
    let body = html! {
        (parts::notice(&visitor, &uri))
        (parts::heading(html! { (l.say("Каса", "Register")) " " (id) }, html! {
            a.button href={ "/orders?register=" (id) } { (l.say("Її замовлення", "Its orders")) }
        }))
        (card("state", l.say("Стан", "State"), state::show(l, &register, &day, &condition, &open, now)))
        @if visitor.may(Role::Operator) {
            (card("ask", l.say("Що зробити", "What to do"), buttons(&visitor, &register, &day)))
        }
        div.columns {
            (card("totals", l.say("Підсумки зміни", "Totals of the shift"), totals::show(l, sums.as_ref(), now)))
            (card("offline", l.say("Офлайн", "Offline"), state::offline(l, &day)))
        }
        (card("shifts", l.say("Зміни", "Shifts"), past_shifts(l, &register, &shifts)))
        (card("asked", l.say("Що просили", "What was asked"), asked(l, &past, now)))
    };
    Ok(page::of(
        &visitor,
        &format!("{} {id}", l.say("Каса", "Register")),
        &body,
    ))
}

/// The dangerous ones say first what will happen.
fn buttons(visitor: &Visitor, register: &Register, day: &Day) -> Markup {
    let l = visitor.language;
    let to = |what: &str| format!("/registers/{}/{what}", register.id);
    let nothing = || html! {};
    html! { div.actions {
        (parts::button(visitor, &to("sync"), l.say("Перевірити зараз", "Look now")))
        (parts::button(visitor, &to("totals"), l.say("Прочитати підсумки", "Read the totals")))
        @if day.shift.is_some() {
            (ask_first(visitor, &to("close-shift"), l.say("Закрити зміну", "Close the shift"), l.say(
                "Каса зробить Z-звіт і закриє зміну. Чеки, що прийдуть згодом, відкриють нову. Скасувати це не можна.",
                "The register makes its Z-report and closes the shift. Receipts that come later open a new one. This cannot be undone.",
            ), nothing(), l.say("Так, закрити зміну", "Yes, close the shift")))
            (ask_first(visitor, &to("z-report"), l.say("Z-звіт", "Z-report"), l.say(
                "Каса зробить Z-звіт цієї зміни. Після нього зміну можна лише закрити: чеки чекатимуть закриття.",
                "The register makes the Z-report of this shift. After it the shift can only be closed: receipts wait for that.",
            ), nothing(), l.say("Так, зробити Z-звіт", "Yes, make the Z-report")))
        }
        (ask_first(visitor, &to("cash-in"), l.say("Внести готівку", "Cash in"), l.say(
            "На касі буде зареєстровано службове внесення готівки.",
            "A document of cash put into the drawer is registered.",
        ), amount(l, "in"), l.say("Внести", "Put in")))
        (ask_first(visitor, &to("cash-out"), l.say("Видати готівку", "Cash out"), l.say(
            "На касі буде зареєстровано службову видачу готівки.",
            "A document of cash taken out of the drawer is registered.",
        ), amount(l, "out"), l.say("Видати", "Take out")))
        (ask_first(visitor, &to("cleanup"), l.say("Вирівняти стан", "Bring in line"), l.say(
            "Стан каси в провайдера буде приведено до стану в податковій. Це потрібно, коли вони розійшлися; зміна може закритися.",
            "The provider's view of the register is brought in line with the tax service's. Needed when the two differ; the shift may be closed by it.",
        ), nothing(), l.say("Так, вирівняти", "Yes, bring in line")))
        @if day.facts.undelivered == Some(true) || day.offline_documents > 0 {
            (ask_first(visitor, &to("remove"), l.say("Відкинути офлайн-документи", "Lose offline documents"), l.say(
                "Документи, зареєстровані офлайн і ще не доставлені в податкову, буде ВТРАЧЕНО назавжди. Робіть це лише за вказівкою підтримки провайдера.",
                "Documents registered offline and not delivered to the tax service yet are LOST for good. Do this only when the provider's support says so.",
            ), html! { (Field {
                hint: l.say("Напишіть дослівно: lose undelivered documents", "Write exactly: lose undelivered documents"),
                required: true,
                ..Field::text(l.say("Підтвердження", "Confirmation"), "confirm", "")
            }) }, l.say("Так, втратити документи", "Yes, lose the documents")))
        }
    } }
}

/// A key of its own makes a form that was sent twice one document.
fn amount(l: Language, way: &str) -> Markup {
    let id = format!("amount-{way}");
    html! {
        div.field {
            label for=(id) { (l.say("Сума, ₴", "Amount, UAH")) }
            input id=(id) name="amount" inputmode="decimal" required autocomplete="off";
        }
        input type="hidden" name="key" value=(Uuid::now_v7());
    }
}

fn past_shifts(l: Language, register: &Register, shifts: &[Shift]) -> Markup {
    if shifts.is_empty() {
        return parts::empty(l.say(
            "Ще не було жодної зміни. Перша відкриється разом із першим чеком.",
            "There was no shift yet. The first one opens with the first receipt.",
        ));
    }
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
        shifts.iter().map(|shift| {
            let sums = shift.totals.as_ref();
            vec![
                html! { a href={ "/registers/" (register.id) "/shifts/" (shift.id) } { (l.minute(shift.opened_at)) } },
                html! { @match shift.closed_at {
                    Some(at) => (l.minute(at)),
                    None => (badge(Tone::Good, l.say("відкрита", "open"))),
                } },
                html! { (shift.z_number.as_deref().unwrap_or("—")) },
                html! { (sums.map_or_else(|| "—".to_owned(), |sums| l.sum(sums.sales.sum))) },
                html! { (sums.map_or_else(|| "—".to_owned(), |sums| l.sum(sums.returns.sum))) },
                compared(l, shift),
            ]
        }),
    )
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

fn asked(l: Language, past: &[Action], now: UnixMillis) -> Markup {
    if past.is_empty() {
        return parts::empty(l.say("Ще нічого не просили.", "Nothing was asked yet."));
    }
    let heads = [
        Head(l.say("Коли", "When"), Align::Start),
        Head(l.say("Хто", "Who"), Align::Start),
        Head(l.say("Що", "What"), Align::Start),
        Head(l.say("Що вийшло", "What came of it"), Align::Start),
    ];
    parts::table(l.say("Що просили", "What was asked"), &heads, past.iter().map(|action| {
        vec![
            parts::time(l, action.asked_at, now),
            html! { (action.actor) },
            html! { (words::ask(l, action.ask)) },
            html! { @match &action.end {
                None => (badge(Tone::Busy, l.say("чекає", "waits"))),
                Some(end) if end.done => { (badge(Tone::Good, l.say("зроблено", "done"))) " " (outcome(l, action, &end.result)) },
                Some(end) => { (badge(Tone::Bad, l.say("не зроблено", "not done"))) " " (outcome(l, action, &end.result)) },
            } },
        ]
    }))
}

/// Totals are a table of their own above.
fn outcome(l: Language, action: &Action, result: &str) -> String {
    if action.ask == Ask::Totals && result.starts_with('{') {
        return l.say("див. підсумки", "see the totals").to_owned();
    }
    words::result(l, result)
}
