//! Making the content of documents: pure.

use domain::basket::{Basket, Line};
use domain::document::Kind;
use domain::event::{CarriedBasket, PaymentMeans};
use domain::hold::HoldReason;
use domain::money::Kopecks;
use domain::receipt::{MismatchPolicy, Receipt, ReceiptError};
use domain::refund::{RefundError, return_lines};
use domain::tax::VatScheme;
use ledger::tape::{DueDocument, Parent};

/// The line of a partial return that has no lines of its own.
const PARTIAL_RETURN: &str = "Часткове повернення коштів";

/// Why a document cannot be made; it will be held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stop {
    pub reason: HoldReason,
    pub text: String,
}

/// Where the lines of a sale can come from, best first.
pub(crate) struct OrderSide<'a> {
    pub basket: Option<&'a Basket>,
    pub carried: &'a CarriedBasket,
    pub description: Option<&'a str>,
    pub order_id: &'a str,
}

/// A sale: the shop's basket, else the payment's, else one line with the order's description.
pub(crate) fn sale(
    order: &OrderSide<'_>,
    paid: Kopecks,
    policy: MismatchPolicy,
    vat: &VatScheme,
    means: PaymentMeans,
) -> Result<Receipt, Stop> {
    let basket = match (order.basket, order.carried) {
        (Some(basket), _) => basket.clone(),
        (None, CarriedBasket::Lines(basket)) => basket.clone(),
        (None, CarriedBasket::Broken(why)) => {
            return Err(Stop {
                reason: HoldReason::BasketUnusable,
                text: format!("the payment's basket: {why}"),
            });
        }
        (None, CarriedBasket::Absent) => one_line(order, paid)?,
    };
    Receipt::sale(basket, paid, policy, vat, means).map_err(|error| match &error {
        ReceiptError::UnknownLetter(_) => Stop {
            reason: HoldReason::UnknownVatLetter,
            text: error.to_string(),
        },
        ReceiptError::Mismatch { .. } => Stop {
            reason: HoldReason::BasketMismatch,
            text: error.to_string(),
        },
        ReceiptError::Basket(inner) => Stop {
            reason: HoldReason::BasketUnusable,
            text: inner.to_string(),
        },
    })
}

fn one_line(order: &OrderSide<'_>, paid: Kopecks) -> Result<Basket, Stop> {
    let default = || format!("Оплата замовлення {}", shorten(order.order_id, 200));
    let name = order
        .description
        .map(|text| shorten(text, domain::basket::MAX_NAME))
        .unwrap_or_else(default);
    Line::single(&name, paid)
        .and_then(|line| Basket::new(vec![line]))
        .map_err(|error| Stop {
            reason: HoldReason::BasketUnusable,
            text: error.to_string(),
        })
}

fn shorten(text: &str, characters: usize) -> String {
    text.chars()
        .filter(|character| !character.is_control())
        .take(characters)
        .collect()
}

/// What a refund turns out to be when its turn comes.
#[derive(Debug)]
pub(crate) enum Refund {
    /// Cancel the sale; nothing else is said.
    Storno,
    /// Give these lines back.
    Return(Receipt),
}

/// A refund: a storno while the sale is the register's last document and nothing of it came back
/// yet, else a return.
pub(crate) fn refund(
    document: &DueDocument,
    parent: &Parent,
    sale_is_last: bool,
    vat: &VatScheme,
) -> Result<Refund, Stop> {
    let whole = document.amount == parent.amount && parent.returned.is_empty();
    if document.kind == Kind::Storno && whole && sale_is_last {
        return Ok(Refund::Storno);
    }
    let sale = &parent.content.basket;
    let lines = return_lines(
        sale,
        &parent.returned,
        document.amount,
        document.lines.as_ref(),
        PARTIAL_RETURN,
    );
    let basket = lines.map_err(|error| Stop {
        reason: match error {
            RefundError::Exceeds { .. } => HoldReason::RefundExceedsSale,
            RefundError::LinesMismatch { .. } | RefundError::LetterExceeds => HoldReason::RefundLinesMismatch,
            RefundError::Basket(_) => HoldReason::BasketUnusable,
        },
        text: error.to_string(),
    })?;
    // Money goes back in the form it came.
    let receipt = Receipt::of_lines(basket, vat, parent.content.means.clone()).map_err(|error| Stop {
        reason: HoldReason::UnknownVatLetter,
        text: error.to_string(),
    })?;
    Ok(Refund::Return(receipt))
}
