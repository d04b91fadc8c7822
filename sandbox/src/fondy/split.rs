//! Receivers of a split payment.

use serde::Deserialize;

use super::Version;
use super::amounts::float_text;
use super::message::{Field, Fields, json_object};
use super::order::Order;

/// Who gets a part of a split payment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Receiver {
    /// Set when the part goes to another merchant; bank accounts and cards have none.
    #[serde(default)]
    pub merchant_id: Option<u64>,
    /// Kopecks.
    pub amount: u64,
    /// The receiver's own basket, base64; without one the gateway makes no receipt for the receiver.
    #[serde(default)]
    pub reservation_data: Option<String>,
    /// `settlement_description`.
    #[serde(default)]
    pub description: String,
}

/// Sum of all parts, or `None` when it does not fit.
pub(super) fn total(receivers: &[Receiver]) -> Option<u64> {
    receivers
        .iter()
        .try_fold(0_u64, |sum, receiver| sum.checked_add(receiver.amount))
}

/// The transaction id of the part at `position`.
pub(super) fn part_id(purchase: u64, position: usize) -> u64 {
    purchase.saturating_mul(100).saturating_add(position as u64)
}

/// The parts of a split that has been paid, as protocol 2.0 shows them: `transaction[]` with major units.
pub(super) fn push_transactions(order: &Order, fields: &mut Fields) {
    let Some(purchase) = order.purchase_id() else { return };
    if order.terms.version != Version::V2_0 || order.terms.receivers.is_empty() {
        return;
    }
    let parts: Vec<String> = order
        .terms
        .receivers
        .iter()
        .enumerate()
        .map(|(position, receiver)| part(order, purchase, position, receiver))
        .collect();
    fields.push(("transaction", Field::Json(format!("[{}]", parts.join(",")))));
}

fn part(order: &Order, purchase: u64, position: usize, receiver: &Receiver) -> String {
    let number = |value: u64| Field::Json(value.to_string());
    json_object(&[
        ("id", number(part_id(purchase, position))),
        (
            "type",
            Field::text(if receiver.merchant_id.is_some() {
                "merchant"
            } else {
                "bank_account"
            }),
        ),
        ("status", Field::text("approved")),
        ("amount", Field::Json(float_text(receiver.amount))),
        ("fee", Field::Json("0.0".to_owned())),
        ("reversal_amount", Field::Json("0.0".to_owned())),
        ("parent_tran_id", number(purchase)),
        (
            "merchant_id",
            receiver.merchant_id.map_or(Field::Json("null".to_owned()), number),
        ),
        ("receiver", Field::text(receiver.description.as_str())),
        ("doc_no", Field::text("")),
        ("odb_ref", Field::text("")),
        ("currency", Field::text(order.terms.currency.as_str())),
    ])
}
