//! Receivers of a split payment.

use serde::Deserialize;

use super::amounts::float_text;
use super::message::{Field, Fields, json_object};
use super::order::Order;
use super::simulator::State;
use super::{OrderRef, Version};

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

impl State {
    /// The parts of a split that has been paid, as protocol 2.0 shows them: `transaction[]` with major units, and what
    /// the switches add. A settlement's parts belong to the purchase that it divides.
    pub(super) fn push_split(&self, index: usize, version: Version, fields: &mut Fields) {
        let order = &self.orders[index];
        if version != Version::V2_0 {
            return;
        }
        if let Some(paid) = order.settles.as_deref().filter(|_| self.switches.echo_operation) {
            fields.push(("order_type", Field::text("settlement")));
            fields.push(("operation_id", Field::text(paid)));
        }
        if order.terms.receivers.is_empty() {
            return;
        }
        if self.switches.echo_receivers {
            let asked: Vec<String> = order.terms.receivers.iter().map(asked).collect();
            fields.push(("receiver", Field::Json(format!("[{}]", asked.join(",")))));
        }
        let paid = match &order.settles {
            None => order,
            Some(paid) => {
                let key = OrderRef::new(order.key.merchant_id, paid.clone());
                self.order(&key).unwrap_or(order)
            }
        };
        let (Some(own), Some(parent)) = (order.purchase_id(), paid.purchase_id()) else {
            return;
        };
        let receivers = order.terms.receivers.iter().enumerate();
        let parts: Vec<String> = receivers
            .map(|(position, receiver)| part(paid, (part_id(own, position), parent), position, receiver))
            .collect();
        fields.push(("transaction", Field::Json(format!("[{}]", parts.join(",")))));
    }
}

/// As a request writes a receiver.
fn asked(receiver: &Receiver) -> String {
    let mut requisites = vec![
        ("amount", Field::Number(receiver.amount)),
        ("settlement_description", Field::text(receiver.description.as_str())),
    ];
    if let Some(id) = receiver.merchant_id {
        requisites.push(("merchant_id", Field::Number(id)));
    }
    if let Some(basket) = &receiver.reservation_data {
        requisites.push(("reservation_data", Field::text(basket.as_str())));
    }
    let kind = if receiver.merchant_id.is_some() {
        "merchant"
    } else {
        "bank_account"
    };
    json_object(&[
        ("requisites", Field::Json(json_object(&requisites))),
        ("type", Field::text(kind)),
    ])
}

fn part(order: &Order, (id, parent): (u64, u64), position: usize, receiver: &Receiver) -> String {
    let number = |value: u64| Field::Json(value.to_string());
    json_object(&[
        ("id", number(id)),
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
        (
            "reversal_amount",
            Field::Json(float_text(order.reversed_of_part(position))),
        ),
        ("parent_tran_id", number(parent)),
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
