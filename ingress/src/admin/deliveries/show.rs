//! `GET /deliveries/{id}`: one message with every try.

use std::borrow::Cow;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Html;
use domain::time::UnixMillis;
use ledger::deliveries::{DeliveryView, TryView};
use maud::{Markup, html};

use super::super::error::PageError;
use super::super::language::Language;
use super::super::parts::{self, Align, Head, Tone, badge, card};
use super::super::visitor::Visitor;
use super::super::{page, words};
use crate::AppState;

pub(super) async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    path: Result<Path<String>, PathRejection>,
) -> Result<Html<String>, PageError> {
    let Path(id) = path.map_err(|_| PageError::NoSuchPage)?;
    let (l, now, reach) = (visitor.language, app.ledger.now(), visitor.reach());
    let message = app.ledger.delivery(reach, &id).await?.ok_or(PageError::NoSuchPage)?;
    let tries = app.ledger.delivery_tries(reach, &id).await?;
    let title = format!(
        "{} {}",
        l.say("Повідомлення про замовлення", "Message about order"),
        message.order
    );
    let back = html! {
        a.button href={ "/orders/" (message.order_id) "#document-" (message.document) } { (l.say("До замовлення", "To the order")) }
        a.button href="/deliveries" { (l.say("Усі доставки", "All deliveries")) }
    };
    let body = html! {
        (parts::heading(&title, back))
        (card("message", l.say("Про повідомлення", "About the message"), about(l, &message, now)))
        (card("tries", l.say("Спроби", "Tries"), html! {
            @if tries.is_empty() {
                (parts::empty(l.say("Спроб ще не було.", "It was not tried yet.")))
            } @else { (table(l, &tries)) }
        }))
    };
    Ok(page::of(&visitor, &title, &body))
}

fn about(l: Language, message: &DeliveryView, now: UnixMillis) -> Markup {
    html! {
        (parts::facts([
            (l.say("Документ", "Document"), html! { (words::kind(l, &message.kind)) }),
            (l.say("Що повідомляємо", "What is told"), html! { (words::news(l, &message.news)) }),
            (l.say("Куди", "Where"), super::way(l, &message.channel, &message.url)),
            (l.say("Продавець", "Merchant"), html! { (message.merchant) }),
            (l.say("Створено", "Made"), html! { (l.time(message.created_at)) }),
            (l.say("Стан", "State"), state(l, message, now, true)),
            (l.say("Номер для отримувача", "Its id for the receiver"), html! { code { (message.id) } }),
        ]))
        (super::maybe_twice(l, message))
    }
}

/// Where it stands, in words: since when, why, when next; and what to do, where there is room for it.
pub(in super::super) fn state(l: Language, message: &DeliveryView, now: UnixMillis, in_full: bool) -> Markup {
    html! { div {
        (words::delivery_badge(l, &message.state))
        @if let Some(at) = message.done_at { " " span.soft { (l.minute(at)) } }
        @if let Some(word) = message.trouble.as_deref().filter(|_| message.state != "done") {
            br;
            @if in_full { (words::delivery_why(l, word)) } @else { (words::delivery_trouble(l, word)) }
        }
        @if message.state == "due" && message.not_before > now {
            br; span.soft { (l.say("Наступна спроба: ", "Next try: ")) (l.time(message.not_before)) }
        }
    } }
}

/// How often it was tried, and the way to the tries.
pub(in super::super) fn tries_link(l: Language, message: &DeliveryView) -> Markup {
    let count = l.count(message.attempts, ["спроба", "спроби", "спроб"], ["try", "tries"]);
    html! { div {
        a href={ "/deliveries/" (message.id) } { (count) }
        @if message.unclear > 0 { br; span.soft { (l.say("могло прийти двічі", "may have arrived twice")) } }
    } }
}

fn table(l: Language, tries: &[TryView]) -> Markup {
    let heads = [
        Head(l.say("Почато", "Began"), Align::Start),
        Head(l.say("Чим скінчилось", "Outcome"), Align::Start),
        Head(l.say("Код", "Code"), Align::End),
        Head(l.say("Тривало", "Took"), Align::End),
        Head(l.say("Дослівно", "In its own words"), Align::Start),
    ];
    parts::table(
        l.say("Спроби", "Tries"),
        &heads,
        tries.iter().map(|one| {
            let tone = if one.outcome == "taken" { Tone::Good } else { Tone::Warn };
            vec![
                html! { (l.time(one.started_at)) },
                html! { @if tone == Tone::Good { (badge(tone, words::delivery_trouble(l, &one.outcome))) }
                @else { (words::delivery_trouble(l, &one.outcome)) } },
                html! { (one.status.map_or_else(|| "—".to_owned(), |status| status.to_string())) },
                html! { (one.duration_ms) "\u{a0}" (l.say("мс", "ms")) },
                html! { (one.detail.as_deref().map_or(Cow::Borrowed("—"), telemetry::mask::text)) },
            ]
        }),
    )
}
