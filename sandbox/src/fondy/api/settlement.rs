//! `/settlement` (sheet §8.8): splitting a paid order between receivers, protocol 2.0 only.

use super::super::message::Field;
use super::super::order::{Hold, Status};
use super::super::refusal::Refusal;
use super::super::simulator::State;
use super::super::{NewOrder, OrderRef, Version, split};
use super::answer::Answer;
use super::request::Request;

/// Answers `created`; the result follows as a callback of the settlement's own order.
pub(super) fn settle(state: &mut State, request: &Request) -> Result<Answer, Refusal> {
    if request.version()? != Version::V2_0 {
        return Err(Refusal::incorrect("version"));
    }
    if request.required("order_type", 50)? != "settlement" {
        return Err(Refusal::incorrect("order_type"));
    }
    let order_id = request.required("order_id", 1024)?;
    let merchant_id = request.number("merchant_id")?;
    let operation = OrderRef::new(merchant_id, request.required("operation_id", 1024)?);
    let amount = request.amount()?;
    let currency = request.currency()?;
    let receivers = request.receivers()?;
    if receivers.is_empty() {
        return Err(Refusal::missing("receiver"));
    }
    let paid = state.index(&operation)?;
    check_payment(state, paid, &receivers)?;
    let settlement = state.create(NewOrder {
        merchant_id,
        order_id: order_id.clone(),
        amount,
        currency,
        order_desc: request.optional("order_desc", 1024)?.unwrap_or_default(),
        callback_url: request.optional("server_callback_url", 2048)?,
        version: Version::V2_0,
        receivers: receivers.clone(),
        ..NewOrder::default()
    })?;
    state.orders[settlement].settles = Some(operation.order_id);
    state.orders[paid].settled_by = Some(order_id.clone());
    state.orders[paid].terms.receivers = receivers;
    let payment_id = state.orders[settlement].payment_id;
    state.pay(settlement, None, false)?;
    Ok(Answer::Signed(vec![
        ("order_status", Field::text("created")),
        ("order_id", Field::Text(order_id)),
        ("merchant_id", Field::Number(merchant_id)),
        ("payment_id", Field::Number(payment_id)),
        ("response_status", Field::text("success")),
    ]))
}

fn check_payment(state: &State, paid: usize, receivers: &[super::super::Receiver]) -> Result<(), Refusal> {
    let order = &state.orders[paid];
    match order.status {
        Status::Approved => {}
        Status::Created | Status::Processing | Status::Declined | Status::Expired | Status::Reversed => {
            return Err(Refusal::not_allowed());
        }
    }
    if order.settled_by.is_some() || order.settles.is_some() || !order.terms.receivers.is_empty() {
        return Err(Refusal::finished());
    }
    let sum = match order.hold {
        Hold::None => order.terms.amount,
        Hold::Captured { amount, .. } => amount,
        Hold::Held | Hold::Released => return Err(Refusal::new(1114, "Settlement before capture is not allowed")),
    };
    if !receivers
        .iter()
        .filter_map(|receiver| receiver.merchant_id)
        .all(|id| state.merchants.contains_key(&id))
    {
        return Err(Refusal::new(1107, "Receivers belong to another company"));
    }
    // The receivers count, not the order's own `amount`: a published example has them differ.
    if split::total(receivers) != Some(sum) {
        return Err(Refusal::new(
            1120,
            "Settlement sum does not equal purchase or capture sum",
        ));
    }
    Ok(())
}
