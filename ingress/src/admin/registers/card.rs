//! `GET /registers/{id}`: one register: how it is, what it sold in this shift, its shifts, what can be asked.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Query, State};
use axum::http::Uri;
use axum::response::Html;
use domain::time::UnixMillis;
use ledger::actions::{Action, Ask};
use ledger::day::Day;
use ledger::people::Role;
use ledger::settings::Register;
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

use super::super::error::PageError;
use super::super::language::Language;
use super::super::parts::{self, Align, Field, Head, Tone, ask_first, badge, card};
use super::super::visitor::Visitor;
use super::super::{page, words};
use super::{shifts, state, totals};
use crate::AppState;

/// How many past actions the card shows.
const ACTIONS: u64 = 10;

#[derive(Default, Deserialize)]
pub(super) struct Wish {
    /// The shift that the shown ones come after.
    after: Option<String>,
}

pub(super) async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    path: Result<Path<String>, PathRejection>,
    Query(wish): Query<Wish>,
    uri: Uri,
) -> Result<Html<String>, PageError> {
    let register = super::own(&app, &visitor, path).await?;
    let id = &register.id;
    let (l, now) = (visitor.language, app.ledger.now());
    let can = register.provider.capabilities();
    let day = app.ledger.day(id).await?;
    let condition = app.ledger.condition(id).await?;
    let open = app.ledger.open_documents(id).await?;
    let sums = app.ledger.totals(id).await?;
    let past_shifts = shifts::page(&app, &visitor, id, wish.after.as_deref()).await?;
    let actions = app.ledger.recent_actions(id, ACTIONS).await?;
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
            @if can.totals { (card("totals", l.say("Підсумки зміни", "Totals of the shift"), totals::show(l, sums.as_ref(), now))) }
            @if can.offline { (card("offline", l.say("Офлайн", "Offline"), state::offline(l, &day))) }
        }
        @if can.shifts { (card("shifts", l.say("Зміни", "Shifts"), past_shifts)) }
        (card("asked", l.say("Що просили", "What was asked"), asked(l, &actions, now)))
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
    let can = register.provider.capabilities();
    let to = |what: &str| format!("/registers/{}/{what}", register.id);
    let nothing = || html! {};
    html! { div.actions {
        (parts::button(visitor, &to("sync"), l.say("Перевірити зараз", "Look now")))
        @if can.totals { (parts::button(visitor, &to("totals"), l.say("Прочитати підсумки", "Read the totals"))) }
        @if day.shift.is_some() && can.shifts {
            (ask_first(visitor, &to("close-shift"), l.say("Закрити зміну", "Close the shift"), l.say(
                "Каса зробить Z-звіт і закриє зміну. Чеки, що прийдуть згодом, відкриють нову. Скасувати це не можна.",
                "The register makes its Z-report and closes the shift. Receipts that come later open a new one. This cannot be undone.",
            ), nothing(), l.say("Так, закрити зміну", "Yes, close the shift")))
        }
        @if day.shift.is_some() && can.separate_z {
            (ask_first(visitor, &to("z-report"), l.say("Z-звіт", "Z-report"), l.say(
                "Каса зробить Z-звіт цієї зміни. Після нього зміну можна лише закрити: чеки чекатимуть закриття.",
                "The register makes the Z-report of this shift. After it the shift can only be closed: receipts wait for that.",
            ), nothing(), l.say("Так, зробити Z-звіт", "Yes, make the Z-report")))
        }
        @if can.cash {
        (ask_first(visitor, &to("cash-in"), l.say("Внести готівку", "Cash in"), l.say(
            "На касі буде зареєстровано службове внесення готівки.",
            "A document of cash put into the drawer is registered.",
        ), amount(l, "in"), l.say("Внести", "Put in")))
        (ask_first(visitor, &to("cash-out"), l.say("Видати готівку", "Cash out"), l.say(
            "На касі буде зареєстровано службову видачу готівки.",
            "A document of cash taken out of the drawer is registered.",
        ), amount(l, "out"), l.say("Видати", "Take out")))
        }
        @if can.cleanup {
        (ask_first(visitor, &to("cleanup"), l.say("Вирівняти стан", "Bring in line"), l.say(
            "Стан каси в провайдера буде приведено до стану в податковій. Це потрібно, коли вони розійшлися; зміна може закритися.",
            "The provider's view of the register is brought in line with the tax service's. Needed when the two differ; the shift may be closed by it.",
        ), nothing(), l.say("Так, вирівняти", "Yes, bring in line")))
        }
        @if can.cleanup && (day.facts.undelivered == Some(true) || day.offline_documents > 0) {
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
