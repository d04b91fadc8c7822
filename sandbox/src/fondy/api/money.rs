//! Asking about an order and moving its money (sheet §8.2 to §8.4).

use super::super::fault::ApiFault;
use super::super::message::{Field, Fields};
use super::super::order::Order;
use super::super::refusal::Refusal;
use super::super::simulator::State;
use super::super::{OrderRef, ReversalAmount, split};
use super::answer::Answer;
use super::request::Request;

pub(super) fn order_ref(request: &Request) -> Result<OrderRef, Refusal> {
    let order_id = request.required("order_id", 1024)?;
    Ok(OrderRef::new(request.number("merchant_id")?, order_id))
}

/// `/status/order_id`: the current snapshot in the request's protocol.
pub(super) fn status(state: &mut State, request: &Request) -> Result<Answer, Refusal> {
    let version = request.version()?;
    let index = state.index(&order_ref(request)?)?;
    let mut fields = state.fields(index, version, None)?;
    state.push_split(index, version, &mut fields);
    Ok(Answer::Signed(fields))
}

/// `/capture/order_id`; the answer has no signature. The same amount again changes nothing, another is 1109.
pub(super) fn capture(state: &mut State, request: &Request) -> Result<Answer, Refusal> {
    request.version()?;
    let key = order_ref(request)?;
    let amount = request.amount()?;
    let currency = request.currency()?;
    let basket = request.optional("reservation_data", 10_000)?;
    let index = state.index(&key)?;
    if state.orders[index].terms.currency != currency {
        return Err(Refusal::incorrect("currency"));
    }
    let before = state.orders[index].terms.reservation_data.clone();
    if basket.is_some() && state.orders[index].hold == super::super::Hold::Held {
        state.orders[index].terms.reservation_data = basket;
    }
    if let Err(refusal) = state.capture(index, amount) {
        state.orders[index].terms.reservation_data = before;
        return Err(refusal);
    }
    Ok(Answer::Unsigned(vec![
        ("capture_status", Field::text("captured")),
        ("order_id", Field::Text(key.order_id)),
        ("merchant_id", Field::Number(key.merchant_id)),
        ("response_status", Field::text("success")),
        ("response_code", Field::text("")),
        ("response_description", Field::text("")),
    ]))
}

/// `/reverse/order_id`. A request that is wrong is an error; one that may not be done is `reverse_status=declined`.
pub(super) fn reverse(state: &mut State, request: &Request, fault: Option<ApiFault>) -> Result<Answer, Refusal> {
    request.version()?;
    let key = order_ref(request)?;
    let amount = request.amount()?;
    let currency = request.currency()?;
    let reverse_id = request.optional("reverse_id", 50)?;
    request.optional("comment", 1024)?;
    let index = state.index(&key)?;
    let order = &state.orders[index];
    let actual_currency = order.actual.as_ref().map(|money| money.currency.as_str());
    if currency != order.terms.currency && Some(currency.as_str()) != actual_currency {
        return Err(Refusal::incorrect("currency"));
    }
    check_receivers(order, request, amount)?;
    let repeated = reverse_id.as_ref().and_then(|id| order.reverse_ids.get(id));
    let outcome = match (repeated, fault) {
        (Some(before), _) if *before != amount => return Err(Refusal::incorrect("reverse_id")),
        (Some(_), _) => Outcome::Approved,
        (None, Some(ApiFault::ReverseDeclined(code))) => Outcome::Declined(Refusal::new(code, "General decline")),
        (None, Some(ApiFault::ReverseCreated)) => match order.check_reversal(amount) {
            Ok(()) => {
                state.orders[index].pending_reversals.push(amount);
                state.unfinished.push(index);
                Outcome::Created
            }
            Err(refusal) => Outcome::Declined(refusal),
        },
        (None, _) => match state.reverse_parts(index, amount, &request.receivers()?) {
            Ok(_) => Outcome::Approved,
            Err(refusal) => Outcome::Declined(refusal),
        },
    };
    let order = &mut state.orders[index];
    match (&outcome, &reverse_id) {
        (Outcome::Approved | Outcome::Created, Some(id)) => {
            order.reverse_ids.insert(id.clone(), amount);
        }
        (Outcome::Approved | Outcome::Created, None) | (Outcome::Declined(_), _) => {}
    }
    let shown = match state.switches.reversal_amount {
        ReversalAmount::ThisOne => amount,
        ReversalAmount::RunningTotal => state.orders[index].reversed,
    };
    Ok(Answer::Signed(reversal_fields(
        &state.orders[index],
        &outcome,
        shown,
        reverse_id,
    )))
}

enum Outcome {
    Approved,
    Created,
    Declined(Refusal),
}

fn reversal_fields(order: &Order, outcome: &Outcome, shown: u64, reverse_id: Option<String>) -> Fields {
    let status = match outcome {
        Outcome::Approved => "approved",
        Outcome::Created => "created",
        Outcome::Declined(_) => "declined",
    };
    let (code, text, reversed) = match outcome {
        Outcome::Approved | Outcome::Created => (Field::text(""), "", shown.to_string()),
        Outcome::Declined(refusal) => (
            Field::Number(refusal.code.into()),
            refusal.message.as_str(),
            String::new(),
        ),
    };
    vec![
        ("order_id", Field::text(order.key.order_id.as_str())),
        ("merchant_id", Field::Number(order.key.merchant_id)),
        ("reverse_status", Field::text(status)),
        ("response_status", Field::text("success")),
        ("response_code", code),
        ("response_description", Field::text(text)),
        ("reversal_amount", Field::Text(reversed)),
        ("reverse_id", Field::Text(reverse_id.unwrap_or_default())),
        // The purchase's id, not the reversal's: no safe key for a reversal.
        (
            "transaction_id",
            Field::Text(order.purchase_id().map(|id| id.to_string()).unwrap_or_default()),
        ),
    ]
}

/// A split order may say how much each receiver gives back.
fn check_receivers(order: &Order, request: &Request, amount: u64) -> Result<(), Refusal> {
    let receivers = request.receivers()?;
    if receivers.is_empty() {
        return Ok(());
    }
    let paid_to = |id: Option<u64>| order.terms.receivers.iter().any(|receiver| receiver.merchant_id == id);
    if !receivers.iter().all(|receiver| paid_to(receiver.merchant_id)) {
        return Err(Refusal::new(1108, "Merchants of purchase and reverse differ"));
    }
    if split::total(&receivers) != Some(amount) {
        return Err(Refusal::new(
            1120,
            "Settlement sum does not equal purchase or capture sum",
        ));
    }
    Ok(())
}
