//! How an order's payment is divided: each receiver's part, its receipt or why there is none, and the operations
//! that divide it.

use domain::money::Kopecks;
use ledger::document_card::DocumentCard;
use ledger::order_card::OrderCard;
use ledger::settlements::Settlement;
use ledger::splits::{KnownPart, PartReceipt};
use maud::{Markup, html};

use super::super::language::Language;
use super::super::parts::{self, Align, Head, Tone, badge};
use super::super::words;
use super::list;

/// Is there anything to show?
pub(super) fn is_known(order: &OrderCard) -> bool {
    !(order.parts.is_empty() && order.receivers.is_empty() && order.settlements.is_empty())
}

pub(super) fn show(l: Language, order: &OrderCard) -> Markup {
    html! {
        @if order.parts.is_empty() {
            (parts::empty(l.say(
                "Оплату ще не поділено. Чек отримувача з’явиться, коли платіжна система підтвердить поділ або надійде оплата замовлення, чиї отримувачі відомі.",
                "The payment is not divided yet. A receiver gets its receipt once the payment system confirms the split, or once an order with known receivers is paid.",
            )))
            @if !order.receivers.is_empty() { (told(l, order)) }
        } @else { (divided(l, order)) }
        @for settlement in &order.settlements { (operation(l, settlement)) }
    }
}

/// What the shop said, while nothing follows from it.
fn told(l: Language, order: &OrderCard) -> Markup {
    let heads = [
        Head(l.say("Отримувач", "Receiver"), Align::Start),
        Head(l.say("Частина", "Part"), Align::End),
        Head(l.say("Кошик", "Basket"), Align::Start),
    ];
    let rows = order.receivers.iter().map(|told| {
        let lines = told.basket.as_ref().map(|basket| basket.lines().len());
        vec![
            html! { (told.receiver) },
            html! { (list::sum(l, told.amount)) },
            html! { @match lines {
                Some(lines) => { (l.say("рядків: ", "lines: ")) (lines) },
                None => { (l.say("немає, чека не буде", "none, so no receipt")) },
            } },
        ]
    });
    parts::table(
        l.say("Отримувачі зі слів магазину", "Receivers as the shop told them"),
        &heads,
        rows,
    )
}

fn divided(l: Language, order: &OrderCard) -> Markup {
    let heads = [
        Head(l.say("Отримувач", "Receiver"), Align::Start),
        Head(l.say("Частина", "Part"), Align::End),
        Head(l.say("Повернено", "Given back"), Align::End),
        Head(l.say("Каса", "Register"), Align::Start),
        Head(l.say("Чек", "Receipt"), Align::Start),
    ];
    let rows = order.parts.iter().map(|part| {
        vec![
            html! { (part.receiver) },
            html! { (list::sum(l, part.amount)) },
            html! { @if part.refunded == Kopecks::ZERO { "—" } @else { (list::sum(l, part.refunded)) } },
            html! { @match part.receipt.register() {
                Some(register) => a href={ "/registers/" (register) } { (register) },
                None => "—",
            } },
            receipt(l, order, part),
        ]
    });
    parts::table(l.say("Частини оплати", "Parts of the payment"), &heads, rows)
}

fn receipt(l: Language, order: &OrderCard, part: &KnownPart) -> Markup {
    let sale = |shown: &&DocumentCard| {
        shown.document.kind == "sale" && shown.document.receiver.as_deref() == Some(part.receiver.as_str())
    };
    match &part.receipt {
        PartReceipt::NoRegister => html! { (l.say(
            "не потрібен: отримувач не має тут каси",
            "none: the receiver has no register here",
        )) },
        PartReceipt::NoBasket => html! { (l.say(
            "не буде: ніхто не сказав, що він продав",
            "none: nobody said what it sold",
        )) },
        PartReceipt::On(_) => html! { @if let Some(shown) = order.documents.iter().find(sale) {
            a href={ "#document-" (shown.document.id) } {
                (shown.document.fiscal_number.as_deref().unwrap_or(l.say("документ", "document")))
            } " "
            (words::state(l, &shown.document.state, shown.document.presence.as_deref()))
        } },
    }
}

fn operation(l: Language, settlement: &Settlement) -> Markup {
    let (tone, state) = match settlement.state.as_str() {
        "told" => (Tone::Quiet, l.say("надсилає сам магазин", "the shop sends it itself")),
        "asked" | "sending" => (Tone::Busy, l.say("надсилається", "being sent")),
        "in_doubt" => (
            Tone::Warn,
            l.say("з’ясовуємо, чи дійшов", "being found out whether it arrived"),
        ),
        "accepted" => (
            Tone::Busy,
            l.say("прийнято, чекаємо на результат", "accepted, its result is awaited"),
        ),
        "done" => (Tone::Good, l.say("виконано", "done")),
        "refused" => (Tone::Bad, l.say("відмовлено", "refused")),
        other => (Tone::Quiet, other),
    };
    html! { p {
        (l.say("Поділ ", "Settlement ")) code { (settlement.external) } " " (badge(tone, state))
        @if let Some(note) = &settlement.note { ": " (words::detail(l, note)) }
        " " span.soft { (settlement.asked_by) ", " (l.time(settlement.asked_at)) }
    } }
}
