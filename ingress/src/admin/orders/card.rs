//! `GET /orders/{id}`: one order with all that happened to it.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::{Html, Response};
use ledger::order_card::OrderCard;
use ledger::orders::Buyer;
use ledger::people::Role;
use maud::{Markup, html};

use super::super::error::PageError;
use super::super::language::Language;
use super::super::parts::{self, badge, card};
use super::super::visitor::Visitor;
use super::super::{attention, page, words};
use super::give_back::{self, Back};
use super::{Told, basket, documents, list, refund, split, timeline};
use crate::AppState;

pub(super) async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    path: Result<Path<String>, PathRejection>,
    uri: Uri,
) -> Result<Html<String>, PageError> {
    let order = super::own(&app, &visitor, path).await?;
    let told = Told::of(&app, &visitor, &order).await?;
    let back = Back::of(&app, &order).await?;
    Ok(of(
        &app,
        &visitor,
        (&order, &told, &back),
        parts::notice(&visitor, &uri),
        None,
    ))
}

/// The same page after a form was refused: what is wrong above, what was written in the form.
pub(super) async fn refused(
    app: &AppState,
    visitor: &Visitor,
    order: &OrderCard,
    problem: &str,
    written: Option<&basket::Written>,
) -> Result<Response, PageError> {
    use axum::response::IntoResponse as _;
    let told = html! { p.problem role="alert" { (problem) } };
    let messages = Told::of(app, visitor, order).await?;
    let back = Back::of(app, order).await?;
    let page = of(app, visitor, (order, &messages, &back), told, written);
    Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

fn of(
    app: &AppState,
    visitor: &Visitor,
    (order, told, back): (&OrderCard, &Told, &Back),
    above: Markup,
    written: Option<&basket::Written>,
) -> Html<String> {
    let (l, now) = (visitor.language, app.ledger.now());
    let (tone, status) = words::status(l, order.status);
    let title = format!("{} {}", l.say("Замовлення", "Order"), order.external_id);
    let body = html! {
        (above)
        (parts::heading(html! { (title) " " span #status data-part="status" { (badge(tone, status)) } }, html! {}))
        (card("order", l.say("Про замовлення", "About the order"), about(l, order)))
        (card("documents", l.say("Документи", "Documents"), html! {
            @if order.documents.is_empty() {
                (parts::empty(if order.expectations.is_empty() { l.say("Документів ще немає: Kasyr не чув про оплату цього замовлення.",
                    "There are no documents yet: Kasyr has heard of no payment of this order.") } else {
                    l.say("Документів ще немає: чек має зробити платіжна система, і Kasyr питає про нього.",
                    "There are no documents yet: the payment system should make the receipt, and Kasyr asks for it.") }))
            }
            @for document in &order.documents { (documents::one(visitor, document, told, now)) }
        }))
        @if split::is_known(order) {
            (card("split", l.say("Поділ оплати", "How the payment is divided"), split::show(l, order)))
        }
        @if !order.expectations.is_empty() {
            (card("expected", l.say("Чеки робить платіжна система", "The payment system makes the receipts"), html! {
                @for expectation in &order.expectations {
                    p { (attention::expectation_sums(l, expectation)) }
                    (attention::expectation_actions(visitor, expectation))
                }
            }))
        }
        div.columns {
            (card("basket", l.say("Кошик", "Basket"), basket::show(visitor, order, written)))
            (card("timeline", l.say("Як усе було", "What happened"), timeline::show(l, order, told)))
        }
        @if back.shows(visitor) {
            (card("give-back", l.say("Повернення грошей", "Giving money back"), give_back::show(visitor, order, back)))
        }
        @if visitor.may(Role::Operator) && refund::is_possible(order) {
            (card("refund", l.say("Повернення", "Refund"), refund::form(visitor, order)))
        }
    };
    page::of(visitor, &title, &body)
}

fn about(l: Language, order: &OrderCard) -> Markup {
    let description = order.description.as_deref().map(telemetry::mask::text);
    parts::facts([
        (l.say("Продавець", "Merchant"), html! { (order.merchant) }),
        (
            l.say("Уперше почули", "First heard of"),
            html! { (l.time(order.created_at)) },
        ),
        (l.say("Продано", "Sold"), html! { (list::sum(l, order.sums.sold)) }),
        (
            l.say("Повернено", "Given back"),
            html! { (list::sum(l, order.sums.returned)) },
        ),
        (
            l.say("Опис", "Description"),
            html! { (description.as_deref().unwrap_or("—")) },
        ),
        (l.say("Покупець", "Buyer"), buyer(order.buyer.as_ref())),
    ])
}

/// Masked: who works here need not know the address to see that there is one.
fn buyer(buyer: Option<&Buyer>) -> Markup {
    let contacts: Vec<String> = buyer
        .into_iter()
        .flat_map(|buyer| [buyer.masked_email(), buyer.masked_phone()])
        .flatten()
        .collect();
    html! { @if contacts.is_empty() { "—" } @else { (contacts.join(", ")) } }
}
