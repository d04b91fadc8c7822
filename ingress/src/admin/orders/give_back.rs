//! `POST /orders/{id}/give-back`: the payment system is asked to give money back; the receipt follows from that.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::{ExternalOrderId, MerchantId};
use domain::money::Kopecks;
use ledger::order_card::OrderCard;
use ledger::people::Role;
use ledger::refunds::{Refund, RefundState};
use maud::{Markup, html};
use uuid::Uuid;

use super::super::error::PageError;
use super::super::form::Form;
use super::super::notice::Notice;
use super::super::parts::{self, Field, Tone, badge};
use super::super::visitor::Visitor;
use super::card;
use crate::AppState;
use crate::error::ApiError;
use crate::refunds::{Refund as Wish, ask_within};

/// What the order's refunds are and what is left.
pub(super) struct Back {
    pub refunds: Vec<Refund>,
    /// `None`: it was not paid through a payment system.
    pub left: Option<Kopecks>,
}

impl Back {
    pub async fn of(app: &AppState, order: &OrderCard) -> Result<Self, PageError> {
        Ok(Self {
            refunds: app.ledger.refunds_of(&order.id).await?,
            left: app.ledger.refundable(&order.id).await?,
        })
    }

    /// Is there anything to show?
    pub fn shows(&self, visitor: &Visitor) -> bool {
        !self.refunds.is_empty() || (visitor.may(Role::Operator) && self.most().is_some())
    }

    fn most(&self) -> Option<Kopecks> {
        self.left.filter(|left| !left.is_zero())
    }
}

pub(super) fn show(visitor: &Visitor, order: &OrderCard, back: &Back) -> Markup {
    let l = visitor.language;
    html! {
        @for refund in &back.refunds {
            p {
                (state(visitor, refund)) " " (l.sum(refund.amount)) " "
                span.soft { (refund.asked_by) ", " (l.minute(refund.asked_at)) }
                @if let Some(told) = &refund.told { br; span.soft { (telemetry::mask::text(told)) } }
            }
        }
        @if let Some(most) = back.most().filter(|_| visitor.may(Role::Operator)) {
            (parts::ask_first(visitor, &format!("/orders/{}/give-back", order.id), l.say("Повернути гроші через платіжну систему", "Give money back through the payment system"), l.say(
                "Kasyr попросить платіжну систему повернути цю суму покупцеві. Чек повернення буде зроблено, коли вона це підтвердить. Скасувати це не можна.",
                "Kasyr asks the payment system to give this amount back to the buyer. The return receipt is made once it confirms. It cannot be undone.",
            ), html! {
                div.field {
                    label for="give-back-amount" { (l.say("Сума, ₴", "Amount, UAH")) }
                    input #give-back-amount name="amount" type="text" value=(most) required autocomplete="off" aria-describedby="give-back-most";
                    p.hint #give-back-most { (l.say("Найбільше ", "At most ")) (l.sum(most)) }
                }
                (Field::text(l.say("Коментар для платіжної системи", "Comment for the payment system"), "comment", ""))
                input type="hidden" name="key" value=(Uuid::now_v7());
            }, l.say("Так, повернути гроші", "Yes, give the money back")))
        }
    }
}

fn state(visitor: &Visitor, refund: &Refund) -> Markup {
    let l = visitor.language;
    match refund.state {
        RefundState::Asked | RefundState::Sending => badge(Tone::Busy, l.say("надсилається", "being asked for")),
        RefundState::InDoubt => badge(Tone::Busy, l.say("перепитуємо", "asking whether it was done")),
        RefundState::Accepted => badge(Tone::Busy, l.say("прийнято, виконується", "accepted, under way")),
        RefundState::Done => badge(Tone::Good, l.say("гроші повернено", "given back")),
        RefundState::Declined => badge(Tone::Bad, l.say("відмовлено", "refused")),
        RefundState::Held => badge(Tone::Bad, l.say("чекає на людину", "waits for a person")),
    }
}

/// The form's key makes one refund of it, however often it is sent.
pub(super) async fn ask(
    State(app): State<AppState>,
    visitor: Visitor,
    path: Result<Path<String>, PathRejection>,
    form: Form,
) -> Result<Response, PageError> {
    let order = super::own(&app, &visitor, path).await?;
    let l = visitor.language;
    let amount = form.amount("amount").filter(|amount| !amount.is_zero());
    let comment = form
        .filled("comment")
        .filter(|text| text.chars().count() <= 1000 && !text.contains('|'));
    let (Some(amount), Some(key)) = (amount, form.filled("key")) else {
        let why = l.say(
            "Суму не зрозуміло: пишіть, наприклад, 120,50.",
            "The amount was not understood: write 120.50, for example.",
        );
        return card::refused(&app, &visitor, &order, why, None).await;
    };
    let unknown = |_| PageError::NoSuchPage;
    let wish = Wish {
        merchant: &MerchantId::parse(&order.merchant).map_err(unknown)?,
        order: &ExternalOrderId::parse(&order.external_id).map_err(unknown)?,
        amount,
        comment,
        key: &format!("page:{key}"),
    };
    match ask_within(&app, wish, &visitor.actor()).await {
        Ok(_) => Ok(Notice::GiveBackAsked.at(&format!("/orders/{}", order.id))),
        Err(ApiError::RefundTooMuch(left)) => {
            let why = format!(
                "{} {}.",
                l.say("Повернути можна не більше за", "The refund should be at most"),
                l.sum(left)
            );
            card::refused(&app, &visitor, &order, &why, None).await
        }
        Err(error) => Err(error.into()),
    }
}
