//! `POST /orders/{id}/refund`: money went back outside of the payment system, and a receipt of it is due.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::{ExternalOrderId, MerchantId, RegisterId};
use domain::money::Kopecks;
use ledger::order_card::OrderCard;
use maud::{Markup, html};
use uuid::Uuid;

use super::super::error::PageError;
use super::super::form::Form;
use super::super::language::Language;
use super::super::notice::Notice;
use super::super::parts::{self, Field};
use super::super::visitor::Visitor;
use super::{card, list};
use crate::{AppState, events};

/// Something was sold and not all of it came back.
pub(super) fn is_possible(order: &OrderCard) -> bool {
    // A payment system that makes the receipts tells of refunds, and makes theirs, itself.
    order.expectations.is_empty() && left(order).is_some_and(|left| !left.is_zero())
}

fn left(order: &OrderCard) -> Option<Kopecks> {
    order.sums.sold.checked_sub(order.sums.returned)
}

pub(super) fn form(visitor: &Visitor, order: &OrderCard) -> Markup {
    let l = visitor.language;
    let most = left(order).unwrap_or_default();
    html! {
        p { (l.say(
            "Повернення через платіжну систему Kasyr бачить сам. Ця форма для грошей, повернених інакше: на рахунок чи готівкою.",
            "Kasyr sees refunds made through the payment system by itself. This form is for money given back another way: to an account or in cash.",
        )) }
        (parts::ask_first(visitor, &format!("/orders/{}/refund", order.id), l.say("Зробити чек повернення", "Make a receipt of the refund"), l.say(
            "На касі буде зареєстровано чек повернення на цю суму. Скасувати його не можна.",
            "A receipt of the return of this amount is registered. It cannot be undone.",
        ), html! {
            (Field {
                required: true,
                hint: &format!("{} {}", l.say("Найбільше", "At most"), list::sum(l, most)),
                ..Field::text(l.say("Сума, ₴", "Amount, UAH"), "amount", &most.to_string())
            })
            (whose(l, order))
            input type="hidden" name="key" value=(Uuid::now_v7());
        }, l.say("Так, зробити чек повернення", "Yes, make the receipt")))
    }
}

/// Of a divided order: whose part came back.
fn whose(l: Language, order: &OrderCard) -> Markup {
    if order.parts.is_empty() {
        return html! {};
    }
    let names: Vec<(&str, String)> = order
        .parts
        .iter()
        .map(|part| {
            let name = part.receiver.as_str();
            (name, format!("{name}: {}", list::sum(l, part.amount)))
        })
        .collect();
    let mut options = vec![("", l.say("оберіть отримувача", "choose the receiver"))];
    options.extend(names.iter().map(|(name, text)| (*name, text.as_str())));
    parts::select(
        l.say("Чию частину повернуто", "Whose part came back"),
        "receiver",
        "",
        &options,
    )
}

/// The form's key makes one refund of it, however often it is sent.
pub(super) async fn tell(
    State(app): State<AppState>,
    visitor: Visitor,
    path: Result<Path<String>, PathRejection>,
    form: Form,
) -> Result<Response, PageError> {
    let order = super::own(&app, &visitor, path).await?;
    let l = visitor.language;
    let most = left(&order).unwrap_or_default();
    let (Some(amount), Some(key)) = (form.amount("amount"), form.filled("key")) else {
        return card::refused(
            &app,
            &visitor,
            &order,
            l.say(
                "Суму не зрозуміло: пишіть, наприклад, 120,50.",
                "The amount was not understood: write 120.50, for example.",
            ),
            None,
        )
        .await;
    };
    if amount.is_zero() || amount > most {
        let why = format!(
            "{} {}.",
            l.say(
                "Повернути можна більше за нуль і не більше за",
                "The refund should be above zero and at most"
            ),
            list::sum(l, most)
        );
        return card::refused(&app, &visitor, &order, &why, None).await;
    }
    let receiver = form.filled("receiver").map(str::to_owned);
    let is_known = |name: &String| order.parts.iter().any(|part| part.receiver.as_str() == name);
    if order.parts.is_empty() != receiver.is_none() || !receiver.as_ref().is_none_or(is_known) {
        let why = l.say("Оберіть, чию частину повернуто.", "Choose whose part came back.");
        return card::refused(&app, &visitor, &order, why, None).await;
    }
    let unknown = |_| PageError::NoSuchPage;
    let refund = events::Refund {
        merchant: MerchantId::parse(&order.merchant).map_err(unknown)?,
        order: ExternalOrderId::parse(&order.external_id).map_err(unknown)?,
        register: register(&order, receiver.as_deref())?,
        amount,
        receiver,
        key: key.to_owned(),
    };
    events::record_refund(&app, refund, &visitor.actor()).await?;
    Ok(Notice::Refunded.at(&format!("/orders/{}", order.id)))
}

/// Where its sale is: the receiver's, or any of an order whose parts have other receipts.
fn register(order: &OrderCard, receiver: Option<&str>) -> Result<RegisterId, PageError> {
    let mut sales = order
        .documents
        .iter()
        .filter(|shown| shown.document.kind == "sale" && shown.document.state == "registered");
    let own = sales
        .clone()
        .find(|shown| shown.document.receiver.as_deref() == receiver);
    let sale = own.or_else(|| sales.next());
    let sale = sale.ok_or(PageError::NoSuchPage)?;
    RegisterId::parse(&sale.document.register).map_err(|_| PageError::NoSuchPage)
}
