//! `GET /deliveries`: the ways messages go, and below them every message, newest first.

use axum::extract::{Query, State};
use axum::http::Uri;
use axum::response::Html;
use domain::time::UnixMillis;
use ledger::deliveries::{DeliveryFilter, DeliveryView};
use maud::{Markup, html};
use serde::Deserialize;

use super::super::error::PageError;
use super::super::language::Language;
use super::super::parts::{self, Align, Head, card};
use super::super::visitor::Visitor;
use super::super::{page, words};
use super::lanes;
use crate::AppState;

const LANES: u32 = 20;
const PAGE: u32 = 50;

/// As the address says it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    /// Messages of this lane.
    lane: String,
    /// In this state.
    state: String,
    /// The last message of the page before.
    after: String,
    /// The last lane of the page before.
    lanes: String,
}

pub(super) async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Query(wish): Query<Wish>,
    uri: Uri,
) -> Result<Html<String>, PageError> {
    let (l, now, reach) = (visitor.language, app.ledger.now(), visitor.reach());
    let ways = app.ledger.lanes(reach, filled(&wish.lanes), LANES).await?;
    let filter = DeliveryFilter {
        lane: filled(&wish.lane).map(str::to_owned),
        state: filled(&wish.state).map(str::to_owned),
        document: None,
    };
    let found = app
        .ledger
        .list_deliveries(reach, &filter, filled(&wish.after), PAGE)
        .await?;
    let more_ways = ways
        .next
        .map(|after| parts::link("/deliveries", [("lanes", after.as_str())]));
    let next = found.next.map(|after| {
        let pairs = [("lane", wish.lane.as_str()), ("state", &wish.state), ("after", &after)];
        parts::link("/deliveries", pairs)
    });
    let title = l.say("Доставки", "Deliveries");
    let body = html! {
        (parts::notice(&visitor, &uri))
        (parts::heading(title, html! {}))
        (card("lanes", l.say("Куди йдуть повідомлення", "Where messages go"), html! {
            (lanes::show(&visitor, &ways.rows, now))
            (parts::next_page(l, more_ways.as_deref()))
            (lanes::everything(&visitor, &ways.rows))
        }))
        (card("messages", l.say("Повідомлення", "Messages"), html! {
            (conditions(l, &wish))
            @if found.rows.is_empty() {
                (parts::empty(l.say("Таких повідомлень немає.", "There are no such messages.")))
            } @else { (table(l, &found.rows, now)) }
            (parts::next_page(l, next.as_deref()))
        }))
    };
    Ok(page::of(&visitor, title, &body))
}

fn filled(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

fn conditions(l: Language, wish: &Wish) -> Markup {
    let states: Vec<(&str, &str)> = std::iter::once(("", l.say("будь-який", "any")))
        .chain(words::STATES.map(|state| (state, words::delivery_state(l, state).1)))
        .collect();
    html! {
        form.filters method="get" action="/deliveries" role="search" {
            (parts::select(l.say("Стан", "State"), "state", &wish.state, &states))
            @if !wish.lane.is_empty() { input type="hidden" name="lane" value=(wish.lane); }
            button.main type="submit" { (l.say("Показати", "Show")) }
        }
        @if !wish.lane.is_empty() {
            p { (l.say("Лише один шлях: ", "Only one way: ")) code { (wish.lane) } " "
                a href=(parts::link("/deliveries", [("state", wish.state.as_str())])) { (l.say("усі шляхи", "all ways")) } }
        }
    }
}

fn table(l: Language, rows: &[DeliveryView], now: UnixMillis) -> Markup {
    let heads = [
        Head(l.say("Замовлення", "Order"), Align::Start),
        Head(l.say("Що і куди", "What and where"), Align::Start),
        Head(l.say("Стан", "State"), Align::Start),
        Head(l.say("Створено", "Made"), Align::Start),
        Head(l.say("Спроби", "Tries"), Align::Start),
    ];
    parts::table(
        l.say("Повідомлення", "Messages"),
        &heads,
        rows.iter().map(|message| {
            vec![
                html! { div {
                    a href={ "/orders/" (message.order_id) "#document-" (message.document) } { (message.order) }
                    br; span.soft { (words::kind(l, &message.kind)) }
                } },
                html! { div { (super::way(l, &message.channel, &message.url)) (super::which(l, message)) } },
                super::show::state(l, message, now, false),
                parts::time(l, message.created_at, now),
                super::show::tries_link(l, message),
            ]
        }),
    )
}
