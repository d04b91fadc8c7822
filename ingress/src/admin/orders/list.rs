//! `GET /orders` and `GET /orders.csv`

use axum::extract::{Query, State};
use axum::response::{Html, Response};
use domain::money::Kopecks;
use domain::time::UnixMillis;
use ledger::gateway::MadeBy;
use ledger::search::OrderRow;
use maud::{Markup, html};

use super::super::error::PageError;
use super::super::language::Language;
use super::super::parts::{self, Align, Head, badge, card};
use super::super::visitor::Visitor;
use super::super::{page, words};
use super::filter::Wish;
use crate::{AppState, export};

const PAGE: u32 = 50;

pub(super) async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Query(wish): Query<Wish>,
) -> Result<Html<String>, PageError> {
    let (l, now) = (visitor.language, app.ledger.now());
    let found = app
        .ledger
        .search_orders(visitor.reach(), &wish.filter(), wish.after(), PAGE)
        .await?;
    let next = found.next.as_deref().map(|after| wish.link("/orders", Some(after)));
    let title = l.say("Замовлення", "Orders");
    let body = html! {
        (parts::heading(title, html! { a.button href=(wish.link("/orders.csv", None)) { (l.say("Вивантажити CSV", "Export CSV")) } }))
        section.card { (wish.form(l)) }
        (card("orders", l.say("Знайдено", "Found"), html! {
            @if found.rows.is_empty() && next.is_none() { (nothing(l, &wish)) }
            @else if found.rows.is_empty() { (parts::empty(l.say("На цій сторінці нічого; далі ще є.", "Nothing on this page; there is more."))) }
            @else { (table(l, &found.rows, now)) }
            (parts::next_page(l, next.as_deref()))
        }))
    };
    Ok(page::of(&visitor, title, &body))
}

fn nothing(l: Language, wish: &Wish) -> Markup {
    if wish.is_empty() {
        return parts::empty(l.say(
            "Ще немає замовлень. Вони з'являться з першою оплатою або коли магазин надішле кошик (PUT /v1/orders/…).",
            "There are no orders yet. They appear with the first payment, or when the shop sends a basket (PUT /v1/orders/…).",
        ));
    }
    html! {
        (parts::empty(l.say("Такого замовлення немає. Пошук шукає точний збіг: перевірте, чи нічого не пропущено.",
            "There is no such order. The search looks for an exact match: check that nothing is missing.")))
        p { a href="/orders" { (l.say("Показати всі", "Show all")) } }
    }
}

fn table(l: Language, rows: &[OrderRow], now: UnixMillis) -> Markup {
    let heads = [
        Head(l.say("Замовлення", "Order"), Align::Start),
        Head(l.say("Коли", "When"), Align::Start),
        Head(l.say("Стан", "Status"), Align::Start),
        Head(l.say("Продано", "Sold"), Align::End),
        Head(l.say("Повернено", "Given back"), Align::End),
        Head(l.say("Фіскальний номер", "Fiscal number"), Align::Start),
        Head(l.say("Покупець", "Buyer"), Align::Start),
    ];
    parts::table(
        l.say("Замовлення", "Orders"),
        &heads,
        rows.iter().map(|row| {
            let (tone, text) = words::status(l, row.status);
            vec![
                html! { a href={ "/orders/" (row.id) } { (row.external_id) } br; span.soft { (row.merchant) } },
                parts::time(l, row.created_at, now),
                badge(tone, text),
                html! { (sum(l, row.sums.sold)) },
                html! { (sum(l, row.sums.returned)) },
                html! {
                    (row.fiscal_number.as_deref().unwrap_or("—"))
                    @if row.made_by.contains(&MadeBy::Gateway) {
                        br; span.soft { (l.say("зареєстровано платіжною системою", "registered by the payment system")) }
                    }
                },
                html! { (row.masked_email.as_deref().unwrap_or("—")) },
            ]
        }),
    )
}

/// Nothing is a dash.
pub(super) fn sum(l: Language, sum: Kopecks) -> String {
    if sum.is_zero() {
        return "—".to_owned();
    }
    l.sum(sum)
}

/// The same conditions, everything that fits.
pub(super) async fn download(
    State(app): State<AppState>,
    visitor: Visitor,
    Query(wish): Query<Wish>,
) -> Result<Response, PageError> {
    Ok(export::orders_csv(app.ledger.clone(), visitor.reach().clone(), wish.filter()).await?)
}
