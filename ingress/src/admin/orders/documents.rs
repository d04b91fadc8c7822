//! One document on a card: where it stands, its numbers and link, what can be done, every request.

use axum::http::Uri;
use domain::hold::HoldReason;
use domain::time::UnixMillis;
use ledger::document_card::DocumentCard;
use ledger::gateway::MadeBy;
use ledger::people::Role;
use ledger::views::DocumentView;
use maud::{Markup, html};

use super::super::language::Language;
use super::super::parts::{self, Field};
use super::super::visitor::Visitor;
use super::super::words;
use super::{Told, attempts, messages};

pub(in super::super) fn one(visitor: &Visitor, shown: &DocumentCard, told: &Told, now: UnixMillis) -> Markup {
    let l = visitor.language;
    let document = &shown.document;
    html! {
        article.document id={ "document-" (document.id) } {
            h3 {
                (words::kind(l, &document.kind)) ", " (l.money(document.amount)) " "
                (words::state(l, &document.state, document.presence.as_deref()))
            }
            @if let Some((code, detail)) = &document.hold { (held(l, code, detail)) }
            div.receipt-row {
                (parts::facts(facts(l, shown, told, now)))
                @if let Some(picture) = picture(document) { (picture) }
            }
            @if document.state == "registered" || !shown.attempts.is_empty() || visitor.may(Role::Operator) {
                div.actions { (actions(visitor, shown)) }
            }
            (messages::show(visitor, shown, told, now))
            @if !shown.holds.is_empty() { (past_holds(l, shown)) }
            (attempts::show(l, &shown.attempts))
        }
    }
}

fn held(l: Language, code: &str, detail: &str) -> Markup {
    html! {
        div.why {
            p { b { (words::hold(l, code)) } @if !detail.is_empty() { ": " (telemetry::mask::text(&words::detail(l, detail))) } }
            p { (l.say("Що робити: ", "What to do: ")) (words::next_step(l, code)) "." }
        }
    }
}

fn facts(l: Language, shown: &DocumentCard, told: &Told, now: UnixMillis) -> Vec<(&'static str, Markup)> {
    let document = &shown.document;
    let card = shown.means.masked_card.as_deref();
    let mut rows = vec![
        (
            l.say("Фіскальний номер", "Fiscal number"),
            html! { (document.fiscal_number.as_deref().unwrap_or("—")) },
        ),
        (
            l.say("Локальний номер", "Local number"),
            html! { (document.local_number.map_or_else(|| "—".to_owned(), |number| number.to_string())) },
        ),
        (l.say("Каса", "Register"), register(l, document)),
        (l.say("Створено", "Made"), html! { (l.time(document.created_at)) }),
    ];
    if let Some(receiver) = &document.receiver {
        rows.push((l.say("Отримувач", "Receiver"), html! { (receiver) }));
    }
    if let Some(at) = shown.done_at {
        rows.push((l.say("Зареєстровано", "Registered"), html! { (l.time(at)) }));
    }
    if let Some(address) = document.url.as_deref().and_then(web) {
        rows.push((
            l.say("Чек у податковій", "At the tax service"),
            html! {
                a href=(address) rel="noreferrer noopener" target="_blank" { (l.say("відкрити", "open")) }
            },
        ));
    }
    if let Some(address) = told.page(shown) {
        rows.push((
            l.say("Сторінка для покупця", "Page for the buyer"),
            html! {
                a href=(address) rel="noreferrer noopener" target="_blank" { (l.say("відкрити", "open")) }
            },
        ));
    }
    if card.is_some() || shown.means.system.is_some() {
        rows.push((
            l.say("Оплата", "Payment"),
            html! { (shown.means.system.as_deref().unwrap_or_default()) " " (card.unwrap_or_default()) },
        ));
    }
    if shown.not_before > now && matches!(document.state.as_str(), "ready" | "in_doubt" | "pending") {
        rows.push((
            l.say("Наступна спроба", "Next try"),
            html! { (l.time(shown.not_before)) },
        ));
    }
    rows
}

/// Ours with a link to it, or the mark of the payment system's own.
fn register(l: Language, document: &DocumentView) -> Markup {
    html! {
        @if document.made_by == MadeBy::Gateway.as_str() {
            (document.register_number.as_deref().unwrap_or("—")) br;
            b { (l.say("зареєстровано платіжною системою", "registered by the payment system")) }
        } @else { a href={ "/registers/" (document.register) } { (document.register) } }
    }
}

/// The link comes from the provider: only a web address may become one of ours.
fn web(text: &str) -> Option<&str> {
    let uri: Uri = text.parse().ok()?;
    matches!(uri.scheme_str(), Some("http" | "https")).then_some(text)
}

fn picture(document: &DocumentView) -> Option<Markup> {
    document.qr_code.as_ref()?;
    Some(html! { img.qr src={ "/documents/" (document.id) "/qr.png" } alt="QR" width="160" height="160"; })
}

fn actions(visitor: &Visitor, shown: &DocumentCard) -> Markup {
    let l = visitor.language;
    let document = &shown.document;
    let to = |what: &str| format!("/documents/{}/{what}", document.id);
    let reason = document.hold.as_ref().and_then(|(code, _)| HoldReason::parse(code));
    let ours = document.made_by == MadeBy::Kasyr.as_str();
    let registered = document.state == "registered" && ours;
    html! {
        @if shown.has_pdf {
            a.button href=(to("gateway.pdf")) { (l.say("Чек платіжної системи (PDF)", "The payment system's receipt (PDF)")) }
        }
        @if shown.has_html { a.button href=(to("receipt")) { (l.say("Показати чек", "Show the receipt")) } }
        @if visitor.may(Role::Operator) {
            @if reason.is_some_and(HoldReason::can_be_resent) {
                (parts::button(visitor, &to("resend"), l.say("Надіслати ще раз", "Resend")))
            }
            @if reason.is_some() {
                (parts::ask_first(visitor, &to("close"), l.say("Закрити без чека", "Close without a receipt"), l.say(
                    "Документ більше не надсилатиметься. Закривайте, лише якщо все владнано інакше, наприклад чек зроблено вручну. Причину буде записано в журнал.",
                    "The document is not sent any more. Close it only when it was settled another way, such as a receipt made by hand. The reason goes into the audit log.",
                ), html! { (Field { required: true, ..Field::text(l.say("Причина", "Reason"), "reason", "") }) },
                l.say("Так, закрити без чека", "Yes, close without a receipt")))
            }
            @if registered && shown.can(|can| can.rendering) {
                (parts::button(visitor, &to("fetch"), l.say("Завантажити від постачальника", "Fetch from the provider")))
            }
        }
    }
}

fn past_holds(l: Language, shown: &DocumentCard) -> Markup {
    let past = shown
        .holds
        .iter()
        .filter_map(|hold| hold.resolved.as_ref().map(|resolved| (hold, resolved)));
    html! { @for (hold, (at, who)) in past {
        p.soft {
            (l.minute(hold.opened_at)) ": " (words::hold(l, &hold.reason)) " → " (l.minute(*at)) ", " (who) ": "
            @match &hold.resolution {
                Some(resolution) => { (l.say("закрито: ", "closed: ")) (resolution) },
                None => (l.say("надіслано ще раз", "resent")),
            }
        }
    } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_become_links() {
        assert!(web("https://cabinet.tax.gov.ua/cashregs/check?id=1").is_some());
        for bad in ["javascript:alert(1)", "data:text/html,x", "/local", ""] {
            assert_eq!(web(bad), None, "{bad}");
        }
    }
}
