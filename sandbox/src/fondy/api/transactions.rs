//! `/transaction_list` (sheet §8.5): an unsigned array with amounts as floats in major units.

use serde::Serialize;

use super::super::Merchant;
use super::super::amounts::{Literal, float_text};
use super::super::order::{Hold, Order};
use super::super::refusal::Refusal;
use super::super::simulator::State;
use super::super::snapshot::date_time;
use super::super::transaction::{Kind, Transaction};
use super::answer::Answer;
use super::money::order_ref;
use super::request::Request;

#[derive(Serialize)]
struct Item {
    id: u64,
    payment_id: u64,
    parent_tran_id: Option<u64>,
    order_id: String,
    merchant_id: u64,
    tran_type: &'static str,
    transaction_status: &'static str,
    timestart: String,
    timeend: String,
    duration: u64,
    amount: Literal,
    actual_amount: Literal,
    reversal_amount: Literal,
    capture_amount: Option<Literal>,
    settlement_amount: Literal,
    client_fee: Literal,
    fee: Option<Literal>,
    currency: String,
    actual_currency: String,
    capture_status: Option<&'static str>,
    preauth: bool,
    payment_system: &'static str,
    card_type: String,
    card_bin: u64,
    masked_card: String,
    sender_email: String,
    sender_rrn: String,
    sender_approval_code: String,
    response_code: Option<u32>,
    eci: &'static str,
    istest: bool,
    settlement_currency: Option<String>,
    settlement_date: Option<String>,
}

/// An unknown order has an empty list.
pub(super) fn list(state: &mut State, request: &Request, merchant: &Merchant) -> Result<Answer, Refusal> {
    let key = order_ref(request)?;
    let items: Vec<Item> = match state.order(&key) {
        Ok(order) => order
            .transactions
            .iter()
            .map(|transaction| item(state, order, transaction, merchant))
            .collect(),
        Err(_) => Vec::new(),
    };
    let json = serde_json::to_string(&items).map_err(|_| Refusal::new(1002, "Application error"))?;
    Ok(Answer::Json(format!("{{\"response\":{json}}}")))
}

fn item(state: &State, order: &Order, transaction: &Transaction, merchant: &Merchant) -> Item {
    let float = |minor: u64| Literal(float_text(minor));
    let first = transaction.parent.is_none();
    let amount = match transaction.kind {
        Kind::Purchase | Kind::Verification => order.terms.amount,
        Kind::Capture | Kind::Reverse => transaction.amount,
    };
    let capture_amount = match order.hold {
        Hold::Captured { amount, .. } => Some(float(amount)),
        Hold::None | Hold::Held | Hold::Released => None,
    };
    let time = date_time(transaction.at_ms, &state.zone);
    let card = &order.terms.card;
    Item {
        id: transaction.id,
        payment_id: order.payment_id,
        parent_tran_id: transaction.parent,
        order_id: order.key.order_id.clone(),
        merchant_id: order.key.merchant_id,
        tran_type: transaction.kind.as_str(),
        transaction_status: "approved",
        timestart: time.clone(),
        timeend: time,
        duration: 0,
        amount: float(amount),
        actual_amount: float(transaction.amount),
        reversal_amount: float(if first { order.reversed } else { 0 }),
        capture_amount,
        settlement_amount: float(0),
        client_fee: float(0),
        fee: None,
        currency: order.terms.currency.clone(),
        actual_currency: order
            .actual
            .as_ref()
            .map(|money| money.currency.clone())
            .unwrap_or_default(),
        capture_status: order.hold.as_str(),
        preauth: order.hold != Hold::None,
        payment_system: "card",
        card_type: card.brand.clone(),
        card_bin: card.bin,
        masked_card: card.masked.clone(),
        sender_email: order.terms.sender_email.clone(),
        sender_rrn: card.rrn.clone(),
        sender_approval_code: card.approval_code.clone(),
        response_code: None,
        eci: "5",
        istest: merchant.test_mode,
        settlement_currency: None,
        settlement_date: None,
    }
}
